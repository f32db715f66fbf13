import { dirname } from 'node:path';

/** Why a file cannot be read or written, in words that say what to do; the path is told as the user wrote it. */
export function fileProblem(verb: 'read' | 'written', file: string, error: unknown): Error {
  const { code } = error as NodeJS.ErrnoException;
  // Not ours to explain: it did not come from the system.
  if (code === undefined) return error as Error;
  return new Error(`${file} cannot be ${verb}: ${reasonOf(code, verb, file)}`, { cause: error });
}

function reasonOf(code: string, verb: 'read' | 'written', file: string): string {
  const folder = dirname(file);
  switch (code) {
    case 'ENOENT':
      return `there is no folder ${folder}; make it, or name another file`;
    case 'ENOTDIR':
      return `${folder} is no folder; name another file`;
    case 'EISDIR':
      return 'it is a folder; name a file';
    case 'EACCES':
    case 'EPERM': {
      const place = verb === 'written' ? `write in ${folder}` : 'read it';
      return `this user may not ${place}; change that, or name another file`;
    }
    case 'EROFS':
      return `${folder} is on a disk that takes no writes; name another file`;
    case 'ENOSPC':
      return 'the disk is full; make room, or name another file';
    default:
      return `the system says ${code}; name another file`;
  }
}
