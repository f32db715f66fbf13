import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import test, { afterEach, beforeEach } from 'node:test';
import { type FolderLimits, readFolder } from '../../src/adapters/object-folder.ts';

let folder = '';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bulkhead-folder-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function write(path: string, text: string | Uint8Array = 'a: 1\n'): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const LIMITS: FolderLimits = { files: 100, bytes: 10_000, yamlBytes: 1000, jsonBytes: 2000, levels: 5 };

function read(limits: Partial<FolderLimits> = {}) {
  const answer = readFolder(folder, { ...LIMITS, ...limits });
  if ('problem' in answer) throw new Error(answer.problem);
  return {
    files: [...answer.files.keys()],
    problems: answer.problems.map(({ file, message }) => `${file}: ${message}`),
  };
}

test('reads YAML and JSON in order, and passes over what is hidden or of another kind', () => {
  for (const path of [
    'b.yaml',
    'a/x.YML',
    'a/y.json',
    'README.md',
    '.git/c.yaml',
    'node_modules/d.yaml',
    'a/Kustomization',
  ]) {
    write(path);
  }
  assert.deepEqual(read(), { files: ['a/Kustomization', 'a/x.YML', 'a/y.json', 'b.yaml'], problems: [] });
  write('b.yaml', Uint8Array.from([0xef, 0xbb, 0xbf, 0x61, 0xff]));
  const answer = readFolder(folder);
  assert.ok('files' in answer);
  assert.equal(answer.files.get('b.yaml'), 'a\ufffd');
});

test('links are followed inside the folder and never out of it', () => {
  const outside = mkdtempSync(join(tmpdir(), 'bulkhead-outside-'));
  try {
    writeFileSync(join(outside, 'secret.yaml'), 'a: 1\n');
    write('real/a.yaml');
    symlinkSync(join(folder, 'real'), join(folder, 'alias'));
    symlinkSync(folder, join(folder, 'real', 'loop'));
    symlinkSync(outside, join(folder, 'away'));
    symlinkSync(join(outside, 'secret.yaml'), join(folder, 'secret.yaml'));
    symlinkSync(join(folder, 'gone'), join(folder, 'gone.yaml'));
    assert.deepEqual(read(), { files: ['alias/a.yaml', 'real/a.yaml'], problems: [] });
  } finally {
    rmSync(outside, { recursive: true, force: true });
  }
});

test('number, size and depth are bounded, and what is left out is told', () => {
  for (const name of ['a', 'b', 'c']) write(`${name}.yaml`);
  assert.deepEqual(read({ files: 2 }), {
    files: ['a.yaml', 'b.yaml'],
    problems: ['c.yaml: this was not read: the folder holds more than 2 files'],
  });
  assert.deepEqual(read({ bytes: 12 }).problems, [
    'c.yaml: this was not read: the folder holds more than 12 bytes up to here',
  ]);
  write('b.yaml', 'x'.repeat(1001));
  write('d.json', 'x'.repeat(1001));
  assert.deepEqual(read(), {
    files: ['a.yaml', 'c.yaml', 'd.json'],
    problems: ['b.yaml: this was not read: it has 1001 bytes; 1000 are read at most'],
  });
  write('1/2/3/4/5/6/e.yaml');
  assert.match(read().problems[0] ?? '', /^1\/2\/3\/4\/5\/6: .* more than 5 levels deep/);
});

test('a folder that is none is told in words', () => {
  write('a.yaml');
  assert.deepEqual(readFolder(join(folder, 'none')), {
    problem: `there is no folder ${join(folder, 'none')}`,
  });
  assert.deepEqual(readFolder(join(folder, 'a.yaml')), {
    problem: `${join(folder, 'a.yaml')} is a file; name the folder that holds it`,
  });
});
