/**
 * Files as data: path relative to the tree's root (always `/`) to content, UTF-8, ending in a newline.
 * Synthesis returns one; only adapters write it.
 */
export type FileTree = ReadonlyMap<string, string>;

/** Joins trees under folders of their own. A path that two trees claim is a bug. */
export function joinTrees(trees: Iterable<readonly [folder: string, tree: FileTree]>): FileTree {
  const joined = new Map<string, string>();
  for (const [folder, tree] of trees) {
    for (const [path, content] of tree) {
      const full = folder === '' ? path : `${folder}/${path}`;
      if (joined.has(full)) throw new Error(`two parts of the plan both write ${full}`);
      joined.set(full, content);
    }
  }
  return joined;
}
