import { type Path, pathText } from '../base/finding.ts';
import { quote } from '../base/quote.ts';
import type { CodeLiterals, Literal } from './code-literal.ts';
import { itemOf, type Lookup, lookupIn, membersOf, type Repeated, settled } from './code-lookup.ts';
import { contentsOf, type Refused } from './code-value.ts';
import type { Draft } from './draft.ts';
import { BYTES_MAX, type Range, type SourceText } from './source-text.ts';
import { LEVELS_MAX } from './yaml-syntax.ts';
import { type Branch, KEYS_MAX, type Tree, treeAround, VALUES_MAX } from './yaml-tree.ts';

/** Where to point for a value, or for what is in it when that was not written. */
type Place = { readonly key?: Range; readonly at: Range };

type Growing = {
  readonly source: SourceText;
  readonly lookup: Lookup;
  readonly drafts: Draft[];
  /** The maps and lists around the one being read. */
  readonly around: Set<object>;
  values: number;
  characters: number;
  isExhausted: boolean;
};

const REFUSED: Tree = { value: undefined, size: 1, levels: 0 };

/**
 * Turns the value that a module exports into plain data that knows where the text says so. What the text does
 * not say, a call or an import for instance, has the place of what stands for it there. The branch is
 * undefined when the value is too large to be looked at.
 */
export function grow(
  value: unknown,
  literals: CodeLiterals,
  source: SourceText,
): { readonly branch: Branch | undefined; readonly drafts: readonly Draft[] } {
  const growing: Growing = {
    source,
    lookup: lookupIn(literals),
    drafts: [],
    around: new Set(),
    values: 0,
    characters: 0,
    isExhausted: false,
  };
  const branch = branchOf(growing, { value, literal: literals.root, around: { at: [0, 0] }, path: [] });
  return { branch: growing.isExhausted ? undefined : branch, drafts: growing.drafts };
}

type Leaf = {
  readonly value: unknown;
  readonly literal: Literal | undefined;
  readonly key?: Range | undefined;
  /** The place of what holds the value. */
  readonly around: Place;
  readonly path: Path;
};

function branchOf(growing: Growing, { value, literal, key = undefined, around, path }: Leaf): Branch {
  const own = literal !== undefined && agrees(literal, value) ? literal : undefined;
  const writtenKey = key ?? (own === undefined ? around.key : undefined);
  const place: Place = {
    ...(writtenKey === undefined ? {} : { key: writtenKey }),
    at: own?.at ?? around.at,
  };
  return { ...place, tree: treeOf(growing, { value, literal: settled(growing.lookup, own), place, path }) };
}

/** Whether the value may be what the literal says: code may have changed or replaced it since. */
function agrees(literal: Literal, value: unknown): boolean {
  if (literal.kind === 'scalar') return literal.value === value;
  return (literal.kind !== 'map' && literal.kind !== 'list') || (typeof value === 'object' && value !== null);
}

type Known = {
  readonly value: unknown;
  readonly literal: Literal | undefined;
  readonly place: Place;
  readonly path: Path;
};

function treeOf(growing: Growing, known: Known): Tree {
  const { value } = known;
  if (growing.isExhausted) return REFUSED;
  if (++growing.values > VALUES_MAX) return exhaust(growing, known, `${VALUES_MAX} values`);
  if (typeof value === 'string') return textTree(growing, known, value);
  if (value === null || typeof value === 'number' || typeof value === 'boolean') {
    return { value, size: 1, levels: 0 };
  }
  const contents = contentsOf(value);
  if (contents.kind === 'refused') return refuse(growing, known, contents);
  if (growing.around.has(contents.of)) return refuse(growing, known, ENDLESS);
  if (known.path.length >= LEVELS_MAX) return tooDeep(growing, known);
  growing.around.add(contents.of);
  const tree =
    contents.kind === 'list'
      ? listTree(growing, known, contents.items)
      : mapTree(growing, known, contents.keys, contents.values);
  growing.around.delete(contents.of);
  return tree;
}

function textTree(growing: Growing, known: Known, text: string): Tree {
  growing.characters += text.length;
  if (growing.characters > BYTES_MAX) return exhaust(growing, known, `${BYTES_MAX} characters`);
  return { value: text, size: 1, levels: 0 };
}

function listTree(growing: Growing, { literal, place, path }: Known, items: readonly unknown[]): Tree {
  const list = literal?.kind === 'list' ? literal : undefined;
  const branches = new Map<number, Branch>();
  for (const [index, value] of items.entries()) {
    const item = list && itemOf(growing.lookup, list, { index, length: items.length });
    branches.set(index, branchOf(growing, { value, literal: item, around: place, path: [...path, index] }));
  }
  return treeAround(
    [...branches.values()].map(({ tree }) => tree.value),
    branches,
  );
}

