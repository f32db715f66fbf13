import type { Cluster, Fleet } from '../fleet/fleet.ts';
import { podRequest, type PodName } from './container-requests.ts';
import { isMeshed } from './nsg-rules.ts';
import type { PlannedComponent, PlannedPods } from './platform.ts';

/** The source design's volume (section 5.1). */
const PROMETHEUS_VOLUME_GIB = 50;

function pods(name: PodName, replicas: PlannedPods['replicas'], runsOn: PlannedPods['runsOn']): PlannedPods {
  return { name, replicas, ...podRequest(name), runsOn };
}

/** What the GitOps tree installs on a cluster, in the order in which it must come up. */
export function componentsOf(fleet: Fleet, cluster: Cluster): readonly PlannedComponent[] {
  // Production survives the loss of a node without losing a platform service; demo pays for one of each.
  const copies = fleet.environment === 'production' ? 2 : 1;
  const components: PlannedComponent[] = [];
  if (fleet.network.cni === 'cilium') components.push(cilium(fleet, cluster, copies));
  if (fleet.secrets.sync === 'external-secrets') components.push(externalSecrets(copies));
  if (cluster.role === 'mgmt') components.push(argoCd(copies));
  if (fleet.observability.stack === 'self') components.push(monitoring(cluster, copies));
  return components;
}

function cilium(fleet: Fleet, cluster: Cluster, copies: number): PlannedComponent {
  const mesh = isMeshed(fleet, cluster.name)
    ? [
        pods('clustermesh-apiserver', copies, 'system'),
        pods('clustermesh-apiserver-generate-certs', 1, 'system'),
      ]
    : [];
  return {
    id: 'cilium',
    namespace: 'kube-system',
    release: 'cilium',
    volumes: [],
    pods: [
      pods('cilium-agent', 'each-node', 'each-node'),
      // Two operators never share a host: with one system node the second would stay Pending for ever.
      pods('cilium-operator', Math.min(copies, cluster.system.nodes ?? copies), 'system'),
      ...mesh,
      pods('hubble-relay', copies, 'system'),
      // Jobs that end, but that need room when they run: at install and every four months.
      pods('hubble-generate-certs', 1, 'system'),
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
