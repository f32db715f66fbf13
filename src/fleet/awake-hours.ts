import { quote } from '../base/quote.ts';

const DAYS = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'] as const;
export type Day = (typeof DAYS)[number];

/** The weekly hours in which the fleet is awake, in the schedule's own time zone. */
export type AwakeHours = {
  readonly days: readonly Day[];
  /** Minutes after midnight; `end` is exclusive and later than `start`. */
  readonly startMinute: number;
  readonly endMinute: number;
};

const MINUTES_A_DAY = 1440;
/** Days in 5/7 of 365 days, the year that every monthly figure here is a twelfth of. */
const DAYS_A_MONTH = 365 / 12;

/** Reads `Mon-Fri 08:00-20:00` or `Mon,Wed,Sat-Sun 09:00-18:00`. Answers a sentence when it cannot. */
export function parseAwakeHours(text: string): AwakeHours | string {
  const usage = 'write days and hours like Mon-Fri 08:00-20:00';
  const match = /^(\S+) (\d{2}):(\d{2})-(\d{2}):(\d{2})$/.exec(text);
  if (!match) return `${quote(text)} names no hours; ${usage}`;
  const [, dayText = '', startHour, startMinute, endHour, endMinute] = match;
  const days = parseDays(dayText);
  if (days === undefined) return `${quote(dayText)} names no days; ${usage}`;
  const start = Number(startHour) * 60 + Number(startMinute);
  const end = Number(endHour) * 60 + Number(endMinute);
  if (Number(startMinute) > 59 || Number(endMinute) > 59 || start >= 1440 || end > 1440) {
    return `${quote(text)} holds no time of day; ${usage}`;
  }
  if (start >= end) return `${quote(text)} ends before it starts; the hours must lie within one day`;
  return { days, startMinute: start, endMinute: end };
}

/**
 * Hours awake in an average month of 730 hours. Mon-Fri 08:00-20:00 is 12 h x 5/7 x 365/12 = 260.7 h, which price
 * tables round to 261.
 */
export function awakeHoursPerMonth(hours: AwakeHours): number {
  const perDay = (hours.endMinute - hours.startMinute) / 60;
  return Math.round(perDay * (hours.days.length / 7) * DAYS_A_MONTH);
}

/** Minutes of the shortest sleep in a week; 0 where one awake window meets the next all week long. */
export function shortestSleepMinutes({ days, startMinute, endMinute }: AwakeHours): number {
  const starts = days.map((day) => DAYS.indexOf(day) * MINUTES_A_DAY + startMinute);
  const sleeps = starts.map((start, index) => {
    const next = starts[index + 1] ?? starts[0]! + DAYS.length * MINUTES_A_DAY;
    return next - start - (endMinute - startMinute);
  });
  const real = sleeps.filter((minutes) => minutes > 0);
  return real.length === 0 ? 0 : Math.min(...real);
}

function parseDays(text: string): readonly Day[] | undefined {
  const chosen = new Set<Day>();
  for (const part of text.split(',')) {
    const [first = '', last = first, ...rest] = part.split('-');
    const from = DAYS.indexOf(first as Day);
    const to = DAYS.indexOf(last as Day);
    if (from < 0 || to < 0 || rest.length > 0) return undefined;
    // Sat-Mon wraps around the end of the week.
    for (let index = from; ; index = (index + 1) % 7) {
      chosen.add(DAYS[index]!);
      if (index === to) break;
    }
  }
  return DAYS.filter((day) => chosen.has(day));
}
