import { type Cidr, cidr, parseCidr, parseIpv4 } from '../../base/cidr.ts';

/**
 * What stands there, own properties alone: undefined for what is not known, null for what is known to be
 * nothing.
 */
export function valueAt(values: unknown, ...path: readonly (string | number)[]): unknown {
  let value = values;
  for (const step of path) {
    if (value === null) return null;
    if (typeof value !== 'object' || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}

export function textAt(values: unknown, ...path: readonly (string | number)[]): string | undefined {
  const value = valueAt(values, ...path);
  return typeof value === 'string' ? value : undefined;
}

/** A text that is one of a few. */
export function oneOfAt<const Choice extends string>(
  choices: readonly Choice[],
  values: unknown,
  ...path: readonly (string | number)[]
): Choice | undefined {
  const value = valueAt(values, ...path);
  return choices.find((choice) => choice === value);
}

export function numberAt(values: unknown, ...path: readonly (string | number)[]): number | undefined {
  const value = valueAt(values, ...path);
  return typeof value === 'number' ? value : undefined;
}

/** A switch; null is off, as everywhere in azurerm where nothing else is the default. */
export function switchAt(values: unknown, ...path: readonly (string | number)[]): boolean | undefined {
  const value = valueAt(values, ...path);
  if (value === null) return false;
  return typeof value === 'boolean' ? value : undefined;
}

/** The blocks of a name: none where it is null, undefined where it is not known. */
export function blocksAt(
  values: unknown,
  ...path: readonly (string | number)[]
): readonly unknown[] | undefined {
  const value = valueAt(values, ...path);
  if (value === null) return [];
  return Array.isArray(value) ? (value as unknown[]) : undefined;
}

/** A list of texts of which every one is known. */
export function textsAt(
  values: unknown,
  ...path: readonly (string | number)[]
): readonly string[] | undefined {
  const list = blocksAt(values, ...path);
  return list?.every((item) => typeof item === 'string') ? list : undefined;
}

/** A map of texts, every one known. */
export function textMapAt(
  values: unknown,
  ...path: readonly (string | number)[]
): Readonly<Record<string, string>> | undefined {
  const value = valueAt(values, ...path);
  if (value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) return undefined;
  const entries = Object.entries(value);
  return entries.every((entry): entry is [string, string] => typeof entry[1] === 'string')
    ? Object.fromEntries(entries)
    : undefined;
}

/** An IPv4 range, or one address as the range of itself. */
export function rangeOf(text: string): Cidr | undefined {
  if (parseIpv4(text) !== undefined) return cidr(`${text}/32`);
  const parsed = parseCidr(text);
  return parsed.ok ? parsed.value : undefined;
}
