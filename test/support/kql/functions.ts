import { type Row, type Value, compare, datetime, keyOf, timed, timespan } from './values.ts';

const DAY_MS = 86_400_000;

/** Functions of single values. The clock is an argument of the whole evaluation. */
export function callFunction(name: string, args: readonly Value[], nowMs: number): Value {
  const [first = null, second = null] = args;
  switch (name) {
    case 'now':
      return datetime(nowMs);
    case 'ago':
      return datetime(nowMs - msOf(first));
    case 'not':
      return first === null ? null : first !== true;
    case 'isempty':
      return first === null || first === '';
    case 'isnull':
      return first === null;
    case 'datetime_utc_to_local':
      return datetime(localMs(msOf(first), String(second)));
    case 'startofday':
      return datetime(Math.floor(msOf(first) / DAY_MS) * DAY_MS);
    case 'dayofweek':
      return timespan(new Date(msOf(first)).getUTCDay() * DAY_MS);
    case 'set_difference': {
      const gone = new Set(listOf(second).map(keyOf));
      return listOf(first).filter((item) => !gone.has(keyOf(item)));
    }
    default:
      throw new Error(`${name}() is not known here`);
  }
}

/** What an aggregate answers over the rows of a group; for arg_max, several columns. */
export function aggregate(
  name: string,
  columns: readonly string[],
  rows: readonly Row[],
  valueIn: (row: Row) => Value,
): Value | Row {
  const values = (): readonly Value[] => rows.map(valueIn).filter((value) => value !== null);
  switch (name) {
    case 'count':
      return rows.length;
    case 'countif':
      return values().filter((value) => value === true).length;
    case 'dcount':
      return new Set(values().map(keyOf)).size;
    case 'sum':
      return values().reduce<number>((total, value) => total + Number(value), 0);
    case 'max':
      return greatest(values(), (value) => value);
    case 'min':
      return greatest(values(), (value) => value, -1);
    case 'make_set':
      return [...new Map(values().map((value) => [keyOf(value), value])).values()];
    case 'arg_max': {
      const row = greatest(rows, (candidate) => candidate[columns[0]!] ?? null);
      return Object.fromEntries(columns.map((column) => [column, row?.[column] ?? null]));
    }
    default:
      throw new Error(`the aggregate ${name}() is not known here`);
  }
}

function greatest<T>(items: readonly T[], valueOf: (item: T) => Value, sign = 1): T | null {
  let best: T | null = null;
  for (const item of items) {
    const value = valueOf(item);
    if (value === null) continue;
    if (best === null || (compare(value, valueOf(best)) ?? 0) * sign > 0) best = item;
  }
  return best;
}

function msOf(value: Value): number {
  const time = timed(value);
  if (!time) throw new Error(`${keyOf(value)} is neither a moment nor a timespan`);
  return time.ms;
}

function listOf(value: Value): readonly Value[] {
  return Array.isArray(value) ? value : [];
}

/** The moment whose parts in UTC are those of this one in the zone. */
function localMs(ms: number, timeZone: string): number {
  const format = new Intl.DateTimeFormat('en', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  const parts = new Map(format.formatToParts(ms).map(({ type, value }) => [type, Number(value)]));
  const part = (type: Intl.DateTimeFormatPartTypes): number => parts.get(type) ?? 0;
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second'));
}
