import type { ClusterPlan, ComponentId, PlannedComponent } from '../../model/platform.ts';
import type { YamlMap } from '../yaml.ts';

type Scraped = {
  readonly component: ComponentId;
  /** Name in the model's plan of the pods; where that is not planned, nothing is scraped. */
  readonly pods: string;
  readonly labels: YamlMap;
  /** Names of the container ports. */
  readonly ports: readonly string[];
};

const named = (name: string): YamlMap => ({ 'app.kubernetes.io/name': name });

/**
 * Labels and ports as the charts render them (Cilium 1.20.0, External Secrets 2.9.0, Argo CD 10.1.1). The
 * monitors stand here and not in those charts: their CRDs come with the monitoring stack, which is installed
 * later.
 */
const SCRAPED: readonly Scraped[] = [
  {
    component: 'cilium',
    pods: 'cilium-agent',
    labels: { 'k8s-app': 'cilium' },
    ports: ['prometheus', 'hubble-metrics'],
  },
  {
    component: 'cilium',
    pods: 'cilium-operator',
    labels: { 'io.cilium/app': 'operator' },
    ports: ['prometheus'],
  },
  {
    component: 'cilium',
    pods: 'clustermesh-apiserver',
    labels: { 'k8s-app': 'clustermesh-apiserver' },
    ports: ['apiserv-metrics', 'kvmesh-metrics', 'etcd-metrics'],
  },
  { component: 'cilium', pods: 'hubble-relay', labels: { 'k8s-app': 'hubble-relay' }, ports: ['prometheus'] },
  ...['external-secrets', 'external-secrets-webhook', 'external-secrets-cert-controller'].map(
    (name): Scraped => ({
      component: 'external-secrets',
      pods: name,
      labels: named(name),
      ports: ['metrics'],
    }),
  ),
  ...['application-controller', 'server', 'repo-server', 'applicationset-controller'].map(
    (name): Scraped => ({
      component: 'argo-cd',
      pods: `argocd-${name}`,
      labels: named(`argocd-${name}`),
      ports: ['metrics'],
    }),
  ),
];

/** What the cluster's Prometheus reads of the other components, as the chart takes it. */
export function podMonitors(cluster: ClusterPlan): readonly YamlMap[] {
  return cluster.components.flatMap((component) =>
    SCRAPED.filter((scraped) => scraped.component === component.id && runs(component, scraped.pods)).map(
      ({ pods, labels, ports }) => ({
        name: pods,
        namespaceSelector: { matchNames: [component.namespace] },
        selector: { matchLabels: labels },
        podMetricsEndpoints: ports.map((port) => ({ port })),
      }),
    ),
  );
}

function runs(component: PlannedComponent, pods: string): boolean {
  return component.pods.some(({ name }) => name === pods);
}
