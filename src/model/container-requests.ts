/** What one container asks for, and where it is stopped. */
export type ContainerRequest = {
  readonly name: string;
  readonly cpuMillis: number;
  readonly memoryMiB: number;
  readonly memoryLimitMiB: number;
  /** Ends before the others start, so a pod asks for the larger of the two. */
  readonly init: boolean;
};

type Row = {
  /** Where the numbers come from. The charts' own examples are those of the versions in the catalogue. */
  readonly basis: string;
  readonly init?: Wish;
  readonly containers: Wish;
};

/** By container: millicores and MiB asked for, and the limit in MiB where the rule below does not give it. */
type Wish = Readonly<Record<string, readonly [cpuMillis: number, memoryMiB: number, limitMiB?: number]>>;

const SHORT_LIVED = [10, 32] as const;
const CONFIG_RELOADER = [10, 32] as const;

/**
 * Every container of every pod that the components bring, by the name of the pod in the plan. The charts set next to
 * nothing, so these are our values: the charts' commented examples where they have any, else an assumption, sized for
 * a fleet of a few clusters with a few hundred pods each. The tree sets exactly these, and `platform-fits` adds them up.
 */
const ROWS = {
  'cilium-agent': {
    basis: 'assumed: the chart suggests 100m and 512 MiB for a node of any size; these have up to 110 pods',
    init: {
      config: SHORT_LIVED,
      'mount-cgroup': SHORT_LIVED,
      'apply-sysctl-overwrites': SHORT_LIVED,
      'mount-bpf-fs': SHORT_LIVED,
      'clean-cilium-state': SHORT_LIVED,
      // The one container for which the chart sets something; these are its numbers.
      'install-cni-binaries': [100, 10, 1024],
    },
    containers: { 'cilium-agent': [100, 256] },
  },
  'cilium-operator': {
    basis:
      'half the CPU and all the memory that the chart suggests: a cluster here has tens of nodes at most',
    containers: { 'cilium-operator': [50, 128] },
  },
  'clustermesh-apiserver': {
    basis:
      'assumed: the chart suggests 100m and 64 MiB for kvstoremesh; etcd, which holds all identities, gets most',
    init: { 'etcd-init': SHORT_LIVED },
    containers: { etcd: [40, 96], apiserver: [30, 80], kvstoremesh: [30, 80] },
  },
  'clustermesh-apiserver-generate-certs': {
    basis: 'assumed: a Job that signs a few certificates, at install and every four months',
    containers: { certgen: SHORT_LIVED },
  },
  'hubble-generate-certs': {
    basis: 'assumed: a Job that signs a few certificates, at install and every four months',
    containers: { certgen: SHORT_LIVED },
  },
  'hubble-relay': {
    basis: 'assumed: it forwards, and keeps nothing',
    containers: { 'hubble-relay': [20, 64] },
  },
  'external-secrets': {
    basis: 'the chart suggests 10m and 32 MiB; more, since it caches every Secret that it may write',
    containers: { 'external-secrets': [20, 96] },
  },
  'external-secrets-webhook': {
    basis: 'the chart suggests 10m and 32 MiB; more, since a webhook that is late refuses a write',
    containers: { webhook: [20, 64] },
  },
  'external-secrets-cert-controller': {
    basis: 'the chart suggests 10m and 32 MiB; more, since it watches CRDs and Secrets',
    containers: { 'cert-controller': [20, 96] },
  },
  'argocd-application-controller': {
    basis:
      'the chart suggests 250m and 256 MiB; less CPU, more memory: it caches the objects of every cluster',
    containers: { 'application-controller': [100, 512] },
  },
  'argocd-server': {
    basis: 'the chart suggests 50m and 64 MiB; its limit as the request',
    containers: { server: [50, 128] },
  },
  'argocd-repo-server': {
    basis: 'assumed: the chart suggests 10m and 64 MiB, but rendering the larger charts takes more',
    init: { copyutil: [50, 64] },
    containers: { 'repo-server': [100, 256] },
  },
  'argocd-applicationset-controller': {
    basis: 'the chart suggests 100m and 128 MiB; half the CPU, for a dozen sets',
    containers: { 'applicationset-controller': [50, 128] },
  },
  'argocd-redis': {
    basis: 'the chart suggests 100m and 64 MiB; half the CPU, for one controller',
    containers: { redis: [50, 64] },
  },
  prometheus: {
    basis: 'assumed: the chart suggests 400 MiB; this one stores the metrics of the whole fleet',
    init: { 'init-config-reloader': CONFIG_RELOADER },
    containers: { prometheus: [190, 992], 'config-reloader': CONFIG_RELOADER },
  },
  'prometheus-agent': {
    basis: 'the chart suggests 400 MiB; a little less, since an agent keeps only what is still to be sent',
    init: { 'init-config-reloader': CONFIG_RELOADER },
    containers: { prometheus: [90, 352], 'config-reloader': CONFIG_RELOADER },
  },
  'prometheus-operator': {
    basis: 'the chart suggests 100m and 100 MiB; half the CPU, for one or two objects to reconcile',
    containers: { 'kube-prometheus-stack': [50, 128] },
  },
  alertmanager: {
    basis: 'assumed: the chart suggests 400 MiB, for alerts by the thousand',
    init: { 'init-config-reloader': CONFIG_RELOADER },
    containers: { alertmanager: [10, 32], 'config-reloader': CONFIG_RELOADER },
  },
  grafana: {
    basis:
      'the chart suggests 100m and 128 MiB, and 50m and 50 MiB for a side-car; less CPU, for a few readers',
    containers: { grafana: [40, 128], 'grafana-sc-dashboard': [10, 64] },
  },
  'kube-state-metrics': {
    basis: 'the chart suggests 10m and 32 MiB; twice that, for a few hundred pods',
    containers: { 'kube-state-metrics': [20, 64] },
  },
  'node-exporter': {
    basis: 'the chart suggests 100m and 30 MiB; less CPU, for nodes of two and four cores',
    containers: { 'node-exporter': [20, 32] },
  },
} as const satisfies Record<string, Row>;

