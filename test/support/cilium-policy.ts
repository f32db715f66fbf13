import assert from 'node:assert/strict';
import { cidr, containsAddress, parseIpv4 } from '../../src/base/cidr.ts';

/**
 * What Cilium 1.20 makes of CiliumNetworkPolicies, as far as the tree uses them (docs.cilium.io, security/policy). A
 * field that this does not know is an error, so that nothing is passed over in silence.
 */
type Loose = ReturnType<typeof JSON.parse>;

type Labels = Readonly<Record<string, string>>;

/** One end of a flow. */
export type Place =
  | { readonly kind: 'pod'; readonly cluster: string; readonly namespace: string; readonly labels: Labels }
  /** A node: the one that the pod at the other end stands on, or another one of the mesh. */
  | { readonly kind: 'node'; readonly isOwn: boolean }
  | {
      readonly kind: 'outside';
      readonly address: string;
      /** The name by which it was asked for. */
      readonly name?: string;
      readonly isApiServer?: true;
    };
type Pod = Extract<Place, { kind: 'pod' }>;

export type Packet = {
  readonly from: Place;
  readonly to: Place;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
};
/** The policies of each cluster. */
export type Policies = ReadonlyMap<string, readonly Loose[]>;

const NAMESPACE = 'io.kubernetes.pod.namespace';
const CLUSTER = 'io.cilium.k8s.policy.cluster';

/** A flow passes when the policies of the caller let it out and those of the called let it in. */
export function passes(policies: Policies, { from, to, port, protocol }: Packet): boolean {
  const isOut = from.kind !== 'pod' || isLet(policies, 'egress', from, to, port, protocol);
  const isIn = to.kind !== 'pod' || isLet(policies, 'ingress', to, from, port, protocol);
  return isOut && isIn;
}

function isLet(
  policies: Policies,
  direction: 'egress' | 'ingress',
  subject: Pod,
  peer: Place,
  port: number,
  protocol: string,
): boolean {
  const selecting = (policies.get(subject.cluster) ?? []).filter((policy) => selects(policy, subject));
  const deny = `${direction}Deny`;
  const isClosed = selecting.some(
    ({ spec }) =>
      spec.enableDefaultDeny?.[direction] ?? (spec[direction] !== undefined || spec[deny] !== undefined),
  );
  const matches = (rule: Loose): boolean =>
    matchesPeer(policies, subject, peer, rule) && matchesPort(rule.toPorts, port, protocol);
  const rulesOf = (key: string): Loose[] => selecting.flatMap(({ spec }) => spec[key] ?? []);
  if (rulesOf(deny).some(matches)) return false;
  return !isClosed || rulesOf(direction).some(matches);
}

function selects({ apiVersion, kind, metadata, spec }: Loose, pod: Pod): boolean {
  assert.equal(`${apiVersion} ${kind}`, 'cilium.io/v2 CiliumNetworkPolicy');
  known(spec, [
    'description',
    'endpointSelector',
    'enableDefaultDeny',
    'ingress',
    'egress',
    'ingressDeny',
    'egressDeny',
  ]);
  return metadata.namespace === pod.namespace && matchesLabels(spec.endpointSelector, pod);
}

/** A rule that names no peer speaks of everybody on its ports; an empty one of nobody. */
function matchesPeer(policies: Policies, subject: Pod, peer: Place, rule: Loose): boolean {
  const { toPorts, ...peers } = rule;
  const [kind, ...others] = Object.keys(peers);
  assert.deepEqual(others, [], 'Cilium combines no two kinds of peers in a rule');
  if (kind === undefined) return toPorts !== undefined;
  const list: Loose[] = peers[kind];
  switch (kind.replace(/^(to|from)/, '')) {
    case 'Endpoints':
      return peer.kind === 'pod' && list.some((selector) => matchesPod(selector, subject, peer));
    case 'Entities':
      return list.some((entity) => isEntity(entity, peer));
    // Pods and nodes have identities of their own: no range selects them.
    case 'CIDR':
      return peer.kind === 'outside' && list.some((range) => isIn(range, peer.address));
    case 'CIDRSet':
      return (
        peer.kind === 'outside' &&
        list.some(
          ({ cidr: range, except = [] }) =>
            isIn(range, peer.address) && !except.some((hole: string) => isIn(hole, peer.address)),
        )
      );
    case 'FQDNs':
      return (
        peer.kind === 'outside' && peer.name !== undefined && isNamed(policies, subject, peer.name, list)
      );
    default:
      return assert.fail(`unknown peer ${kind}`);
  }
}