function mapTree(growing: Growing, known: Known, keys: readonly string[], values: readonly unknown[]): Tree {
  const { literal, place, path } = known;
  if (keys.length > KEYS_MAX) return refuseMap(growing, known, keys.length);
  const members = literal?.kind === 'map' ? membersOf(growing.lookup, literal) : undefined;
  for (const repeated of members?.repeated ?? []) {
    growing.drafts.push(duplicateKey(growing, repeated, path));
  }
  const around = members?.rest === undefined ? place : { key: members.rest, at: members.rest };
  const branches = new Map<string, Branch>();
  const value: Record<string, unknown> = {};
  for (const [index, name] of keys.entries()) {
    growing.characters += name.length;
    const member = members?.byKey.get(name);
    if (name === '__proto__') {
      growing.drafts.push(forbiddenKey(growing, { at: member?.at ?? around.at }, [...path, name]));
      continue;
    }
    const leaf = {
      value: values[index],
      literal: member?.value,
      key: member?.at,
      around,
      path: [...path, name],
    };
    const branch = branchOf(growing, leaf);
    branches.set(name, branch);
    if (branch.tree.value !== undefined) value[name] = branch.tree.value;
  }
  return treeAround(value, branches);
}

const ENDLESS: Refused = {
  kind: 'refused',
  what: 'a map or list that stands inside itself, so it would never end',
  help: 'write out what is meant',
};

function refuse(growing: Growing, { place, path }: Known, { what, help }: Refused): Tree {
  const name = path.length === 0 ? 'the fleet' : pathText(path);
  growing.drafts.push(
    draft(growing, 'fleet/not-data', place, path, () => ({
      message: `${name} is ${what}; a fleet is made of maps, lists, texts, numbers, true, false and null`,
      help,
    })),
  );
  return REFUSED;
}

function tooDeep(growing: Growing, { place, path }: Known): Tree {
  growing.drafts.push(
    draft(growing, 'fleet/too-deep', place, path, () => ({
      message: `maps and lists are nested more than ${LEVELS_MAX} levels deep here`,
      help: 'check that this is the fleet; nothing below this level was judged',
    })),
  );
  return REFUSED;
}

function exhaust(growing: Growing, { place, path }: Known, limit: string): Tree {
  growing.isExhausted = true;
  // One finding stands for the whole file: nothing else in it was judged.
  growing.drafts.length = 0;
  growing.drafts.push(
    draft(growing, 'fleet/too-large', place, path, () => ({
      message: `the fleet holds more than ${limit} up to here`,
      help: 'check what the code builds; nothing in the fleet was judged',
    })),
  );
  return REFUSED;
}

function refuseMap(growing: Growing, { place, path }: Known, count: number): Tree {
  growing.drafts.push(
    draft(growing, 'fleet/too-large', place, path, () => ({
      message: `this map holds ${count} keys; ${KEYS_MAX} are allowed`,
      help: 'check what the code builds; nothing in the map was judged',
    })),
  );
  return REFUSED;
}

function duplicateKey({ source }: Growing, { key, first, again }: Repeated, path: Path): Draft {
  const keyPath = [...path, key];
  return {
    id: 'fleet/duplicate-key',
    path: keyPath,
    at: 'key',
    span: source.spanOf(again[0], again[1]),
    words: () => ({
      message: `the key ${quote(key)} is written twice in one map; only the last one counts`,
      help: 'remove one of the two, or merge what they hold',
      related: [{ message: 'first written here', path: keyPath, span: source.spanOf(first[0], first[1]) }],
    }),
  };
}

function forbiddenKey(growing: Growing, place: Place, path: Path): Draft {
  const words = () => ({
    message:
      'the key "__proto__" means something to the programs that read this file, and is never a setting',
    help: 'remove it',
  });
  return { ...draft(growing, 'fleet/forbidden-key', place, path, words), at: 'key' };
}

/** What fills several lines is spoken for by its key, or by its first line. */
function draft(
  { source }: Growing,
  id: string,
  { key, at }: Place,
  path: Path,
  words: Draft['words'],
): Draft {
  const lines = source.text.slice(at[0], at[1]).split('\n');
  const [start, end] = lines.length === 1 ? at : (key ?? [at[0], at[0] + lines[0]!.trimEnd().length]);
  return { id, path, span: source.spanOf(start, end), words };
}
