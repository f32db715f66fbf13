import { isAlias, isMap, isScalar, isSeq, type Alias, type Node, type Pair, type Scalar } from 'yaml';
import type { Path } from '../base/finding.ts';
import { nearest } from '../base/nearest.ts';
import { quote } from '../base/quote.ts';
import type { Draft } from './draft.ts';
import type { Range, SourceText } from './source-text.ts';
import { LEVELS_MAX } from './yaml-syntax.ts';

/**
 * A value of the file. Aliases share the tree of their anchor, so a file of aliases stays as small as it is
 * written.
 */
export type Tree = {
  /** Undefined when a finding has refused it. */
  readonly value: unknown;
  readonly branches?: ReadonlyMap<string | number, Branch>;
  /** Values in it, each alias counted as what it stands for. */
  readonly size: number;
  /** Levels of maps and lists in it. */
  readonly levels: number;
};

/** A tree where it is used: under a key, in a list, or by an alias. */
export type Branch = { readonly key?: Range; readonly at: Range; readonly tree: Tree };

/** A full mesh of 255 clusters with every pair written down holds 0.1 million values. */
export const VALUES_MAX = 200_000;

/**
 * Keys in one map. The mesh ends at 255 clusters and AKS at some thousand workloads in one; what reads a
 * fleet compares names with names, so a map of names must stay small.
 */
export const KEYS_MAX = 5000;

type Planting = {
  readonly source: SourceText;
  readonly drafts: Draft[];
  /** The latest anchor of each name; undefined while its own value is being read. */
  readonly anchors: Map<string, Tree | undefined>;
  values: number;
  isExhausted: boolean;
};

const REFUSED: Tree = { value: undefined, size: 1, levels: 0 };

/**
 * Turns the nodes of the YAML reader into plain values that know their places. The branch is undefined when
 * the file stands for too many values to be looked at.
 */
export function plant(
  root: Node,
  source: SourceText,
): { branch: Branch | undefined; drafts: readonly Draft[] } {
  const planting: Planting = { source, drafts: [], anchors: new Map(), values: 0, isExhausted: false };
  const tree = treeOf(planting, root, []);
  return {
    branch: planting.isExhausted ? undefined : { at: rangeOf(root), tree },
    drafts: planting.drafts,
  };
}

function treeOf(planting: Planting, node: unknown, path: Path): Tree {
  if (planting.isExhausted) return REFUSED;
  if (++planting.values > VALUES_MAX) return exhaust(planting, 'fleet/too-large', node, path);
  if (isAlias(node)) return aliasTree(planting, node, path);
  const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
  if (anchor !== undefined) planting.anchors.set(anchor, undefined);
  const tree = contentTree(planting, node, path);
  if (anchor !== undefined) planting.anchors.set(anchor, tree);
  return tree;
}

function contentTree(planting: Planting, node: unknown, path: Path): Tree {
  // A key without a value, `{ a }`.
  if (node === null) return { value: null, size: 1, levels: 0 };
  // Tags were reported with the syntax; what they would make of the value is nobody's guess.
  const isTagged = (isScalar(node) || isMap(node) || isSeq(node)) && node.tag !== undefined;
  if (isMap(node)) {
    const tree = mapTree(planting, node.items, path);
    return isTagged ? { ...tree, value: undefined } : tree;
  }
  if (isSeq(node)) {
    const tree = listTree(planting, node.items, path);
    return isTagged ? { ...tree, value: undefined } : tree;
  }
  return isScalar(node) && !isTagged ? { value: node.value, size: 1, levels: 0 } : REFUSED;
}

function listTree(planting: Planting, items: readonly unknown[], path: Path): Tree {
  const branches = new Map<number, Branch>();
  for (const item of items) {
    const index = branches.size;
    branches.set(index, { at: rangeOf(item), tree: treeOf(planting, item, [...path, index]) });
  }
  return treeAround(
    [...branches.values()].map(({ tree }) => tree.value),
    branches,
  );
}

function mapTree(planting: Planting, pairs: readonly Pair[], path: Path): Tree {
  const branches = new Map<string, Branch>();
  const value: Record<string, unknown> = {};
  if (pairs.length > KEYS_MAX) return refuseMap(planting, pairs, path);
  for (const pair of pairs) {
    const key = rangeOf(pair.key);
    const name = keyName(planting, pair.key, path);
    // What stands under a refused key is read all the same: it may hold anchors.
    const tree = treeOf(planting, pair.value, [...path, name ?? '?']);
    if (name === undefined) continue;
    const first = branches.get(name);
    if (first?.key !== undefined) {
      planting.drafts.push(duplicateKey(planting, name, first.key, key, path));
      continue;
    }
    branches.set(name, { key, at: pair.value === null ? key : rangeOf(pair.value), tree });
    if (tree.value !== undefined) value[name] = tree.value;
  }
  return treeAround(value, branches);
}

export function treeAround(value: unknown, branches: ReadonlyMap<string | number, Branch>): Tree {
  let size = 1;
  let levels = 0;
  for (const { tree } of branches.values()) {
    size += tree.size;
    levels = Math.max(levels, tree.levels);
  }
  return { value, branches, size, levels: levels + 1 };
}

/** The text of a key; numbers and booleans are taken as written, so that `1:` and `"1":` are one key. */
function keyName(planting: Planting, key: unknown, path: Path): string | undefined {
  planting.values++;
  const tree = isAlias(key) ? aliasTree(planting, key, path) : undefined;
  if (tree === REFUSED) return undefined;
  const scalar = tree === undefined ? scalarText(key) : tree.value;
  if (typeof scalar !== 'string') {
    planting.drafts.push(keyIsNoText(planting, key, path));
    return undefined;
  }
  if (isScalar(key) && key.anchor !== undefined) {
    planting.anchors.set(key.anchor, { value: scalar, size: 1, levels: 0 });
  }
  if (scalar === '__proto__') {
    planting.drafts.push(forbiddenKey(planting, key, path));
    return undefined;
  }
  if (scalar === '<<' && isScalar(key) && key.type === 'PLAIN') {
    planting.drafts.push(mergeKey(planting, key, path));
    return undefined;
  }
  return scalar;
}

