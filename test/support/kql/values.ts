/** Values as Kusto has them. A string is never null: where it is not given it is empty. */
export type Value =
  | string
  | number
  | boolean
  | null
  | { readonly kind: 'datetime'; readonly ms: number }
  | { readonly kind: 'timespan'; readonly ms: number }
  | readonly Value[];

export type Row = Readonly<Record<string, Value>>;

export function datetime(ms: number): Value {
  return { kind: 'datetime', ms };
}

export function timespan(ms: number): Value {
  return { kind: 'timespan', ms };
}

/** The moment that an ISO text names. */
export function at(iso: string): Value {
  const ms = Date.parse(iso);
  if (Number.isNaN(ms)) throw new Error(`${iso} is no moment`);
  return datetime(ms);
}

/** Milliseconds of a datetime or a timespan, which of the two it is, or undefined. */
export function timed(
  value: Value,
): { readonly kind: 'datetime' | 'timespan'; readonly ms: number } | undefined {
  return typeof value === 'object' && value !== null && 'ms' in value ? value : undefined;
}

/** Equal values have equal keys. */
export function keyOf(value: Value): string {
  return JSON.stringify(value);
}

/** Below, at or above zero; undefined where Kusto's comparison is null. */
export function compare(left: Value, right: Value): number | undefined {
  const [from, to] = [timed(left), timed(right)];
  if (from && to) return from.kind === to.kind ? from.ms - to.ms : undefined;
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right);
  if (typeof left === 'string' && typeof right === 'string') return left < right ? -1 : Number(left > right);
  if (left === null || right === null) return undefined;
  throw new Error(`Kusto compares no ${keyOf(left)} with ${keyOf(right)}`);
}
