import assert from 'node:assert/strict';
import test from 'node:test';
import type { Evidence, NodePoolEvidence, SecurityRuleEvidence } from '../../src/contract/evidence.ts';
import { evidenceOf, said, verdictOf } from './fleet-under-test.ts';

/** The evidence with one row of app1's rules changed, or gone. */
function row(name: string, change: Partial<SecurityRuleEvidence> | undefined): Evidence {
  const evidence = evidenceOf();
  const securityRules = evidence.securityRules!.flatMap((rule) => {
    if (rule.subnet !== 'snet-app1' || rule.name !== name) return [rule];
    return change ? [{ ...rule, ...change }] : [];
  });
  return { ...evidence, securityRules };
}

/** The evidence with the pools of one cluster and mode changed. */
function pool(mode: 'System' | 'User', change: Partial<NodePoolEvidence>): Evidence {
  const evidence = evidenceOf({}, 'production');
  const nodePools = evidence.nodePools!.map((one) =>
    one.cluster === 'mgmt' && one.mode === mode ? { ...one, ...change } : one,
  );
  return { ...evidence, nodePools };
}

test('own-nodes-are-let-in', () => {
  const id = 'own-nodes-are-let-in';
  const cut = ['error network.peers: the rules of snet-app1 keep the nodes of app1 from each other'];
  assert.deepEqual(said(id, row('allow-own-nodes', undefined)), cut);
  for (const change of [
    { protocol: 'Tcp' },
    { ports: ['10250'] },
    { sources: ['10.99.0.0/16'] },
    { access: 'Deny' as const },
    { priority: 4001 },
  ]) {
    assert.deepEqual(said(id, row('allow-own-nodes', change)), cut, JSON.stringify(change));
  }
  for (const change of [{ sources: ['*'] }, { sources: ['10.0.0.0/8'] }, { priority: 3999 }]) {
    assert.deepEqual(said(id, row('allow-own-nodes', change)), [], JSON.stringify(change));
  }
  // Nothing denies: Azure's own row lets the VNet in.
  assert.deepEqual(said(id, { ...evidenceOf(), securityRules: [] }), []);
  assert.equal(verdictOf(id, evidenceOf()), 'held');
  const [first, ...others] = evidenceOf().securityRules!;
  const { ports: _, ...unknown } = first!;
  assert.equal(verdictOf(id, { ...evidenceOf(), securityRules: [unknown, ...others] }), 'undetermined');
  assert.equal(verdictOf(id, { ...evidenceOf(), ranges: [] }), 'undetermined');
});

test('a Deny for some ports above the row that allows all is a gap between the nodes', () => {
  const evidence = evidenceOf();
  const own = evidence.securityRules!.find(({ subnet }) => subnet === 'snet-app1')!;
  const deny = { ...own, name: 'deny-ssh', priority: 90, access: 'Deny' as const, ports: ['22'] };
  const securityRules = [...evidence.securityRules!, deny];
  assert.equal(said('own-nodes-are-let-in', { ...evidence, securityRules }).length, 1);
});

test('mesh-peers-are-let-in: pings alone are worth a warning', () => {
  assert.deepEqual(said('mesh-peers-are-let-in', row('allow-mesh-ping', undefined)), [
    'warning network.peers[0]: the security rules of app1 keep pings (ICMP) of its peer mgmt out',
  ]);
});

test('load-balancer-probes-are-let-in: the row must take in node ports, by TCP', () => {
  const id = 'load-balancer-probes-are-let-in';
  for (const change of [{ protocol: 'Udp' }, { ports: ['443'] }, { ports: ['30000-31000'] }]) {
    assert.equal(said(id, row('allow-load-balancer', change)).length, 1, JSON.stringify(change));
  }
  assert.deepEqual(said(id, row('allow-load-balancer', { protocol: 'Tcp', ports: ['30000-32767'] })), []);
});

