import type { AwakeHours, Day } from '../../fleet/awake-hours.ts';
import type { Fleet } from '../../fleet/fleet.ts';

/** Kusto counts the days of a week from Sunday, as timespans. */
const DAY_NUMBERS: Readonly<Record<Day, number>> = { Sun: 0, Mon: 1, Tue: 2, Wed: 3, Thu: 4, Fri: 5, Sat: 6 };

const MINUTES_A_DAY = 1440;

/** A string literal. */
export function kqlText(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`;
}

/**
 * The clusters among these that are not among the values of `column`, a row each: as a table is never empty to
 * `make_set`, it works without a single record too.
 */
export function missingFrom(clusters: readonly string[], column: string): readonly string[] {
  return [
    `| summarize Seen = make_set(${column})`,
    `| extend Missing = set_difference(dynamic([${clusters.map(kqlText).join(', ')}]), Seen)`,
    '| mv-expand ClusterName = Missing to typeof(string)',
    '| project ClusterName',
  ];
}

/** A list for `in`: `("a", "b")`. */
export function kqlTuple(texts: readonly string[]): string {
  return `(${texts.map(kqlText).join(', ')})`;
}

/**
 * What a query needs to know whether the fleet was awake `agoMinutes` ago, on the schedule's own clock: from
 * `lateMinutes` after it wakes until it falls asleep. To look back it is the moment that moves, never an end of the
 * hours: the day of the week and a change to summer time move with it.
 */
export function awakeTerms(
  schedule: NonNullable<Fleet['schedule']>,
  { agoMinutes = 0, lateMinutes = 0 }: { readonly agoMinutes?: number; readonly lateMinutes?: number },
): { readonly lets: readonly string[]; readonly isAwake: string } {
  const { days, startMinute, endMinute }: AwakeHours = schedule.awake;
  const [local, clock] = ['Local', 'Clock'].map((name) => (agoMinutes === 0 ? name : `${name}${agoMinutes}`));
  const moment = agoMinutes === 0 ? 'now()' : `ago(${agoMinutes}m)`;
  const clauses = [
    `dayofweek(${local}) in (${days.map((day) => `${DAY_NUMBERS[day]}d`).join(', ')})`,
    `${clock} >= ${kqlTime(startMinute + lateMinutes)}`,
    `${clock} < ${kqlTime(endMinute)}`,
  ];
  return {
    lets: [
      `let ${local} = datetime_utc_to_local(${moment}, ${kqlText(schedule.timezone)});`,
      `let ${clock} = ${local} - startofday(${local});`,
    ],
    isAwake: clauses.join(' and '),
  };
}

/** `time(08:45:00)`; midnight at the end of a day is `time(1.00:00:00)`. */
function kqlTime(minute: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const ofDay = minute % MINUTES_A_DAY;
  const days = minute === ofDay ? '' : `${Math.floor(minute / MINUTES_A_DAY)}.`;
  return `time(${days}${two(Math.floor(ofDay / 60))}:${two(ofDay % 60)}:00)`;
}
