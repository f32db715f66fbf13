import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { openPlanFile } from '../../src/adapters/plan-file.ts';

const MIB = 2 ** 20;

describe('a plan file', () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'bulkhead-plan-file-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function read(text: string): { readonly text: string; readonly namesResource: boolean } {
    const path = join(folder, 'plan.json');
    writeFileSync(path, text);
    const opened = openPlanFile(path);
    assert.ok('chunks' in opened);
    return { text: Buffer.concat([...opened.chunks]).toString(), namesResource: opened.namesResource() };
  }

  it('is given as it is, and names a resource where one has a provider', () => {
    const mark = '"provider_name"';
    // Wherever the end of a piece cuts the mark.
    for (let before = MIB - mark.length; before <= MIB; before++) {
      const text = `${' '.repeat(before)}${mark}: ""`;
      const found = read(text);
      assert.ok(found.text === text && found.namesResource, `${MIB - before} characters before the end`);
    }
  });

  it('names none where none has', () => {
    for (const text of ['', '{}', '{"provider_config_key":""}', `${' '.repeat(2 * MIB)}"provider_nam"`]) {
      assert.equal(read(text).namesResource, false);
    }
  });
});
