import type { Cidr } from '../../base/cidr.ts';
import type { Path } from '../../base/finding.ts';
import type { ContainerTenant, NatGatewayEvidence, SubnetEvidence } from '../azure-evidence.ts';
import type { ClusterEvidence, RangeEvidence, RangeUse } from '../evidence.ts';
import type { Link } from './graph.ts';
import type { Instance } from './shown-file.ts';
import { CLUSTER, known, place, SUBNET, type Terms } from './terms.ts';
import { blocksAt, rangeOf, textAt, valueAt } from './values.ts';

/** What stands in each subnet, as far as something refers to it. */
export type SubnetUses = {
  /** Every subnet that is made or looked up, once. */
  readonly subnets: readonly Instance[];
  readonly nodesOf: ReadonlyMap<Instance, ReadonlySet<string>>;
  readonly endpoints: ReadonlySet<Instance>;
  readonly containers: ReadonlyMap<Instance, RangeUse>;
  readonly tenants: ReadonlyMap<Instance, readonly ContainerTenant[]>;
  /** Pools, endpoints or containers whose subnet cannot be told: any could be theirs. */
  readonly hasUnknownNodes: boolean;
  readonly hasUnknownEndpoints: boolean;
  readonly hasUnknownContainers: boolean;
  readonly hasUnknownTenants: boolean;
};

const NSG_ASSOCIATION = 'azurerm_subnet_network_security_group_association';
const NAT_ASSOCIATION = 'azurerm_subnet_nat_gateway_association';
const GATEWAY = 'azurerm_nat_gateway';
const CONTAINERS: readonly (readonly [type: string, attribute: string, use: RangeUse])[] = [
  ['azurerm_container_group', 'subnet_ids', 'container-instances'],
  ['azurerm_container_app_environment', 'infrastructure_subnet_id', 'container-apps'],
];
const DELEGATED_USES: Readonly<Record<string, RangeUse>> = {
  'Microsoft.ContainerInstance/containerGroups': 'container-instances',
  'Microsoft.App/environments': 'container-apps',
};

export function subnetUsesOf(terms: Terms): SubnetUses {
  const { graph } = terms;
  const nodesOf = new Map<Instance, Set<string>>();
  const endpoints = new Set<Instance>();
  const containers = new Map<Instance, RangeUse>();
  const tenants = new Map<Instance, ContainerTenant[]>();
  const unknown = { nodes: false, endpoints: false, containers: false, tenants: false };
  for (const { cluster, link } of nodeLinksOf(terms)) {
    if (link.kind === 'unknown') unknown.nodes = true;
    if (link.kind !== 'resource') continue;
    const owners = nodesOf.get(link.to) ?? new Set();
    nodesOf.set(link.to, owners.add(cluster));
  }
  for (const endpoint of graph.managed('azurerm_private_endpoint')) {
    const link = graph.link(endpoint, ['subnet_id'], SUBNET);
    if (link.kind === 'unknown') unknown.endpoints = true;
    if (link.kind === 'resource') endpoints.add(link.to);
  }
  for (const [type, attribute, use] of CONTAINERS) {
    for (const container of graph.managed(type)) {
      const isListed = (blocksAt(container.values, attribute)?.length ?? 0) > 0;
      const link = graph.link(container, isListed ? [attribute, 0] : [attribute], SUBNET);
      if (link.kind === 'unknown') unknown.containers = true;
      if (link.kind !== 'resource') continue;
      containers.set(link.to, use);
      const tenant = tenantOf(graph, container, use);
      // What cannot be told of one tenant is not told of the subnet's others either.
      if (tenant === undefined) unknown.tenants = true;
      else tenants.set(link.to, [...(tenants.get(link.to) ?? []), tenant]);
    }
  }
  return {
    subnets: subnetsIn(terms),
    nodesOf,
    endpoints,
    containers,
    tenants,
    hasUnknownTenants: unknown.tenants || unknown.containers,
    hasUnknownNodes: unknown.nodes,
    hasUnknownEndpoints: unknown.endpoints,
    hasUnknownContainers: unknown.containers,
  };
}

/** An environment of Container Apps is of one kind with a workload profile, and of the other without. */
function tenantOf(graph: Terms['graph'], container: Instance, use: RangeUse): ContainerTenant | undefined {
  if (use !== 'container-apps') return 'container-instances';
  const profiles = blocksAt(container.values, 'workload_profile');
  if (profiles !== undefined) return profiles.length > 0 ? 'container-apps' : 'consumption-apps';
  return graph.isWritten(container, ['workload_profile']) === false ? 'consumption-apps' : undefined;
}

