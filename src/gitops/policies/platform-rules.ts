import { chart } from '../../catalog/charts.ts';
import { chartHosts } from '../../catalog/chart-hosts.ts';
import { parseCidr } from '../../base/cidr.ts';
import { compareText } from '../../base/order.ts';
import type { ClusterPlan, ComponentId, Platform } from '../../model/platform.ts';
import { ARGO_CD_NAMESPACE } from '../application-set.ts';
import { checkoutOf } from '../checkout.ts';
import {
  forwardsToMgmt,
  MONITORING_NAMESPACE,
  PROMETHEUS_PORT,
} from '../components/kube-prometheus-stack.ts';
import { STORE_NAMESPACE } from '../vault-access.ts';
import { scrapeRules } from './scrape-rules.ts';
import {
  answers,
  asks,
  between,
  type Peer,
  type Pods,
  podsNamed,
  type Rule,
  tcp,
  tcpAndUdp,
} from './rule.ts';

const HTTPS = tcp(443);
const API_SERVER: Peer = { kind: 'api-server' };
/**
 * Where the SDKs of Azure ask for tokens, and whether that is the right place to ask (learn.microsoft.com, azidentity,
 * instance discovery).
 */
const ENTRA: Peer = { kind: 'hosts', hosts: ['login.microsoftonline.com', 'login.microsoft.com'] };

/** What the platform's own pods need on a cluster, component by component. */
export function platformRules(platform: Platform, cluster: ClusterPlan): readonly Rule[] {
  const has = (id: ComponentId): boolean => cluster.components.some((component) => component.id === id);
  return [
    ...(has('argo-cd') ? argoCdRules(platform) : []),
    ...(has('external-secrets') ? externalSecretsRules(platform) : []),
    ...(has('kube-prometheus-stack') ? monitoringRules(platform, cluster) : []),
  ];
}

function argoCdRules(platform: Platform): readonly Rule[] {
  const pods = (name: string): Pods => podsNamed(ARGO_CD_NAMESPACE, `argocd-${name}`);
  const [controller, server, sets] = [
    pods('application-controller'),
    pods('server'),
    pods('applicationset-controller'),
  ];
  const repoServer = pods('repo-server');
  return [
    ...[controller, server, sets].flatMap((client) => [
      asks(client, API_SERVER, HTTPS, 'Reads and writes the objects of its own cluster.'),
      ...between(client, repoServer, tcp(8081), 'Manifests are rendered there.'),
    ]),
    ...[controller, server, repoServer].flatMap((client) =>
      between(client, pods('redis'), tcp(6379), 'What was rendered is kept there.'),
    ),
    ...[controller, server].flatMap((client) => [
      ...appClusters(platform).map((peer) =>
        asks(client, peer, HTTPS, 'The API servers of the app clusters, and of no others.'),
      ),
      asks(
        client,
        ENTRA,
        HTTPS,
        'Signs in to them by Workload Identity; they have no accounts of their own.',
      ),
    ]),
    ...sources(platform).map(({ peer, port }) =>
      asks(repoServer, peer, tcp(port), 'Git, and the chart repositories with what their indexes point to.'),
    ),
  ];
}

/**
 * A public API server by its name, whose middle Azure makes up; a private one by the node subnet that holds its endpoint.
 */
function appClusters({ fleet, network, clusters }: Platform): readonly Peer[] {
  const apps = clusters.filter(({ role }) => role === 'app');
  if (apps.length === 0) return [];
  if (fleet.network.apiServer === 'private') {
    const names = new Set(apps.map(({ subnet }) => subnet));
    const ranges = network.subnets.filter(({ name }) => names.has(name)).map(({ range }) => range);
    return [{ kind: 'ranges', ranges }];
  }
  const hosts = apps.map(({ dnsPrefix }) => `${dnsPrefix}-*.hcp.${fleet.region}.azmk8s.io`);
  return [{ kind: 'hosts', hosts }];
}

type Source = { readonly peer: Peer; readonly port: number };

function sources(platform: Platform): readonly Source[] {
  const ids = new Set(platform.clusters.flatMap(({ components }) => components.map(({ id }) => id)));
  const hosts = new Map<number, Set<string>>();
  const add = (port: number, host: string): void => {
    hosts.set(port, (hosts.get(port) ?? new Set()).add(host));
  };
  const git = gitServer(checkoutOf(platform.fleet).repo);
  const range = parseCidr(`${git.host}/32`);
  if (!range.ok) add(git.port, git.host);
  for (const id of ids) for (const host of chartHosts(chart(id).repo)) add(443, host);
  return [
    ...(range.ok ? [{ peer: { kind: 'ranges', ranges: [range.value] }, port: git.port } as const] : []),
    ...[...hosts].map(([port, names]): Source => ({
      peer: { kind: 'hosts', hosts: [...names].toSorted(compareText) },
      port,
    })),
  ];
}

