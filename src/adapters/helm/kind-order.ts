import { compareText } from '../../base/order.ts';

type Kinded = { readonly kind: string };

/**
 * The order in which Helm installs kinds (Helm 4.3, `InstallOrder` of kind_sorter.go), but for the first two: objects
 * may stand in a namespace of the same render, and be of a kind that it defines.
 */
const KINDS = [
  'Namespace',
  'CustomResourceDefinition',
  'PriorityClass',
  'NetworkPolicy',
  'ResourceQuota',
  'LimitRange',
  'PodSecurityPolicy',
  'PodDisruptionBudget',
  'ServiceAccount',
  'Secret',
  'ConfigMap',
  'StorageClass',
  'PersistentVolume',
  'PersistentVolumeClaim',
  'ClusterRole',
  'ClusterRoleBinding',
  'Role',
  'RoleBinding',
  'Service',
  'DaemonSet',
  'Pod',
  'ReplicationController',
  'ReplicaSet',
  'Deployment',
  'HorizontalPodAutoscaler',
  'StatefulSet',
  'Job',
  'CronJob',
  'IngressClass',
  'Ingress',
  'APIService',
  'MutatingWebhookConfiguration',
  'ValidatingWebhookConfiguration',
];
const RANKS: ReadonlyMap<string, number> = new Map(KINDS.map((kind, rank) => [kind, rank]));

/** Objects in the order in which they are installed; a chart's own order within a kind, unknown kinds last, by name. */
export function inInstallOrder<T extends Kinded>(objects: readonly T[]): readonly T[] {
  const rankOf = ({ kind }: Kinded): number => RANKS.get(kind) ?? KINDS.length;
  return objects.toSorted((a, b) => {
    const byRank = rankOf(a) - rankOf(b);
    return byRank === 0 ? compareText(a.kind, b.kind) : byRank;
  });
}
