import { allocatable } from '../catalog/node-reservations.ts';
import { platformPods } from '../catalog/platform-requests.ts';
import { vmSize } from '../catalog/vm-sizes.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { PlannedComponent } from './platform.ts';

/** CPU and memory, asked for or there. */
export type Resources = { readonly cpuMillis: number; readonly memoryMiB: number };

/**
 * What AKS and the platform ask of one kind of pool with this many nodes: AKS' own cluster-wide pods stand on the
 * system pool, DaemonSets on every node.
 */
export function requestsOn(
  fleet: Fleet,
  components: readonly PlannedComponent[],
  runsOn: 'system' | 'user',
  nodes: number,
): Resources {
  let cpuMillis = 0;
  let memoryMiB = 0;
  const add = (pod: Resources, count: number): void => {
    cpuMillis += pod.cpuMillis * count;
    memoryMiB += pod.memoryMiB * count;
  };
  // The catalogue's Cilium row is the chart's own request, which ours replaces.
  for (const pod of platformPods()) {
    if (pod.when !== 'always' && !(pod.when === 'container-insights' && hasContainerInsights(fleet)))
      continue;
    if (pod.placement === 'each-node') add(pod, nodes);
    else if (runsOn === 'system') add(pod, pod.replicas ?? 1);
  }
  for (const pod of components.flatMap((component) => component.pods)) {
    if (pod.replicas === 'each-node') add(pod, nodes);
    else if (pod.runsOn === runsOn) add(pod, pod.replicas);
  }
  return { cpuMillis, memoryMiB };
}

/** What pods may use on this many nodes of a size, or undefined when the size is unknown. */
export function roomOn(pool: { vmSize: string; nodes: number; maxPods: number }): Resources | undefined {
  const size = vmSize(pool.vmSize);
  if (!size) return undefined;
  const node = allocatable(size, pool.maxPods);
  return { cpuMillis: node.cpuMillis * pool.nodes, memoryMiB: node.usableMemoryMiB * pool.nodes };
}

/** Whether AKS' and the platform's pods fit the pool. An unknown size is taken to fit: nothing says otherwise. */
export function fitsOn(
  fleet: Fleet,
  components: readonly PlannedComponent[],
  runsOn: 'system' | 'user',
  pool: { vmSize: string; nodes: number; maxPods: number },
): boolean {
  const room = roomOn(pool);
  if (!room) return true;
  const needed = requestsOn(fleet, components, runsOn, pool.nodes);
  return needed.cpuMillis <= room.cpuMillis && needed.memoryMiB <= room.memoryMiB;
}

/** Container Insights' agents run wherever logs are collected; a cap of zero turns collection off. */
export function hasContainerInsights(fleet: Fleet): boolean {
  return fleet.observability.logs.dailyCapGB > 0;
}
