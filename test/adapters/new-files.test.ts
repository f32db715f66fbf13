import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { writeNewFiles } from '../../src/adapters/new-files.ts';

describe('new files', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bulkhead-new-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const TREE = new Map([
    ['a/b/one.txt', 'one\n'],
    ['a/two.txt', 'two\n'],
    ['c/three.txt', 'three\n'],
  ]);

  test('writes every file, with the folders that it needs', () => {
    assert.deepEqual(writeNewFiles(join(folder, 'x/y'), TREE), { written: [...TREE.keys()] });
    for (const [path, text] of TREE) assert.equal(readFileSync(join(folder, 'x/y', path), 'utf8'), text);
  });

  test('writes none where one is taken, be it by a folder or by a link that leads nowhere', () => {
    mkdirSync(join(folder, 'a/two.txt'), { recursive: true });
    mkdirSync(join(folder, 'c'));
    symlinkSync(join(folder, 'nowhere'), join(folder, 'c/three.txt'));
    assert.deepEqual(writeNewFiles(folder, TREE), { taken: ['a/two.txt', 'c/three.txt'] });
    assert.deepEqual(readdirSync(folder, { recursive: true }).toSorted(), [
      'a',
      'a/two.txt',
      'c',
      'c/three.txt',
    ]);
  });

  test('takes back what it wrote when it cannot go on', () => {
    writeFileSync(join(folder, 'c'), 'a file in the way\n');
    assert.throws(() => writeNewFiles(folder, TREE), { code: 'ENOTDIR' });
    assert.deepEqual(readdirSync(folder), ['c']);
    const late = new Map([...TREE].slice(0, 2));
    late.set(`${'x'.repeat(300)}/three.txt`, 'no such name\n');
    assert.throws(() => writeNewFiles(folder, late), { code: 'ENAMETOOLONG' });
    assert.deepEqual(readdirSync(folder), ['c']);
  });
});
