import { mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileProblem } from './file-problem.ts';

/** The certificate on its way to the file in which clients look for it. */
export type CertificateFile = {
  readonly path: string;
  /** Puts it there. Throws when that cannot be done. */
  readonly publish: () => void;
  /** Forgets one that was not published; another lab's at the same path stays. */
  readonly discard: () => void;
  /** Takes a published one away. */
  readonly remove: () => void;
};

/**
 * Writes a certificate, and publishes it not yet: a lab that cannot write says so before it listens, and one whose port is
 * taken leaves alone what the lab at that port published. It goes beside a state file, so that a shell that was told of it
 * finds the next lab's too; else into a folder of its own. Throws when it cannot be written.
 */
export function prepareCertificate(text: string, stateFile: string | undefined): CertificateFile {
  if (stateFile === undefined) return inOwnFolder(text);
  const path = `${resolve(stateFile)}.pem`;
  const beside = `${path}.${process.pid}.tmp`;
  attempt(stateFile, () => writeFileSync(beside, text));
  return {
    path,
    publish: () => attempt(`${stateFile}.pem`, () => renameSync(beside, path)),
    discard: () => rmSync(beside, { force: true }),
    remove: () => rmSync(path, { force: true }),
  };
}

function inOwnFolder(text: string): CertificateFile {
  const start = join(tmpdir(), 'bulkhead-lab-');
  const folder = attempt(start, () => mkdtempSync(start));
  const path = join(folder, 'ca.pem');
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  attempt(path, () => writeFileSync(path, text));
  return { path, publish: () => {}, discard: remove, remove };
}

/** Does what may fail for a reason that the user can mend. */
function attempt<T>(file: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw fileProblem('written', file, error);
  }
}
