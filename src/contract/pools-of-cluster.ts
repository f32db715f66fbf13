import { groupBy, hasAll, type NodePoolEvidence, type With } from './evidence.ts';

/**
 * Answers the node pools of a cluster, with these properties known of each; undefined when a pool that is not
 * fully known could be one of them, so that nothing can be concluded from the others.
 */
export function poolsOfCluster<Key extends keyof NodePoolEvidence>(
  nodePools: readonly NodePoolEvidence[],
  ...properties: readonly Key[]
): (cluster: string) => readonly With<NodePoolEvidence, Key>[] | undefined {
  const byCluster = groupBy(nodePools, ({ cluster }) => cluster);
  const hasAllClusters = nodePools.every((pool) => hasAll(pool, 'cluster'));
  return (cluster) => {
    const own = byCluster.get(cluster) ?? [];
    return hasAllClusters && own.every((pool) => hasAll(pool, ...properties)) ? own : undefined;
  };
}

/** Names of the clusters that have node pools, in order of appearance. */
export function clustersWithPools(nodePools: readonly NodePoolEvidence[]): readonly string[] {
  return [...groupBy(nodePools, ({ cluster }) => cluster).keys()];
}
