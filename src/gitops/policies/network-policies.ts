import { cidr, formatCidr } from '../../base/cidr.ts';
import { compareText } from '../../base/order.ts';
import type { ClusterPlan, Platform } from '../../model/platform.ts';
import { KEPT, type Manifest } from '../manifest.ts';
import { because, type Yaml, type YamlMap } from '../yaml.ts';
import { closedNamespaces } from './namespaces.ts';
import { platformRules } from './platform-rules.ts';
import { answers, asks, everyPod, type Peer, type Pods, type Port, type Rule, tcpAndUdp } from './rule.ts';
import { workloadRules } from './workload-rules.ts';

const NAMESPACE_LABEL = 'io.kubernetes.pod.namespace';
const CLUSTER_LABEL = 'io.cilium.k8s.policy.cluster';
const DNS_SERVERS: Pods = { kind: 'pods', namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };

/** Addresses of nobody on the internet (RFC 1918, RFC 6598, RFC 3927). */
const PRIVATE_RANGES = ['10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'];
/** Azure's instance metadata and its WireServer (learn.microsoft.com, what-is-ip-address-168-63-129-16). */
const NODE_SECRETS = [cidr('169.254.169.254/32'), cidr('168.63.129.16/32')];

/** What the network of a cluster lets policies tell apart, and where they stand. */
type Setting = {
  readonly cluster: string;
  /** Whether hosts can be told by their names. */
  readonly knowsNames: boolean;
  /** Namespaces with a rule that names hosts: there the DNS proxy has to see the answers. */
  readonly watched: ReadonlySet<string>;
  /** Namespaces of workloads and teams, whose people can write policies of Kubernetes' own kind. */
  readonly shared: ReadonlySet<string>;
};

/**
 * The network policies of a cluster: each of its namespaces but kube-system is closed in both directions, and each kind
 * of pod has one object with what it may be asked and may ask. A namespace stays when it leaves the tree, and so does
 * what closes it: no pod that is still there, or comes back, is without. What opens it goes.
 */
export function networkPolicies(platform: Platform, cluster: ClusterPlan): readonly Manifest[] {
  const namespaces = closedNamespaces(platform, cluster);
  const closed = new Set(namespaces.map(({ name }) => name));
  const ofTeams = namespaces.flatMap(({ name, use }) => (use === 'team' ? [name] : []));
  const rules = [
    ...namespaces.flatMap(({ name }) => baseRules(name)),
    ...platformRules(platform, cluster),
    ...workloadRules(platform, cluster, ofTeams),
  ].filter(({ subject }) => closed.has(subject.namespace));
  // Azure's own Cilium filters names with Advanced Container Networking Services alone, which is paid for
  // (learn.microsoft.com, azure-cni-powered-by-cilium, 2026-08).
  const knowsNames = platform.fleet.network.cni === 'cilium';
  const named = rules.filter(({ peer }) => peer.kind === 'hosts').map(({ subject }) => subject.namespace);
  const setting: Setting = {
    cluster: cluster.name,
    knowsNames,
    watched: new Set(knowsNames ? named : []),
    shared: new Set(namespaces.flatMap(({ name, use }) => (use === 'platform' ? [] : [name]))),
  };
  return subjectsOf(rules).map(({ subject, own }) => policy(setting, subject, own));
}

/** What every pod of a namespace needs. */
function baseRules(namespace: string): readonly Rule[] {
  const pods = everyPod(namespace);
  return [
    answers(pods, { kind: 'own-node' }, [], 'Probes of the kubelet. Who has the node has its pods anyway.'),
    asks(pods, DNS_SERVERS, tcpAndUdp(53), 'Names are resolved by CoreDNS.'),
  ];
}

/** The rules by the pods that they are about, in the order of namespaces; a whole namespace comes first. */
function subjectsOf(
  rules: readonly Rule[],
): readonly { readonly subject: Pods; readonly own: readonly Rule[] }[] {
  const groups = new Map<string, { readonly subject: Pods; readonly own: Rule[] }>();
  for (const rule of rules) {
    const { subject } = rule;
    const key = `${subject.namespace} ${subject.labels ? nameOf(subject) : ''}`;
    const group = groups.get(key);
    if (group) group.own.push(rule);
    else groups.set(key, { subject, own: [rule] });
  }
  return [...groups].toSorted(([a], [b]) => compareText(a, b)).map(([, group]) => group);
}

function policy(setting: Setting, subject: Pods, rules: readonly Rule[]): Manifest {
  const isWhole = subject.labels === undefined;
  const ingress = entries(setting, subject.namespace, rules, 'ingress');
  const egress = entries(setting, subject.namespace, rules, 'egress');
  return {
    apiVersion: 'cilium.io/v2',
    kind: 'CiliumNetworkPolicy',
    metadata: isWhole
      ? { name: 'default-deny', namespace: subject.namespace, annotations: KEPT }
      : { name: nameOf(subject), namespace: subject.namespace },
    spec: {
      description: isWhole
        ? `Nothing reaches or leaves a pod of ${subject.namespace} but by a rule. The fleet file opens one.`
        : `What ${nameOf(subject)} may be asked and may ask.`,
      endpointSelector: isWhole ? {} : { matchLabels: subject.labels! },
      ...(isWhole ? { enableDefaultDeny: { ingress: true, egress: true } } : {}),
      ...(ingress.length > 0 ? { ingress } : {}),
      ...(egress.length > 0 ? { egress } : {}),
      ...(isWhole && setting.shared.has(subject.namespace) ? { egressDeny: [nodeSecrets()] } : {}),
    },
  };
}

