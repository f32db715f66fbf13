import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/** The loader refuses files above its own limit; reading one byte more than this is enough for it to say so. */
const READ_MAX_BYTES = 2 * 1024 * 1024;

/** Why a file could not be read, in words for the user. */
export type ReadProblem = { readonly problem: string };

/** Reads the fleet file's bytes, bounded. */
export function readFleetBytes(path: string): Uint8Array | ReadProblem {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    if (fstatSync(descriptor).isDirectory())
      return { problem: `${path} is a folder; name the fleet file in it` };
    return readBounded(descriptor);
  } catch (error) {
    return { problem: problemText(path, error as NodeJS.ErrnoException) };
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function readBounded(descriptor: number): Uint8Array {
  const chunks: Uint8Array[] = [];
  let total = 0;
  while (total < READ_MAX_BYTES) {
    const chunk = new Uint8Array(64 * 1024);
    const read = readSync(descriptor, chunk, 0, chunk.length, null);
    if (read === 0) break;
    chunks.push(chunk.subarray(0, read));
    total += read;
  }
  return Buffer.concat(chunks);
}

function problemText(path: string, error: NodeJS.ErrnoException): string {
  switch (error.code) {
    case 'ENOENT':
      return `there is no file ${path}; name the fleet file, or let \`bulkhead init\` write a first one`;
    case 'EACCES':
    case 'EPERM':
      return `${path} may not be read by this user`;
    default:
      return `${path} cannot be read: ${error.message}`;
  }
}