test('ranges-are-disjoint: parts of the services subnet are apart from each other', () => {
  const evidence = evidenceOf({ keeper: { run: 'container-instance' } });
  const endpoints = evidence.ranges!.find(({ use }) => use === 'endpoints')!.range!;
  const ranges = evidence.ranges!.map((range) =>
    range.use === 'container-instances' ? { ...range, range: { ...endpoints, prefix: 26 } } : range,
  );
  assert.match(said('ranges-are-disjoint', { ...evidence, ranges })[0]!, /lies inside .* private endpoints$/);
  assert.deepEqual(said('ranges-are-disjoint', evidence), []);
});

test('node-counts-in-range', () => {
  const id = 'node-counts-in-range';
  const where = 'error clusters.mgmt.user.nodes: pool';
  assert.match(said(id, pool('User', { nodesMin: 9, nodesMax: 3 }))[0]!, /at least 9 nodes and at most 3$/);
  assert.ok(said(id, pool('User', { nodesMin: -1 }))[0]!.startsWith(where));
  assert.match(said(id, pool('User', { nodesMax: 1001 }))[0]!, /may have 1001 nodes; AKS allows 1000$/);
  assert.deepEqual(said(id, pool('User', { nodesMin: 0, nodesMax: 0 })), []);
  assert.deepEqual(said(id, pool('System', { nodesMin: 0 })), [
    'error clusters: pool system of mgmt may have 0 nodes; AKS keeps 1',
  ]);
  assert.equal(verdictOf(id, evidenceOf()), 'held');
  const [first] = evidenceOf().nodePools!;
  const { nodesMin: _, ...unknown } = first!;
  assert.equal(verdictOf(id, { ...evidenceOf(), nodePools: [unknown] }), 'undetermined');
});

test('system-pool-size: of a size that is not on record, its name tells the worst', () => {
  const of = (vmSize: string): string[] => said('system-pool-size', pool('System', { vmSize }));
  assert.match(of('Standard_DS1_v2')[0]!, /are Standard_DS1_v2 with one vCPU; AKS refuses less than 2$/);
  assert.match(of('Standard_B16ms')[0]!, /are Standard_B16ms, a burstable size/);
  assert.match(of('Standard_D64s_v9')[0]!, /undetermined: the vCPUs and memory of Standard_D64s_v9/);
});

test('live-demo-keeps-mgmt', () => {
  const id = 'live-demo-keeps-mgmt';
  const spot = { clusters: { mgmt: { user: { capacity: 'Spot' } } } };
  assert.deepEqual(said(id, evidenceOf({ live: true, ...spot })), [
    'warning clusters.mgmt.user.capacity: the demo is live, and mgmt stands on Spot nodes',
  ]);
  assert.equal(said(id, evidenceOf({ live: true, clusters: { mgmt: { tier: 2 } } })).length, 1);
  assert.equal(verdictOf(id, evidenceOf({ live: true })), 'held');
  assert.equal(verdictOf(id, evidenceOf(spot)), 'not applicable');
  assert.equal(verdictOf(id, evidenceOf({ live: true, ...spot }, 'production')), 'not applicable');
  assert.equal(verdictOf(id, { ...evidenceOf({ live: true }), live: { path: ['live'] } }), 'undetermined');
});

test('log-cap-range', () => {
  const id = 'log-cap-range';
  const cap = (dailyCapGB: number): Evidence => evidenceOf({ observability: { logs: { dailyCapGB } } });
  assert.deepEqual(said(id, cap(0)), [
    'warning observability.logs.dailyCapGB: a cap of 0 GB collects no logs, and no alert on them can fire',
  ]);
  assert.deepEqual(said(id, { ...cap(0), kind: 'terraform' }), [
    'error observability.logs.dailyCapGB: the daily cap is 0 GB, which Azure refuses',
  ]);
  assert.deepEqual(said(id, { ...cap(-1), kind: 'terraform' }), [
    'warning observability.logs.dailyCapGB: the logs have no daily cap',
  ]);
  assert.equal(verdictOf(id, cap(0.5)), 'held');
  assert.equal(verdictOf(id, { ...evidenceOf(), logs: [{ path: ['logs'] }] }), 'undetermined');
});
