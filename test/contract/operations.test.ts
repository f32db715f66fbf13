import assert from 'node:assert/strict';
import test from 'node:test';
import type { Evidence } from '../../src/contract/evidence.ts';
import type { Environment } from '../../src/fleet/fleet.ts';
import { evidenceOf, helpOf, type Patch, said, verdictOf } from './fleet-under-test.ts';

function shop(patch: Patch, environment?: Environment, more: Patch = {}): Evidence {
  const workloads = { shop: { clusters: ['app1'], image: 'shop:1', ...patch } };
  return evidenceOf({ workloads, ...more }, environment);
}

/** An item of which nothing is said leaves an invariant without an answer. */
function isUndetermined(id: string, part: keyof Evidence, environment: Environment = 'demo'): void {
  const item = { path: ['somewhere'] };
  const isList = Array.isArray(evidenceOf()[part]);
  const evidence = { ...evidenceOf({}, environment), [part]: isList ? [item] : item } as Evidence;
  assert.equal(verdictOf(id, evidence), 'undetermined', id);
}

test('workloads-name-clusters', () => {
  const id = 'workloads-name-clusters';
  assert.deepEqual(said(id, shop({ clusters: ['app3', 'mgmt'] })), [
    'error workloads.shop.clusters: shop is to run on "app3", which is no cluster',
    'warning workloads.shop.clusters: shop is to run on mgmt, beside the platform services',
  ]);
  assert.equal(helpOf(id, shop({ clusters: ['ap1'] })), 'write app1, if that is what you mean');
  assert.equal(helpOf(id, shop({ clusters: ['mgmt'] })), 'run it on app1 and app2');
  const alone = { ...shop({ clusters: ['mgmt'] }) };
  const mgmt = alone.clusters!.filter(({ role }) => role === 'mgmt');
  assert.equal(helpOf(id, { ...alone, clusters: mgmt }), 'add an app cluster for it');
  assert.equal(verdictOf(id, shop({})), 'held');
  isUndetermined(id, 'workloads');
});

test('workload-survives-eviction', () => {
  const id = 'workload-survives-eviction';
  const where = 'workloads.shop.replicas: shop has one replica';
  assert.deepEqual(said(id, shop({ replicas: 1 })), [`warning ${where}: it is down whenever its node goes`]);
  const critical = { replicas: 1, critical: true };
  assert.match(said(id, shop(critical))[0]!, /^warning .* and is critical: /);
  assert.match(said(id, shop(critical, 'production'))[0]!, /^error /);
  assert.match(said(id, shop({ replicas: 1 }, 'production'))[0]!, /^warning /);
  assert.equal(verdictOf(id, shop({ replicas: 0 })), 'not applicable');
  assert.equal(verdictOf(id, shop({ replicas: 2 })), 'held');
  isUndetermined(id, 'workloads');
});

test('critical-needs-on-demand', () => {
  const id = 'critical-needs-on-demand';
  const line = 'workloads.shop.critical: shop is critical, and no On-Demand node of app1 is always there';
  const critical = { critical: true, clusters: ['app1', 'nowhere'] };
  assert.deepEqual(said(id, shop(critical)), [`warning ${line}`]);
  assert.match(helpOf(id, shop(critical)) ?? '', /expect evictions in demo/);
  const fromZero = { clusters: { app1: { user: { capacity: 'OnDemand', nodes: '0..3' } } } };
  assert.deepEqual(said(id, shop(critical, 'production', fromZero)), [`error ${line}`]);
  assert.match(helpOf(id, shop(critical, 'production', fromZero)) ?? '', /start at one node/);
  assert.equal(verdictOf(id, shop(critical, 'production')), 'held');
  assert.equal(verdictOf(id, shop({})), 'not applicable');
  isUndetermined(id, 'workloads');
  const { nodePools, ...rest } = shop(critical, 'production');
  const unknown = nodePools!.map((pool) => ({ ...pool, nodesMin: undefined }));
  assert.match(
    said(id, { ...rest, nodePools: unknown } as unknown as Evidence)[0]!,
    /whether shop has On-Demand nodes/,
  );
});

test('log-retention-range', () => {
  const id = 'log-retention-range';
  const days = (retentionDays: number): Evidence =>
    evidenceOf({ observability: { logs: { retentionDays } } });
  const where = 'error observability.logs.retentionDays: logs are to be kept';
  assert.deepEqual(said(id, days(29)), [`${where} 29 days; Azure takes 30 to 730`]);
  assert.equal(helpOf(id, days(7)), 'write 30: fewer days cost the same');
  assert.deepEqual(said(id, days(731)), [`${where} 731 days; Azure takes 30 to 730`]);
  assert.equal(helpOf(id, days(731)), 'write 730 or less');
  assert.equal(verdictOf(id, days(730)), 'held');
  assert.equal(verdictOf(id, evidenceOf()), 'held');
  isUndetermined(id, 'logs');
});

