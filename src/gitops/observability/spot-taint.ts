/**
 * AKS taints every Spot node with this key (learn.microsoft.com, aks/spot-node-pool), and kube-state-metrics shows
 * taints unasked, while labels need a list of their own: so a node is told by its taint.
 */
export const SPOT_NODES = 'kube_node_spec_taint{key="kubernetes.azure.com/scalesetpriority"}';

/** Spot nodes that were there within the time and are gone; nothing of a cluster that says nothing at all. */
export function spotNodesLost(within: string): string {
  const had = `max by (cluster, node) (max_over_time(${SPOT_NODES}[${within}]))`;
  const has = 'max by (cluster, node) (kube_node_info)';
  return `count by (cluster) (${had} unless on (cluster, node) ${has}) and on (cluster) count by (cluster) (${has})`;
}
