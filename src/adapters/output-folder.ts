import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { FileTree } from '../base/file-tree.ts';
import { compareText } from '../base/order.ts';
import { isFromHere, mayRun, ownMark, readMark } from './process-mark.ts';

const MANIFEST = '.bulkhead-manifest.json';
const MANIFEST_VERSION = 1;

type Manifest = { readonly version: number; readonly files: Readonly<Record<string, string>> };

export type WriteReport = {
  readonly folder: string;
  readonly written: number;
  readonly unchanged: number;
  /** Generated before, no longer part of the plan. */
  readonly removed: readonly string[];
  /** Written by a person, or by another tool: left as they are. */
  readonly kept: number;
  /** Generated files that a person had changed: replaced, their text saved beside them as `<file>.edited`. */
  readonly edited: readonly string[];
};

/** The folder is in use by another run, or holds something that cannot be replaced. */
export class OutputFolderError extends Error {}

/**
 * Replaces the generated files of `folder` by `tree`, as a whole: the new tree is built beside it and takes its place
 * by rename, so a run killed at any write leaves the old tree or the new one. A run killed between the two renames
 * leaves the old tree under a name beside it, and the next run puts it back first.
 *
 * Files that we did not write stay. A generated file that was edited is replaced, its text saved beside it.
 */
export function writeOutputFolder(folder: string, tree: FileTree): WriteReport {
  const parent = dirname(folder);
  makeFolders(parent);
  const paths = pathsBeside(folder);
  const release = lock(paths.lock);
  try {
    recover(folder, paths);
    const before = inspect(folder);
    const report = stage(folder, paths.next, tree, before);
    if (report.isSame) return report.write;
    if (existsSync(folder)) renameSync(folder, paths.previous);
    try {
      renameSync(paths.next, folder);
    } catch (error) {
      if (existsSync(paths.previous)) renameSync(paths.previous, folder);
      throw error;
    }
    rmSync(paths.previous, { recursive: true, force: true });
    return report.write;
  } finally {
    rmSync(paths.next, { recursive: true, force: true });
    release();
  }
}

/**
 * Makes the folder and those above it. Node's own recursion never ends where the system denies that a parent exists
 * while it does, as /proc does.
 */
function makeFolders(folder: string): void {
  if (existsSync(folder)) return;
  const parent = dirname(folder);
  if (parent !== folder) makeFolders(parent);
  mkdirSync(folder);
}

type Beside = { readonly next: string; readonly previous: string; readonly lock: string };

function pathsBeside(folder: string): Beside {
  const name = folder.slice(dirname(folder).length + 1);
  const beside = (suffix: string): string => join(dirname(folder), `.bulkhead-${name}-${suffix}`);
  return { next: beside('next'), previous: beside('previous'), lock: beside('lock') };
}

/** Takes the lock of the folder; one left by a run that no longer lives is taken over. */
function lock(path: string): () => void {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      writeFileSync(path, JSON.stringify(ownMark()), { flag: 'wx' });
      return () => rmSync(path, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      const owner = readMark(path);
      if (owner !== undefined && mayRun(owner)) {
        const place = isFromHere(owner) ? '' : ` on ${owner.host}`;
        throw new OutputFolderError(
          `another run (process ${owner.pid}${place}) is writing here; wait for it, or remove ${path}`,
        );
      }
      rmSync(path, { force: true });
    }
  }
  throw new OutputFolderError(`another run is writing here; wait for it, or remove ${path}`);
}

/** Finishes or undoes what a killed run left. */
function recover(folder: string, paths: Beside): void {
  rmSync(paths.next, { recursive: true, force: true });
  if (!existsSync(paths.previous)) return;
  if (existsSync(folder)) rmSync(paths.previous, { recursive: true, force: true });
  else renameSync(paths.previous, folder);
}

type Before = {
  /** Hash that we wrote, by path. */
  readonly generated: ReadonlyMap<string, string>;
  /** Everything in the folder but the manifest, by path. */
  readonly present: ReadonlySet<string>;
};

