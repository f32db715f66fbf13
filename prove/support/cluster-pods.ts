import type { ChartWorkload } from '../../src/catalog/chart-facts.ts';
import { allocatable } from '../../src/catalog/node-reservations.ts';
import { platformPods } from '../../src/catalog/platform-requests.ts';
import { vmSize } from '../../src/catalog/vm-sizes.ts';
import { hasContainerInsights } from '../../src/model/fit.ts';
import type { ClusterPlan, NodePool, Platform } from '../../src/model/platform.ts';
import { type Loose, objectsOf } from '../../test/gitops/any-platform.ts';
import { type ChartPod, chartPods, firstAt, valueAt } from '../../test/gitops/chart-pods.ts';

/** A Node or Pod as it is sent to the API server. */
export type ClusterObject = Loose;

/** A pod to schedule, and whose it is. */
export interface Wanted {
  readonly owner: 'aks' | 'platform' | 'workload';
  readonly pod: ClusterObject;
}

const EVERYWHERE = [{ operator: 'Exists' }];
const NEVER_PULLED = 'registry.invalid/none';

/**
 * The nodes of a cluster as AKS makes them: its labels and taints, and what is left to pods of a size, as many as run
 * when nothing is wrong.
 */
export function nodesOf({ fleet }: Platform, cluster: ClusterPlan): ClusterObject[] {
  return cluster.pools.flatMap((pool) =>
    Array.from({ length: pool.nodesUsual }, (_, index) => nodeOf(fleet.region, pool, index)),
  );
}

function nodeOf(region: string, pool: NodePool, index: number): ClusterObject {
  const name = `aks-${pool.name}-12345678-vmss00000${index}`;
  const room = allocatable(vmSize(pool.vmSize)!, pool.maxPods);
  const zone = pool.zones.length > 0 ? `${region}-${pool.zones[index % pool.zones.length]}` : '0';
  const amounts = {
    cpu: `${room.cpuMillis}m`,
    memory: `${room.usableMemoryMiB}Mi`,
    pods: String(pool.maxPods),
    'ephemeral-storage': `${Math.floor(pool.osDisk.sizeGB * 0.8)}Gi`,
  };
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: {
      name,
      labels: {
        agentpool: pool.name,
        'kubernetes.azure.com/agentpool': pool.name,
        'kubernetes.azure.com/mode': pool.mode.toLowerCase(),
        'kubernetes.io/os': 'linux',
        'kubernetes.io/arch': 'amd64',
        'kubernetes.io/hostname': name,
        'node.kubernetes.io/instance-type': pool.vmSize,
        'topology.kubernetes.io/region': region,
        'topology.kubernetes.io/zone': zone,
        ...(pool.capacityType === 'Spot' ? { 'kubernetes.azure.com/scalesetpriority': 'spot' } : {}),
        ...pool.labels,
      },
    },
    spec: { taints: pool.taints.map(taintOf) },
    status: {
      capacity: amounts,
      allocatable: amounts,
      conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'proof' }],
    },
  };
}

/** `key=value:effect`, as AKS and Terraform write it. */
function taintOf(text: string): object {
  const [, key, value, effect] = /^([^=]+)=([^:]*):(.+)$/.exec(text)!;
  return { key, value, effect };
}

/** Every pod that a cluster has from the start: those of AKS, those of our charts, those of the workloads. */
export function podsOf(platform: Platform, cluster: ClusterPlan, nodes: readonly ClusterObject[]): Wanted[] {
  return [
    ...aksPods(platform, nodes),
    ...chartPods(platform)
      .filter((pod) => pod.cluster === cluster)
      .flatMap((pod) => podsOfChart(pod, nodes).map((each): Wanted => ({ owner: 'platform', pod: each }))),
    ...workloadPods(platform, cluster),
  ];
}

