import { type ClusterEvidence, type Evidence, hasAll } from './evidence.ts';

/**
 * Answers whether a cluster is in a mesh, wished for and on a network that has one; undefined when that is
 * not said.
 */
export function meshOf(clusters: readonly ClusterEvidence[]): (cluster: string) => boolean | undefined {
  const byName = new Map(clusters.map(({ name, isMeshed, cni }) => [name, { isMeshed, cni }]));
  const hasAllNames = clusters.every((cluster) => hasAll(cluster, 'name'));
  return (name) => {
    const cluster = byName.get(name);
    if (cluster === undefined) return hasAllNames ? false : undefined;
    if (cluster.isMeshed === false || cluster.cni === 'azure-overlay') return false;
    return cluster.isMeshed === true && cluster.cni === 'cilium' ? true : undefined;
  };
}

/**
 * Answers whether two clusters are peers, in either order; undefined when a pair that is not said could be
 * theirs.
 */
export function peersOf(
  peers: NonNullable<Evidence['peers']>,
): (a: string, b: string) => boolean | undefined {
  const pairs = new Set(
    peers.flatMap(({ pair }) => (pair ? [`${pair[0]} ${pair[1]}`, `${pair[1]} ${pair[0]}`] : [])),
  );
  const hasAllPairs = peers.every((peer) => hasAll(peer, 'pair'));
  return (a, b) => (pairs.has(`${a} ${b}`) ? true : hasAllPairs ? false : undefined);
}
