import { createHash } from 'node:crypto';
import { region } from '../catalog/regions.ts';
import { vmSize } from '../catalog/vm-sizes.ts';
import type { Explanation } from '../fleet/explanation.ts';
import type { CapacityType, Cluster, Fleet } from '../fleet/fleet.ts';
import { fitsOn } from './fit.ts';
import type { NodePool, PlannedComponent } from './platform.ts';

const SPOT_LABEL = 'kubernetes.azure.com/scalesetpriority';
/** AKS sets both itself; declared too, so that a Terraform plan shows no drift (ADR-A01). */
export const SPOT_LABELS = { [SPOT_LABEL]: 'spot' } as const;
export const SPOT_TAINT = `${SPOT_LABEL}=spot:NoSchedule`;

/** The source design's size; two vCPUs, below Microsoft's stated floor of four for a system pool but accepted. */
const SYSTEM_SIZE_SMALL = 'Standard_D2s_v3';
const SYSTEM_SIZE = 'Standard_D4s_v3';
/** The smallest OS disk that AKS takes is 30 GB; a managed one is sold in steps, 64 GB being the P6. */
const OS_DISK_MIN_GB = 30;
const OS_DISK_MANAGED_GB = 64;
/** AKS' own default for small sizes; more space than that on a large cache is never used. */
const OS_DISK_EPHEMERAL_MAX_GB = 128;

const MAX_PODS = { demo: 60, production: 110 } as const;

/** The pools of a cluster, system pool first, and why each default is what it is. */
export function planPools(
  fleet: Fleet,
  cluster: Cluster,
  components: readonly PlannedComponent[],
): { readonly pools: readonly NodePool[]; readonly explanations: readonly Explanation[] } {
  const explanations: Explanation[] = [];
  const explain = (key: string, value: string, rule: string, inputs: Explanation['inputs']): void => {
    explanations.push({ path: ['clusters', cluster.name, ...key.split('.')], value, rule, inputs });
  };
  const pools = [systemPool(fleet, cluster, components, explain), ...userPools(fleet, cluster, explain)];
  return { pools, explanations };
}

type Explain = (key: string, value: string, rule: string, inputs: Explanation['inputs']) => void;

function systemPool(
  fleet: Fleet,
  cluster: Cluster,
  components: readonly PlannedComponent[],
  explain: Explain,
): NodePool {
  const wish = cluster.system;
  const maxPods = wish.maxPods ?? MAX_PODS[fleet.environment];
  const inEnvironment = { name: 'environment', value: fleet.environment };
  const small = { vmSize: SYSTEM_SIZE_SMALL, nodes: 1, maxPods };
  const isSmall = fleet.environment === 'demo' && fitsOn(fleet, components, 'system', small);
  const size = wish.vmSize ?? (isSmall ? SYSTEM_SIZE_SMALL : SYSTEM_SIZE);
  const nodes = wish.nodes ?? (fleet.environment === 'demo' ? 1 : 3);
  if (wish.vmSize === undefined) {
    const rule = isSmall
      ? 'the platform fits one two-core node, which AKS accepts below its documented floor of four cores'
      : fleet.environment === 'demo'
        ? 'what the platform requests does not fit a two-core node'
        : 'AKS documents four cores as the floor of a system pool';
    explain('system.vmSize', size, rule, [inEnvironment]);
  }
  if (wish.nodes === undefined) {
    const rule = nodes === 1 ? 'one node is the least that runs' : 'a node in each zone';
    explain('system.nodes', String(nodes), rule, [inEnvironment]);
  }
  return {
    name: 'system',
    mode: 'System',
    capacityType: 'OnDemand',
    use: 'system',
    vmSize: size,
    nodesMin: nodes,
    nodesMax: nodes,
    nodesUsual: nodes,
    zones: zonesOf(fleet, wish.zones),
    maxPods,
    osDisk: osDisk(size, wish.osDiskGB),
    labels: {},
    taints: ['CriticalAddonsOnly=true:NoSchedule'],
  };
}

