import { hasAll, type NodePoolEvidence } from './evidence.ts';

/**
 * Nodes that an upgrade adds before it takes old ones away: 10 % of a pool, rounded up, is the default of AKS. Spot
 * pools are upgraded without any (learn.microsoft.com, aks/upgrade-aks-cluster and aks/spot-node-pool, 2026-08).
 */
const SURGE_PERCENT = 10;

export type NodeCount = { readonly nodes: number; readonly surge: number };

/** The most nodes that the pools of one cluster can have at one time, or undefined when a pool does not say. */
export function mostNodes(pools: readonly NodePoolEvidence[]): NodeCount | undefined {
  let nodes = 0;
  let surge = 0;
  for (const pool of pools) {
    if (!hasAll(pool, 'nodesMax', 'capacityType')) return undefined;
    nodes += pool.nodesMax;
    if (pool.capacityType === 'OnDemand') surge += Math.ceil((pool.nodesMax * SURGE_PERCENT) / 100);
  }
  return { nodes, surge };
}

/** `12 nodes and 2 more during an upgrade`. */
export function nodeCountText({ nodes, surge }: NodeCount): string {
  const most = `${nodes} ${nodes === 1 ? 'node' : 'nodes'}`;
  return surge === 0 ? most : `${most} and ${surge} more during an upgrade`;
}
