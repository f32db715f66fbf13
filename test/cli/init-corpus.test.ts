import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { bulkhead } from './bulkhead.ts';

/** `corpus/init/<environment>/`: every file that `bulkhead init` writes. `npm run bless` rewrites them. */
const corpus = fileURLToPath(new URL('../../../corpus/init', import.meta.url));

function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted();
}

for (const environment of ['demo', 'production']) {
  test(`corpus: init/${environment}`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'bulkhead-init-corpus-'));
    const golden = join(corpus, environment);
    try {
      const { code, stderr } = await bulkhead('init', folder, '-e', environment, '--name', 'atlas');
      assert.equal(code, 0, stderr);
      if (process.env.BLESS === '1') {
        rmSync(golden, { recursive: true, force: true });
        cpSync(folder, golden, { recursive: true });
        return;
      }
      assert.deepEqual(filesBelow(folder), filesBelow(golden), 'npm run bless writes what is missing');
      for (const path of filesBelow(golden)) {
        const written = readFileSync(join(folder, path), 'utf8');
        assert.equal(
          written,
          readFileSync(join(golden, path), 'utf8'),
          `${path} differs: npm run bless shows how`,
        );
      }
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });
}
