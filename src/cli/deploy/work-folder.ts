import { createHash, randomUUID } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { OutputFolderError, writeOutputFolder } from '../../adapters/output-folder.ts';
import { ownMachine } from '../../adapters/process-mark.ts';
import type { FileTree } from '../../base/file-tree.ts';
import type { StateStore } from '../../deploy/run.ts';
import { LOCAL_BACKEND, LOCAL_BACKEND_FILE } from '../../terraform/local-backend.ts';
import { UsageError } from '../terminal.ts';

/** Where `up` and `down` work: `.bulkhead/<fleet>-<environment>` beside the fleet file. Git is told to leave it out. */
export type WorkFolder = {
  /** The planned files; Terraform's own come to lie among them. */
  readonly files: string;
  readonly states: string;
  /** Names the process that works here. */
  readonly lock: string;
  readonly logOf: (root: string) => string;
};

/**
 * The id of the lease that runs in this folder and on this machine take, one at a time: see the lock. Azure gives a
 * lease again to whoever names its id: a folder that two machines share, or that a cache has brought to a second one,
 * must not make theirs the same.
 */
export function leaseIdOf(folder: WorkFolder, machine: string = ownMachine()): string {
  const hash = createHash('sha256')
    .update(`${folderIdOf(folder)}\n${machine}`)
    .digest('hex');
  // A UUID of version 8, whose bits mean what the maker likes, and of the one variant (RFC 9562, 5.8).
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `8${hash.slice(13, 16)}`,
    `8${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join('-');
}

/** Made when it is first asked for. */
function folderIdOf({ lock }: WorkFolder): string {
  const file = join(dirname(lock), 'lease-id');
  const known = existsSync(file) ? readFileSync(file, 'utf8').trim() : '';
  if (/^[0-9a-f-]{36}$/.test(known)) return known;
  const id = randomUUID();
  writeFileSync(file, `${id}\n`);
  return id;
}

export function workFolderOf(fleetFile: string, stem: string): WorkFolder {
  const home = join(dirname(resolve(fleetFile)), '.bulkhead', stem);
  return {
    files: join(home, 'files'),
    states: join(home, 'states'),
    lock: join(home, 'lock'),
    logOf: (root) => join(home, 'logs', `${root.replaceAll('/', '-')}.log`),
  };
}

/** The tree as it is worked on: with states on this machine, each root is told so. */
export function workedTree(tree: FileTree, roots: readonly string[], store: StateStore): FileTree {
  if (store.kind === 'azure') return tree;
  const overrides = roots.map((root) => [`terraform/${root}/${LOCAL_BACKEND_FILE}`, LOCAL_BACKEND] as const);
  return new Map([...tree, ...overrides]);
}

/** Writes the planned files, and leaves what Terraform has put there. */
export function writeWorkFolder(folder: WorkFolder, tree: FileTree): void {
  const home = dirname(folder.files);
  try {
    mkdirSync(join(home, 'logs'), { recursive: true });
    writeFileSync(join(dirname(home), '.gitignore'), '*\n');
    writeOutputFolder(folder.files, tree);
  } catch (error) {
    if (error instanceof OutputFolderError) throw new UsageError(error.message);
    throw new UsageError(`cannot write to ${home}: ${(error as Error).message}`);
  }
}
