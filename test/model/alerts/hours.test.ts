import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { platformOf } from '../../support/fleets.ts';
import { areAwake, hoursOfAWeek, hoursText, MINUTES_A_DAY, MINUTES_A_WEEK } from '../hours-of-a-week.ts';
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

const [MONDAY, TUESDAY, FRIDAY, SATURDAY, SUNDAY] = [23, 24, 27, 28, 29];

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

/** Whether awake-off-hours fires for a cluster that was just heard of, by moments of Seoul. */
function offHours(awake: string): (day: number, time: string) => boolean {
  const alert = logAlert('awake-off-hours', scheduled({ timezone: 'Asia/Seoul', awake }));
  return (day, time) => {
    const now = inSeoul(day, time);
    return fires(alert, seen([APP1], 4, now), now).length > 0;
  };
}

test('awake-off-hours leaves an hour after hours that end at night', () => {
  for (const [awake, still, over] of [
    ['Mon-Sun 01:00-23:00', '23:59', '00:00'],
    ['Mon-Fri 08:00-23:30', '00:29', '00:30'],
    ['Mon-Fri 06:00-24:00', '00:59', '01:00'],
  ] as const) {
    const firesAt = offHours(awake);
    const stillDay = still < '12:00' ? TUESDAY : MONDAY;
    assert.deepEqual([firesAt(stillDay, still), firesAt(TUESDAY, over)], [false, true], awake);
  }
});

test('awake-off-hours at the edges of a week-end', () => {
  const weekdays = offHours('Mon-Fri 06:00-24:00');
  assert.deepEqual(
    ['00:00', '00:59', '01:00', '23:59'].map((time) => weekdays(SATURDAY, time)),
    [false, false, true, true],
  );
  assert.deepEqual([weekdays(SUNDAY, '00:30'), weekdays(MONDAY, '00:30')], [true, true]);
  const allDay = offHours('Mon-Fri 00:00-24:00');
  assert.deepEqual([allDay(TUESDAY, '00:00'), allDay(TUESDAY, '00:30')], [false, false]);
  assert.deepEqual([allDay(SATURDAY, '00:59'), allDay(SATURDAY, '01:00')], [false, true]);
  assert.deepEqual([allDay(SUNDAY, '23:59'), allDay(MONDAY, '00:00')], [true, false]);
});

test('awake-off-hours leaves its hour on the night when the clocks change', () => {
  const schedule = { timezone: 'Europe/Berlin', awake: 'Mon-Sun 00:00-02:00' };
  const alert = logAlert('awake-off-hours', scheduled(schedule));
  const fired = (iso: string): boolean => fires(alert, seen([APP1], 4, iso), iso).length > 0;
  // The clock goes from 02:00 to 03:00 as the hours end.
  assert.deepEqual([fired('2026-03-29T01:59:00Z'), fired('2026-03-29T02:00:00Z')], [false, true]);
});

const GRACE_MINUTES = 60;

test('property: awake-off-hours fires where a fleet has been to sleep for an hour, and nowhere else', () => {
  const nearEdge = fc.record({
    day: fc.integer({ min: 0, max: 6 }),
    edge: fc.constantFrom<'start' | 'end'>('start', 'end'),
    after: fc.integer({ min: -75, max: 75 }),
  });
  const moments = fc.array(nearEdge, { minLength: 12, maxLength: 12 });
  const zone = fc.constantFrom(['Asia/Seoul', '+09:00'], ['Asia/Kolkata', '+05:30'], ['UTC', '+00:00']);
  fc.assert(
    fc.property(hoursOfAWeek, moments, zone, (hours, edges, [timezone = '', offset = '']) => {
      const awake = hoursText(hours);
      const data = scheduled({ timezone, awake });
      if (!platformOf(data).alerts.some(({ id }) => id === 'awake-off-hours')) return;
      const alert = logAlert('awake-off-hours', data);
      const mondayMs = Date.parse(`2026-11-23T00:00:00${offset}`);
      for (const { day, edge, after } of edges) {
        const minute = day * MINUTES_A_DAY + hours[edge] + after;
        const now = new Date(mondayMs + minute * 60_000).toISOString();
        const back = Array.from({ length: GRACE_MINUTES + 1 }, (_, ago) => minute - ago);
        const isLongAsleep = !back.some((one) => areAwake(hours, one));
        const place = `${awake} ${timezone} at ${now}`;
        assert.deepEqual(fires(alert, seen([APP1], 4, now), now), isLongAsleep ? [APP1] : [], place);
        assert.deepEqual(fires(alert, [], now), [], place);
      }
    }),
    { numRuns: 100 },
  );
});

test('property: awake-off-hours is there where a sleep holds its grace and an hour to look in', () => {
  fc.assert(
    fc.property(hoursOfAWeek, (hours) => {
      let [longest, asleep] = [0, 0];
      for (let minute = 0; minute < 2 * MINUTES_A_WEEK; minute++) {
        asleep = areAwake(hours, minute) ? 0 : asleep + 1;
        longest = Math.max(longest, asleep);
      }
      const { alerts } = platformOf(scheduled({ timezone: 'Asia/Seoul', awake: hoursText(hours) }));
      const isThere = alerts.some(({ id }) => id === 'awake-off-hours');
      assert.equal(isThere, longest >= GRACE_MINUTES + 60, hoursText(hours));
    }),
    { numRuns: 60 },
  );
});
