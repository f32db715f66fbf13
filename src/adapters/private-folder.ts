import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A new folder that only this user may read (mode 0700, by mkdtemp). Whoever makes it removes it. */
export function makePrivateFolder(purpose: string): string {
  return mkdtempSync(join(tmpdir(), `bulkhead-${purpose}-`));
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
