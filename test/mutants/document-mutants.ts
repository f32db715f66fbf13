import { type Evidence, groupBy } from '../../src/contract/evidence.ts';
import {
  type Change,
  DROP,
  type Edit,
  isPlainObject,
  leafText,
  listEdits,
  type Place,
  placesIn,
  placeText,
  scalarEdits,
  valuesByLeaf,
  withValue,
} from './edits.ts';

/** One thing in the files that evidence is read from: a resource of a plan, an object, the values of a chart. */
export type RawDocument = {
  /** Alike for all of a kind: `azurerm_subnet`, `Deployment`. */
  readonly kind: string;
  /** By which people find it. */
  readonly name: string;
  readonly value: object;
};

/** Files of one fleet that is sound, cut into documents. */
export type DocumentBase = {
  readonly name: string;
  readonly documents: readonly RawDocument[];
  /** The evidence when another value stands in the place of one document, or nothing does. */
  readonly read: (position: number, instead: object | undefined) => Evidence;
  /** What else is known of the fleet. */
  readonly others: readonly Evidence[];
  /** Most of it stands there once for each cluster. */
  readonly isRepetitive?: true;
};

/** A document in which one thing is different, or one that is gone. */
export type DocumentMutant = {
  /** `azurerm_subnet.address_prefixes[]`; for a document that is gone, its kind. */
  readonly leaf: string;
  /** Of its document. */
  readonly kind: string;
  readonly change: Change;
  readonly text: string;
  readonly position: number;
  readonly instead: object | undefined;
};

/**
 * Values of closed unions, by the key that takes them in Terraform, in Azure or in Kubernetes, which no sibling may
 * happen to have. A union that is missing here is mutated less, never wrongly.
 */
const UNIONS: Readonly<Record<string, readonly string[]>> = {
  environment: ['demo', 'production'],
  role: ['mgmt', 'app'],
  sku_tier: ['Free', 'Standard', 'Premium'],
  support_plan: ['KubernetesOfficial', 'AKSLongTermSupport'],
  supportPlan: ['KubernetesOfficial', 'AKSLongTermSupport'],
  network_plugin: ['none', 'azure'],
  networkPlugin: ['none', 'azure'],
  network_policy: ['', 'azure', 'calico', 'cilium'],
  networkPolicy: ['none', 'azure', 'calico', 'cilium'],
  outbound_type: ['loadBalancer', 'managedNATGateway', 'userAssignedNATGateway', 'userDefinedRouting'],
  outboundType: ['loadBalancer', 'managedNATGateway', 'userAssignedNATGateway', 'userDefinedRouting'],
  mode: ['System', 'User'],
  priority: ['Regular', 'Spot'],
  scaleSetPriority: ['Regular', 'Spot'],
  eviction_policy: ['Delete', 'Deallocate'],
  scaleSetEvictionPolicy: ['Delete', 'Deallocate'],
  os_disk_type: ['Ephemeral', 'Managed'],
  osDiskType: ['Ephemeral', 'Managed'],
  access: ['Allow', 'Deny'],
  direction: ['Inbound', 'Outbound'],
  protocol: ['*', 'Tcp', 'Udp', 'Icmp'],
  default_action: ['Allow', 'Deny'],
  defaultAction: ['Allow', 'Deny'],
  publicNetworkAccess: ['Enabled', 'Disabled'],
  sku_name: ['Standard', 'StandardV2'],
  private_endpoint_network_policies: [
    'Disabled',
    'Enabled',
    'NetworkSecurityGroupEnabled',
    'RouteTableEnabled',
  ],
  privateEndpointNetworkPolicies: ['Disabled', 'Enabled', 'NetworkSecurityGroupEnabled', 'RouteTableEnabled'],
  authType: ['WorkloadIdentity', 'ManagedIdentity', 'ServicePrincipal'],
  creationPolicy: ['Owner', 'Orphan', 'Merge', 'None'],
  deletionPolicy: ['Retain', 'Delete', 'Merge'],
  failurePolicy: ['Fail', 'Ignore'],
  applicationsSync: ['create-only', 'create-update', 'create-delete', 'sync'],
  operator: ['Equal', 'Exists', 'In', 'NotIn'],
  effect: ['NoSchedule', 'PreferNoSchedule', 'NoExecute'],
  method: ['helm', 'cronJob', 'certmanager'],
  kubeProxyReplacement: ['true', 'false'],
};

/** Every mutant of the files: each document gone, and of each every leaf dropped, swapped, and put to a neighbouring value. */
export function* documentMutantsOf({ documents }: DocumentBase): Iterable<DocumentMutant> {
  const siblings = siblingsIn(documents);
  for (const [position, { kind, name, value }] of documents.entries()) {
    const what = `${kind} ${name}`;
    yield { leaf: kind, kind, change: 'dropped', text: `${what}: is gone`, position, instead: undefined };
    for (const place of placesIn(value)) {
      const leaf = `${kind}.${leafText(place.steps)}`;
      for (const edit of editsOf(place, siblings(leaf, place.value))) {
        yield {
          leaf,
          kind,
          change: edit.change,
          text: `${what}: ${placeText(place.steps)} ${edit.text}`,
          position,
          instead: withValue(value, place.steps, edit),
        };
      }
    }
  }
}

type Siblings = (leaf: string, value: unknown) => readonly unknown[];

/** Of an id of Azure, the ids of all things of its type; of anything else, what stands in the same leaf. */
function siblingsIn(documents: readonly RawDocument[]): Siblings {
  const places = documents.flatMap(({ kind, value }) =>
    [...placesIn(value)].map((place) => ({ ...place, steps: [kind, ...place.steps] })),
  );
  const byLeaf = valuesByLeaf(places, leafText);
  const ids = places.flatMap(({ value }) => (typeof value === 'string' && isId(value) ? [value] : []));
  const byType = groupBy(new Set(ids), typeOf);
  return (leaf, value) =>
    (typeof value === 'string' && isId(value) ? byType.get(typeOf(value)) : byLeaf.get(leaf)) ?? [];
}

function isId(value: string): boolean {
  return value.startsWith('/subscriptions/');
}

/** The names of the types in an id, without the names of the things. */
function typeOf(id: string): string {
  return id
    .split('/')
    .filter((_, index) => index % 2 === 1)
    .join('/')
    .toLowerCase();
}

function* editsOf({ steps, value }: Place, siblings: readonly unknown[]): Iterable<Edit> {
  // What is null is not written: there is nothing to change.
  if (value === null) return;
  const key = steps.at(-1);
  if (typeof key === 'string') yield DROP;
  if (Array.isArray(value)) yield* listEdits(value, 'first');
  else if (!isPlainObject(value)) {
    const union = typeof value === 'string' ? (UNIONS[String(key)] ?? []) : [];
    yield* scalarEdits(value, union, siblings);
  }
}
