import { type Cidr, parseCidr } from '../../base/cidr.ts';
import { namespaceOwner } from '../../catalog/namespaces.ts';
import type { Path } from '../../base/finding.ts';
import type { ClusterEvidence, Evidence } from '../evidence.ts';
import type { CiliumEvidence } from '../kubernetes-evidence.ts';
import { applicationSetsOf, applicationsOf, pruneOf } from '../kubernetes/argo-objects.ts';
import { type ObjectDocument, objectsIn } from '../kubernetes/documents.ts';
import {
  annotationOf,
  isOf,
  labelOf,
  type KubernetesObject,
  namePath,
  objectAt,
} from '../kubernetes/object.ts';
import { objectTexts } from '../kubernetes/object-texts.ts';
import { expandersOf, globalServicesOf, webhooksOf } from '../kubernetes/platform-objects.ts';
import type { PlacedObject } from '../kubernetes/placed-object.ts';
import { nodeChoicesOf, podSetsOf, workloadsOf } from '../kubernetes/pod-sets.ts';
import { tolerates } from '../kubernetes/pod-spec.ts';
import { externalSecretObjectsOf, secretSyncsOf, tokenUsersOf } from '../kubernetes/secret-objects.ts';
import { booleanOf, mapOf, numberOf, textOf, valueAt } from '../kubernetes/value-at.ts';
import { known } from './arm-resources.ts';

const SYSTEM_NAMESPACE = 'kube-system';
const TRACKING = 'argocd.argoproj.io/tracking-id';

/** The objects of one running cluster. */
export type ClusterObjects = { readonly cluster: string; readonly objects: readonly PlacedObject[] };

/** The objects of a cluster's documents; those that Azure keeps itself are left out. */
export function clusterObjects(cluster: string, documents: readonly ObjectDocument[]): ClusterObjects {
  const objects = documents
    .flatMap(objectsIn)
    .flatMap(({ path, value }) => objectAt(path, value) ?? [])
    .filter((object) => !isOfAzure(object))
    .map((object) => ({
      ...object,
      clusters: [cluster],
      isPlatform: object.namespace === undefined || namespaceOwner(object.namespace) !== undefined,
      isPruned: undefined,
    }));
  return { cluster, objects };
}

/**
 * What the objects of all clusters say. A kind of which a cluster shows none may be one that nobody asked for.
 * `identities` are the managed identities by their client ids.
 */
export function objectEvidence(
  all: readonly ClusterObjects[],
  identities: ReadonlyMap<string, string>,
): Partial<Evidence> {
  const pruned = withPruning(all);
  const podSets = pruned.flatMap(({ objects }) =>
    podSetsOf(objects, has(objects, 'policy', 'PodDisruptionBudget')),
  );
  const objects = pruned.flatMap((cluster) => cluster.objects);
  return {
    podSets,
    nodeChoices: nodeChoicesOf(objects.filter(({ isPlatform }) => !isPlatform)),
    workloads: workloadsOf(objects, podSets),
    secretSyncs: secretSyncsOf(objects),
    externalSecretObjects: externalSecretObjectsOf(objects),
    tokenUsers: pruned.flatMap((cluster) => tokenUsers(cluster, identities)),
    webhooks: webhooksOf(objects, podSets),
    applicationSets: applicationSetsOf(objects),
    applications: applicationsOf(objects, () => []),
    expanders: expandersOf(objects),
    globalServices: globalServicesOf(objects),
    texts: objects.filter(isWrittenByPeople).flatMap(objectTexts),
  };
}

/** Cilium as it runs: its configuration, its operator, and what it was told of its peers. */
export function ciliumsOf(all: readonly ClusterObjects[]): readonly CiliumEvidence[] {
  return all.flatMap(({ cluster, objects }) => {
    const config = objects.find((object) => isOf(object, '', 'ConfigMap') && object.name === 'cilium-config');
    return config === undefined ? [] : [ciliumOf(cluster, config, objects)];
  });
}

/** The id of each cluster in the mesh, and the share of the pod range that a node gets. */
export function meshIdentities(
  all: readonly ClusterObjects[],
): ReadonlyMap<string, Partial<ClusterEvidence>> {
  return new Map(
    all.flatMap(({ cluster, objects }) => {
      const config = objects.find(
        (object) => isOf(object, '', 'ConfigMap') && object.name === 'cilium-config',
      );
      if (config === undefined) return [];
      const id = numberOf(valueAt(config.value, 'data', 'cluster-id'));
      const identity = known<Partial<ClusterEvidence>>({
        cni: 'cilium',
        id: id === 0 ? undefined : id,
        podMaskPerNode: numberOf(valueAt(config.value, 'data', 'cluster-pool-ipv4-mask-size')),
        isMeshed: isMeshed(objects),
      });
      return [[cluster, identity] as const];
    }),
  );
}