test('budget-needs-a-contact and alerts-reach-someone', () => {
  const budget = { monthlyUSD: 80 };
  assert.deepEqual(said('budget-needs-a-contact', evidenceOf({ budget, alerts: null })), [
    'error budget: the budget has nobody to tell',
  ]);
  assert.equal(verdictOf('budget-needs-a-contact', evidenceOf({ budget })), 'held');
  assert.equal(verdictOf('budget-needs-a-contact', evidenceOf()), 'not applicable');
  const { budgets, ...rest } = evidenceOf();
  assert.deepEqual(budgets, []);
  const unknown = { ...rest, budgets: [{ path: ['budget'] }] };
  assert.equal(verdictOf('budget-needs-a-contact', unknown), 'undetermined');

  const id = 'alerts-reach-someone';
  assert.match(
    said(id, evidenceOf({ alerts: null }))[0]!,
    /^warning alerts: nobody is told when one of \d+ alert rules fires$/,
  );
  assert.equal(verdictOf(id, evidenceOf()), 'held');
  const none = { ...evidenceOf(), alerting: { path: ['alerts'], alerts: 0, receivers: 0 } };
  assert.equal(verdictOf(id, none), 'not applicable');
  isUndetermined(id, 'alerting');
});

test('schedule-has-a-keeper', () => {
  const id = 'schedule-has-a-keeper';
  const schedule = { awake: 'Mon-Fri 08:00-20:00' };
  const none = { run: 'none' };
  assert.deepEqual(said(id, evidenceOf({ schedule, keeper: none })), [
    'warning keeper.run: nothing keeps the schedule: the fleet sleeps and wakes by hand',
  ]);
  assert.equal(verdictOf(id, evidenceOf({ schedule })), 'held');
  const destroy = evidenceOf({ schedule: { ...schedule, asleep: 'destroy' }, keeper: none });
  assert.equal(verdictOf(id, destroy), 'not applicable');
  assert.equal(verdictOf(id, evidenceOf()), 'not applicable');
  isUndetermined(id, 'schedules');
});

test('production-stays-awake', () => {
  const id = 'production-stays-awake';
  const schedule = { awake: 'Mon-Fri 08:00-20:00' };
  assert.deepEqual(said(id, evidenceOf({ schedule }, 'production')), [
    'warning schedule: production is put to sleep, and may not wake',
  ]);
  assert.equal(verdictOf(id, evidenceOf({}, 'production')), 'held');
  assert.equal(verdictOf(id, evidenceOf({ schedule })), 'not applicable');
});

test('destroy-loses-data', () => {
  const id = 'destroy-loses-data';
  const schedule = { awake: 'Mon-Fri 08:00-20:00' };
  assert.deepEqual(said(id, evidenceOf({ schedule: { ...schedule, asleep: 'destroy' } })), [
    'note schedule.asleep: every night takes the metrics and volumes of all clusters with it',
  ]);
  assert.equal(verdictOf(id, evidenceOf({ schedule })), 'held');
  isUndetermined(id, 'schedules');
});

test('timezone-is-known', () => {
  const id = 'timezone-is-known';
  const zone = (timezone: string): Evidence =>
    evidenceOf({ schedule: { awake: 'Mon-Fri 08:00-20:00', timezone } });
  assert.deepEqual(said(id, zone('Asia/Seol')), ['error schedule.timezone: "Asia/Seol" is no time zone']);
  for (const name of ['Asia/Seoul', 'UTC', 'America/Argentina/Buenos_Aires', 'America/Port-au-Prince']) {
    assert.equal(verdictOf(id, zone(name)), 'held', name);
  }
  for (const name of ['+09:00', 'seoul', 'Asia/', '', 'KST time', 'utc']) {
    assert.equal(verdictOf(id, zone(name)), 'broken', name);
  }
  isUndetermined(id, 'schedules');
});

