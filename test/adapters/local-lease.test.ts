import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { takeLocalLease } from '../../src/adapters/local-lease.ts';
import { ownMark, type ProcessMark } from '../../src/adapters/process-mark.ts';

const NOON = Date.parse('2026-11-22T12:00:00Z');
/** A process that has ended: nobody has its number for as long as this test lasts, or nearly. */
const DEAD = spawnSync(process.execPath, ['--version']).pid;
const ALIVE = process.ppid;

let folder: string;
let count = 0;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'bulkhead-lease-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

/** A place of its own, in a folder that is not there yet. */
function place(content?: string): string {
  const file = join(folder, String((count += 1)), 'lock');
  if (content !== undefined) {
    takeLocalLease(file, 'first', () => NOON)();
    writeFileSync(file, content);
  }
  return file;
}

const take = (file: string): (() => void) => takeLocalLease(file, 'alice@laptop', () => NOON);
const heldBy = (pid: number, change: Partial<ProcessMark> = {}): string =>
  JSON.stringify({ ...ownMark(), pid, ...change, holder: 'bob@desk', since: '2026-11-22T11:00:00.000Z' });

describe('the lock of a work folder', () => {
  it('names who has it, and leaves nothing behind', () => {
    const file = place();
    const release = take(file);
    assert.deepEqual(JSON.parse(readFileSync(file, 'utf8')), {
      ...ownMark(),
      holder: 'alice@laptop',
      since: '2026-11-22T12:00:00.000Z',
    });
    assert.deepEqual(readdirSync(dirname(file)), ['lock']);
    release();
    assert.deepEqual(readdirSync(dirname(file)), []);
  });

  it('bars the second of two, until the first gives it back', () => {
    const file = place();
    const release = take(file);
    assert.throws(() => take(file), {
      name: 'StepError',
      message: /^alice@laptop \(process \d+\) since 2026-11-22T12:00:00\.000Z is at work on this fleet/,
    });
    release();
    take(file)();
  });

  it('is another living process’s, whoever that is', () => {
    const file = place(heldBy(ALIVE));
    assert.throws(() => take(file), {
      message: new RegExp(`^bob@desk \\(process ${ALIVE}\\) since 2026-11-22T11`),
      advice: `wait for it to end; if nobody is, remove ${file}`,
    });
    assert.equal(readFileSync(file, 'utf8'), heldBy(ALIVE));
    assert.deepEqual(readdirSync(dirname(file)), ['lock']);
  });

  it('is taken over from a dead process', () => {
    const file = place(heldBy(DEAD));
    const release = take(file);
    assert.match(readFileSync(file, 'utf8'), /alice@laptop/);
    release();
    assert.equal(existsSync(file), false);
  });

  for (const [name, change, where] of [
    ['another machine', { host: 'desk' }, 'desk'],
    [
      'another container, also one of the same name',
      { pidNamespace: 'pid:[1]' },
      `${ownMark().host}, in another container`,
    ],
  ] as const) {
    for (const pid of [DEAD, process.pid, ALIVE]) {
      const whose = pid === DEAD ? 'nobody' : pid === ALIVE ? 'another process' : 'us';
      it(`is not taken over from ${name}, where a number means ${whose} here`, () => {
        const held = heldBy(pid, change);
        const file = place(held);
        assert.throws(() => take(file), {
          message: `bob@desk (process ${pid} on ${where}) since 2026-11-22T11:00:00.000Z is at work on this fleet, in this folder`,
          advice: `wait for it to end; from here nobody can see whether it has: if nobody is at work on ${where}, remove ${file}`,
        });
        assert.equal(readFileSync(file, 'utf8'), held);
        assert.deepEqual(readdirSync(dirname(file)), ['lock']);
      });
    }
  }

  it('is taken over from an earlier process that had our number, as in a container', () => {
    const file = place(heldBy(process.pid));
    take(file)();
    assert.equal(existsSync(file), false);
  });

  for (const [name, content] of [
    ['empty, as after a power cut', ''],
    ['half written', '{"holder":"bob@de'],
    ['of something else', 'null'],
    ['of a number that is none', heldBy(7).replace(':7,', ':"7",')],
    ['of a process group', heldBy(-1)],
  ] as const) {
    it(`counts for nothing where it is ${name}`, () => {
      take(place(content))();
    });
  }

  it('gives back its own alone', () => {
    const file = place();
    const release = take(file);
    release();
    writeFileSync(file, heldBy(ALIVE));
    release();
    assert.equal(readFileSync(file, 'utf8'), heldBy(ALIVE));
  });
});
