/**
 * Total order of strings by UTF-16 code unit: the same on every machine and in every locale,
 * which `localeCompare` is not.
 */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The entries of a record, ordered by key, so that the order of keys in a file never decides an output. */
export function sortedEntries<T>(record: Readonly<Record<string, T>>): [string, T][] {
  return Object.entries(record).sort(([a], [b]) => compareText(a, b));
}
