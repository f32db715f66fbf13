import { lstatSync, mkdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FileTree } from '../base/file-tree.ts';

export type NewFilesReport =
  | { readonly written: readonly string[] }
  /** Paths in the tree that something has already: nothing was written then. */
  | { readonly taken: readonly string[] };

/**
 * Writes files where there are none, all of them or none: an existing file is never replaced, and a failure takes
 * back what was written before it. Throws what the disk says.
 */
export function writeNewFiles(root: string, tree: FileTree): NewFilesReport {
  const taken = [...tree.keys()].filter((path) => isTaken(join(root, path)));
  if (taken.length > 0) return { taken };
  const undo: (() => void)[] = [];
  try {
    for (const [path, content] of tree) {
      const target = join(root, path);
      makeFolder(dirname(target), undo);
      // `wx` refuses a file that somebody else has made since.
      writeFileSync(target, content, { flag: 'wx' });
      undo.push(() => rmSync(target, { force: true }));
    }
  } catch (error) {
    for (const step of undo.toReversed()) step();
    throw error;
  }
  return { written: [...tree.keys()] };
}

/** Also by a link that leads nowhere: writing through it would make a file in another place. */
function isTaken(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
}

function makeFolder(folder: string, undo: (() => void)[]): void {
  if (lstatSync(folder, { throwIfNoEntry: false }) === undefined) {
    makeFolder(dirname(folder), undo);
    mkdirSync(folder);
    undo.push(() => removeEmpty(folder));
  }
}

/** A folder that somebody else has put something into since is theirs. */
function removeEmpty(folder: string): void {
  try {
    rmdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOTEMPTY') throw error;
  }
}
