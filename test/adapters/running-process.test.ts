import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, it } from 'node:test';
import { isRunning } from '../../src/adapters/running-process.ts';

describe('whether a process runs', () => {
  it('is told of this one, of one that has ended, and of what is no process', async () => {
    const child = spawn('/bin/sh', ['-c', 'exit 0']);
    await once(child, 'exit');
    assert.deepEqual([process.pid, child.pid!, 0, -1, Number.NaN, 1.5].map(isRunning), [
      true,
      false,
      false,
      false,
      false,
      false,
    ]);
  });

  it(
    'is not so of one that has ended and that nobody reaps',
    { skip: process.platform !== 'linux' },
    async (t) => {
      // The shell becomes a program that never asks after the child it has inherited.
      const parent = spawn('/bin/sh', ['-c', 'sleep 0 & echo $!; exec cat'], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      t.after(async () => {
        parent.stdin.end();
        await once(parent, 'exit');
      });
      const [said] = (await once(parent.stdout, 'data')) as [Buffer];
      const orphan = Number(String(said));
      for (let asked = 0; isRunning(orphan) && asked < 1000; asked += 1) {
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      assert.equal(isRunning(orphan), false);
      // It is still in the list of processes.
      assert.doesNotThrow(() => process.kill(orphan, 0));
    },
  );
});