function scalarText(key: unknown): string | undefined {
  if (!isScalar(key) || key.value === null) return undefined;
  return typeof key.value === 'string' ? key.value : key.source;
}

function aliasTree(planting: Planting, alias: Alias, path: Path): Tree {
  const name = alias.source;
  const target = planting.anchors.get(name);
  if (target === undefined) {
    const isOpen = planting.anchors.has(name);
    planting.drafts.push(
      isOpen ? recursiveAlias(planting, alias, path) : unknownAlias(planting, alias, path),
    );
    return REFUSED;
  }
  planting.values += target.size;
  if (planting.values > VALUES_MAX) return exhaust(planting, 'fleet/alias', alias, path);
  if (path.length + target.levels > LEVELS_MAX) {
    planting.drafts.push(aliasTooDeep(planting, alias, path));
    return REFUSED;
  }
  return target;
}

function exhaust(planting: Planting, id: string, node: unknown, path: Path): Tree {
  planting.isExhausted = true;
  // One finding stands for the whole file: nothing else in it was judged.
  planting.drafts.length = 0;
  planting.drafts.push(
    draft(planting, id, node, path, () => ({
      message: `the file stands for more than ${VALUES_MAX} values up to here`,
      help:
        id === 'fleet/alias'
          ? 'use fewer aliases of aliases; nothing in the file was judged'
          : 'check that this is the fleet file; nothing in it was judged',
    })),
  );
  return REFUSED;
}

function refuseMap(planting: Planting, pairs: readonly Pair[], path: Path): Tree {
  planting.drafts.push(
    draft(planting, 'fleet/too-large', pairs[KEYS_MAX]?.key, path, () => ({
      message: `this map holds ${pairs.length} keys; ${KEYS_MAX} are allowed`,
      help: 'check that this is the fleet file; nothing in the map was judged',
    })),
  );
  return REFUSED;
}

function rangeOf(node: unknown): Range {
  const range = isAlias(node) || isScalar(node) || isMap(node) || isSeq(node) ? node.range : undefined;
  return range ? [range[0], range[1]] : [0, 0];
}

function draft(
  { source }: Planting,
  id: string,
  node: unknown,
  path: Path,
  words: Draft['words'],
  at?: 'key',
): Draft {
  const [start, end] = rangeOf(node);
  return { id, path, span: source.spanOf(start, end), words, ...(at === undefined ? {} : { at }) };
}

function duplicateKey({ source }: Planting, name: string, first: Range, again: Range, path: Path): Draft {
  const keyPath = [...path, name];
  return {
    id: 'fleet/duplicate-key',
    path: keyPath,
    at: 'key',
    span: source.spanOf(again[0], again[1]),
    words: () => ({
      message: `the key ${quote(name)} is written twice in one map; only the first one counts`,
      help: 'remove one of the two, or merge what they hold',
      related: [{ message: 'first written here', path: keyPath, span: source.spanOf(first[0], first[1]) }],
    }),
  };
}

function keyIsNoText(planting: Planting, key: unknown, path: Path): Draft {
  return draft(planting, 'fleet/key', key, path, () => ({
    message: `a key must be a text, not ${kindOf(key)}`,
    help: 'write a key like `name:`; put a text such as null or ~ in quotes',
  }));
}

function kindOf(key: unknown): string {
  if (isMap(key)) return 'a map';
  if (isSeq(key)) return 'a list';
  return isAlias(key) ? 'an alias of anything else' : 'empty';
}

function forbiddenKey(planting: Planting, node: unknown, path: Path): Draft {
  return draft(
    planting,
    'fleet/forbidden-key',
    node,
    [...path, '__proto__'],
    () => ({
      message:
        'the key "__proto__" means something to the programs that read this file, and is never a setting',
      help: 'remove it',
    }),
    'key',
  );
}

function mergeKey(planting: Planting, node: Scalar, path: Path): Draft {
  return draft(
    planting,
    'fleet/merge-key',
    node,
    [...path, '<<'],
    () => ({
      message: 'merge keys (<<) belong to YAML 1.1; in YAML 1.2 this merges nothing',
      help: 'write the keys out, or use an alias (key: *anchor) for a whole value',
    }),
    'key',
  );
}

function recursiveAlias(planting: Planting, alias: Alias, path: Path): Draft {
  return draft(planting, 'fleet/alias', alias, path, () => ({
    message: `the alias ${quote(`*${alias.source}`)} stands inside its own anchor, so it would never end`,
    help: 'move the alias out of the value that it names',
  }));
}

function unknownAlias(planting: Planting, alias: Alias, path: Path): Draft {
  return draft(planting, 'fleet/alias', alias, path, () => {
    const near = nearest(alias.source, [...planting.anchors.keys()].slice(0, 100));
    return {
      message: `the alias ${quote(`*${alias.source}`)} names no anchor that stands before it`,
      help:
        near === undefined
          ? 'mark the value with & and the name, or put a text that begins with * in quotes'
          : `did you mean *${near}?`,
    };
  });
}

function aliasTooDeep(planting: Planting, alias: Alias, path: Path): Draft {
  return draft(planting, 'fleet/too-deep', alias, path, () => ({
    message: `maps and lists are nested more than ${LEVELS_MAX} levels deep through this alias`,
    help: 'use fewer aliases of aliases',
  }));
}