/** Host and port of `https://host[:port]/…`, `ssh://[user@]host[:port]/…` or `git@host:path`. */
function gitServer(repo: string): { readonly host: string; readonly port: number } {
  const [, shortHost] = /^git@([^:/]+):/.exec(repo) ?? [];
  if (shortHost !== undefined) return { host: shortHost.toLowerCase(), port: 22 };
  const { hostname, port, protocol } = new URL(repo);
  return {
    host: hostname.toLowerCase(),
    port: port === '' ? (protocol === 'ssh:' ? 22 : 443) : Number(port),
  };
}

function externalSecretsRules({ network }: Platform): readonly Rule[] {
  const pods = (suffix: string): Pods => podsNamed(STORE_NAMESPACE, `external-secrets${suffix}`);
  const konnectivity: Pods = {
    kind: 'pods',
    namespace: 'kube-system',
    labels: { app: 'konnectivity-agent' },
  };
  const endpoints = network.subnets.filter(({ purpose }) => purpose === 'endpoints');
  return [
    answers(
      pods('-webhook'),
      konnectivity,
      tcp(10_250),
      'The API server asks the webhook through these pods of AKS, so that is whom the call comes from.',
    ),
    ...['', '-webhook', '-cert-controller'].map((suffix) =>
      asks(pods(suffix), API_SERVER, HTTPS, 'Reads and writes the objects of its own cluster.'),
    ),
    asks(
      pods(''),
      { kind: 'ranges', ranges: endpoints.map(({ range }) => range) },
      HTTPS,
      "The vault's private endpoint (ADR-A03).",
    ),
    asks(pods(''), ENTRA, HTTPS, 'Signs in to the vault by Workload Identity (C4).'),
  ];
}

function monitoringRules(platform: Platform, cluster: ClusterPlan): readonly Rule[] {
  const pods = (name: string, clusters?: readonly string[]): Pods =>
    podsNamed(MONITORING_NAMESPACE, name, clusters);
  const isHub = cluster.role === 'mgmt';
  const prometheus = pods(isHub ? 'prometheus' : 'prometheus-agent');
  const clients = [prometheus, pods('kube-prometheus-stack-prometheus-operator'), pods('kube-state-metrics')];
  return [
    ...[...clients, ...(isHub ? [pods('grafana')] : [])].map((client) =>
      asks(client, API_SERVER, HTTPS, 'Reads the objects of its own cluster.'),
    ),
    ...scrapeRules(cluster, prometheus),
    ...remoteWriteRules(platform, cluster, pods),
    ...(isHub
      ? [
          ...between(pods('grafana'), prometheus, tcp(PROMETHEUS_PORT), 'Dashboards ask Prometheus.'),
          ...gossipRules(cluster, pods('alertmanager')),
        ]
      : []),
  ];
}

/** The name of a peer's cluster must be said: a policy selects pods of its own cluster alone (Cilium 1.19 on). */
function remoteWriteRules(
  platform: Platform,
  cluster: ClusterPlan,
  pods: (name: string, clusters: readonly string[]) => Pods,
): readonly Rule[] {
  const port = tcp(PROMETHEUS_PORT);
  const mgmt = platform.clusters.find(({ role }) => role === 'mgmt');
  if (cluster.role === 'app') {
    if (mgmt === undefined || !forwardsToMgmt(platform, cluster)) return [];
    const agent = podsNamed(MONITORING_NAMESPACE, 'prometheus-agent');
    return [asks(agent, pods('prometheus', [mgmt.name]), port, 'Metrics go to mgmt over the mesh.')];
  }
  const writers = platform.clusters.filter((one) => one.role === 'app' && forwardsToMgmt(platform, one));
  if (writers.length === 0) return [];
  const agents = pods(
    'prometheus-agent',
    writers.map(({ name }) => name),
  );
  const prometheus = podsNamed(MONITORING_NAMESPACE, 'prometheus');
  return [answers(prometheus, agents, port, 'Metrics of the app clusters come over the mesh.')];
}

function gossipRules(cluster: ClusterPlan, alertmanager: Pods): readonly Rule[] {
  const planned = cluster.components.flatMap(({ pods }) => pods).find(({ name }) => name === 'alertmanager');
  if (planned === undefined || planned.replicas === 1) return [];
  return between(
    alertmanager,
    alertmanager,
    tcpAndUdp(9094),
    'The copies tell each other what has been sent.',
  );
}