/** Where the nodes of each pool stand. */
function* nodeLinksOf({ graph, labelOf }: Terms): Iterable<{ cluster: string; link: Link }> {
  for (const cluster of graph.managed(CLUSTER)) {
    const link = graph.link(cluster, ['default_node_pool', 0, 'vnet_subnet_id'], SUBNET);
    yield { cluster: labelOf(cluster), link };
  }
  for (const pool of graph.managed('azurerm_kubernetes_cluster_node_pool')) {
    const owner = graph.link(pool, ['kubernetes_cluster_id'], CLUSTER);
    const cluster = owner.kind === 'resource' ? labelOf(owner.to) : pool.address;
    yield { cluster, link: graph.link(pool, ['vnet_subnet_id'], SUBNET) };
  }
}

/** Subnets that are made, and those that are only looked up and stand for themselves. */
function subnetsIn({ graph }: Terms): Instance[] {
  const all = new Set<Instance>();
  for (const { instances } of graph.files) {
    for (const instance of instances) if (instance.type === SUBNET) all.add(graph.canonical(instance));
  }
  return [...all];
}

/** Every range that the network and the clusters name. */
export function rangesOf(
  terms: Terms,
  uses: SubnetUses,
  clusters: readonly ClusterEvidence[],
): RangeEvidence[] {
  const networks = terms.graph.managed('azurerm_virtual_network').flatMap((network) =>
    prefixesOf(network, 'address_space').map(({ path, range, written }) =>
      known<RangeEvidence>({
        path,
        name: `the VNet ${terms.labelOf(network)}`,
        range,
        written,
        use: 'vnet',
        isRouted: true,
        isUsed: true,
      }),
    ),
  );
  const subnets = uses.subnets.flatMap((subnet) => {
    const use = useOf(subnet, uses);
    const owners = [...(uses.nodesOf.get(subnet) ?? [])];
    const cluster = owners.length === 1 ? owners[0] : undefined;
    const name = cluster === undefined ? `the subnet ${terms.labelOf(subnet)}` : `${cluster}'s nodes`;
    return prefixesOf(subnet, 'address_prefixes').map((prefix) =>
      known<RangeEvidence>({ ...prefix, name, use, cluster, isRouted: true, isUsed: true }),
    );
  });
  return [...networks, ...subnets, ...clusters.flatMap(podsOf), ...clusters.map(clusterIpsOf)];
}

/** Overlay pods are seen by their own cluster alone; whether others are in a mesh, Terraform does not say. */
function podsOf({ name, podRange, hasPodRange, places, path, cni }: ClusterEvidence): RangeEvidence[] {
  // Pods with addresses of the subnet have no range of their own.
  if (podRange === undefined && hasPodRange === false) return [];
  return [
    known<RangeEvidence>({
      path: places?.podRange ?? path,
      name: `${name ?? path[1]}'s pods`,
      range: podRange,
      written: undefined,
      use: 'pods',
      cluster: name,
      isRouted: cni === 'azure-overlay' ? false : undefined,
      isUsed: true,
    }),
  ];
}

function clusterIpsOf({ name, serviceRange, places, path }: ClusterEvidence): RangeEvidence {
  return known<RangeEvidence>({
    path: places?.serviceRange ?? path,
    name: `${name ?? path[1]}'s ClusterIPs`,
    range: serviceRange,
    written: undefined,
    use: 'cluster-ips',
    cluster: name,
    isRouted: false,
    isUsed: true,
  });
}

type Prefix = {
  readonly path: Path;
  readonly range: Cidr | undefined;
  /** The text, where one stands there. */
  readonly written: string | undefined;
};

/** IPv4 only: the fleet knows no other, and a list that is not known is one range that is not. */
export function prefixesOf(instance: Instance, attribute: string): Prefix[] {
  const list = blocksAt(instance.values, attribute);
  if (list === undefined) return [{ path: place(instance, attribute), range: undefined, written: undefined }];
  return list.flatMap((text, index): Prefix[] => {
    const path = place(instance, attribute, index);
    if (typeof text !== 'string') return [{ path, range: undefined, written: undefined }];
    return text.includes(':') ? [] : [{ path, range: rangeOf(text), written: text }];
  });
}

function useOf(subnet: Instance, uses: SubnetUses): RangeUse | undefined {
  if (uses.nodesOf.has(subnet)) return 'nodes';
  if (uses.endpoints.has(subnet)) return 'endpoints';
  const delegated = delegationsOf(subnet)?.flatMap((service) => DELEGATED_USES[service] ?? []);
  const use = uses.containers.get(subnet) ?? delegated?.[0];
  if (use !== undefined) return use;
  const isOpen = uses.hasUnknownNodes || uses.hasUnknownEndpoints || uses.hasUnknownContainers;
  return isOpen ? undefined : 'other';
}

export function delegationsOf(subnet: Instance): readonly string[] | undefined {
  // Of what is only looked up, azurerm shows no delegation.
  if (subnet.mode === 'data') return undefined;
  const services = blocksAt(subnet.values, 'delegation')?.map((one) =>
    textAt(one, 'service_delegation', 0, 'name'),
  );
  return services?.every((service) => service !== undefined) ? services : undefined;
}

