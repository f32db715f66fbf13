import { closeSync, fstatSync, openSync, readdirSync, readSync, realpathSync, statSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { FileTree } from '../base/file-tree.ts';
import type { Finding } from '../base/finding.ts';
import { compareText } from '../base/order.ts';
import type { ReadProblem } from './fleet-file.ts';

/** What is read of a folder at most: far above any tree or dump of a fleet, far below what a machine has. */
export type FolderLimits = {
  readonly files: number;
  readonly bytes: number;
  /** Of one file: YAML is read token by token, JSON at once. */
  readonly yamlBytes: number;
  readonly jsonBytes: number;
  readonly levels: number;
};

const MIB = 2 ** 20;
const LIMITS: FolderLimits = {
  files: 20_000,
  bytes: 256 * MIB,
  yamlBytes: 4 * MIB,
  jsonBytes: 64 * MIB,
  levels: 32,
};

/** The files of a folder, by path with `/`, in order; what was left out is told. */
export type ReadFolder = { readonly files: FileTree; readonly problems: readonly Finding[] };

type Walk = {
  readonly root: string;
  readonly limits: FolderLimits;
  readonly paths: Map<string, string>;
  /** Folders on the way, by their real paths: a link to one of them would have no end. */
  readonly problems: Finding[];
  isFull: boolean;
};

/**
 * Reads the YAML and JSON of a folder, bounded in number and size. Hidden folders are passed over. A symbolic
 * link is followed where it leads to something within the folder, and never out of it.
 */
export function readFolder(path: string, limits: FolderLimits = LIMITS): ReadFolder | ReadProblem {
  let root: string;
  try {
    root = realpathSync(path);
    if (!statSync(root).isDirectory()) return { problem: `${path} is a file; name the folder that holds it` };
  } catch (error) {
    return { problem: problemText(path, error as NodeJS.ErrnoException) };
  }
  const walk: Walk = { root, limits, paths: new Map(), problems: [], isFull: false };
  visit(walk, '', new Set([root]));
  const files = new Map<string, string>();
  let total = 0;
  for (const [name, real] of [...walk.paths].toSorted(([a], [b]) => compareText(a, b))) {
    const most = name.toLowerCase().endsWith('.json') ? limits.jsonBytes : limits.yamlBytes;
    const bytes = readBounded(real, most);
    if (typeof bytes === 'string') {
      walk.problems.push(leftOut(name, bytes));
      continue;
    }
    total += bytes.length;
    if (total > limits.bytes) {
      walk.problems.push(leftOut(name, `the folder holds more than ${limits.bytes} bytes up to here`));
      break;
    }
    files.set(name, new TextDecoder('utf-8').decode(bytes));
  }
  return { files, problems: walk.problems };
}

/** `above` holds the real paths of the folders that this one is in. */
function visit(walk: Walk, folder: string, above: ReadonlySet<string>): void {
  const depth = folder === '' ? 0 : folder.split('/').length;
  if (depth > walk.limits.levels) {
    walk.problems.push(leftOut(folder, `folders are nested more than ${walk.limits.levels} levels deep`));
    return;
  }
  for (const entry of entriesOf(walk, folder)) {
    if (walk.isFull) return;
    if (entry.startsWith('.') || entry === 'node_modules') continue;
    const name = folder === '' ? entry : `${folder}/${entry}`;
    const target = targetOf(walk, name);
    if (target === undefined) continue;
    if (target.isFolder) {
      if (!above.has(target.path)) visit(walk, name, new Set([...above, target.path]));
    } else if (/\.(?:ya?ml|json)$/i.test(name) || entry === 'Kustomization') {
      if (walk.paths.size >= walk.limits.files) {
        walk.problems.push(leftOut(name, `the folder holds more than ${walk.limits.files} files`));
        walk.isFull = true;
      } else walk.paths.set(name, target.path);
    }
  }
}

function entriesOf(walk: Walk, folder: string): readonly string[] {
  try {
    return readdirSync(join(walk.root, folder)).toSorted(compareText);
  } catch (error) {
    walk.problems.push(leftOut(folder, (error as Error).message));
    return [];
  }
}

/** What a name stands for; undefined where that is nothing, or stands outside of the folder. */
function targetOf(
  walk: Walk,
  name: string,
): { readonly path: string; readonly isFolder: boolean } | undefined {
  try {
    const path = realpathSync(join(walk.root, name));
    if (path !== walk.root && !path.startsWith(walk.root + sep)) return undefined;
    const stats = statSync(path);
    // A pipe or a device could be read for ever.
    return stats.isDirectory() || stats.isFile() ? { path, isFolder: stats.isDirectory() } : undefined;
  } catch {
    return undefined;
  }
}

/** The bytes of a file, or why they are not read. */
function readBounded(path: string, most: number): Uint8Array | string {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    const size = fstatSync(descriptor).size;
    if (size > most) return `it has ${size} bytes; ${most} are read at most`;
    const bytes = new Uint8Array(size);
    let at = 0;
    while (at < size) {
      const read = readSync(descriptor, bytes, at, size - at, null);
      if (read === 0) break;
      at += read;
    }
    return bytes.subarray(0, at);
  } catch (error) {
    return (error as Error).message;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function leftOut(file: string, why: string): Finding {
  return {
    id: 'objects/left-out',
    severity: 'warning',
    message: `this was not read: ${why}`,
    path: [],
    file,
    help: 'name a folder that holds the fleet and nothing else',
  };
}

function problemText(path: string, error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ENOENT':
      return `there is no folder ${path}`;
    case 'EACCES':
    case 'EPERM':
      return `${path} may not be read by this user`;
    default:
      return `${path} cannot be read: ${error.message}`;
  }
}
