import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Alert, HealthAlert, MetricAlert } from '../../../src/model/alerts/alert.ts';
import { BUDGET_NOTICES } from '../../../src/model/alerts/budget-notices.ts';
import { type FleetData, atlas, platformOf } from '../../support/fleets.ts';

function alertOf<K extends Alert['kind']>(kind: K, id: string): Extract<Alert, { kind: K }> {
  const found = platformOf(atlas()).alerts.find((alert) => alert.kind === kind && alert.id === id);
  assert.ok(found, id);
  return found as Extract<Alert, { kind: K }>;
}

/** Whether Azure fires over the samples of a window: without one, nothing changes. */
function metricFires({ aggregation, operator, threshold }: MetricAlert, samples: readonly number[]): boolean {
  assert.deepEqual([aggregation, operator], ['Average', 'LessThan']);
  if (samples.length === 0) return false;
  return samples.reduce((sum, sample) => sum + sample, 0) / samples.length < threshold;
}

type HealthEvent = { readonly current: string; readonly reason: string };

/** Whether an entry of the activity log meets all that a rule asks. */
function healthFires({ current, reasons }: HealthAlert, event: HealthEvent): boolean {
  return (
    current.some((state) => state === event.current) && reasons.some((reason) => reason === event.reason)
  );
}

test('vault-unavailable', () => {
  const alert = alertOf('metric', 'vault-unavailable');
  assert.ok(metricFires(alert, [100, 60, 100, 90]));
  assert.ok(metricFires(alert, [0]));
  assert.ok(!metricFires(alert, [100, 100, 90, 100]), 'a long operation');
  assert.ok(!metricFires(alert, []), 'nobody asks at night');
});

test('cluster-unavailable: each cluster by itself', () => {
  const alert = alertOf('health', 'cluster-unavailable');
  assert.ok(healthFires(alert, { current: 'Unavailable', reason: 'PlatformInitiated' }));
  assert.ok(healthFires(alert, { current: 'Unavailable', reason: 'Unknown' }));
  assert.ok(!healthFires(alert, { current: 'Unavailable', reason: 'UserInitiated' }), 'somebody stops it');
  assert.ok(!healthFires(alert, { current: 'Degraded', reason: 'PlatformInitiated' }), 'a Spot node went');
  assert.ok(!healthFires(alert, { current: 'Available', reason: 'PlatformInitiated' }));
  const clusters = platformOf(atlas()).alerts.flatMap((one) => (one.kind === 'health' ? [one.cluster] : []));
  assert.deepEqual(clusters, ['mgmt', 'app1', 'app2']);
});

test('the budget tells at 80 and 100 %, and when 100 % is foreseen', () => {
  const told = (spent: number, foreseen: number): readonly string[] =>
    BUDGET_NOTICES.filter(({ percent, basis }) => (basis === 'Actual' ? spent : foreseen) >= percent).map(
      ({ percent, basis }) => `${basis} ${percent}`,
    );
  assert.deepEqual(told(79, 99), []);
  assert.deepEqual(told(30, 100), ['Forecasted 100']);
  assert.deepEqual(told(80, 99), ['Actual 80']);
  assert.deepEqual(told(100, 120), ['Actual 80', 'Actual 100', 'Forecasted 100']);
  assert.ok(BUDGET_NOTICES.length <= 5, 'more are refused');
});

test('a fleet without logs still tells of its vault and its clusters', () => {
  const { alerts } = platformOf(atlas({ observability: { logs: { dailyCapGB: 0 } } }));
  assert.deepEqual(
    alerts.map(({ id }) => id),
    ['vault-unavailable', 'cluster-unavailable', 'cluster-unavailable', 'cluster-unavailable'],
  );
});

test('a rule is there where it can fire', () => {
  const ids = (change: FleetData): readonly string[] => platformOf(atlas(change)).alerts.map(({ id }) => id);
  assert.ok(!ids({ keeper: { run: 'none' } }).includes('keeper-missed-a-tick'));
  assert.ok(!ids({ environments: {} }).includes('awake-off-hours'));
  const awake = (hours: string): FleetData => ({
    environments: { demo: { schedule: { timezone: 'Asia/Seoul', awake: hours } } },
  });
  assert.ok(!ids(awake('Mon-Sun 00:00-23:00')).includes('awake-off-hours'), 'an hour asleep is its grace');
  assert.ok(!ids(awake('Mon-Sun 01:59-24:00')).includes('awake-off-hours'));
  assert.ok(ids(awake('Mon-Sun 02:00-24:00')).includes('awake-off-hours'));
  assert.ok(ids(awake('Mon-Sat 00:00-24:00')).includes('awake-off-hours'));
  assert.ok(!ids({ network: { cni: 'azure-overlay' } }).includes('mesh-endpoint-down'));
  const onDemand = { 1: { demo: 'OnDemand' }, 2: { demo: 'OnDemand' } };
  assert.ok(!ids({ tiers: onDemand }).includes('spot-preempt-burst'));
  assert.ok(ids({}).includes('spot-preempt-burst'));
});
