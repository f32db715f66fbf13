import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { isFromHere, mayRun, ownMachine, ownMark, readMark } from '../../src/adapters/process-mark.ts';

const NOBODY = 0;

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'bulkhead-mark-'));
});
after(() => rmSync(folder, { recursive: true }));

describe('the mark of a process', () => {
  it('says where its number counts, and comes back from a file as it was, with what stands beside it', () => {
    const own = ownMark();
    assert.deepEqual([own.pid, own.host], [process.pid, hostname()]);
    if (process.platform === 'linux') assert.match(own.pidNamespace ?? '', /^pid:\[\d+\]$/);
    const file = join(folder, 'mark');
    const written = { ...own, holder: 'bob@desk' };
    writeFileSync(file, JSON.stringify(written));
    assert.deepEqual(readMark(file), written);
    assert.ok(isFromHere(readMark(file)!));
  });

  it('is none where a file says nothing that we write, or is gone', () => {
    const file = join(folder, 'other');
    assert.equal(readMark(file), undefined);
    for (const text of ['', 'null', '7', '"x"', '[]', '{}', '{"pid":7}', '{"pid":"7","host":"desk"}']) {
      writeFileSync(file, text);
      assert.equal(readMark(file), undefined, text);
    }
  });

  it('is not taken for none where it cannot be read', () => {
    assert.throws(() => readMark(folder), { code: 'EISDIR' });
  });

  it('is of an ended process only where that can be seen', () => {
    const own = ownMark();
    const ended = { ...own, pid: NOBODY };
    assert.deepEqual([own, ended].map(mayRun), [true, false]);
    const { host, pid } = ended;
    for (const elsewhere of [
      { ...ended, host: 'desk' },
      { ...ended, pidNamespace: 'pid:[1]' },
      ...(own.pidNamespace === undefined ? [] : [{ host, pid }]),
    ]) {
      assert.deepEqual([isFromHere(elsewhere), mayRun(elsewhere)], [false, true]);
    }
  });
});

describe('this machine', () => {
  it('is the same each time, and is told from those of the same name by when it booted', () => {
    assert.equal(ownMachine(), ownMachine());
    const [host, , boot] = ownMachine().split('\n');
    assert.equal(host, hostname());
    if (process.platform === 'linux') assert.match(boot!, /^[0-9a-f-]{36}$/);
  });
});
