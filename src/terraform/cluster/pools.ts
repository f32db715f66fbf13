import { nodePoolLimits } from '../../catalog/limits.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import type { ClusterPlan, NodePool, Platform } from '../../model/platform.ts';
import { type Block, type Item, attr, block, group, ref } from '../block.ts';
import { label } from '../addresses.ts';

/** The user pools: what workloads run on. */
export function poolBlocks({ fleet }: Platform, cluster: ClusterPlan): readonly Block[] {
  return cluster.pools.filter(({ mode }) => mode === 'User').map((pool) => poolBlock(fleet, cluster, pool));
}

/** Whether the autoscaler sizes the pool. A Spot pool without it shrinks with every eviction. */
export function isAutoscaled({ capacityType, nodesMin, nodesMax }: NodePool): boolean {
  return capacityType === 'Spot' || nodesMin < nodesMax;
}

/** Size, number and place of the machines, alike in a system pool and a user pool. */
export function machineItems(pool: NodePool): readonly Item[] {
  const { osDisk } = pool;
  return [
    group([
      attr('vm_size', pool.vmSize),
      pool.zones.length > 0 ? attr('zones', pool.zones.map(String)) : undefined,
      attr('vnet_subnet_id', ref('local.subnet_id')),
      attr('max_pods', pool.maxPods, { beside: 'each takes memory from the node, used or not' }),
      attr('os_disk_type', osDisk.type),
      attr('os_disk_size_gb', osDisk.sizeGB, {
        beside:
          osDisk.type === 'Ephemeral' ? 'what fits on the host, for free' : 'no room on the host: billed',
      }),
      attr('tags', ref('local.tags')),
    ]),
    group(
      isAutoscaled(pool)
        ? [
            attr('auto_scaling_enabled', true),
            attr('node_count', pool.nodesUsual, { beside: 'to begin with' }),
            attr('min_count', pool.nodesMin),
            attr('max_count', pool.nodesMax),
          ]
        : [attr('node_count', pool.nodesUsual)],
    ),
  ];
}

/** Within a pool's twelve characters, and unlike that of any other pool: their first letters follow from the second. */
function temporaryName(name: string): string {
  return `t${name.length < nodePoolLimits.name.maxLength ? name : name.slice(1)}`;
}

const USE = {
  system: 'Where the cluster itself runs',
  preferred: 'Takes the load first',
  standby: 'Stands by: another size, for when the preferred one cannot be had',
  fallback: 'On-Demand behind Spot: what Azure takes back must find a place (ADR-A01)',
} as const;

function poolBlock(fleet: Fleet, cluster: ClusterPlan, pool: NodePool): Block {
  return block(
    'resource',
    ['azurerm_kubernetes_cluster_node_pool', label(pool.name)],
    [
      attr('name', pool.name),
      attr('kubernetes_cluster_id', ref(`azurerm_kubernetes_cluster.${label(cluster.name)}.id`)),
      attr('mode', 'User'),
      attr('temporary_name_for_rotation', temporaryName(pool.name), {
        beside: 'stands in while this one is rebuilt',
      }),
      ...machineItems(pool),
      ...(pool.capacityType === 'Spot' ? spotItems(fleet) : []),
      Object.keys(pool.labels).length > 0 && attr('node_labels', pool.labels),
      pool.taints.length > 0 && attr('node_taints', pool.taints),
      // Azure drains and surges no Spot pool; azurerm refuses the block there and wants it elsewhere.
      pool.capacityType === 'OnDemand' &&
        block(
          'upgrade_settings',
          [],
          [
            fleet.environment === 'production'
              ? attr('max_surge', '33%', { beside: 'new nodes at a time: what AKS advises for production' })
              : attr('max_surge', '1', { beside: 'one new node before an old one goes' }),
          ],
        ),
      isAutoscaled(pool) &&
        block(
          'lifecycle',
          [],
          [attr('ignore_changes', [ref('node_count')], { beside: 'the autoscaler sets it' })],
        ),
    ],
    `${USE[pool.use]}.`,
  );
}

function spotItems({ spot, environment }: Fleet): readonly Item[] {
  const invariant = environment === 'demo' ? 'C2, ADR-A01' : 'ADR-A01';
  return [
    group(
      [
        attr('priority', 'Spot'),
        attr('eviction_policy', 'Delete', { beside: 'a stopped machine would count against the quota' }),
        attr('spot_max_price', spot.maxPrice, {
          beside: spot.maxPrice === -1 ? 'up to the on-demand price' : 'USD an hour for each machine',
        }),
      ],
      `Surplus capacity, which Azure takes back at will (${invariant}). Label and taint are AKS' own; ` +
        'without them here every plan would drift.',
    ),
  ];
}
