import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { readRecordFolder, recordFolderOf, repositoryRootOf } from '../../src/adapters/record-folder.ts';

describe('the folder of records', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bulkhead-records-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  test('reads Markdown files by name, without byte order mark, and the head of a long one', () => {
    writeFileSync(join(folder, '0002-b.md'), '\ufeff# B\n');
    writeFileSync(join(folder, '0001-a.MD'), '한'.repeat(200_000));
    writeFileSync(join(folder, 'c.txt'), '');
    mkdirSync(join(folder, '0003-d.md'));
    symlinkSync(join(folder, 'nowhere'), join(folder, '0004-e.md'));
    const read = readRecordFolder(folder);
    assert.ok('files' in read);
    assert.deepEqual(
      read.files.map(({ file }) => file),
      [`${folder}/0001-a.MD`, `${folder}/0002-b.md`],
    );
    assert.equal(read.files[1]?.text, '# B\n');
    assert.ok(read.files[0]!.text.length < 90_000);
  });

  test('says why a folder cannot be read', () => {
    writeFileSync(join(folder, 'file'), '');
    for (const [name, pattern] of [
      ['nowhere', /there is no folder/],
      ['file', /is no folder/],
    ] as const) {
      const read = readRecordFolder(join(folder, name));
      assert.ok('problem' in read && pattern.test(read.problem), name);
    }
  });

  test('finds records beside, then at the root of the repository, and in no other', () => {
    const inner = join(folder, 'a/b');
    mkdirSync(inner, { recursive: true });
    mkdirSync(join(folder, 'docs/adr'), { recursive: true });
    assert.equal(recordFolderOf(inner), undefined);
    // A worktree and a submodule have a file of that name.
    writeFileSync(join(folder, '.git'), 'gitdir: elsewhere\n');
    assert.equal(repositoryRootOf(inner), folder);
    assert.equal(recordFolderOf(inner), join(folder, 'docs/adr'));
    mkdirSync(join(inner, 'docs/adr'), { recursive: true });
    assert.equal(recordFolderOf(inner), join(inner, 'docs/adr'));
  });
});
