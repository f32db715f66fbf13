import assert from 'node:assert/strict';
import { test } from 'node:test';
import { atlas } from '../../support/fleets.ts';
import { before, fires, logAlert } from './fleet-records.ts';

test('log-cap-reached', () => {
  const alert = logAlert('log-cap-reached');
  const capped = {
    TimeGenerated: before(3),
    Category: 'Ingestion',
    Level: 'Warning',
    Detail: 'Data collection stopped due to daily limit of free data reached. Ingestion status = OverQuota',
  };
  assert.deepEqual(fires(alert, [capped]), ['all']);
  assert.deepEqual(fires(alert, []), []);
  assert.deepEqual(fires(alert, [{ ...capped, TimeGenerated: before(31) }]), [], 'an hour ago');
  assert.deepEqual(fires(alert, [{ ...capped, Detail: 'Ingestion status = Normal' }]), []);
  assert.deepEqual(fires(alert, [{ ...capped, Category: 'Agent' }]), []);
});

test('log-cap-80-percent', () => {
  const alert = logAlert('log-cap-80-percent');
  const hours = (megabytes: number, change: object = {}) =>
    Array.from({ length: 24 }, (_, hour) => ({
      TimeGenerated: before(hour * 60 + 5),
      Quantity: megabytes,
      IsBillable: true,
      ...change,
    }));
  assert.deepEqual(fires(alert, hours(167)), ['all'], '4,008 MB of 5 GB');
  assert.deepEqual(fires(alert, hours(166)), [], '3,984 MB');
  assert.deepEqual(fires(alert, hours(500, { IsBillable: false })), [], 'free tables count for nothing');
  assert.deepEqual(fires(alert, hours(500, { TimeGenerated: before(1441) })), [], 'yesterday');
  const half = logAlert('log-cap-80-percent', atlas({ observability: { logs: { dailyCapGB: 0.5 } } }));
  assert.deepEqual([fires(half, hours(17)), fires(half, hours(16))], [['all'], []]);
});

test('keeper-missed-a-tick', () => {
  const alert = logAlert('keeper-missed-a-tick');
  const line = { TimeGenerated: before(12), ContainerGroup: 'keeper-atlas-demo', Message: 'tick' };
  assert.deepEqual(fires(alert, [line]), []);
  assert.deepEqual(fires(alert, []), ['all']);
  assert.deepEqual(fires(alert, [{ ...line, TimeGenerated: before(61) }]), ['all']);
  assert.deepEqual(fires(alert, [{ ...line, ContainerGroup: 'keeper-borealis-demo' }]), ['all']);
});

test('keeper-missed-a-tick, where a job of Container Apps keeps', () => {
  const alert = logAlert('keeper-missed-a-tick', atlas({ keeper: { run: 'container-apps-job' } }));
  const line = { TimeGenerated: before(12), JobName: 'keeper-atlas-demo-29301', Log: 'tick' };
  assert.deepEqual(fires(alert, [line]), []);
  assert.deepEqual(fires(alert, [{ ...line, JobName: 'other' }]), ['all']);
});
