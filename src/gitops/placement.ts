import { formatCpu, formatMemory } from '../base/quantity.ts';
import { containerOf, type PodName } from '../model/container-requests.ts';
import type { ClusterPlan, ComponentId, PlannedPods } from '../model/platform.ts';
import type { YamlMap } from './yaml.ts';

/** AKS' own key on Spot nodes; charts tolerate it on DaemonSets alone. */
const SPOT_KEY = 'kubernetes.azure.com/scalesetpriority';

export const TOLERATES_SYSTEM = { key: 'CriticalAddonsOnly', operator: 'Exists' } as const;

/** AKS labels every node with the mode of its pool. */
export const SYSTEM_NODES = { 'kubernetes.azure.com/mode': 'system' } as const;

const TOLERATES_SPOT = { key: SPOT_KEY, operator: 'Equal', value: 'spot', effect: 'NoSchedule' } as const;

const IS_SPOT = { matchExpressions: [{ key: SPOT_KEY, operator: 'In', values: ['spot'] }] } as const;
const IS_NOT_SPOT = { matchExpressions: [{ key: SPOT_KEY, operator: 'NotIn', values: ['spot'] }] } as const;

function hasUserPool(cluster: ClusterPlan, capacityType: 'Spot' | 'OnDemand'): boolean {
  return cluster.pools.some((pool) => pool.mode === 'User' && pool.capacityType === capacityType);
}

/** Whether the cluster's user nodes are bought both ways. */
export function isMixed(cluster: ClusterPlan): boolean {
  return hasUserPool(cluster, 'Spot') && hasUserPool(cluster, 'OnDemand');
}

function hasSpot(cluster: ClusterPlan): boolean {
  return hasUserPool(cluster, 'Spot');
}

/**
 * Where platform pods of the user pools go: On-Demand nodes where there are some, Spot nodes where there is
 * nothing else. No node selector: the taint of the system pool keeps them away from it.
 */
export function onUserNodes(cluster: ClusterPlan): { readonly tolerations: readonly YamlMap[] } {
  return { tolerations: hasSpot(cluster) ? [TOLERATES_SPOT] : [] };
}

/** Affinity for platform pods of a cluster that has both kinds of nodes. */
export function prefersOnDemand(cluster: ClusterPlan): YamlMap | undefined {
  return isMixed(cluster) ? { nodeAffinity: preferred(IS_NOT_SPOT) } : undefined;
}

/**
 * Tolerations and affinity of a workload: paid capacity for critical ones, surplus first for all others
 * (ADR-A01).
 */
export function workloadPlacement(clusters: readonly ClusterPlan[], needsOnDemand: boolean): YamlMap {
  if (needsOnDemand) return { affinity: { nodeAffinity: required(IS_NOT_SPOT) } };
  if (!clusters.some(hasSpot)) return {};
  return { tolerations: [TOLERATES_SPOT], affinity: { nodeAffinity: preferred(IS_SPOT) } };
}

function preferred(preference: YamlMap): YamlMap {
  return { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, preference }] };
}

function required(term: YamlMap): YamlMap {
  return { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } };
}

/**
 * Keeps two pods of one kind apart by zone and by node as far as there is room; the chart adds the label
 * selector.
 */
export const SPREAD = ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'].map((topologyKey) => ({
  maxSkew: 1,
  topologyKey,
  whenUnsatisfiable: 'ScheduleAnyway',
}));

/** What the platform plans for one kind of pod of a component; undefined where the cluster runs none. */
export function podsOf(cluster: ClusterPlan, id: ComponentId, name: string): PlannedPods | undefined {
  return cluster.components.find((component) => component.id === id)?.pods.find((pods) => pods.name === name);
}

/** Copies of a pod that is not on every node. */
export function copiesOf(pods: PlannedPods): number {
  return pods.replicas === 'each-node' ? 1 : pods.replicas;
}

/**
 * A container's `resources`: what the plan counts, and the memory at which it is stopped. No CPU limit: see the table.
 */
export function resourcesOf(pod: PodName, container: string): YamlMap {
  const { cpuMillis, memoryMiB, memoryLimitMiB } = containerOf(pod, container);
  return {
    requests: { cpu: formatCpu(cpuMillis), memory: formatMemory(memoryMiB) },
    limits: { memory: formatMemory(memoryLimitMiB) },
  };
}
