import { type Flow, forbidden, needed } from './flow.ts';

const argo = (name: string): string => `mgmt/argocd/argocd-${name}`;
const CONTROLLER = argo('application-controller');
const SERVER = argo('server');
const SETS = argo('applicationset-controller');
const REPO_SERVER = argo('repo-server');
const REDIS = argo('redis');
const CHARTS = [
  'github.com',
  'argoproj.github.io',
  'helm.cilium.io',
  'charts.external-secrets.io',
  'prometheus-community.github.io',
  'objects.githubusercontent.com',
  'release-assets.githubusercontent.com',
];
const ENTRA = ['login.microsoftonline.com', 'login.microsoft.com'];

/** What the platform of atlas needs to work and what nobody may do, in both environments. */
export const atlasFlows: readonly Flow[] = [
  // Argo CD within its namespace.
  ...[CONTROLLER, SERVER, SETS].map((client) => needed(client, REPO_SERVER, 8081)),
  ...[CONTROLLER, SERVER, REPO_SERVER].map((client) => needed(client, REDIS, 6379)),
  forbidden(SETS, REDIS, 6379),
  forbidden(REDIS, REPO_SERVER, 8081),
  // Argo CD and the world.
  ...[CONTROLLER, SERVER, SETS].map((client) => needed(client, 'api-server', 443)),
  forbidden(CONTROLLER, 'api-server', 80),
  forbidden(REPO_SERVER, 'api-server', 443),
  ...CHARTS.map((host) => needed(REPO_SERVER, host, 443)),
  forbidden(REPO_SERVER, 'github.com', 22),
  forbidden(REPO_SERVER, 'pastebin.example', 443),
  forbidden(CONTROLLER, 'github.com', 443),
  ...[CONTROLLER, SERVER].flatMap((client) => ENTRA.map((host) => needed(client, host, 443))),
  forbidden(SETS, 'login.microsoftonline.com', 443),
  forbidden(CONTROLLER, 'somebody-else-1a2b3c4d.hcp.koreacentral.azmk8s.io', 443),
  forbidden(REDIS, '20.60.7.8', 443),
  // Who calls Argo CD: people come through a port-forward, which no policy sees.
  ...['mgmt/monitoring/grafana', 'app1/storefront/storefront', 'other-node', '203.0.113.9'].map((who) =>
    forbidden(who, SERVER, 8080),
  ),
  needed('own-node', SERVER, 8080),
  needed(REDIS, 'mgmt/kube-system/kube-dns', 53, '53/UDP'),
  forbidden(REDIS, '8.8.8.8', 53, '53/UDP'),
  forbidden(CONTROLLER, 'own-node', 10_250),
  forbidden(CONTROLLER, '169.254.169.254', 80),
  // Monitoring on mgmt.
  ...[CONTROLLER, SERVER, REPO_SERVER, SETS].map((pod, index) =>
    needed('mgmt/monitoring/prometheus', pod, [8082, 8083, 8084, 8080][index]!),
  ),
  needed('mgmt/monitoring/prometheus', 'mgmt/monitoring/alertmanager', 9093, 8080),
  needed('mgmt/monitoring/prometheus', 'mgmt/monitoring/grafana', 3000),
  needed('mgmt/monitoring/grafana', 'mgmt/monitoring/prometheus', 9090),
  needed('mgmt/monitoring/grafana', 'api-server', 443),
  forbidden('mgmt/monitoring/alertmanager', 'api-server', 443),
  forbidden('mgmt/monitoring/grafana', 'mgmt/monitoring/alertmanager', 9093),
  forbidden('mgmt/monitoring/grafana', 'grafana.com', 443),
  ...['203.0.113.9', 'other-node'].map((who) => forbidden(who, 'mgmt/monitoring/grafana', 3000)),
  ...monitoringFlows('mgmt', 'prometheus'),
  ...externalSecretsFlows('mgmt'),
  // App clusters, and the one flow between clusters.
  ...['app1', 'app2'].flatMap((cluster) => [
    ...monitoringFlows(cluster, 'prometheus-agent'),
    ...externalSecretsFlows(cluster),
    needed(`${cluster}/monitoring/prometheus-agent`, 'mgmt/monitoring/prometheus', 9090),
    forbidden(`${cluster}/monitoring/prometheus-agent`, 'mgmt/monitoring/grafana', 3000),
    forbidden(`${cluster}/monitoring/prometheus-agent`, 'mgmt/argocd/argocd-server', 8080),
    forbidden('mgmt/monitoring/prometheus', `${cluster}/monitoring/prometheus-agent`, 9090),
    needed(`${cluster}/storefront/storefront`, `${cluster}/kube-system/kube-dns`, 53, '53/UDP'),
    needed('own-node', `${cluster}/storefront/storefront`, 8080),
    ...[
      'mgmt/monitoring/prometheus',
      `${cluster}/external-secrets/external-secrets-webhook`,
      'api-server',
      '20.60.7.8',
      '10.4.0.10',
    ].map((target) => forbidden(`${cluster}/storefront/storefront`, target, 443, 9090, 10_250)),
    // Who calls from outside, by a load balancer that may answer with another node; and no port beside it.
    ...['203.0.113.9', 'other-node'].flatMap((who) => [
      needed(who, `${cluster}/storefront/storefront`, 8080),
      forbidden(who, `${cluster}/storefront/storefront`, 9090),
    ]),
    forbidden('mgmt/argocd/argocd-server', `${cluster}/storefront/storefront`, 8080),
  ]),
  forbidden('app1/monitoring/prometheus-agent', 'app2/monitoring/kube-state-metrics', 8080),
  forbidden('app1/storefront/storefront', 'app2/storefront/storefront', 8080),
];