function aksPods({ fleet }: Platform, nodes: readonly ClusterObject[]): Wanted[] {
  const running = platformPods().filter(
    ({ when }) => when === 'always' || (when === 'container-insights' && hasContainerInsights(fleet)),
  );
  return running.flatMap(({ name, namespace, placement, replicas = 1, cpuMillis, memoryMiB }) => {
    const label = name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');
    const requests = { cpu: `${cpuMillis}m`, memory: `${memoryMiB}Mi` };
    const containers = [{ name: 'main', image: NEVER_PULLED, resources: { requests } }];
    const make = (suffix: string, spec: object): Wanted => ({
      owner: 'aks',
      pod: podOf(`aks-${label}-${suffix}`, namespace, { 'aks-part': label }, { containers, ...spec }),
    });
    if (placement === 'each-node') {
      return nodes.map((node, index) =>
        make(String(index), { tolerations: EVERYWHERE, affinity: onNode(node.metadata.name, {}) }),
      );
    }
    // AKS keeps its own on the system pool, which is why that is the one with the taint.
    const spec = {
      tolerations: [{ key: 'CriticalAddonsOnly', operator: 'Exists' }],
      nodeSelector: { 'kubernetes.azure.com/mode': 'system' },
    };
    return Array.from({ length: replicas }, (_, index) => make(String(index), spec));
  });
}

/** The pods of one kind as the chart makes them from our values; one for each node for a DaemonSet. */
export function podsOfChart(chartPod: ChartPod, nodes: readonly ClusterObject[]): ClusterObject[] {
  const { planned, workload, values, cluster, component } = chartPod;
  const { namespace } = cluster.components.find(({ id }) => id === component)!;
  const { paths, labels } = workload;
  const affinity = firstAt(values, paths.affinity) ?? workload.affinity ?? {};
  const spec = {
    ...containersOf(chartPod),
    ...(workload.hostNetwork ? { hostNetwork: true } : {}),
    ...(workload.priorityClassName ? { priorityClassName: workload.priorityClassName } : {}),
    nodeSelector: { ...workload.nodeSelector, ...firstAt(values, paths.nodeSelector) },
    tolerations: firstAt(values, paths.tolerations) ?? workload.tolerations ?? [],
    affinity,
    topologySpreadConstraints: (firstAt(values, paths.topologySpreadConstraints) ?? []).map(
      (constraint: Loose) => ({ labelSelector: { matchLabels: labels }, ...constraint }),
    ),
  };
  const name = workload.name;
  if (planned.replicas === 'each-node') {
    return nodes.map((node, index) =>
      podOf(`${name}-${index}`, namespace, labels, {
        ...spec,
        affinity: onNode(node.metadata.name, affinity),
      }),
    );
  }
  return Array.from({ length: planned.replicas }, (_, index) =>
    podOf(`${name}-${index}`, namespace, labels, spec),
  );
}

function containersOf({ workload, values }: ChartPod): object {
  const made = workload.containers.map(({ name, init, resources }) => ({
    init,
    container: { name, image: NEVER_PULLED, resources: valueAt(values, resources) ?? {} },
  }));
  const [first, ...rest] = made.filter(({ init }) => !init).map(({ container }) => container);
  return {
    initContainers: made.filter(({ init }) => init).map(({ container }) => container),
    containers: [{ ...first, ports: portsOf(workload) }, ...rest],
  };
}

function portsOf({ hostPorts = [] }: ChartWorkload): object[] {
  return hostPorts.map((port) => ({ name: `p${port}`, containerPort: port, hostPort: port }));
}

/** As the DaemonSet controller pins a pod to its node. */
function onNode(name: string, affinity: Loose): object {
  const field = { key: 'metadata.name', operator: 'In', values: [name] };
  const nodeSelectorTerms = [{ matchFields: [field] }];
  return {
    ...affinity,
    nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } },
  };
}

/** Volumes are left out: a disk follows its pod to any zone, and nothing here makes one. */
function workloadPods(platform: Platform, cluster: ClusterPlan): Wanted[] {
  const own = `clusters/${cluster.name}/workloads/`;
  const deployments = objectsOf(platform).flatMap(({ path, object }) =>
    object.kind === 'Deployment' && path.includes(own) ? [object] : [],
  );
  return deployments.flatMap(({ metadata, spec }) => {
    const { volumes: _volumes, containers, ...rest } = spec.template.spec;
    const bare = containers.map(({ volumeMounts: _mounts, ...container }: Loose) => container);
    return Array.from({ length: spec.replicas }, (_, index): Wanted => ({
      owner: 'workload',
      pod: podOf(`${metadata.name}-${index}`, metadata.namespace, spec.template.metadata.labels, {
        ...rest,
        containers: bare,
      }),
    }));
  });
}

function podOf(name: string, namespace: string, labels: object, spec: object): ClusterObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace, labels }, spec };
}
