import { type AwakeHours, shortestSleepMinutes } from '../../fleet/awake-hours.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import type { LogAlert } from './alert.ts';
import { awakeTerms } from './kql.ts';

/** Two missed ticks of the keeper, and as long again for clusters to stop. */
const GRACE_MINUTES = 60;
/** Three collections: a cluster that has stopped since is not found by what it wrote before. */
const STILL_MINUTES = 15;
const WINDOW_MINUTES = 60;
/** What the keeper looks at the hours by: shorter ones may pass without it. */
const TICK_MINUTES = 15;

/**
 * Undefined where every sleep is shorter than the grace and a window together: what remains after the grace is less
 * than the hour from one look to the next, so that the rule may never look in time, or has no time at all.
 */
export function awakeOffHours(schedule: NonNullable<Fleet['schedule']>): LogAlert | undefined {
  if (!isLongAsleep(schedule.awake)) return undefined;
  const looks = looksBackMinutes(schedule.awake).map((agoMinutes) => awakeTerms(schedule, { agoMinutes }));
  return {
    kind: 'log',
    id: 'awake-off-hours',
    description:
      'A cluster has not gone to sleep, an hour after the schedule says so: it is billed all night.',
    severity: 3,
    watches: 'fleet',
    query: [
      ...looks.flatMap(({ lets }) => lets),
      'KubeNodeInventory',
      `| where TimeGenerated > ago(${STILL_MINUTES}m)`,
      ...looks.map(({ isAwake }) => `| where not(${isAwake})`),
      '| distinct ClusterName',
    ].join('\n'),
    tables: ['KubeNodeInventory'],
    splitBy: 'ClusterName',
    rowsAbove: 0,
    frequencyMinutes: 60,
    windowMinutes: WINDOW_MINUTES,
    why: 'What a missed tick costs, whatever it was that missed it.',
    source: 'learn.microsoft.com, kusto/query/datetime-utc-to-local-function',
  };
}

/** A day off is long enough; without one, all sleeps are nights of the same length. */
function isLongAsleep(awake: AwakeHours): boolean {
  return awake.days.length < 7 || shortestSleepMinutes(awake) >= GRACE_MINUTES + WINDOW_MINUTES;
}

/**
 * When the fleet must have been asleep for all of the grace: now and an hour ago, as hours that are as long hold one of
 * the two. Shorter ones could pass between them, and have looks at most that far apart.
 */
function looksBackMinutes({ startMinute, endMinute }: AwakeHours): readonly number[] {
  const apartMinutes = Math.max(TICK_MINUTES, Math.min(endMinute - startMinute, GRACE_MINUTES));
  const count = Math.ceil(GRACE_MINUTES / apartMinutes);
  return Array.from({ length: count + 1 }, (_, index) => Math.min(index * apartMinutes, GRACE_MINUTES));
}