function userPools(fleet: Fleet, cluster: Cluster, explain: Explain): readonly NodePool[] {
  const { user } = cluster;
  const capacityType = capacityOf(fleet, cluster);
  if (user.capacity === undefined) {
    const byTier = [
      { name: 'tier', value: String(cluster.tier) },
      { name: 'environment', value: fleet.environment },
      ...(fleet.live && cluster.tier !== 2 ? [{ name: 'live', value: 'true' }] : []),
    ];
    explain('user.capacity', capacityType, 'tier and environment decide (ADR-A01)', byTier);
  }
  const pool = (vmSize: string, type: CapacityType, use: NodePool['use'], nodesUsual: number): NodePool => ({
    name: poolName(vmSize, type),
    mode: 'User',
    capacityType: type,
    use,
    vmSize,
    // Evicted Spot pools must be able to stand at zero; the pods' replicas keep the floor, not the pool.
    nodesMin: type === 'Spot' ? 0 : Math.min(nodesUsual, use === 'preferred' ? user.nodes.min : nodesUsual),
    // AKS knows no sum over pools, and any pool may have to stand in for all the others (ADR-0014).
    nodesMax: user.nodes.max,
    nodesUsual,
    zones: zonesOf(fleet, user.zones),
    maxPods: user.maxPods ?? MAX_PODS[fleet.environment],
    osDisk: osDisk(vmSize, user.osDiskGB),
    labels: type === 'Spot' ? SPOT_LABELS : {},
    taints: type === 'Spot' ? [SPOT_TAINT] : [],
  });
  // A size written twice would make two pools of one name; the contract reports it, and one pool stands for both.
  const [preferred, ...others] = [...new Set(user.vmSizes)];
  if (preferred === undefined) return [];
  const pools = [
    // The platform's own pods always need a node, even where the pool may stand at zero.
    pool(preferred, capacityType, 'preferred', Math.max(1, user.nodes.min)),
    ...others.map((vmSize) => pool(vmSize, capacityType, 'standby', 0)),
  ];
  if (capacityType === 'Spot' && fleet.environment === 'production') {
    const critical = fleet.workloads.some(
      (workload) => workload.critical && workload.clusters.includes(cluster.name),
    );
    explain(
      'user.fallback',
      `${preferred}, ${critical ? 'at least 1 node' : 'from 0 nodes'}`,
      'production Spot has On-Demand nodes behind it; a critical workload always stands on them (ADR-A01)',
      [
        { name: 'environment', value: fleet.environment },
        { name: 'critical workloads', value: critical ? 'yes' : 'none' },
      ],
    );
    pools.push(pool(preferred, 'OnDemand', 'fallback', critical ? 1 : 0));
  }
  if (pools.length > 1) explainSum(cluster, pools, explain);
  return pools;
}

/** Why several pools may hold more nodes together than the file's range names (ADR-0014). */
function explainSum({ user }: Cluster, pools: readonly NodePool[], explain: Explain): void {
  explain(
    'user.pools',
    `${userNodesMax(pools)} nodes at most in ${pools.length} pools`,
    'each pool may hold the whole range, since any of them may have to stand in for the others; AKS limits ' +
      'each pool, not their sum (ADR-0014)',
    [
      { name: 'nodes', value: `${user.nodes.min}..${user.nodes.max}` },
      { name: 'pools', value: pools.map(({ name }) => name).join(', ') },
    ],
  );
}

/** The most nodes that the user pools can hold together: what AKS would grow to if pods asked for it. */
export function userNodesMax(pools: readonly NodePool[]): number {
  let nodes = 0;
  for (const { mode, nodesMax } of pools) if (mode === 'User') nodes += nodesMax;
  return nodes;
}

/** What the user pools of a cluster run on: what the file overrides, else what tier and environment decide. */
export function capacityOf(fleet: Fleet, cluster: Cluster): CapacityType {
  return cluster.user.capacity ?? fleet.tiers[cluster.tier === 2 ? 2 : 1];
}

/**
 * `spotd2sv3`: capacity and size, so that adding a size never renames another pool. AKS allows twelve characters;
 * a longer size is cut and told apart by two hex digits of its hash.
 */
export function poolName(vmSize: string, capacityType: CapacityType): string {
  const prefix = capacityType === 'Spot' ? 'spot' : 'reg';
  const size = vmSize
    .replace(/^Standard_/i, '')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]/g, '');
  const name = `${prefix}${size}`;
  if (name.length <= 12) return name;
  return `${name.slice(0, 10)}${createHash('sha256').update(vmSize).digest('hex').slice(0, 2)}`;
}

function zonesOf(fleet: Fleet, written: readonly number[] | undefined): readonly number[] {
  return written ?? (fleet.environment === 'production' ? (region(fleet.region)?.zones ?? []) : []);
}

/** Free where the size has room for it: a disk on the host costs nothing, a managed one is billed for each node. */
function osDisk(size: string, written: number | undefined): NodePool['osDisk'] {
  const room = Math.min(vmSize(size)?.ephemeralOsDiskGiB ?? 0, OS_DISK_EPHEMERAL_MAX_GB);
  if (written !== undefined) {
    return { type: written <= room && written >= OS_DISK_MIN_GB ? 'Ephemeral' : 'Managed', sizeGB: written };
  }
  return room >= OS_DISK_MIN_GB
    ? { type: 'Ephemeral', sizeGB: room }
    : { type: 'Managed', sizeGB: OS_DISK_MANAGED_GB };
}
