import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { runLogged } from '../../../src/adapters/terraform/logged-run.ts';

describe('a program that is logged', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bulkhead-logged-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** Aborts when the program says `ready`. */
  const run = async (script: string, stopWaitMs = 10_000) => {
    const abort = new AbortController();
    const lines: string[] = [];
    const onLine = (line: string): void => {
      lines.push(line);
      if (line === 'ready') abort.abort(new Error('stopped'));
    };
    const logFile = join(folder, 'logs', 'foundation.log');
    const { signal } = abort;
    const env = { PATH: process.env['PATH'] };
    const logged = { folder, env, signal, logFile, onLine, stopWaitMs };
    const end = await runLogged('/bin/sh', ['-c', script], logged);
    return { ...end, lines, logFile };
  };

  it('has each line read once, after what the log holds, and leaves a log for this user alone', async () => {
    await run('echo earlier');
    const { exitCode, lines, logFile } = await run('echo one; echo two >&2; printf "né"; echo; exit 3');
    assert.equal(exitCode, 3);
    assert.deepEqual(lines, ['one', 'two', 'né']);
    assert.equal(readFileSync(logFile, 'utf8'), '# -c\nearlier\n# -c\none\ntwo\nné\n');
    assert.equal(statSync(logFile).mode & 0o777, 0o600);
  });

  it('is interrupted once, and may end as it likes', async () => {
    const { exitCode, isKilled, lines } = await run(
      'trap "echo interrupted; exit 7" INT; echo ready; while true; do sleep 0.05; done',
    );
    assert.deepEqual([exitCode, isKilled], [7, false]);
    assert.deepEqual(lines, ['ready', 'interrupted']);
  });

  it('is killed when it does not end', async () => {
    const { exitCode, isKilled } = await run('trap "" INT; echo ready; sleep 30', 100);
    assert.deepEqual([exitCode, isKilled], [undefined, true]);
  });

  it('that cannot start is told', async () => {
    const file = join(folder, 'none');
    writeFileSync(file, '');
    const { signal } = new AbortController();
    const logged = {
      folder,
      env: {},
      signal,
      logFile: join(folder, 'log'),
      onLine: () => undefined,
      stopWaitMs: 1,
    };
    await assert.rejects(runLogged(file, ['x'], logged), {
      name: 'StepError',
      message: /cannot be started: .*EACCES/,
    });
  });
});
