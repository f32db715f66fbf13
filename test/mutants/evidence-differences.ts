import { pathText } from '../../src/base/finding.ts';
import type { Evidence } from '../../src/contract/evidence.ts';
import type { Item } from '../../src/contract/item.ts';
import { type Change, isCidr, isPlainObject, valueText } from './edits.ts';
import { labelOf } from './evidence-mutants.ts';

/** One thing that one evidence says otherwise than another, in the words of a mutant of evidence. */
export type Difference = {
  /** `nodePools.maxPods`, `securityRules.sources[]`; a part alone when it has an item more or fewer. */
  readonly leaf: string;
  readonly change: Change;
  readonly text: string;
};

/** Where a thing stands is no fact about the fleet. */
const NO_FACTS = new Set(['path', 'places']);

/** What a second evidence says otherwise. */
export function differencesOf(before: Evidence, after: Evidence): readonly Difference[] {
  const parts = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...parts].flatMap((part) => {
    if (part === 'kind' || part === 'isOfFiles') return [];
    const [a, b] = [before[part as keyof Evidence], after[part as keyof Evidence]] as readonly unknown[];
    if (!Array.isArray(a) || !Array.isArray(b)) return valueDifferences(part, part, a, b);
    return listDifferences(part, a as Item<object>[], b as Item<object>[]);
  });
}

/** Items in the same place are the same item; where there are as many of them, the order tells. */
function listDifferences(
  part: string,
  before: readonly Item<object>[],
  after: readonly Item<object>[],
): readonly Difference[] {
  const pairs =
    before.length === after.length
      ? before.map((item, index) => [item, after[index]] as const)
      : pairsByPlace(before, after);
  return pairs.flatMap(([a, b], index) => {
    if (a && b) return valueDifferences(part, `${part}[${index}]${labelOf(a)}`, a, b);
    const text = a ? `${part} without${labelOf(a)}` : `${part} with another${labelOf(b!)}`;
    return [{ leaf: part, change: 'neighbour' as const, text }];
  });
}

type Pair = readonly [before: Item<object> | undefined, after: Item<object> | undefined];

/** Those that are alike are left out, so that places that moved are no difference. */
function pairsByPlace(before: readonly Item<object>[], after: readonly Item<object>[]): readonly Pair[] {
  const rest = [...after];
  const changed = before.filter((item) => {
    const index = rest.findIndex((other) => isAlike(item, other));
    if (index >= 0) rest.splice(index, 1);
    return index < 0;
  });
  const pairs = changed.map((item): Pair => {
    const index = rest.findIndex(({ path }) => pathText(path) === pathText(item.path));
    return [item, index < 0 ? undefined : rest.splice(index, 1)[0]];
  });
  return [...pairs, ...rest.map((item): Pair => [undefined, item])];
}

function valueDifferences(leaf: string, where: string, a: unknown, b: unknown): readonly Difference[] {
  if (isAlike(a, b)) return [];
  if (b === undefined) return [{ leaf, change: 'dropped', text: `${where} dropped` }];
  const become = (text: string): readonly Difference[] => [
    { leaf, change: 'neighbour', text: `${where} ${text}` },
  ];
  if (a === undefined) return become(`is said: ${valueText(b)}`);
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length
      ? a.flatMap((item, index) => valueDifferences(`${leaf}[]`, `${where}[${index}]`, item, b[index]))
      : become(lengthText(a, b));
  }
  if (isPlainObject(a) && isPlainObject(b) && !isCidr(a)) {
    const [one, other] = [a, b] as readonly Record<string, unknown>[];
    return [...new Set([...Object.keys(a), ...Object.keys(b)])]
      .filter((key) => !NO_FACTS.has(key))
      .flatMap((key) => valueDifferences(`${leaf}.${key}`, `${where}.${key}`, one![key], other![key]));
  }
  return become(`${valueText(a)} becomes ${valueText(b)}`);
}

function lengthText(before: readonly unknown[], after: readonly unknown[]): string {
  if (after.length === 0) return 'emptied';
  const lost = before.filter((item) => !after.some((other) => isAlike(item, other)));
  const won = after.filter((item) => !before.some((other) => isAlike(item, other)));
  if (lost.length > 0) return `without ${lost.map(valueText).join(', ')}`;
  return won.length > 0 ? `with ${won.map(valueText).join(', ')}` : 'with one twice';
}

/** Whether two values say the same, wherever they stand. */
function isAlike(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const [one, other] = [a, b] as readonly Record<string, unknown>[];
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  for (const key of keys) if (!NO_FACTS.has(key) && !isAlike(one![key], other![key])) return false;
  return true;
}