function inspect(folder: string): Before {
  const present = new Set<string>();
  if (existsSync(folder)) {
    if (!lstatSync(folder).isDirectory()) {
      throw new OutputFolderError(`${folder} is not a folder; move it away or choose another --out`);
    }
    walk(folder, '', present);
    present.delete(MANIFEST);
  }
  return { generated: readManifest(join(folder, MANIFEST)), present };
}

function readManifest(path: string): ReadonlyMap<string, string> {
  let manifest: Partial<Manifest>;
  try {
    manifest = JSON.parse(readFileSync(path, 'utf8')) as Partial<Manifest>;
  } catch {
    // No manifest, or one that is not ours: then every file in the folder is a person's, and none is lost.
    return new Map();
  }
  if (
    manifest?.version !== MANIFEST_VERSION ||
    typeof manifest.files !== 'object' ||
    manifest.files === null
  ) {
    return new Map();
  }
  return new Map(Object.entries(manifest.files).filter(([, hash]) => typeof hash === 'string'));
}

function walk(root: string, prefix: string, found: Set<string>): void {
  for (const entry of readdirSync(join(root, prefix), { withFileTypes: true })) {
    const path = prefix === '' ? entry.name : `${prefix}/${entry.name}`;
    if (entry.isDirectory()) walk(root, path, found);
    else found.add(path);
  }
}

/** Builds the next tree beside the folder and says what differs. */
function stage(
  folder: string,
  next: string,
  tree: FileTree,
  before: Before,
): { isSame: boolean; write: WriteReport } {
  const hashes = new Map([...tree].map(([path, content]) => [path, sha256(content)]));
  const edited: string[] = [];
  const removed: string[] = [];
  const kept: string[] = [];
  let unchanged = 0;
  for (const path of before.present) {
    const wanted = hashes.get(path);
    const generated = before.generated.get(path);
    if (wanted === undefined && generated === undefined) {
      kept.push(path);
      continue;
    }
    const current = hashOf(join(folder, path));
    if (current === wanted) unchanged += 1;
    else if (current !== generated) edited.push(path);
    else if (wanted === undefined) removed.push(path);
  }
  const write: WriteReport = {
    folder,
    written: tree.size - unchanged,
    unchanged,
    removed: removed.toSorted(compareText),
    kept: kept.length,
    edited: edited.toSorted(compareText),
  };
  const isSame =
    unchanged === tree.size && removed.length === 0 && edited.length === 0 && isSameManifest(before, hashes);
  if (!isSame) {
    for (const [path, content] of tree) writeInto(next, path, content);
    for (const path of kept) carry(join(folder, path), join(next, path));
    for (const path of edited)
      carry(join(folder, path), join(next, freeName(`${path}.edited`, before.present)));
    writeInto(next, MANIFEST, manifestText(hashes));
  }
  return { isSame, write };
}

function isSameManifest(before: Before, hashes: ReadonlyMap<string, string>): boolean {
  return (
    before.generated.size === hashes.size &&
    [...hashes].every(([path, hash]) => before.generated.get(path) === hash)
  );
}

function manifestText(hashes: ReadonlyMap<string, string>): string {
  const files = Object.fromEntries([...hashes].toSorted(([a], [b]) => compareText(a, b)));
  return `${JSON.stringify({ version: MANIFEST_VERSION, files } satisfies Manifest, null, 2)}\n`;
}

/** The name, or the first numbered one that nobody has. */
function freeName(wish: string, taken: ReadonlySet<string>): string {
  let name = wish;
  for (let number = 2; taken.has(name); number++) name = `${wish}-${number}`;
  return name;
}

function writeInto(root: string, path: string, content: string): void {
  const target = join(root, path);
  mkdirSync(dirname(target), { recursive: true });
  writeFileSync(target, content);
}

/** Takes a person's file along: a second name for the same bytes where the disk can, a copy where it cannot. */
function carry(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  if (lstatSync(from).isSymbolicLink()) {
    symlinkSync(readlinkSync(from), to);
    return;
  }
  try {
    linkSync(from, to);
  } catch {
    copyFileSync(from, to);
  }
}

function hashOf(path: string): string | undefined {
  const status = lstatSync(path);
  return status.isFile() ? sha256(readFileSync(path)) : undefined;
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
