import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NewFile } from '../adr/new-record.ts';
import type { RecordFolder } from '../adr/record.ts';
import { compareText } from '../base/order.ts';
import type { ReadProblem } from './fleet-file.ts';

/** Where MADR, adr-tools and the rest put decision records. */
export const RECORDS_BELOW = 'docs/adr';

/** A decision is a page; of a longer file the head is read, which holds all that is asked of it. */
const READ_MAX_BYTES = 256 * 1024;
/** A folder of records has dozens; one with more files is another folder. */
const FILES_MAX = 5000;

/** The folder that is under version control around this one; undefined when there is none. */
export function repositoryRootOf(folder: string): string | undefined {
  let at = resolve(folder);
  while (!existsSync(join(at, '.git'))) {
    const parent = dirname(at);
    if (parent === at) return undefined;
    at = parent;
  }
  return at;
}

/** The records of whatever lives in `folder`: beside it, else at the root of its repository; undefined without. */
export function recordFolderOf(folder: string): string | undefined {
  const beside = join(folder, RECORDS_BELOW);
  if (isFolder(beside)) return beside;
  const root = repositoryRootOf(folder);
  const shared = root && join(root, RECORDS_BELOW);
  if (shared === undefined || !isFolder(shared)) return undefined;
  return isAbsolute(folder) ? shared : relative(process.cwd(), shared);
}

/** Reads the Markdown files of a folder, by name, without those below it. */
export function readRecordFolder(folder: string): RecordFolder | ReadProblem {
  try {
    const names = readdirSync(folder).filter((name) => /\.md$/i.test(name));
    if (names.length > FILES_MAX) return { problem: `${folder} holds more than ${FILES_MAX} Markdown files` };
    const files = names.toSorted(compareText).flatMap((name) => {
      const path = join(folder, name);
      // A pipe would never end, a folder cannot be read; a link may lead to either, or nowhere.
      if (!statSync(path, { throwIfNoEntry: false })?.isFile()) return [];
      return [{ file: path.replaceAll('\\', '/'), text: readHead(path) }];
    });
    return { folder: folder.replaceAll('\\', '/'), files };
  } catch (error) {
    return { problem: problemText(folder, error as NodeJS.ErrnoException) };
  }
}

/** The decisions about fleets whose records come with Bulkhead: ADR-A01 and its like, from the package's own folder. */
export function readShippedRecords(): readonly NewFile[] {
  const folder = fileURLToPath(new URL('../../../docs/adr', import.meta.url));
  const names = readdirSync(folder).filter((name) => /^ADR-A\d+-.*\.md$/.test(name));
  return names.toSorted(compareText).map((name) => ({ name, text: readHead(join(folder, name)) }));
}

function readHead(path: string): string {
  const descriptor = openSync(path, 'r');
  try {
    const bytes = new Uint8Array(READ_MAX_BYTES);
    let length = 0;
    for (let read = -1; read !== 0 && length < bytes.length; length += read) {
      read = readSync(descriptor, bytes, length, bytes.length - length, null);
    }
    return new TextDecoder('utf-8').decode(bytes.subarray(0, length));
  } finally {
    closeSync(descriptor);
  }
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    // Nothing is there, or a file stands in the way, or nobody lets us look: no records that could be read.
    return false;
  }
}

function problemText(folder: string, error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ENOENT':
      return `there is no folder ${folder}; \`bulkhead adr new\` and \`bulkhead init\` make it`;
    case 'ENOTDIR':
      return `${folder} is no folder; name the one with the records`;
    default:
      return `${folder} cannot be read: ${error.message}`;
  }
}
