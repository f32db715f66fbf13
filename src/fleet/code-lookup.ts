import type { CodeLiterals, Literal } from './code-literal.ts';
import type { Range } from './source-text.ts';
import { LEVELS_MAX } from './yaml-syntax.ts';
import { VALUES_MAX } from './yaml-tree.ts';

type MapLiteral = Literal & { readonly kind: 'map' };
type ListLiteral = Literal & { readonly kind: 'list' };

/** The members of a map literal, those that it spreads among them; of two with one key, the later. */
export type Members = {
  readonly byKey: ReadonlyMap<string, { readonly at: Range; readonly value: Literal }>;
  /** What may have brought more keys than can be seen. */
  readonly rest: Range | undefined;
  readonly repeated: readonly Repeated[];
};

/** A key that one literal writes twice. */
export type Repeated = { readonly key: string; readonly first: Range; readonly again: Range };

/** A list with what it spreads in place; `gaps` are the spreads that cannot be seen through. */
type Items = { readonly items: readonly (Literal | undefined)[]; readonly gaps: readonly number[] };

/**
 * Looks literals up, and what they name and spread. Remembers what it found: a constant may be used many
 * times.
 */
export type Lookup = {
  readonly constants: ReadonlyMap<string, Literal>;
  readonly members: Map<Literal, Members>;
  readonly items: Map<Literal, Items>;
  /**
   * Members and items that were spread so far: spreads of spreads grow without bound, and a fleet has one.
   */
  spread: number;
};

export function lookupIn({ constants }: CodeLiterals): Lookup {
  return { constants, members: new Map(), items: new Map(), spread: 0 };
}

/** The literal that this one stands for; undefined when only running the code can tell. */
export function settled({ constants }: Lookup, literal: Literal | undefined): Literal | undefined {
  let inner = literal;
  for (let step = 0; step < LEVELS_MAX; step++) {
    if (inner?.kind === 'name') inner = constants.get(inner.name);
    else if (inner?.kind === 'call') inner = inner.of;
    else return inner?.kind === 'opaque' || inner?.kind === 'spread' ? undefined : inner;
  }
  return undefined;
}

export function membersOf(lookup: Lookup, literal: MapLiteral, level = 0): Members {
  const known = lookup.members.get(literal);
  if (known !== undefined) return known;
  // A map that spreads itself cannot have been run; this ends it.
  lookup.members.set(literal, { byKey: new Map(), rest: undefined, repeated: [] });
  const byKey = new Map<string, { readonly at: Range; readonly value: Literal }>();
  const own = new Map<string, Range>();
  const repeated: Repeated[] = [];
  let rest: Range | undefined;
  for (const { key, value } of literal.members) {
    if (key === undefined) {
      const inner = spreadMembers(lookup, value, level);
      for (const [name, member] of inner?.byKey ?? []) byKey.set(name, member);
      if (inner === undefined || inner.rest !== undefined) rest = value.at;
      continue;
    }
    const first = own.get(key.text);
    if (first === undefined) own.set(key.text, key.at);
    else repeated.push({ key: key.text, first, again: key.at });
    byKey.set(key.text, { at: key.at, value });
  }
  const found = { byKey, rest, repeated };
  lookup.members.set(literal, found);
  return found;
}

/** The members that a spread brings; undefined when they cannot be seen. */
function spreadMembers(lookup: Lookup, value: Literal, level: number): Members | undefined {
  const source = value.kind === 'spread' ? settled(lookup, value.of) : undefined;
  if (source?.kind !== 'map' || level > LEVELS_MAX) return undefined;
  const members = membersOf(lookup, source, level + 1);
  lookup.spread += members.byKey.size;
  return lookup.spread > VALUES_MAX ? undefined : members;
}

/** The literal of one item in a list of this length. */
export function itemOf(
  lookup: Lookup,
  literal: ListLiteral,
  { index, length }: { readonly index: number; readonly length: number },
): Literal | undefined {
  const { items, gaps } = itemsOf(lookup, literal, 0);
  const gap = gaps[0];
  if (gap === undefined) return items.length === length ? items[index] : undefined;
  if (index < gap) return items[index];
  // With a second spread, nobody can tell where the first one ends.
  if (gaps.length > 1 || length < items.length - 1) return undefined;
  const fromEnd = items.length - (length - index);
  return items[Math.max(gap, fromEnd)];
}

function itemsOf(lookup: Lookup, literal: ListLiteral, level: number): Items {
  const known = lookup.items.get(literal);
  if (known !== undefined) return known;
  lookup.items.set(literal, { items: [], gaps: [] });
  const items = literal.items.flatMap((item) => {
    const source = item?.kind === 'spread' ? settled(lookup, item.of) : undefined;
    if (source?.kind !== 'list' || level > LEVELS_MAX || lookup.spread > VALUES_MAX) return [item];
    const inner = itemsOf(lookup, source, level + 1).items;
    lookup.spread += inner.length;
    return inner;
  });
  const gaps = items.flatMap((item, index) => (item?.kind === 'spread' ? [index] : []));
  const found = { items, gaps };
  lookup.items.set(literal, found);
  return found;
}
