import { windowsZone } from '../catalog/time-zones.ts';
import { type AwakeHours, type Day, shortestSleepMinutes } from '../fleet/awake-hours.ts';
import type { Fleet } from '../fleet/fleet.ts';

/**
 * What a fleet may take to wake: the keeper's next tick (15 min), mgmt and then the app clusters one after the other
 * (5 to 10 min each, learn.microsoft.com, aks/start-stop-cluster), and nodes that join.
 */
const WAKE_MINUTES = 45;

const MINUTES_A_DAY = 1440;
const DAYS: readonly Day[] = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'];

/** Hours in which rules over clusters tell nobody, on the schedule's own clock. */
export type QuietHours = {
  /** The zone as Azure's alert processing rules know it: `Korea Standard Time`. */
  readonly timeZone: string;
  /** Every day; an end that is not later than the start is one of the next day. */
  readonly daily?: { readonly start: string; readonly end: string };
  readonly weekly: readonly WeeklyQuiet[];
};

/** Whole days, or a part of them. */
export type WeeklyQuiet = { readonly days: readonly Day[]; readonly start?: string; readonly end?: string };

/** Whether the fleet is ever asleep. */
export function sleeps({ awake }: NonNullable<Fleet['schedule']>): boolean {
  return shortestSleepMinutes(awake) > 0;
}

/**
 * From when the fleet falls asleep until it has had time to wake. Undefined when it never sleeps, or when its time zone
 * has no name that Azure takes: then a stop may wake somebody.
 */
export function quietHours({ schedule }: Fleet): QuietHours | undefined {
  const timeZone = schedule && windowsZone(schedule.timezone);
  if (!schedule || timeZone === undefined || !sleeps(schedule)) return undefined;
  const { awake } = schedule;
  const asleepDays = DAYS.filter((day) => !awake.days.includes(day));
  const wholeDays = asleepDays.length > 0 ? [{ days: asleepDays }] : [];
  const isAwakeAroundMidnight = awake.startMinute === 0 && awake.endMinute === MINUTES_A_DAY;
  if (isAwakeAroundMidnight) return { timeZone, weekly: [...wholeDays, wakingDays(awake)] };
  return {
    timeZone,
    daily: {
      start: timeText(awake.endMinute % MINUTES_A_DAY),
      end: timeText(awake.startMinute + wakeMinutes(awake)),
    },
    weekly: wholeDays,
  };
}

/** Mornings of the days on which a fleet that sleeps whole days alone wakes. */
function wakingDays(awake: AwakeHours): WeeklyQuiet {
  const days = awake.days.filter((day) => !awake.days.includes(DAYS.at(DAYS.indexOf(day) - 1)!));
  return { days, start: timeText(0), end: timeText(wakeMinutes(awake)) };
}

/** How long after its hour the fleet may take to be there; no more than half of what it is awake for. */
export function wakeMinutes({ startMinute, endMinute }: AwakeHours): number {
  return Math.min(WAKE_MINUTES, Math.floor((endMinute - startMinute) / 2));
}

function timeText(minute: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}:00`;
}
