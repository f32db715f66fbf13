import type { Cluster, Fleet } from '../fleet/fleet.ts';
import { isMeshed } from './nsg-rules.ts';
import type { PlannedComponent, PlannedPods } from './platform.ts';

/**
 * What each component's pods ask for. The charts set next to nothing, so these are our values and an assumption, sized
 * for a fleet of a few clusters with a few hundred pods; the tree sets exactly these, and `platform-fits` adds them up.
 */
const REQUESTS = {
  'cilium-agent': { cpuMillis: 100, memoryMiB: 256 },
  'cilium-operator': { cpuMillis: 50, memoryMiB: 128 },
  'clustermesh-apiserver': { cpuMillis: 100, memoryMiB: 256 },
  'hubble-relay': { cpuMillis: 20, memoryMiB: 64 },
  'external-secrets': { cpuMillis: 20, memoryMiB: 96 },
  'external-secrets-webhook': { cpuMillis: 20, memoryMiB: 64 },
  'external-secrets-cert-controller': { cpuMillis: 20, memoryMiB: 96 },
  'argocd-application-controller': { cpuMillis: 100, memoryMiB: 512 },
  'argocd-server': { cpuMillis: 50, memoryMiB: 128 },
  'argocd-repo-server': { cpuMillis: 100, memoryMiB: 256 },
  'argocd-applicationset-controller': { cpuMillis: 50, memoryMiB: 128 },
  'argocd-redis': { cpuMillis: 50, memoryMiB: 64 },
  prometheus: { cpuMillis: 200, memoryMiB: 1024 },
  'prometheus-agent': { cpuMillis: 100, memoryMiB: 384 },
  'prometheus-operator': { cpuMillis: 50, memoryMiB: 128 },
  alertmanager: { cpuMillis: 20, memoryMiB: 64 },
  grafana: { cpuMillis: 50, memoryMiB: 192 },
  'kube-state-metrics': { cpuMillis: 20, memoryMiB: 64 },
  'node-exporter': { cpuMillis: 20, memoryMiB: 32 },
} as const satisfies Record<string, { cpuMillis: number; memoryMiB: number }>;

/** The source design's volume (section 5.1). */
const PROMETHEUS_VOLUME_GIB = 50;

type PodName = keyof typeof REQUESTS;

function pods(name: PodName, replicas: PlannedPods['replicas'], runsOn: PlannedPods['runsOn']): PlannedPods {
  return { name, replicas, ...REQUESTS[name], runsOn };
}

/** What the GitOps tree installs on a cluster, in the order in which it must come up. */
export function componentsOf(fleet: Fleet, cluster: Cluster): readonly PlannedComponent[] {
  // Production survives the loss of a node without losing a platform service; demo pays for one of each.
  const copies = fleet.environment === 'production' ? 2 : 1;
  const components: PlannedComponent[] = [];
  if (fleet.network.cni === 'cilium') components.push(cilium(isMeshed(fleet, cluster.name), copies));
  if (fleet.secrets.sync === 'external-secrets') components.push(externalSecrets(copies));
  if (cluster.role === 'mgmt') components.push(argoCd(copies));
  if (fleet.observability.stack === 'self') components.push(monitoring(cluster, copies));
  return components;
}

function cilium(hasMesh: boolean, copies: number): PlannedComponent {
  const mesh = hasMesh ? [pods('clustermesh-apiserver', copies, 'system')] : [];
  return {
    id: 'cilium',
    namespace: 'kube-system',
    release: 'cilium',
    volumes: [],
    pods: [
      pods('cilium-agent', 'each-node', 'each-node'),
      // Two operators never share a host: with one system node the second would stay Pending for ever.
      pods('cilium-operator', copies, 'system'),
      ...mesh,
      pods('hubble-relay', copies, 'system'),
    ],
  };
}

function externalSecrets(copies: number): PlannedComponent {
  return {
    id: 'external-secrets',
    namespace: 'external-secrets',
    release: 'external-secrets',
    volumes: [],
    // On the system pool: its webhook fails closed, so an evicted Spot node must not take it away.
    pods: [
      pods('external-secrets', copies, 'system'),
      pods('external-secrets-webhook', copies, 'system'),
      pods('external-secrets-cert-controller', 1, 'system'),
    ],
  };
}

function argoCd(copies: number): PlannedComponent {
  return {
    id: 'argo-cd',
    namespace: 'argocd',
    release: 'argocd',
    volumes: [],
    pods: [
      pods('argocd-application-controller', 1, 'user'),
      pods('argocd-server', copies, 'user'),
      pods('argocd-repo-server', copies, 'user'),
      pods('argocd-applicationset-controller', copies, 'user'),
      pods('argocd-redis', 1, 'user'),
    ],
  };
}

function monitoring(cluster: Cluster, copies: number): PlannedComponent {
  const ofRole =
    cluster.role === 'mgmt'
      ? [pods('prometheus', 1, 'user'), pods('alertmanager', copies, 'user'), pods('grafana', 1, 'user')]
      : [pods('prometheus-agent', 1, 'user')];
  return {
    id: 'kube-prometheus-stack',
    namespace: 'monitoring',
    release: 'kube-prometheus-stack',
    // An agent keeps nothing for long; only mgmt stores metrics.
    volumes: cluster.role === 'mgmt' ? [{ name: 'prometheus', sizeGiB: PROMETHEUS_VOLUME_GIB }] : [],
    pods: [
      pods('node-exporter', 'each-node', 'each-node'),
      pods('prometheus-operator', 1, 'user'),
      pods('kube-state-metrics', 1, 'user'),
      ...ofRole,
    ],
  };
}
