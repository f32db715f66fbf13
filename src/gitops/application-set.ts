import type { ClusterPlan, Platform } from '../model/platform.ts';
import { LABELS } from './cluster-facts.ts';
import { inWave, KEPT, type Manifest } from './manifest.ts';
import type { YamlMap } from './yaml.ts';

export const ARGO_CD_NAMESPACE = 'argocd';
export const PLATFORM_PROJECT = 'platform';

/** The name of the cluster at hand: in Argo CD, in the folders of this tree and in the fleet file. */
export const CLUSTER = '{{.name}}';

type ApplicationSetWish = {
  /** Whose the Applications are: the platform's, in its project, or a workload's, each in a project of its own. */
  readonly owner: Owner;
  /** What they install. */
  readonly name: string;
  readonly wave: number;
  readonly clusters: readonly ClusterPlan[];
  /** Namespace of what names none. */
  readonly namespace: string;
  readonly sources: readonly YamlMap[];
  /** Deletes what leaves the tree, the last of it only where that is said. Never for what carries others: a CNI, CRDs. */
  readonly prune: Prune;
  readonly syncOptions: readonly string[];
};

type Owner = 'platform' | 'workloads';
type Prune = 'nothing' | 'all-but-the-last' | 'everything';

/** Name of the Application that installs something on a cluster. Dots part its steps: no name holds one. */
export function applicationName(owner: Owner, cluster: string, name: string): string {
  return `${owner}.${cluster}.${name}`;
}

/**
 * One Application on each of the clusters, made from Argo CD's cluster Secrets. A Secret that is lost or
 * loses a label must not take a cluster's network with it, so nothing here deletes: `create-update` keeps the
 * Application whose row is gone, `preserveResourcesOnDeletion` leaves off the finalizer by which a deleted
 * Application would empty the cluster, and the set's own finalizer has the controller free the Applications
 * first when the set goes (Argo CD 3.5 documentation, Application-Deletion and
 * Controlling-Resource-Modification).
 */
export function applicationSet(platform: Platform, wish: ApplicationSetWish): Manifest {
  const isPlatform = wish.owner === 'platform';
  const name = applicationName(wish.owner, CLUSTER, wish.name);
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'ApplicationSet',
    metadata: {
      // A workload may be called like a component, and all sets stand in one namespace.
      name: isPlatform ? wish.name : `workload-${wish.name}`,
      namespace: ARGO_CD_NAMESPACE,
      annotations: { ...inWave(wish.wave), ...KEPT },
      finalizers: ['resources-finalizer.argocd.argoproj.io'],
    },
    spec: {
      goTemplate: true,
      goTemplateOptions: ['missingkey=error'],
      generators: [{ clusters: { selector: clusterSelector(platform, wish.clusters) } }],
      syncPolicy: { applicationsSync: 'create-update', preserveResourcesOnDeletion: true },
      template: {
        metadata: { name, labels: { [LABELS.cluster]: CLUSTER } },
        spec: {
          project: isPlatform ? PLATFORM_PROJECT : name,
          sources: wish.sources,
          destination: { name: CLUSTER, namespace: wish.namespace },
          syncPolicy: syncPolicy(wish.prune, wish.syncOptions),
        },
      },
    },
  };
}

/**
 * Keeps the cluster as the tree says, and tries again for as long as it takes, always with the newest
 * revision.
 */
export function syncPolicy(prune: Prune, syncOptions: readonly string[]): YamlMap {
  return {
    automated: {
      prune: prune !== 'nothing',
      ...(prune === 'everything' ? { allowEmpty: true } : {}),
      selfHeal: true,
    },
    syncOptions: ['ServerSideApply=true', ...syncOptions],
    // Applications do not wait for each other: what needs a CRD or a namespace of another one retries until
    // it is there.
    retry: { limit: -1, refresh: true, backoff: { duration: '10s', factor: 2, maxDuration: '5m' } },
  };
}

/** The cluster Secrets of this fleet and environment; all of them, those of one role, or those named. */
function clusterSelector(platform: Platform, clusters: readonly ClusterPlan[]): YamlMap {
  const { fleet } = platform;
  const own = { [LABELS.fleet]: fleet.name, [LABELS.environment]: fleet.environment };
  if (clusters.length === platform.clusters.length) return { matchLabels: own };
  for (const role of ['mgmt', 'app'] as const) {
    const ofRole = platform.clusters.filter((cluster) => cluster.role === role);
    if (ofRole.length === clusters.length && ofRole.every((cluster) => clusters.includes(cluster))) {
      return { matchLabels: { ...own, [LABELS.role]: role } };
    }
  }
  const names = clusters.map(({ name }) => name);
  return {
    matchLabels: own,
    matchExpressions: [{ key: LABELS.cluster, operator: 'In', values: names }],
  };
}