function isEntity(entity: string, peer: Place): boolean {
  switch (entity) {
    case 'host':
      return peer.kind === 'node' && peer.isOwn;
    case 'remote-node':
      return peer.kind === 'node' && !peer.isOwn;
    case 'world':
      return peer.kind === 'outside';
    case 'kube-apiserver':
      return peer.kind === 'outside' && peer.isApiServer === true;
    case 'all':
      return true;
    default:
      return assert.fail(`unknown entity ${entity}`);
  }
}

/** Without a namespace a selector speaks of its own, without a cluster of its own (policyDefaultLocalCluster). */
function matchesPod(selector: Loose, subject: Pod, peer: Pod): boolean {
  const keys = [
    ...Object.keys(selector.matchLabels ?? {}),
    ...(selector.matchExpressions ?? []).map(({ key }: Loose) => key),
  ];
  if (!keys.includes(NAMESPACE) && peer.namespace !== subject.namespace) return false;
  if (!keys.includes(CLUSTER) && peer.cluster !== subject.cluster) return false;
  return matchesLabels(selector, peer);
}

function matchesLabels(selector: Loose, { labels, namespace, cluster }: Pod): boolean {
  known(selector, ['matchLabels', 'matchExpressions']);
  const all: Labels = { ...labels, [NAMESPACE]: namespace, [CLUSTER]: cluster };
  const isEqual = Object.entries(selector.matchLabels ?? {}).every(([key, value]) => all[key] === value);
  return (
    isEqual &&
    (selector.matchExpressions ?? []).every(({ key, operator, values }: Loose) => {
      assert.equal(operator, 'In');
      return values.includes(all[key]);
    })
  );
}

function matchesPort(toPorts: Loose[] | undefined, port: number, protocol: string): boolean {
  if (toPorts === undefined) return true;
  return toPorts.some((entry) => {
    known(entry, ['ports', 'rules']);
    return entry.ports.some((one: Loose) => {
      known(one, ['port', 'protocol']);
      return Number(one.port) === port && (one.protocol === 'ANY' || one.protocol === protocol);
    });
  });
}

/**
 * An address has a name only where the DNS proxy has seen the answer: through a rule for DNS that looks inside, and
 * beside which no other one lets the question pass unseen.
 */
function isNamed(policies: Policies, subject: Pod, name: string, list: readonly Loose[]): boolean {
  if (!list.some((one) => matchesName(one, name))) return false;
  const server = dnsServer(subject.cluster);
  const ports = (policies.get(subject.cluster) ?? [])
    .filter((policy) => selects(policy, subject))
    .flatMap(({ spec }) => spec.egress ?? [])
    .filter((rule) => rule.toFQDNs === undefined && matchesPeer(policies, subject, server, rule))
    .flatMap(({ toPorts = [{ ports: [{ port: '53', protocol: 'ANY' }] }] }) => toPorts)
    .filter((entry) => matchesPort([entry], 53, 'UDP'));
  return (
    ports.length > 0 && ports.every(({ rules }) => rules?.dns?.some((one: Loose) => matchesName(one, name)))
  );
}

/** A star stands for any part of one label; alone, for every name. */
function matchesName({ matchName, matchPattern }: Loose, name: string): boolean {
  if (matchName !== undefined) return matchName === name;
  if (matchPattern === '*') return true;
  assert.ok(!matchPattern.startsWith('**.') && /^(\*\.|[^*])/.test(matchPattern), matchPattern);
  const pattern = matchPattern.replaceAll('.', '[.]').replaceAll('*', '[-a-z0-9_]*');
  return new RegExp(`^${pattern}$`).test(name);
}

function isIn(range: string, address: string): boolean {
  return containsAddress(cidr(range), parseIpv4(address)!);
}

function known(value: object, keys: readonly string[]): void {
  for (const key of Object.keys(value)) assert.ok(keys.includes(key), `unknown field ${key}`);
}

/** CoreDNS of a cluster. */
export function dnsServer(cluster: string): Pod {
  return { kind: 'pod', cluster, namespace: 'kube-system', labels: { 'k8s-app': 'kube-dns' } };
}
