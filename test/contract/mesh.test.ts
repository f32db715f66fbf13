import assert from 'node:assert/strict';
import test from 'node:test';
import { formatCidr } from '../../src/base/cidr.ts';
import type { Evidence, SecurityRuleEvidence } from '../../src/contract/evidence.ts';
import { evidenceOf, helpOf, said, verdictOf } from './fleet-under-test.ts';

/** The evidence with one subnet's rules changed. */
function rules(
  change: (rule: SecurityRuleEvidence) => SecurityRuleEvidence[],
  subnet = 'snet-app1',
): Evidence {
  const evidence = evidenceOf();
  return {
    ...evidence,
    securityRules: evidence.securityRules!.flatMap((rule) =>
      rule.subnet === subnet ? change(rule) : [rule],
    ),
  };
}

const withoutRow = (name: string): Evidence => rules((rule) => (rule.name === name ? [] : [rule]));
const changedRow = (name: string, change: SecurityRuleEvidence | object): Evidence =>
  rules((rule) => [rule.name === name ? { ...rule, ...change } : rule]);
const unknownRow = changedRow('allow-load-balancer', { sources: undefined });

function nodesOf(cluster: string): string {
  const { range } = evidenceOf().ranges!.find((entry) => entry.use === 'nodes' && entry.cluster === cluster)!;
  return formatCidr(range!);
}

test('mesh-needs-cilium', () => {
  const id = 'mesh-needs-cilium';
  assert.deepEqual(said(id, evidenceOf({ network: { cni: 'azure-overlay', clusterMesh: true } })), [
    'error network.clusterMesh: there is no mesh over Azure CNI Overlay',
  ]);
  assert.equal(verdictOf(id, evidenceOf()), 'held');
  assert.equal(verdictOf(id, evidenceOf({ network: { cni: 'azure-overlay' } })), 'not applicable');
  const clusters = evidenceOf().clusters!.map((cluster) => ({ ...cluster, cni: undefined }));
  assert.equal(verdictOf(id, { ...evidenceOf(), clusters } as unknown as Evidence), 'undetermined');
});

test('peers-name-clusters', () => {
  const id = 'peers-name-clusters';
  const peers = [
    ['mgmt', 'app1'],
    ['app1', 'mgmt'],
    ['app1', 'app1'],
    ['mgmt', 'app3'],
  ];
  assert.deepEqual(said(id, evidenceOf({ network: { peers } })), [
    'warning network.peers[1]: app1 and mgmt are paired twice',
    'error network.peers[2]: app1 is paired with itself',
    'error network.peers[3][1]: no cluster is called "app3"',
  ]);
  assert.equal(
    helpOf(id, evidenceOf({ network: { peers: [['mgmt', 'ap1']] } })),
    'write app1, if that is what you mean',
  );
  assert.equal(verdictOf(id, evidenceOf()), 'held');
  assert.equal(verdictOf(id, { ...evidenceOf(), peers: [{ path: ['a'] }] }), 'undetermined');
});

test('dependencies-are-peered', () => {
  const id = 'dependencies-are-peered';
  const apart = evidenceOf({ network: { peers: [['mgmt', 'app1']] } });
  assert.deepEqual(said(id, apart), [
    'error network.peers: metrics from app2 cannot reach mgmt: they are no peers',
  ]);
  assert.equal(helpOf(id, apart), 'add [mgmt, app2] to `peers`, or write `stack: azure`');
  assert.match(helpOf(id, evidenceOf({ network: { peers: [] } })) ?? '', /\[mgmt, app1\] and the others/);
  for (const network of [{ clusterMesh: false }, { cni: 'azure-overlay' }]) {
    assert.deepEqual(said(id, evidenceOf({ network })), [
      'error observability.stack: metrics from app1 and app2 cannot reach mgmt: there is no mesh',
    ]);
  }
  const azure = { network: { cni: 'azure-overlay' }, observability: { stack: 'azure' } };
  assert.equal(verdictOf(id, evidenceOf(azure)), 'not applicable');
  const workloads = {
    shop: { clusters: ['app1'], image: 'shop:1', reaches: ['cart', 'mail'] },
    cart: { clusters: ['app2'], image: 'cart:1' },
    mail: { clusters: ['app1', 'app2'], image: 'mail:1', callers: ['cart'] },
  };
  assert.deepEqual(said(id, evidenceOf({ workloads })), [
    'error workloads.shop.reaches: calls to cart from app1 cannot reach app2: they are no peers',
  ]);
  assert.equal(
    helpOf(id, evidenceOf({ workloads })),
    'add [app2, app1] to `peers`, or have in one cluster what calls and what is called',
  );
  assert.deepEqual(said(id, evidenceOf({ workloads, ...azure })), [
    'error workloads.shop.reaches: calls to cart from app1 cannot reach app2: there is no mesh',
  ]);
  const star = [
    ['mgmt', 'app1'],
    ['mgmt', 'app2'],
  ];
  const whole = evidenceOf({ workloads, network: { peers: [...star, ['app1', 'app2']] } });
  assert.equal(verdictOf(id, whole), 'held');
  assert.equal(verdictOf(id, evidenceOf()), 'held');
  assert.equal(verdictOf(id, { ...evidenceOf(), dependencies: [{ path: ['a'] }] }), 'undetermined');
});

