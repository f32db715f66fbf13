import type { ClusterPlan } from '../../model/platform.ts';
import { asks, between, type Pods, podsNamed, type Rule, tcp } from './rule.ts';

/** Pods that Prometheus reads, by their name in the model's plan, with the numbers of the ports that it reads. */
type Scraped = { readonly pods: string; readonly of: Pods; readonly ports: readonly number[] };

const inKubeSystem = (app: string): Pods => ({
  kind: 'pods',
  namespace: 'kube-system',
  labels: { 'k8s-app': app },
});

/**
 * Labels and ports as the charts render them (Cilium 1.20.0, Argo CD 10.1.1, External Secrets 2.9.0,
 * kube-prometheus-stack 88.5.3). Prometheus reads itself without leaving its pod.
 */
const SCRAPED: readonly Scraped[] = [
  { pods: 'clustermesh-apiserver', of: inKubeSystem('clustermesh-apiserver'), ports: [9962, 9963, 9964] },
  { pods: 'hubble-relay', of: inKubeSystem('hubble-relay'), ports: [9966] },
  ...['external-secrets', 'external-secrets-webhook', 'external-secrets-cert-controller'].map(
    (name): Scraped => ({ pods: name, of: podsNamed('external-secrets', name), ports: [8080] }),
  ),
  ...(
    [
      ['argocd-application-controller', 8082],
      ['argocd-server', 8083],
      ['argocd-repo-server', 8084],
      ['argocd-applicationset-controller', 8080],
    ] as const
  ).map(([name, port]): Scraped => ({ pods: name, of: podsNamed('argocd', name), ports: [port] })),
  ...(
    [
      ['kube-state-metrics', 'kube-state-metrics', [8080]],
      ['prometheus-operator', 'kube-prometheus-stack-prometheus-operator', [8080]],
      ['alertmanager', 'alertmanager', [9093, 8080]],
      ['grafana', 'grafana', [3000]],
    ] as const
  ).map(([pods, name, ports]): Scraped => ({ pods, of: podsNamed('monitoring', name), ports })),
];

/** What stands in the network of the node: its pods have no address that a policy could tell from the node's. */
const ON_NODES = [
  { pods: 'cilium-agent', ports: [9962, 9965] },
  { pods: 'cilium-operator', ports: [9963] },
  { pods: 'node-exporter', ports: [9100] },
] as const;
const KUBELET_PORT = 10_250;

/** What a cluster's Prometheus reads. */
export function scrapeRules(cluster: ClusterPlan, prometheus: Pods): readonly Rule[] {
  const planned = new Set(cluster.components.flatMap(({ pods }) => pods.map(({ name }) => name)));
  const onNodes = ON_NODES.filter(({ pods }) => planned.has(pods)).flatMap(({ ports }) => ports);
  return [
    asks(
      prometheus,
      { kind: 'nodes' },
      tcp(KUBELET_PORT, ...onNodes),
      'Reads the kubelet and what else stands in the network of the nodes.',
    ),
    asks(prometheus, inKubeSystem('kube-dns'), tcp(9153), 'Reads CoreDNS.'),
    ...SCRAPED.filter(({ pods }) => planned.has(pods)).flatMap(({ pods, of, ports }) =>
      between(prometheus, of, tcp(...ports), why(pods)),
    ),
  ];
}

function why(pods: string): string {
  return pods === 'alertmanager' ? 'Sends alerts, and reads metrics.' : 'Prometheus reads metrics.';
}