/** `unguarded` are subnets whose security group is known to have no row. */
export function subnetEvidenceOf(
  terms: Terms,
  uses: SubnetUses,
  unguarded: ReadonlySet<Instance>,
): SubnetEvidence[] {
  const groups = attachedOf(terms, NSG_ASSOCIATION);
  const gateways = attachedOf(terms, NAT_ASSOCIATION);
  return uses.subnets.map((subnet) => {
    const byUse = (is: boolean, isOpen: boolean) => is || (isOpen ? undefined : false);
    const isWithinRule = terms.graph.isWritten(subnet, ['network_security_group_id_wo']) === true;
    return known<SubnetEvidence>({
      path: place(subnet),
      places: {
        delegations: place(subnet, 'delegation'),
        endpointPolicies: place(subnet, 'private_endpoint_network_policies'),
      },
      name: terms.labelOf(subnet),
      isOfNodes: byUse(uses.nodesOf.has(subnet), uses.hasUnknownNodes),
      isOfEndpoints: byUse(uses.endpoints.has(subnet), uses.hasUnknownEndpoints),
      delegations: delegationsOf(subnet),
      hasSecurityGroup: unguarded.has(subnet) ? false : isWithinRule || isAttached(subnet, groups),
      endpointPolicies: textAt(subnet.values, 'private_endpoint_network_policies'),
      hasNatGateway: isAttached(subnet, gateways),
      tenants: uses.hasUnknownTenants ? undefined : (uses.tenants.get(subnet) ?? []),
    });
  });
}

type Attached = { readonly subnets: ReadonlySet<Instance>; readonly hasUnknown: boolean };

/** Subnets that associations of this type join to something. */
function attachedOf({ graph }: Terms, type: string): Attached {
  const links = graph.managed(type).map((association) => graph.link(association, ['subnet_id'], SUBNET));
  return {
    subnets: new Set(links.flatMap((link) => (link.kind === 'resource' ? [link.to] : []))),
    hasUnknown: links.some(({ kind }) => kind === 'unknown'),
  };
}

/** Of a subnet that these files only look up, another file may say more. */
function isAttached(subnet: Instance, { subnets, hasUnknown }: Attached): boolean | undefined {
  if (subnets.has(subnet)) return true;
  return hasUnknown || subnet.mode === 'data' ? undefined : false;
}

export function natGatewaysOf(terms: Terms): NatGatewayEvidence[] {
  const { graph, labelOf } = terms;
  const served = pairsOf(terms, NAT_ASSOCIATION, ['nat_gateway_id', GATEWAY], ['subnet_id', SUBNET]);
  const addresses = pairsOf(
    terms,
    'azurerm_nat_gateway_public_ip_association',
    ['nat_gateway_id', GATEWAY],
    ['public_ip_address_id', 'azurerm_public_ip'],
  );
  return graph.managed(GATEWAY).map((gateway) => {
    const subnets = served?.get(gateway) ?? [];
    const delegations = subnets.map((subnet) => ({ subnet, services: delegationsOf(subnet) }));
    const isKnown = served !== undefined && delegations.every(({ services }) => services !== undefined);
    const skus = (addresses?.get(gateway) ?? []).map((address) => textAt(address.values, 'sku'));
    const sku = valueAt(gateway.values, 'sku_name');
    return known<NatGatewayEvidence>({
      path: place(gateway),
      places: { sku: place(gateway, 'sku_name') },
      name: labelOf(gateway),
      sku: typeof sku === 'string' ? sku : sku === null ? 'Standard' : undefined,
      addressSkus: addresses && skus.every((one) => one !== undefined) ? skus : undefined,
      delegatedSubnets: isKnown
        ? delegations
            .filter(({ services }) => services!.some((service) => Object.hasOwn(DELEGATED_USES, service)))
            .map(({ subnet }) => labelOf(subnet))
        : undefined,
    });
  });
}

/** What associations join to what; undefined where one of them cannot be read. */
function pairsOf(
  { graph }: Terms,
  type: string,
  [fromAttribute, fromType]: readonly [string, string],
  [toAttribute, toType]: readonly [string, string],
): ReadonlyMap<Instance, readonly Instance[]> | undefined {
  const pairs = new Map<Instance, Instance[]>();
  for (const association of graph.managed(type)) {
    const from = graph.link(association, [fromAttribute], fromType);
    const to = graph.link(association, [toAttribute], toType);
    if (from.kind === 'elsewhere') continue;
    if (from.kind !== 'resource' || to.kind !== 'resource') return undefined;
    pairs.set(from.to, [...(pairs.get(from.to) ?? []), to.to]);
  }
  return pairs;
}