test('mesh-peers-are-let-in', () => {
  const id = 'mesh-peers-are-let-in';
  assert.deepEqual(said(id, withoutRow('allow-mesh-vxlan')), [
    'error network.peers[0]: the security rules of app1 keep VXLAN (UDP 8472) of its peer mgmt out',
  ]);
  assert.equal(
    helpOf(id, withoutRow('allow-mesh-vxlan')),
    `let ${nodesOf('mgmt')} in, above the row that denies`,
  );
  assert.match(said(id, withoutRow('allow-mesh-health'))[0]!, /keep health checks \(TCP 4240\) of/);
  assert.match(said(id, withoutRow('allow-mesh-api'))[0]!, /keep the mesh API \(TCP 2379\) of/);
  // A row below the deny, or for another protocol or port, lets nobody in.
  assert.equal(said(id, changedRow('allow-mesh-vxlan', { priority: 4001 })).length, 1);
  assert.equal(said(id, changedRow('allow-mesh-vxlan', { protocol: 'Tcp' })).length, 1);
  assert.equal(said(id, changedRow('allow-mesh-vxlan', { ports: ['8473'] })).length, 1);
  assert.equal(said(id, changedRow('allow-mesh-vxlan', { access: 'Deny' })).length, 1);
  // A wider row does.
  assert.equal(said(id, changedRow('allow-mesh-vxlan', { ports: ['8000-9000'], protocol: '*' })).length, 0);
  assert.equal(said(id, changedRow('allow-mesh-vxlan', { sources: ['10.0.0.0/8'] })).length, 0);
  assert.equal(said(id, changedRow('allow-mesh-vxlan', { sources: ['VirtualNetwork'] })).length, 0);
  // Without a deny, Azure lets the whole VNet in.
  assert.equal(
    said(
      id,
      rules(() => []),
    ).length,
    1,
    'a subnet without rules is not known',
  );
  assert.equal(
    said(
      id,
      rules((rule) => (rule.name === 'allow-own-nodes' ? [rule] : [])),
    ).length,
    0,
  );
  assert.equal(verdictOf(id, evidenceOf()), 'held');
  assert.equal(verdictOf(id, evidenceOf({ network: { clusterMesh: false } })), 'not applicable');
  assert.equal(verdictOf(id, unknownRow), 'undetermined');
  assert.equal(verdictOf(id, { ...evidenceOf(), peers: [{ path: ['a'] }] }), 'undetermined');
});

test('only-peers-are-let-in', () => {
  const id = 'only-peers-are-let-in';
  const sources = (...list: string[]): string[] =>
    said(id, changedRow('allow-mesh-vxlan', { sources: list }));
  assert.deepEqual(sources(nodesOf('mgmt'), nodesOf('app2')), [
    'error network.peers: row allow-mesh-vxlan of snet-app1 lets app2 in, which is no peer of app1',
  ]);
  assert.deepEqual(sources('VirtualNetwork').length, 1);
  assert.deepEqual(sources('*').length, 1);
  assert.deepEqual(sources('10.0.0.0/8').length, 1);
  const half = `${nodesOf('app2').split('/')[0]}/21`;
  assert.deepEqual(sources(half).length, 1, 'half of its nodes is some of its nodes');
  assert.deepEqual(sources('AzureLoadBalancer', nodesOf('mgmt')), []);
  const both = evidenceOf({ clusters: { app3: {} } });
  const wide = both.securityRules!.map((rule) =>
    rule.subnet === 'snet-app1' && rule.name === 'allow-mesh-api' ? { ...rule, sources: ['*'] } : rule,
  );
  assert.match(
    said(id, { ...both, securityRules: wide })[0]!,
    /lets app2 and app3 in, which are no peers of app1$/,
  );
  assert.equal(verdictOf(id, evidenceOf()), 'held');
  assert.equal(verdictOf(id, unknownRow), 'undetermined');
  // What stands below the deny opens nothing.
  assert.deepEqual(said(id, changedRow('allow-mesh-vxlan', { sources: ['*'], priority: 4001 })), []);
});

test('subnets-deny-by-default', () => {
  const id = 'subnets-deny-by-default';
  const line = 'error network.peers: nothing denies what the rules of snet-app1 do not allow';
  assert.deepEqual(said(id, withoutRow('deny-virtual-network')), [line]);
  assert.deepEqual(said(id, changedRow('deny-virtual-network', { protocol: 'Tcp' })), [line]);
  assert.deepEqual(said(id, changedRow('deny-virtual-network', { ports: ['443'] })), [line]);
  assert.deepEqual(said(id, changedRow('deny-virtual-network', { sources: ['10.0.0.0/24'] })), [line]);
  assert.deepEqual(said(id, changedRow('deny-virtual-network', { sources: ['*'] })), []);
  assert.equal(verdictOf(id, evidenceOf()), 'held');
  assert.equal(verdictOf(id, unknownRow), 'undetermined');
});

