import assert from 'node:assert/strict';
import { test } from 'node:test';
import { APP1, APP2, before, fires, logAlert, MGMT, scheduled } from './fleet-records.ts';

/** A record of each of these clusters, some minutes before. */
function seen(clusters: readonly (string | undefined)[], minutes: number, now: string) {
  return clusters.map((name) => ({
    TimeGenerated: before(minutes, now),
    ClusterName: name!,
    Status: 'Ready',
  }));
}

/** A moment of a week in Seoul, which has no summer time: 23 November 2026 is a Monday. */
function inSeoul(day: number, time: string): string {
  return new Date(Date.parse(`2026-11-${day}T${time}:00+09:00`)).toISOString();
}

const [MONDAY, FRIDAY, SATURDAY] = [23, 27, 28];

test('cluster-silent fires for whom nothing was heard of', () => {
  const alert = logAlert('cluster-silent');
  const now = inSeoul(MONDAY, '12:00');
  assert.deepEqual(fires(alert, seen([MGMT, APP1, APP2], 4, now), now), []);
  assert.deepEqual(fires(alert, seen([MGMT, APP2], 4, now), now), [APP1]);
  assert.deepEqual(fires(alert, seen([MGMT, APP1, APP2], 31, now), now), [MGMT, APP1, APP2]);
  assert.deepEqual(fires(alert, [], now), [MGMT, APP1, APP2], 'without a single record');
});

test('cluster-silent knows when clusters sleep, and that waking takes time', () => {
  const alert = logAlert('cluster-silent');
  const silentAt = (day: number, time: string): boolean => fires(alert, [], inSeoul(day, time)).length > 0;
  assert.deepEqual(
    ['07:59', '08:44', '08:45', '19:59', '20:00', '23:59'].map((time) => silentAt(MONDAY, time)),
    [false, false, true, true, false, false],
  );
  assert.deepEqual([silentAt(FRIDAY, '12:00'), silentAt(SATURDAY, '12:00')], [true, false]);
});

test('cluster-silent of a fleet that never sleeps fires at any hour', () => {
  for (const schedule of [undefined, { timezone: 'Asia/Seoul', awake: 'Mon-Sun 00:00-24:00' }]) {
    const alert = logAlert('cluster-silent', scheduled(schedule));
    assert.equal(fires(alert, [], inSeoul(SATURDAY, '03:00')).length, 3);
    assert.doesNotMatch(alert.why, /night/);
  }
});

test('the hours follow summer time', () => {
  const schedule = { timezone: 'Europe/Berlin', awake: 'Mon-Fri 08:00-20:00' };
  const alert = logAlert('cluster-silent', scheduled(schedule));
  const fired = (iso: string): boolean => fires(alert, [], iso).length > 0;
  assert.deepEqual([fired('2026-07-06T06:44:00Z'), fired('2026-07-06T06:45:00Z')], [false, true]);
  assert.deepEqual([fired('2026-12-07T07:44:00Z'), fired('2026-12-07T07:45:00Z')], [false, true]);
});

test('awake-off-hours', () => {
  const alert = logAlert('awake-off-hours');
  const awakeAt = (day: number, time: string, minutes = 4): readonly string[] => {
    const now = inSeoul(day, time);
    return fires(alert, seen([APP1], minutes, now), now);
  };
  assert.deepEqual(awakeAt(MONDAY, '21:00'), [APP1]);
  assert.deepEqual(awakeAt(SATURDAY, '12:00'), [APP1]);
  assert.deepEqual(awakeAt(MONDAY, '07:00'), [APP1], 'woken an hour early');
  assert.deepEqual(awakeAt(MONDAY, '20:59'), [], 'it may still be stopping');
  assert.deepEqual(awakeAt(MONDAY, '12:00'), []);
  assert.deepEqual(awakeAt(MONDAY, '21:00', 16), [], 'it stopped since');
  assert.deepEqual(fires(alert, [], inSeoul(MONDAY, '21:00')), []);
});