export type PodName = keyof typeof ROWS;

/**
 * A limit is there to stop a leak before it takes the node, not to save memory: four times what is asked for, and at
 * least this. CPU has none: a container that may not use an idle core is late with its probes and restarts, while its
 * request already keeps its share when the node is busy.
 */
const MEMORY_LIMIT_FACTOR = 4;
const MEMORY_LIMIT_MIN_MIB = 256;

/** Every pod of the table, with where its numbers come from. */
export function podRequests(): readonly { readonly pod: PodName; readonly basis: string }[] {
  return Object.entries(ROWS).map(([pod, { basis }]) => ({ pod: pod as PodName, basis }));
}

/** The containers of a pod of the plan, init containers first. */
export function containersOf(pod: PodName): readonly ContainerRequest[] {
  const row: Row = ROWS[pod];
  return [...wishes(row.init ?? {}, true), ...wishes(row.containers, false)];
}

/** One container of a pod of the plan. A name that the table lacks is a mistake of ours. */
export function containerOf(pod: PodName, name: string): ContainerRequest {
  return containersOf(pod).find((container) => container.name === name)!;
}

/** What the scheduler counts for a pod: its containers together, or its largest init container if that is more. */
export function podRequest(pod: PodName): { readonly cpuMillis: number; readonly memoryMiB: number } {
  let [cpuMillis, memoryMiB, initCpuMillis, initMemoryMiB] = [0, 0, 0, 0];
  for (const container of containersOf(pod)) {
    if (container.init) {
      initCpuMillis = Math.max(initCpuMillis, container.cpuMillis);
      initMemoryMiB = Math.max(initMemoryMiB, container.memoryMiB);
    } else {
      cpuMillis += container.cpuMillis;
      memoryMiB += container.memoryMiB;
    }
  }
  return { cpuMillis: Math.max(cpuMillis, initCpuMillis), memoryMiB: Math.max(memoryMiB, initMemoryMiB) };
}

function wishes(wish: Wish, init: boolean): readonly ContainerRequest[] {
  return Object.entries(wish).map(([name, [cpuMillis, memoryMiB, limitMiB]]) => ({
    name,
    cpuMillis,
    memoryMiB,
    memoryLimitMiB: limitMiB ?? Math.max(MEMORY_LIMIT_MIN_MIB, memoryMiB * MEMORY_LIMIT_FACTOR),
    init,
  }));
}