/** The pods of a chart or workload are told apart by one label: its value is the object's name. */
function nameOf({ labels = {} }: Pods): string {
  return Object.values(labels).join('-');
}

function nodeSecrets(): Yaml {
  return because(
    'Above every rule, also one that a team adds: the metadata service hands out tokens of the node, and ' +
      'WireServer its secrets.',
    { toCIDR: NODE_SECRETS.map(formatCidr) },
  );
}

/**
 * The rules of a direction, each under its reason. Pods that are asked for the same, for the same reason, share a rule;
 * what comes to the same is one rule with all reasons.
 */
function entries(
  setting: Setting,
  namespace: string,
  rules: readonly Rule[],
  direction: Rule['direction'],
): readonly Yaml[] {
  const merged = new Map<string, { readonly entry: YamlMap; readonly reasons: Set<string> }>();
  for (const group of groupsOf(rules.filter((one) => one.direction === direction))) {
    const [{ peer, ports, why }] = group;
    const side = direction === 'ingress' ? 'from' : 'to';
    const entry = {
      ...peerOf(
        setting,
        side,
        group.map((rule) => rule.peer),
      ),
      ...(ports.length > 0
        ? {
            toPorts: [
              { ports: ports.map(portOf), ...(peer === DNS_SERVERS ? seen(setting, namespace) : {}) },
            ],
          }
        : {}),
    };
    const key = JSON.stringify(entry);
    const { reasons } = merged.get(key) ?? merged.set(key, { entry, reasons: new Set() }).get(key)!;
    reasons.add(why);
    if (peer.kind === 'hosts' && !setting.knowsNames) {
      reasons.add('By port alone: this network does not know names.');
    }
  }
  return [...merged.values()].map(({ entry, reasons }) => because([...reasons].join(' '), entry));
}

type Group = readonly [Rule, ...Rule[]];

function groupsOf(rules: readonly Rule[]): readonly Group[] {
  const groups = new Map<string, [Rule, ...Rule[]]>();
  for (const rule of rules) {
    const { peer, ports, why } = rule;
    const key = JSON.stringify([peer.kind === 'pods' ? peer.kind : peer, ports, why]);
    const group = groups.get(key);
    if (group) group.push(rule);
    else groups.set(key, [rule]);
  }
  return [...groups.values()];
}

function portOf({ port, protocol }: Port): YamlMap {
  return { port: String(port), protocol };
}

/** Through Cilium's DNS proxy, which learns the addresses of the names that rules speak of. */
function seen({ watched }: Setting, namespace: string): YamlMap {
  return watched.has(namespace) ? { rules: { dns: [{ matchPattern: '*' }] } } : {};
}

/** Peers of one kind, as one rule names them; only pods come in numbers. */
function peerOf(setting: Setting, side: 'from' | 'to', [peer, ...others]: readonly Peer[]): YamlMap {
  switch (peer?.kind) {
    case 'pods': {
      const pods = [peer, ...others].filter((one) => one.kind === 'pods');
      return { [`${side}Endpoints`]: pods.map((one) => selector(setting, one)) };
    }
    case 'own-node':
      return { [`${side}Entities`]: ['host'] };
    case 'nodes':
      return { [`${side}Entities`]: ['host', 'remote-node'] };
    case 'api-server':
      return { [`${side}Entities`]: ['kube-apiserver'] };
    case 'outside':
      return { [`${side}Entities`]: ['world', 'remote-node'] };
    case 'ranges':
      return { [`${side}CIDR`]: peer.ranges.map(formatCidr) };
    case 'hosts':
      return setting.knowsNames
        ? { toFQDNs: peer.hosts.map(hostOf) }
        : { toCIDRSet: [{ cidr: '0.0.0.0/0', except: PRIVATE_RANGES }] };
    default:
      return {};
  }
}

function hostOf(host: string): YamlMap {
  return host.includes('*') ? { matchPattern: host } : { matchName: host };
}

/** A selector without a cluster finds pods of its own cluster alone (Cilium, policyDefaultLocalCluster). */
function selector({ cluster }: Setting, { namespace, labels = {}, clusters = [cluster] }: Pods): YamlMap {
  const matchLabels = { [NAMESPACE_LABEL]: namespace, ...labels };
  const [first = cluster] = clusters;
  if (clusters.length > 1) {
    const among = { key: CLUSTER_LABEL, operator: 'In', values: clusters };
    return { matchLabels, matchExpressions: [among] };
  }
  return { matchLabels: first === cluster ? matchLabels : { ...matchLabels, [CLUSTER_LABEL]: first } };
}