test('workload-names-are-free', () => {
  const id = 'workload-names-are-free';
  const called = (name: string): Evidence =>
    evidenceOf({ workloads: { [name]: { clusters: ['app1'], image: 'x:1' } } });
  assert.deepEqual(said(id, called('argocd')), [
    'error workloads.argocd: the workload argocd would live in the namespace of Argo CD',
  ]);
  assert.equal(helpOf(id, called('kube-proxy')), 'give it another name, e.g. proxy-app');
  assert.equal(verdictOf(id, called('kubelet')), 'held');
  assert.equal(verdictOf(id, called('internet')), 'broken', 'nobody could tell it from everybody outside');
  isUndetermined(id, 'workloads');
});

test('calls-name-workloads', () => {
  const id = 'calls-name-workloads';
  const cart = { clusters: ['app1'], image: 'cart:1' };
  const calling = (patch: Patch): Evidence =>
    evidenceOf({ workloads: { cart, shop: { clusters: ['app1'], image: 'shop:1', ...patch } } });
  assert.deepEqual(said(id, calling({ callers: ['cort', 'internet'], reaches: ['crat', 'a.example:443'] })), [
    'error workloads.shop.callers: shop is to be called by "cort", which is no workload',
    'error workloads.shop.reaches: shop is to call "crat", which is no workload',
  ]);
  assert.equal(helpOf(id, calling({ reaches: ['crat'] })), 'write cart, if that is what you mean');
  assert.equal(helpOf(id, calling({ callers: ['internal'] })), 'write internet, if that is what you mean');
  assert.equal(verdictOf(id, calling({ callers: ['cart', 'shop', 'internet'] })), 'held');
  isUndetermined(id, 'calls');
  const nameless = { ...calling({ callers: ['cart'] }), workloads: [{ path: ['somewhere'] }] };
  assert.equal(verdictOf(id, nameless), 'undetermined');
});

test('workload-variables-are-unique', () => {
  const id = 'workload-variables-are-unique';
  const line =
    'error workloads.shop.env.DB_PASSWORD: the setting DB_PASSWORD and the secret db-password of shop';
  assert.deepEqual(said(id, shop({ env: { DB_PASSWORD: 'x' }, secrets: ['db-password'] })), [
    `${line} both become DB_PASSWORD`,
  ]);
  assert.match(
    said(id, shop({ env: { TOKEN: 'x' }, secrets: ['TOKEN', 'token'] }))[0]!,
    /the setting TOKEN, the secret TOKEN and the secret token of shop all become TOKEN$/,
  );
  assert.equal(verdictOf(id, shop({ env: { MODE: 'x' }, secrets: ['db-password'] })), 'held');
  const two = { shop: { clusters: ['app1'], image: 'x:1', env: { A: '1' } } };
  assert.equal(verdictOf(id, evidenceOf({ workloads: { ...two, cart: two.shop } })), 'held');
  isUndetermined(id, 'variables');
});

test('sleep-is-long-enough', () => {
  const id = 'sleep-is-long-enough';
  const awake = (text: string, more: Patch = {}): Evidence =>
    evidenceOf({ schedule: { awake: text, ...more } });
  assert.deepEqual(said(id, awake('Mon-Sun 00:00-23:31')), [
    'warning schedule.awake: the fleet sleeps for 29 minutes; AKS wants 15 to 30 before a start',
  ]);
  assert.deepEqual(said(id, awake('Mon-Sun 00:00-24:00')), [
    'warning schedule.awake: the schedule is awake around the clock: nothing ever stops',
  ]);
  assert.equal(verdictOf(id, awake('Mon-Sun 00:00-23:30')), 'held');
  assert.equal(verdictOf(id, awake('Mon-Sun 00:00-23:50', { asleep: 'destroy' })), 'not applicable');
  assert.equal(verdictOf(id, evidenceOf()), 'not applicable');
  isUndetermined(id, 'schedules');
});

test('budget-is-enough', () => {
  const id = 'budget-is-enough';
  const budget = (amount: number, price?: number): Evidence => ({
    ...evidenceOf(),
    budgets: [{ path: ['budget'], contacts: 1, amount, ...(price === undefined ? {} : { price }) }],
  });
  assert.deepEqual(said(id, budget(80_000_000, 240_020_000)), [
    'warning budget: the budget is $80.00 a month, the price at least $240.02, 3.0 times as much',
  ]);
  assert.deepEqual(said(id, budget(240_000_000, 240_020_000)), [
    'warning budget: the budget is $240.00 a month, the price at least $240.02',
  ]);
  assert.equal(verdictOf(id, budget(240_020_000, 240_020_000)), 'held');
  assert.equal(verdictOf(id, budget(80_000_000)), 'undetermined');
  assert.equal(verdictOf(id, evidenceOf()), 'not applicable');
});