test('load-balancer-probes-are-let-in', () => {
  const id = 'load-balancer-probes-are-let-in';
  const line = 'error network.peers: the rules of snet-app1 keep the probes of the load balancer out';
  assert.deepEqual(said(id, withoutRow('allow-load-balancer')), [line]);
  assert.deepEqual(said(id, changedRow('allow-load-balancer', { priority: 4001 })), [line]);
  assert.deepEqual(said(id, changedRow('allow-load-balancer', { sources: ['*'] })), []);
  assert.deepEqual(
    said(
      id,
      rules((rule) => (rule.name === 'allow-own-nodes' ? [rule] : [])),
    ),
    [],
  );
  assert.equal(verdictOf(id, evidenceOf()), 'held');
  assert.equal(verdictOf(id, unknownRow), 'undetermined');
});

test('security-rule-priorities', () => {
  const id = 'security-rule-priorities';
  assert.deepEqual(said(id, changedRow('allow-mesh-api', { priority: 4097 })), [
    'error network.peers: row allow-mesh-api of snet-app1 has priority 4097',
  ]);
  assert.equal(said(id, changedRow('allow-mesh-api', { priority: 99 })).length, 1);
  assert.deepEqual(said(id, changedRow('allow-mesh-api', { priority: 100 })), [
    'error network.peers: rows allow-own-nodes and allow-mesh-api of snet-app1 share priority 100',
  ]);
  assert.equal(verdictOf(id, evidenceOf()), 'held');
  assert.equal(verdictOf(id, unknownRow), 'undetermined');
});

test('peers-need-a-mesh', () => {
  const id = 'peers-need-a-mesh';
  const peers = [
    ['mgmt', 'app1'],
    ['mgmt', 'app2'],
  ];
  const off = (more: object): Evidence =>
    evidenceOf({ network: { clusterMesh: false, ...more }, observability: { stack: 'azure' } });
  assert.deepEqual(said(id, off({ peers })), [
    'warning network.peers[0]: without a mesh, 2 pairs of peers mean nothing: mgmt with app1 and mgmt with app2',
  ]);
  assert.equal(verdictOf(id, off({})), 'not applicable');
  assert.equal(verdictOf(id, evidenceOf({ network: { cni: 'azure-overlay' } })), 'not applicable');
  assert.equal(verdictOf(id, evidenceOf()), 'held');
  // A cluster that there is not is told of elsewhere.
  const misspelt = evidenceOf({ network: { peers: [['mgmt', 'app9']] } });
  assert.equal(verdictOf(id, misspelt), 'not applicable');
  const { clusters, ...evidence } = evidenceOf();
  for (const property of ['isMeshed', 'name'] as const) {
    const unsaid = clusters!.map((cluster) => ({ ...cluster, [property]: undefined }));
    assert.equal(verdictOf(id, { ...evidence, clusters: unsaid } as unknown as Evidence), 'undetermined');
  }
  assert.equal(verdictOf(id, { ...evidenceOf(), peers: [{ path: ['a'] }] }), 'undetermined');
});

test('without a mesh nobody is a peer of anybody, and the rows of the nodes say so', () => {
  const { peers, securityRules } = evidenceOf({
    network: { clusterMesh: false },
    observability: { stack: 'azure' },
  });
  assert.deepEqual(peers, []);
  assert.deepEqual(
    securityRules!.filter(({ subnet, name }) => subnet === 'snet-app1' && name?.includes('mesh')),
    [],
  );
});

test('endpoints-let-nodes-in', () => {
  const id = 'endpoints-let-nodes-in';
  const endpoints = (change: (rule: SecurityRuleEvidence) => SecurityRuleEvidence[]): Evidence =>
    rules(change, 'snet-endpoints');
  const only = endpoints((rule) => [
    rule.name === 'allow-nodes-https' ? { ...rule, sources: [nodesOf('app1')] } : rule,
  ]);
  assert.deepEqual(said(id, only), [
    'error network.peers: the security rules of snet-endpoints keep HTTPS (TCP 443) of mgmt and app2 out',
  ]);
  assert.equal(
    helpOf(id, only),
    `let ${nodesOf('mgmt')} and ${nodesOf('app2')} in, above the row that denies`,
  );
  assert.equal(verdictOf(id, evidenceOf()), 'held');
  // Without any row of its own, a subnet lets the VNet in.
  assert.equal(
    verdictOf(
      id,
      endpoints(() => []),
    ),
    'not applicable',
  );
  const unknown = endpoints((rule) => [{ ...rule, sources: undefined } as unknown as SecurityRuleEvidence]);
  assert.equal(verdictOf(id, unknown), 'undetermined');
  const anywhere = endpoints((rule) => [
    { ...rule, holdsEndpoints: undefined } as unknown as SecurityRuleEvidence,
  ]);
  assert.equal(verdictOf(id, anywhere), 'undetermined');
  const { ranges, ...evidence } = evidenceOf();
  const rangeless = ranges!.map((range) => (range.use === 'nodes' ? { ...range, range: undefined } : range));
  assert.equal(verdictOf(id, { ...evidence, ranges: rangeless } as unknown as Evidence), 'undetermined');
});
