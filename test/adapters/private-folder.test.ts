import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { makePrivateFolder, removeFolder, writePrivateJson } from '../../src/adapters/private-folder.ts';

/** No process has it: one more than Linux gives. */
const GONE = 4_194_305;

describe('a private folder', () => {
  let under: string;
  beforeEach(() => {
    under = mkdtempSync(join(tmpdir(), 'bulkhead-private-test-'));
  });
  afterEach(() => rmSync(under, { recursive: true, force: true }));

  it('is for this user alone, with all that is in it', () => {
    const folder = makePrivateFolder('helm', under);
    const file = writePrivateJson(folder, 'values.json', { a: 1 });
    assert.deepEqual([statSync(folder).mode & 0o777, statSync(file).mode & 0o777], [0o700, 0o600]);
    removeFolder(folder);
    assert.deepEqual(readdirSync(under), []);
  });

  it('goes with the next one where its run was killed, and no other goes', () => {
    const own = `bulkhead-${hostname()}-`;
    const killed = `${own}terraform-${GONE}-aB3xYz`;
    mkdirSync(join(under, killed));
    writeFileSync(join(under, killed, '1-plan'), 'secret');
    const others = [
      `${own}terraform-${process.pid}-aB3xYz`,
      `bulkhead-${hostname()}x-terraform-${GONE}-aB3xYz`,
      `${own}terraform-${GONE}-aB3`,
      `tofu-${GONE}-aB3xYz`,
    ];
    for (const name of others) mkdirSync(join(under, name));
    const link = `${own}helm-${GONE}-aB3xYz`;
    symlinkSync(join(under, others[3]!), join(under, link));
    const folder = makePrivateFolder('terraform', under);
    assert.deepEqual(readdirSync(under).toSorted(), [...others, link, basename(folder)].toSorted());
  });
});
