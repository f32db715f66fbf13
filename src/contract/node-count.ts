import type { NodePoolEvidence, With } from './evidence.ts';

/**
 * Nodes that an upgrade adds before it takes old ones away: 10 % of a pool, rounded up, is the default of
 * AKS. Spot pools are upgraded without any (learn.microsoft.com, aks/upgrade-aks-cluster and
 * aks/spot-node-pool, 2026-08).
 */
const SURGE_PERCENT = 10;

export type NodeCount = { readonly nodes: number; readonly surge: number };

/** The most nodes that the pools of one cluster can have at one time. */
export function mostNodes(pools: readonly With<NodePoolEvidence, 'nodesMax' | 'capacityType'>[]): NodeCount {
  let nodes = 0;
  let surge = 0;
  for (const { nodesMax, capacityType } of pools) {
    nodes += nodesMax;
    if (capacityType === 'OnDemand') surge += Math.ceil((nodesMax * SURGE_PERCENT) / 100);
  }
  return { nodes, surge };
}

/** `12 nodes and 2 more during an upgrade`. */
export function nodeCountText({ nodes, surge }: NodeCount): string {
  const most = `${nodes} ${nodes === 1 ? 'node' : 'nodes'}`;
  return surge === 0 ? most : `${most} and ${surge} more during an upgrade`;
}
