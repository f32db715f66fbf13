/**
 * The entries of two lists that have one key, side by side: those of `head` in its order, and each that only `base`
 * has where it stood, after what came before it.
 */
export function pairs<T>(
  base: readonly T[],
  head: readonly T[],
  keyOf: (entry: T) => string,
): readonly (readonly [before: T | undefined, after: T | undefined])[] {
  const old = new Map(base.map((entry) => [keyOf(entry), entry]));
  const kept = new Set(head.map(keyOf));
  const lost = new Map<string | undefined, T[]>();
  let previous: string | undefined;
  for (const [key, entry] of old) {
    if (kept.has(key)) previous = key;
    else lost.set(previous, [...(lost.get(previous) ?? []), entry]);
  }
  const gone = (key: string | undefined): [T, undefined][] =>
    (lost.get(key) ?? []).map((entry) => [entry, undefined]);
  return [
    ...gone(undefined),
    ...head.flatMap((entry): [T | undefined, T | undefined][] => {
      const key = keyOf(entry);
      return [[old.get(key), entry], ...gone(key)];
    }),
  ];
}