function monitoringFlows(cluster: string, prometheus: string): readonly Flow[] {
  const pod = (name: string): string => `${cluster}/monitoring/${name}`;
  const operator = pod('kube-prometheus-stack-prometheus-operator');
  return [
    needed(pod('kube-state-metrics'), `${cluster}/kube-system/kube-dns`, 53, '53/UDP'),
    needed('own-node', pod('kube-state-metrics'), 8080, 8081),
    ...[pod(prometheus), operator, pod('kube-state-metrics')].map((one) => needed(one, 'api-server', 443)),
    ...['own-node', 'other-node'].flatMap((node) => [
      needed(pod(prometheus), node, 10_250, 9100, 9962, 9963, 9965),
      forbidden(pod(prometheus), node, 22, 2379),
      forbidden(pod('kube-state-metrics'), node, 10_250),
    ]),
    needed(pod(prometheus), `${cluster}/kube-system/kube-dns`, 9153),
    needed(pod(prometheus), `${cluster}/kube-system/clustermesh-apiserver`, 9962, 9963, 9964),
    forbidden(pod(prometheus), `${cluster}/kube-system/clustermesh-apiserver`, 2379),
    needed(pod(prometheus), `${cluster}/kube-system/hubble-relay`, 9966),
    needed(pod(prometheus), pod('kube-state-metrics'), 8080),
    needed(pod(prometheus), operator, 8080),
    forbidden(operator, pod(prometheus), 9090),
    forbidden(`${cluster}/storefront/storefront`, pod('kube-state-metrics'), 8080),
  ];
}

function externalSecretsFlows(cluster: string): readonly Flow[] {
  const pod = (suffix: string): string => `${cluster}/external-secrets/external-secrets${suffix}`;
  const prometheus = `${cluster}/monitoring/${cluster === 'mgmt' ? 'prometheus' : 'prometheus-agent'}`;
  return [
    needed(`${cluster}/kube-system/konnectivity-agent`, pod('-webhook'), 10_250),
    forbidden(`${cluster}/kube-system/konnectivity-agent`, pod(''), 8080),
    forbidden(`${cluster}/kube-system/kube-dns`, pod('-webhook'), 10_250),
    ...['', '-webhook', '-cert-controller'].flatMap((suffix) => [
      needed(pod(suffix), 'api-server', 443),
      needed(prometheus, pod(suffix), 8080),
    ]),
    needed('own-node', pod('-webhook'), 8081),
    needed(pod('-cert-controller'), `${cluster}/kube-system/kube-dns`, 53, '53/UDP'),
    needed(pod(''), '10.4.0.10', 443),
    // Beyond the endpoints in the same services subnet: the keeper.
    forbidden(pod(''), '10.4.0.140', 443),
    forbidden(pod('-webhook'), '10.4.0.10', 443),
    ...ENTRA.map((host) => needed(pod(''), host, 443)),
    forbidden(pod(''), 'vault.example', 443),
  ];
}

/** What differs: names carry the environment, and two copies of Alertmanager talk to each other. */
export function flowsOf(environment: 'demo' | 'production'): readonly Flow[] {
  const stem = environment === 'demo' ? 'atlas-demo' : 'atlas-prod';
  const other = environment === 'demo' ? 'atlas-prod' : 'atlas-demo';
  const gossip = environment === 'demo' ? forbidden : needed;
  const alertmanager = 'mgmt/monitoring/alertmanager';
  return [
    ...['app1', 'app2'].flatMap((app) =>
      [CONTROLLER, SERVER].flatMap((client) => [
        needed(client, `${stem}-${app}-1a2b3c4d.hcp.koreacentral.azmk8s.io`, 443),
        forbidden(client, `${other}-${app}-1a2b3c4d.hcp.koreacentral.azmk8s.io`, 443),
      ]),
    ),
    gossip(alertmanager, alertmanager, 9094, '9094/UDP'),
    ...atlasFlows,
  ];
}