function ciliumOf(
  cluster: string,
  config: KubernetesObject,
  objects: readonly PlacedObject[],
): CiliumEvidence {
  const place = (key: string): Path => [...config.path, 'data', key];
  const said = (key: string): unknown => valueAt(config.value, 'data', key);
  const operator = objects.find(
    (object) => isOf(object, 'apps', 'Deployment') && object.name === 'cilium-operator',
  );
  const tolerations = ['spec', 'template', 'spec', 'tolerations'] as const;
  return known<CiliumEvidence>({
    path: namePath(config),
    places: {
      maxConnectedClusters: place('max-connected-clusters'),
      replacesKubeProxy: place('kube-proxy-replacement'),
      podRanges: place('cluster-pool-ipv4-cidr'),
      ...(operator ? { operatorToleratesSystem: [...operator.path, ...tolerations] } : {}),
    },
    cluster,
    isMeshed: isMeshed(objects),
    peers: peersOf(cluster, objects),
    meshAddress: meshAddress(objects),
    maxConnectedClusters: numberOf(said('max-connected-clusters')),
    generatesCa: undefined,
    meshCertificates: undefined,
    hubbleCertificates: undefined,
    replacesKubeProxy: booleanOf(said('kube-proxy-replacement')),
    operatorToleratesSystem: operator
      ? tolerates(valueAt(operator.value, ...tolerations), 'CriticalAddonsOnly', 'true', 'NoSchedule')
      : undefined,
    podRanges: rangesIn(textOf(said('cluster-pool-ipv4-cidr'))),
  });
}

/** The Service of the mesh API is there or not, where any Service is. */
function isMeshed(objects: readonly PlacedObject[]): boolean | undefined {
  const services = objects.filter((object) => isOf(object, '', 'Service'));
  if (services.some(({ name }) => name === 'clustermesh-apiserver')) return true;
  return services.length > 0 ? false : undefined;
}

function meshAddress(objects: readonly PlacedObject[]): string | undefined {
  const service = objects.find(
    (object) => isOf(object, '', 'Service') && object.name === 'clustermesh-apiserver',
  );
  return textOf(valueAt(service?.value, 'status', 'loadBalancer', 'ingress', 0, 'ip'));
}

/** The agent finds its peers in a Secret: each entry without a dot in its name is one. */
function peersOf(cluster: string, objects: readonly PlacedObject[]): CiliumEvidence['peers'] {
  const secret = objects.find((object) => isOf(object, '', 'Secret') && object.name === 'cilium-clustermesh');
  const data = mapOf(valueAt(secret?.value, 'data'));
  if (secret === undefined || data === undefined) return undefined;
  return Object.keys(data)
    .filter((key) => !key.includes('.') && key !== cluster)
    .map((key) => ({ cluster: key, path: [...secret.path, 'data', key], addresses: undefined }));
}

function rangesIn(text: string | undefined): readonly Cidr[] | undefined {
  if (text === undefined) return undefined;
  const ranges = text
    .split(/[\s,]+/)
    .filter((part) => part !== '')
    .map((part) => parseCidr(part));
  return ranges.every((range) => range.ok) ? ranges.map((range) => range.value) : undefined;
}

/** In the system namespace, only what carries the network is the fleet's own. */
function isOfAzure(object: KubernetesObject): boolean {
  if (labelOf(object, 'kubernetes.azure.com/managedby') === 'aks') return true;
  if (labelOf(object, 'addonmanager.kubernetes.io/mode') !== undefined) return true;
  if (object.namespace !== SYSTEM_NAMESPACE) return false;
  const isNetwork =
    labelOf(object, 'app.kubernetes.io/part-of') === 'cilium' ||
    /^(?:cilium|hubble|clustermesh)/.test(object.name);
  return (
    !isNetwork &&
    object.name !== 'cluster-autoscaler-priority-expander' &&
    !isOf(object, 'policy', 'PodDisruptionBudget')
  );
}

/** Objects whose texts somebody wrote, and no controller. */
function isWrittenByPeople(object: PlacedObject): boolean {
  if (object.isPlatform) return false;
  return isOf(object, '', 'ConfigMap') || isOf(object, 'apps', 'Deployment', 'StatefulSet', 'DaemonSet');
}

/** A cluster that shows no ServiceAccount may have any. */
function tokenUsers(
  { cluster, objects }: ClusterObjects,
  identities: ReadonlyMap<string, string>,
): NonNullable<Evidence['tokenUsers']> {
  const [first] = objects;
  const users = tokenUsersOf(objects, identities);
  return first === undefined || has(objects, '', 'ServiceAccount')
    ? users
    : [...users, { path: first.path, cluster }];
}

/** Whether each object is one that Argo CD deletes by itself: the Application that tracks it says so. */
function withPruning(all: readonly ClusterObjects[]): readonly ClusterObjects[] {
  const prunes = new Map<string, boolean | undefined>();
  for (const { objects } of all) {
    for (const object of objects)
      if (isOf(object, 'argoproj.io', 'Application')) prunes.set(object.name, pruneOf(object));
  }
  return all.map(({ cluster, objects }) => ({
    cluster,
    objects: objects.map((object) => {
      const application = annotationOf(object, TRACKING)?.split(':')[0]?.split('_').at(-1);
      return application === undefined ? object : { ...object, isPruned: prunes.get(application) };
    }),
  }));
}

function has(objects: readonly PlacedObject[], group: string, kind: string): boolean {
  return objects.some((object) => isOf(object, group, kind));
}
