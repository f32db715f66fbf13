import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type YAMLMap } from 'yaml';

/** Pairs that merge keys may add to one document: each is read again where it is merged. */
const MERGED_MAX = 20_000;

type Merging = { readonly anchors: Map<string, Node | undefined>; merged: number };

/**
 * Puts what the merge keys (`<<`) of a document stand for into its maps, in place: Kubernetes, Helm and Argo CD
 * read YAML 1.1, where they mean something. What a map says itself stands. Answers whether that was possible.
 */
export function resolveMergeKeys(root: Node): boolean {
  const merging: Merging = { anchors: new Map(), merged: 0 };
  visit(root, merging);
  return merging.merged <= MERGED_MAX;
}

function visit(node: unknown, merging: Merging): void {
  if (merging.merged > MERGED_MAX) return;
  const anchor = isScalar(node) || isMap(node) || isSeq(node) ? node.anchor : undefined;
  // Within its own value an anchor names nothing that could be merged.
  if (anchor !== undefined) merging.anchors.set(anchor, undefined);
  if (isSeq(node)) for (const item of node.items) visit(item, merging);
  if (isMap(node)) {
    for (const pair of node.items) {
      visit(pair.key, merging);
      visit(pair.value, merging);
    }
    merge(node, merging);
  }
  if (anchor !== undefined && (isMap(node) || isSeq(node) || isScalar(node)))
    merging.anchors.set(anchor, node);
}

function merge(map: YAMLMap, merging: Merging): void {
  const sources = map.items.filter(isMergePair).flatMap(({ value }) => sourcesOf(value, merging));
  if (sources.length === 0) return;
  const own = map.items.filter((pair) => !isMergePair(pair));
  const names = new Set(own.map(nameOf));
  for (const source of sources) {
    for (const pair of source.items) {
      const name = nameOf(pair);
      if (name === undefined || names.has(name)) continue;
      names.add(name);
      own.push(pair);
      if (++merging.merged > MERGED_MAX) return;
    }
  }
  map.items = own;
}

/** The maps that a merge key names: one, or a list of which the first counts most. */
function sourcesOf(value: unknown, { anchors }: Merging): readonly YAMLMap[] {
  const follow = (node: unknown): unknown => (isAlias(node) ? anchors.get(node.source) : node);
  const node = follow(value);
  return (isSeq(node) ? node.items.map(follow) : [node]).filter((item) => isMap(item));
}

function isMergePair({ key }: Pair): boolean {
  return isScalar(key) && key.type === 'PLAIN' && key.value === '<<';
}

function nameOf({ key }: Pair): string | undefined {
  return isScalar(key) ? String(key.value) : undefined;
}
