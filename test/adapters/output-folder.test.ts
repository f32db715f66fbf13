import assert from 'node:assert/strict';
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { OutputFolderError, writeOutputFolder } from '../../src/adapters/output-folder.ts';
import { ownMark } from '../../src/adapters/process-mark.ts';

const MANIFEST = '.bulkhead-manifest.json';
const OLD = new Map([
  ['terraform/main.tf', 'old main\n'],
  ['terraform/gone.tf', 'old gone\n'],
  ['gitops/app.yaml', 'same\n'],
]);
const NEW = new Map([
  ['terraform/main.tf', 'new main\n'],
  ['gitops/app.yaml', 'same\n'],
  ['gitops/more/deep.yaml', 'new deep\n'],
]);

describe('the output folder', () => {
  let out: string;
  let folder: string;
  beforeEach(() => {
    out = fs.mkdtempSync(join(tmpdir(), 'bulkhead-output-'));
    folder = join(out, 'demo');
  });
  afterEach(() => fs.rmSync(out, { recursive: true, force: true }));

  function contents(root = folder): Map<string, string> {
    const found = new Map<string, string>();
    if (!fs.existsSync(root)) return found;
    for (const entry of fs.readdirSync(root, { recursive: true, withFileTypes: true })) {
      if (entry.isDirectory() || entry.name === MANIFEST) continue;
      const path = join(entry.parentPath, entry.name);
      found.set(path.slice(root.length + 1), fs.readFileSync(path, 'utf8'));
    }
    return new Map([...found].toSorted());
  }

  function sorted(tree: ReadonlyMap<string, string>): Map<string, string> {
    return new Map([...tree].toSorted());
  }

  test('writes the tree, and a second run changes nothing', () => {
    const first = writeOutputFolder(folder, NEW);
    assert.deepEqual([first.written, first.unchanged], [3, 0]);
    assert.deepEqual(contents(), sorted(NEW));
    const { ino } = fs.statSync(join(folder, 'terraform/main.tf'));
    const second = writeOutputFolder(folder, NEW);
    assert.deepEqual([second.written, second.unchanged], [0, 3]);
    assert.equal(fs.statSync(join(folder, 'terraform/main.tf')).ino, ino);
    assert.deepEqual(fs.readdirSync(out), ['demo']);
  });

  test('removes what it generated before and no longer does', () => {
    writeOutputFolder(folder, OLD);
    const report = writeOutputFolder(folder, NEW);
    assert.deepEqual(report.removed, ['terraform/gone.tf']);
    assert.deepEqual(contents(), sorted(NEW));
  });

  test("keeps a person's files, links among them", () => {
    writeOutputFolder(folder, OLD);
    fs.mkdirSync(join(folder, 'terraform/.terraform'));
    fs.writeFileSync(join(folder, 'terraform/.terraform/lock'), 'theirs\n');
    fs.writeFileSync(join(folder, 'notes.md'), 'theirs\n');
    fs.symlinkSync('notes.md', join(folder, 'link.md'));
    const report = writeOutputFolder(folder, NEW);
    assert.equal(report.kept, 3);
    assert.equal(fs.readFileSync(join(folder, 'notes.md'), 'utf8'), 'theirs\n');
    assert.equal(fs.readFileSync(join(folder, 'terraform/.terraform/lock'), 'utf8'), 'theirs\n');
    assert.equal(fs.readlinkSync(join(folder, 'link.md')), 'notes.md');
  });

  test('reports an edited file and keeps its text, again and again', () => {
    writeOutputFolder(folder, OLD);
    for (const [text, saved] of [
      ['first edit\n', 'terraform/main.tf.edited'],
      ['second edit\n', 'terraform/main.tf.edited-2'],
    ] as const) {
      fs.writeFileSync(join(folder, 'terraform/main.tf'), text);
      assert.deepEqual(writeOutputFolder(folder, OLD).edited, ['terraform/main.tf']);
      assert.equal(fs.readFileSync(join(folder, saved), 'utf8'), text);
      assert.equal(fs.readFileSync(join(folder, 'terraform/main.tf'), 'utf8'), 'old main\n');
    }
  });

  test('an edited file that is no longer generated is saved, not lost', () => {
    writeOutputFolder(folder, OLD);
    fs.writeFileSync(join(folder, 'terraform/gone.tf'), 'mine now\n');
    assert.deepEqual(writeOutputFolder(folder, NEW).edited, ['terraform/gone.tf']);
    assert.equal(fs.readFileSync(join(folder, 'terraform/gone.tf.edited'), 'utf8'), 'mine now\n');
  });

  test("a person's file where a new one is to be generated is saved", () => {
    fs.mkdirSync(join(folder, 'terraform'), { recursive: true });
    fs.writeFileSync(join(folder, 'terraform/main.tf'), 'mine\n');
    assert.deepEqual(writeOutputFolder(folder, NEW).edited, ['terraform/main.tf']);
    assert.equal(fs.readFileSync(join(folder, 'terraform/main.tf.edited'), 'utf8'), 'mine\n');
  });

  test('a deleted generated file comes back', () => {
    writeOutputFolder(folder, NEW);
    fs.rmSync(join(folder, 'gitops/app.yaml'));
    assert.equal(writeOutputFolder(folder, NEW).written, 1);
    assert.deepEqual(contents(), sorted(NEW));
  });

  test('a broken manifest loses nothing', () => {
    writeOutputFolder(folder, OLD);
    for (const text of ['', '{', '[]', 'null', '{"version":9,"files":{}}', '{"version":1,"files":null}']) {
      fs.writeFileSync(join(folder, MANIFEST), text);
      writeOutputFolder(folder, OLD);
      for (const [path, content] of OLD) assert.equal(fs.readFileSync(join(folder, path), 'utf8'), content);
    }
  });

  test('refuses a file in the place of the folder, and a folder that another run holds', () => {
    fs.writeFileSync(folder, 'a file\n');
    assert.throws(() => writeOutputFolder(folder, NEW), OutputFolderError);
    assert.equal(fs.readFileSync(folder, 'utf8'), 'a file\n');
    fs.rmSync(folder);
    const lock = join(out, '.bulkhead-demo-lock');
    fs.writeFileSync(lock, JSON.stringify(ownMark()));
    assert.throws(() => writeOutputFolder(folder, NEW), /another run \(process \d+\) is writing here/);
    // 0 is nobody's number here; what it is elsewhere, nobody can tell.
    fs.writeFileSync(lock, JSON.stringify({ ...ownMark(), pid: 0, host: 'desk' }));
    assert.throws(() => writeOutputFolder(folder, NEW), /another run \(process 0 on desk\) is writing here/);
    fs.writeFileSync(lock, JSON.stringify({ ...ownMark(), pid: 0 }));
    writeOutputFolder(folder, NEW);
    fs.writeFileSync(lock, 'not a process');
    writeOutputFolder(folder, NEW);
    assert.deepEqual(contents(), sorted(NEW));
  });

  class Killed extends Error {}
  const WRITES = [
    'mkdirSync',
    'writeFileSync',
    'renameSync',
    'rmSync',
    'linkSync',
    'symlinkSync',
    'copyFileSync',
  ] as const;

  /** Runs with every change of the disk from number `fatal` on refused, as if the process had died there. */
  function killedAt(fatal: number, action: () => void): boolean {
    const originals = WRITES.map((name) => [name, fs[name]] as const);
    let calls = 0;
    for (const [name, original] of originals) {
      (fs as Record<string, unknown>)[name] = (...args: unknown[]) => {
        calls += 1;
        if (calls >= fatal) throw new Killed();
        return (original as (...all: unknown[]) => unknown)(...args);
      };
    }
    syncBuiltinESMExports();
    try {
      action();
      return false;
    } catch (error) {
      if (error instanceof Killed) return true;
      throw error;
    } finally {
      for (const [name, original] of originals) (fs as Record<string, unknown>)[name] = original;
      syncBuiltinESMExports();
    }
  }

  test('killed at any write: the old tree or the new one, and the next run ends with the new one', () => {
    const before = sorted(new Map([...OLD, ['notes.md', 'theirs\n']]));
    const after = sorted(new Map([...NEW, ['notes.md', 'theirs\n']]));
    let between = 0;
    for (let fatal = 1; ; fatal++) {
      assert.ok(fatal < 200, 'the number of writes is bounded');
      fs.rmSync(out, { recursive: true, force: true });
      writeOutputFolder(folder, OLD);
      fs.writeFileSync(join(folder, 'notes.md'), 'theirs\n');
      const wasKilled = killedAt(fatal, () => writeOutputFolder(folder, NEW));
      const found = fs.existsSync(folder) ? contents() : contents(join(out, '.bulkhead-demo-previous'));
      if (!fs.existsSync(folder)) between += 1;
      const isOld = JSON.stringify([...found]) === JSON.stringify([...before]);
      const isNew = JSON.stringify([...found]) === JSON.stringify([...after]);
      assert.ok(isOld || isNew, `killed at write ${fatal}: ${JSON.stringify([...found])}`);
      const lock = join(out, '.bulkhead-demo-lock');
      // The lock of a dead process names nobody who lives.
      if (fs.existsSync(lock)) fs.writeFileSync(lock, JSON.stringify({ ...ownMark(), pid: 0 }));
      writeOutputFolder(folder, NEW);
      assert.deepEqual(contents(), after);
      assert.deepEqual(fs.readdirSync(out), ['demo']);
      if (!wasKilled) break;
    }
    assert.equal(between, 1, 'the folder is away only between its two renames');
  });
});
