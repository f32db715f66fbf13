import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type AwakeHours, parseAwakeHours, shortestSleepMinutes } from '../../src/fleet/awake-hours.ts';

function sleepOf(text: string): number {
  const hours = parseAwakeHours(text);
  assert.ok(typeof hours !== 'string', text);
  return shortestSleepMinutes(hours);
}

test('the shortest sleep of a week', () => {
  assert.equal(sleepOf('Mon-Fri 08:00-20:00'), 12 * 60);
  assert.equal(sleepOf('Mon-Sun 00:00-23:50'), 10);
  assert.equal(sleepOf('Mon-Sun 00:00-24:00'), 0);
  // Days that meet at midnight are one long day.
  assert.equal(sleepOf('Mon-Fri 00:00-24:00'), 2 * 24 * 60);
  assert.equal(sleepOf('Wed 09:00-10:00'), 7 * 24 * 60 - 60);
  assert.equal(sleepOf('Sun,Mon 00:00-23:30'), 30);
});

test('property: the sleeps of a week are never longer than what is left of it', () => {
  const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
  const any: fc.Arbitrary<AwakeHours> = fc
    .tuple(fc.subarray([...days], { minLength: 1 }), fc.nat(1439), fc.nat(1439))
    .map(([chosen, a, b]) => ({ days: chosen, startMinute: Math.min(a, b), endMinute: Math.max(a, b) + 1 }));
  fc.assert(
    fc.property(any, (hours) => {
      const awake = hours.days.length * (hours.endMinute - hours.startMinute);
      const sleep = shortestSleepMinutes(hours);
      assert.ok(sleep >= 0 && sleep + awake <= 7 * 1440);
      assert.equal(sleep === 0, awake === 7 * 1440);
    }),
  );
});
