import { lstatSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRunning } from './running-process.ts';

/**
 * A new folder that only this user may read (mode 0700, by mkdtemp). Whoever makes it removes it. What a run of this user
 * and machine left when it was killed is removed now: plans and variables may hold secrets.
 */
export function makePrivateFolder(purpose: string, under: string = tmpdir()): string {
  removeAbandoned(under);
  return mkdtempSync(join(under, `${PREFIX}${purpose}-${process.pid}-`));
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}

/** Writes data as JSON into a file that only this user may read. Answers its path. */
export function writePrivateJson(folder: string, name: string, data: unknown): string {
  const path = join(folder, name);
  writeFileSync(path, JSON.stringify(data), { mode: 0o600 });
  return path;
}

/** With the machine's name, for containers may share the folder, and number their processes each by themselves. */
const PREFIX = `bulkhead-${hostname()}-`;

function removeAbandoned(under: string): void {
  for (const name of readdirSync(under)) {
    const pid = name.startsWith(PREFIX) ? /-(\d+)-\w{6}$/.exec(name)?.[1] : undefined;
    if (pid === undefined || isRunning(Number(pid))) continue;
    const path = join(under, name);
    try {
      const found = lstatSync(path);
      if (found.isDirectory() && found.uid === process.getuid?.()) removeFolder(path);
    } catch {
      // Another run removes it too.
    }
  }
}
