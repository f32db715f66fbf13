import { type Cidr, formatCidr, nthBlock, parseCidr } from '../../src/base/cidr.ts';

export type Change = 'dropped' | 'swapped' | 'neighbour';

/** One other value for a place; a drop has none. */
export type Edit = { readonly change: Change; readonly text: string; readonly value: unknown };
export type Steps = readonly (string | number)[];
export type Place = { readonly steps: Steps; readonly value: unknown };

export const DROP: Edit = { change: 'dropped', text: 'dropped', value: undefined };

/** Values of siblings that stand for all of them. */
const SIBLINGS_MAX = 2;

/** Every place inside a value, those that hold others before what they hold. */
export function* placesIn(
  value: object,
  skip: ReadonlySet<string> = new Set(),
  steps: Steps = [],
): Iterable<Place> {
  for (const [key, inner] of Object.entries(value)) {
    if (skip.has(key) || inner === undefined) continue;
    const at = [...steps, Array.isArray(value) ? Number(key) : key];
    yield { steps: at, value: inner };
    if (typeof inner === 'object' && inner !== null && !isCidr(inner)) yield* placesIn(inner, skip, at);
  }
}

/** The different values of each leaf over all places, in order of appearance. */
export function valuesByLeaf(
  places: Iterable<Place>,
  leafOf: (steps: Steps) => string,
): ReadonlyMap<string, readonly unknown[]> {
  const values = new Map<string, unknown[]>();
  for (const { steps, value } of places) {
    const leaf = leafOf(steps);
    const known = values.get(leaf) ?? [];
    if (!known.some((other) => isSame(other, value))) values.set(leaf, [...known, value]);
  }
  return values;
}

/** A list emptied, without an item and with an item twice: the first stands for all, or each is tried. */
export function* listEdits(list: readonly unknown[], which: 'first' | 'every'): Iterable<Edit> {
  if (list.length > 0) yield { change: 'neighbour', text: 'emptied', value: [] };
  for (const [index, item] of (which === 'first' ? list.slice(0, 1) : list).entries()) {
    if (list.length > 1) {
      const value = list.toSpliced(index, 1);
      yield { change: 'neighbour', text: `without [${index}]`, value };
    }
    yield { change: 'neighbour', text: `with [${index}] twice`, value: [...list, item] };
  }
}

/** Another value of its union, of its siblings, or near to it. */
export function* scalarEdits(
  value: unknown,
  union: readonly string[],
  siblings: readonly unknown[],
): Iterable<Edit> {
  const to = (change: Change, other: unknown): Edit => ({
    change,
    text: `${valueText(value)} becomes ${valueText(other)}`,
    value: other,
  });
  const tried: unknown[] = [value];
  const isNew = (other: unknown): boolean => {
    if (tried.some((one) => isSame(one, other))) return false;
    tried.push(other);
    return true;
  };
  const swaps = siblings.filter((other) => typeof other === typeof value && !isSame(other, value));
  for (const other of swaps.slice(0, SIBLINGS_MAX)) if (isNew(other)) yield to('swapped', other);
  for (const other of union) if (isNew(other)) yield to('swapped', other);
  // Beside a closed union there is no neighbour.
  if (union.length > 0) return;
  for (const other of neighboursOf(value)) if (isNew(other)) yield to('neighbour', other);
}

function neighboursOf(value: unknown): readonly unknown[] {
  if (typeof value === 'boolean') return [!value];
  if (typeof value === 'number') return [value + 1, value - 1, value * 2, 0];
  if (isCidr(value)) return rangesNear(value);
  if (typeof value !== 'string') return [];
  const parsed = parseCidr(value);
  if (parsed.ok) return rangesNear(parsed.value).map(formatCidr);
  return [`${value}x`, ...numbersNear(value), ''];
}

/** The next block and the one before, the range that holds it, its first half. */
function rangesNear(range: Cidr): readonly Cidr[] {
  const { address, prefix } = range;
  const size = 2 ** (32 - prefix);
  const wide = 2 * size;
  return [
    ...(address + 2 * size <= 2 ** 32 ? [{ address: address + size, prefix }] : []),
    ...(address >= size ? [{ address: address - size, prefix }] : []),
    ...(prefix > 0 ? [{ address: Math.floor(address / wide) * wide, prefix: prefix - 1 }] : []),
    ...(prefix < 32 ? [nthBlock(range, prefix + 1, 0)!] : []),
  ];
}

/** The text with its last number one higher and one lower: another version, address, port or name. */
function numbersNear(text: string): readonly string[] {
  const match = /^(.*?)(\d+)(\D*)$/.exec(text);
  if (!match) return [];
  const [, before = '', digits = '', after = ''] = match;
  const number = Number(digits);
  // A long number that begins with zeros keeps its length: a part of an id.
  const length = /^0\d{3}/.test(digits) ? digits.length : 1;
  return [number + 1, number - 1]
    .filter((other) => other >= 0)
    .map((other) => `${before}${String(other).padStart(length, '0')}${after}`);
}

/** The value with one place inside it changed. */
export function withValue<Holder extends object>(holder: Holder, steps: Steps, edit: Edit): Holder {
  const [step, ...rest] = steps;
  const inner = holder[step as keyof Holder];
  const value = rest.length === 0 ? edit.value : withValue(inner as object, rest, edit);
  if (Array.isArray(holder)) return holder.with(Number(step), value) as unknown as Holder;
  const { [step as keyof Holder]: _, ...others } = holder;
  return (value === undefined ? others : { ...holder, [step as string]: value }) as Holder;
}

export function isCidr(value: unknown): value is Cidr {
  return isPlainObject(value) && 'address' in value && 'prefix' in value;
}

export function isPlainObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

export function valueText(value: unknown): string {
  if (isCidr(value)) return formatCidr(value);
  return typeof value === 'string' && /^.+$/.test(value) ? value : JSON.stringify(value);
}

/** `pods[].cpuMillis` */
export function leafText(steps: Steps): string {
  return steps
    .map((step) => (typeof step === 'number' ? '[]' : `.${step}`))
    .join('')
    .slice(1);
}

/** `pods[0].cpuMillis` */
export function placeText(steps: Steps): string {
  return steps
    .map((step) => (typeof step === 'number' ? `[${step}]` : `.${step}`))
    .join('')
    .slice(1);
}
