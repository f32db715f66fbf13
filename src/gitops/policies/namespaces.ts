import { compareText } from '../../base/order.ts';
import { calledElsewhere } from '../../model/calls.ts';
import type { ClusterPlan, Platform } from '../../model/platform.ts';

/** A namespace of a cluster that is closed but for its rules, and whose it is. */
type ClosedNamespace = { readonly name: string; readonly use: 'platform' | 'workload' | 'team' };

/**
 * The namespaces that policies close. Never kube-system: AKS runs its own pods there and brings policies of its own,
 * and nodes that lose konnectivity-agent or DNS are lost themselves.
 */
export function closedNamespaces(platform: Platform, cluster: ClusterPlan): readonly ClosedNamespace[] {
  const { fleet, teams } = platform;
  const uses = new Map<string, ClosedNamespace['use']>();
  for (const team of teams) {
    const own = team.clusters.find((one) => one.cluster === cluster.name)?.namespaces ?? [];
    for (const name of own) uses.set(name, 'team');
  }
  const workloads = [...cluster.workloads, ...calledElsewhere(fleet, cluster.name)];
  for (const { name } of workloads) uses.set(name, 'workload');
  for (const { namespace } of cluster.components) uses.set(namespace, 'platform');
  uses.delete('kube-system');
  return [...uses].map(([name, use]) => ({ name, use })).toSorted((a, b) => compareText(a.name, b.name));
}
