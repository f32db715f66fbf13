import type { Path } from '../base/finding.ts';

/** Paths to be taken out, as a tree: `true` where one ends. */
type Cuts = Map<string, Cuts | true>;

/**
 * The map without what stands at the paths: keys are gone, list items are undefined, so that the indices of
 * the others stay. Undefined when it is no map or is to go as a whole. What is not cut is shared, never
 * copied or changed.
 */
export function without(value: unknown, paths: readonly Path[]): Record<string, unknown> | undefined {
  const cuts: Cuts = new Map();
  for (const path of paths) {
    if (path.length === 0) return undefined;
    addCut(cuts, path);
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return pruned(value, cuts) as Record<string, unknown>;
}

function addCut(cuts: Cuts, path: Path): void {
  let inner = cuts;
  for (const step of path.slice(0, -1)) {
    const known = inner.get(String(step));
    if (known === true) return;
    const next: Cuts = known ?? new Map<string, Cuts | true>();
    inner.set(String(step), next);
    inner = next;
  }
  inner.set(String(path.at(-1)), true);
}

function pruned(value: unknown, cuts: Cuts): unknown {
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => {
      const cut = cuts.get(String(index));
      return cut === undefined ? item : cut === true ? undefined : pruned(item, cut);
    });
  }
  if (typeof value !== 'object' || value === null) return value;
  const kept: Record<string, unknown> = {};
  for (const [key, item] of Object.entries(value)) {
    const cut = cuts.get(key);
    if (cut !== true) kept[key] = cut === undefined ? item : pruned(item, cut);
  }
  return kept;
}
