import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { ReadProblem } from './fleet-file.ts';

/** A plan of a thousand clusters is some hundred megabytes. Above this it is no plan, and would read for minutes. */
const PLAN_MAX_BYTES = 2 * 1024 * 1024 * 1024;
const CHUNK_BYTES = 1024 * 1024;

/** Terraform writes it beside each resource, planned, held, changed or looked up, and nowhere else. */
const RESOURCE_MARK = '"provider_name"';

/** The file opened, its bytes to come piece by piece: a plan is never held as a whole. */
export type PlanChunks = {
  readonly chunks: Iterable<Uint8Array>;
  /** Whether a resource, of whatever provider, stands in what was taken of the chunks. */
  readonly namesResource: () => boolean;
};

/** Opens what `terraform show -json` printed. The file is closed when its last piece was taken. */
export function openPlanFile(path: string): PlanChunks | ReadProblem {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch (error) {
    return { problem: problemText(path, error as NodeJS.ErrnoException) };
  }
  const status = fstatSync(descriptor);
  const problem = status.isDirectory()
    ? `${path} is a folder; name the JSON of a plan in it`
    : status.size > PLAN_MAX_BYTES
      ? `${path} has more than 2 GiB, which no plan has`
      : undefined;
  if (problem === undefined) return watched(chunksOf(descriptor));
  closeSync(descriptor);
  return { problem };
}

function watched(chunks: Iterable<Uint8Array>): PlanChunks {
  let isFound = false;
  const passed = function* (): Iterable<Uint8Array> {
    // The mark may be cut by the end of a piece.
    let end = new Uint8Array();
    for (const chunk of chunks) {
      if (!isFound) {
        const text = Buffer.concat([end, chunk]);
        isFound = text.includes(RESOURCE_MARK);
        end = text.subarray(1 - RESOURCE_MARK.length);
      }
      yield chunk;
    }
  };
  return { chunks: passed(), namesResource: () => isFound };
}

/** A pipe tells no size beforehand: it ends where a file may end. */
function* chunksOf(descriptor: number): Iterable<Uint8Array> {
  try {
    for (let total = 0; total <= PLAN_MAX_BYTES;) {
      // A new one each time: whoever keeps a part of a piece keeps its bytes.
      const chunk = new Uint8Array(CHUNK_BYTES);
      const read = readSync(descriptor, chunk, 0, chunk.length, null);
      if (read === 0) return;
      total += read;
      yield chunk.subarray(0, read);
    }
  } finally {
    closeSync(descriptor);
  }
}

function problemText(path: string, error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ENOENT':
      return `there is no file ${path}; write it with terraform show -json, of a plan or of the state`;
    case 'EACCES':
    case 'EPERM':
      return `${path} may not be read by this user`;
    default:
      return `${path} cannot be read: ${error.message}`;
  }
}
