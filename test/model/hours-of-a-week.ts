import fc from 'fast-check';
import type { Day } from '../../src/fleet/awake-hours.ts';

export const DAYS: readonly Day[] = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];
export const MINUTES_A_DAY = 1440;
export const MINUTES_A_WEEK = 7 * MINUTES_A_DAY;

/** Hours of a schedule, in minutes of a day. */
export type Hours = { readonly days: readonly Day[]; readonly start: number; readonly end: number };

/** At least a quarter of an hour: the keeper, which looks that often, may miss what is shorter. */
export const hoursOfAWeek: fc.Arbitrary<Hours> = fc
  .tuple(
    fc.oneof(fc.constant([...DAYS]), fc.subarray([...DAYS], { minLength: 1 })),
    fc.oneof(fc.constant(0), fc.integer({ min: 0, max: MINUTES_A_DAY - 15 })),
    fc.oneof(
      fc.constant(MINUTES_A_DAY),
      fc.integer({ min: 15, max: 90 }),
      fc.integer({ min: 15, max: MINUTES_A_DAY }),
    ),
  )
  .map(([days, start, length]) => ({ days, start, end: Math.min(start + length, MINUTES_A_DAY) }));

/** As a fleet file has them: `Mon,Tue 08:00-20:00`. */
export function hoursText({ days, start, end }: Hours): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const clock = (minute: number): string => `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
  return `${days.join(',')} ${clock(start)}-${clock(end)}`;
}

/** Whether hours hold a minute of the week, the first of which is the first of Monday; weeks go round. */
export function areAwake({ days, start, end }: Hours, minute: number): boolean {
  const ofWeek = ((minute % MINUTES_A_WEEK) + MINUTES_A_WEEK) % MINUTES_A_WEEK;
  const ofDay = ofWeek % MINUTES_A_DAY;
  return days.includes(DAYS[Math.floor(ofWeek / MINUTES_A_DAY)]!) && ofDay >= start && ofDay < end;
}
