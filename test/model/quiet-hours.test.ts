import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parseAwakeHours } from '../../src/fleet/awake-hours.ts';
import { type QuietHours, quietHours } from '../../src/model/quiet-hours.ts';
import { fleetOf } from '../support/fleets.ts';
import { scheduled } from './alerts/fleet-records.ts';
import { areAwake, DAYS, hoursOfAWeek, hoursText, MINUTES_A_DAY, MINUTES_A_WEEK } from './hours-of-a-week.ts';

function quiet(awake: string, timezone = 'Asia/Seoul'): QuietHours | undefined {
  return quietHours(fleetOf(scheduled({ timezone, awake })));
}

test('nights and week-ends, with time to wake', () => {
  assert.deepEqual(quiet('Mon-Fri 08:00-20:00'), {
    timeZone: 'Korea Standard Time',
    daily: { start: '20:00:00', end: '08:45:00' },
    weekly: [{ days: ['Sat', 'Sun'] }],
  });
  assert.deepEqual(quiet('Mon-Sun 09:30-18:00', 'Asia/Kolkata'), {
    timeZone: 'India Standard Time',
    daily: { start: '18:00:00', end: '10:15:00' },
    weekly: [],
  });
  assert.deepEqual(quiet('Mon-Fri 00:00-24:00', 'UTC'), {
    timeZone: 'UTC',
    weekly: [{ days: ['Sat', 'Sun'] }, { days: ['Mon'], start: '00:00:00', end: '00:45:00' }],
  });
});

test('nothing is silenced in a fleet that never sleeps, or in a zone that Azure cannot name', () => {
  assert.equal(quietHours(fleetOf(scheduled())), undefined);
  assert.equal(quiet('Mon-Sun 00:00-24:00'), undefined);
  assert.equal(quiet('Mon-Fri 08:00-20:00', 'Antarctica/Troll'), undefined);
});

/** Minutes of a clock. */
function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number);
  return hours * 60 + minutes;
}

/** Whether Azure is silent in a minute of the week: an end that is not later than its start is on the next day. */
function isQuiet({ daily, weekly }: QuietHours, minute: number): boolean {
  const ofDay = minute % MINUTES_A_DAY;
  const day = DAYS[Math.floor(minute / MINUTES_A_DAY)]!;
  const within = ({ start, end }: { readonly start: string; readonly end: string }): boolean => {
    const [from, to] = [minutesOf(start), minutesOf(end)];
    return from < to ? ofDay >= from && ofDay < to : ofDay >= from || ofDay < to;
  };
  if (daily && within(daily)) return true;
  return weekly.some(
    ({ days, start, end }) =>
      days.includes(day) && (start === undefined || end === undefined || within({ start, end })),
  );
}

test('property: silent is all of the sleep, a little after waking, and nothing else', () => {
  fc.assert(
    fc.property(hoursOfAWeek, (hours) => {
      const awakeText = hoursText(hours);
      assert.notEqual(typeof parseAwakeHours(awakeText), 'string', awakeText);
      const silence = quiet(awakeText);
      const isAwake = (minute: number): boolean => areAwake(hours, minute);
      const week = Array.from({ length: MINUTES_A_WEEK }, (_, minute) => minute);
      const sleepsAtAll = !week.every(isAwake);
      assert.equal(silence !== undefined, sleepsAtAll, awakeText);
      if (!silence) return;
      for (let minute = 0; minute < MINUTES_A_WEEK; minute += 5) {
        if (!isAwake(minute)) assert.ok(isQuiet(silence, minute), `${awakeText}: heard asleep at ${minute}`);
        else if (Array.from({ length: 46 }, (_, back) => minute - back).every(isAwake)) {
          assert.ok(!isQuiet(silence, minute), `${awakeText}: silent at ${minute}, long awake`);
        }
      }
    }),
    { numRuns: 60 },
  );
});
