import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
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

  /** Another process of ours runs it and exits at a line, at once; the program is let go after that. */
  const abandoned = async (exitAt: string, abortAt?: string): Promise<string> => {
    const [logFile, done] = [join(folder, 'log'), join(folder, 'done')];
    const program = `trap "echo interrupted" INT; echo ready; i=0
      while [ ! -e ${done} ] && [ $i -lt 400 ]; do sleep 0.05; i=$((i + 1)); done; echo written`;
    const module = new URL('../../../src/adapters/terraform/logged-run.js', import.meta.url).href;
    const script = `
      import { runLogged } from ${JSON.stringify(module)};
      const abort = new AbortController();
      await runLogged('/bin/sh', ['-c', ${JSON.stringify(program)}], {
        folder: ${JSON.stringify(folder)}, env: process.env, signal: abort.signal, stopWaitMs: 20_000,
        logFile: ${JSON.stringify(logFile)},
        onLine: (line) => {
          if (line === ${JSON.stringify(abortAt)}) abort.abort(new Error('stopped'));
          if (line === ${JSON.stringify(exitAt)}) process.exit(9);
        },
      });`;
    const ours = spawn(process.execPath, ['--input-type=module', '--eval', script], { timeout: 60_000 });
    assert.deepEqual(await once(ours, 'exit'), [9, null]);
    writeFileSync(done, '');
    const said = (): string => (existsSync(logFile) ? readFileSync(logFile, 'utf8') : '');
    for (let asked = 0; asked < 500 && !said().includes('written'); asked += 1) await wait(20);
    return said();
  };

  it('is interrupted when we end without a word', async () => {
    assert.equal(await abandoned('ready'), '# -c\nready\ninterrupted\nwritten\n');
  });

  it('is not interrupted again when we end after an abort: Terraform would not write its state', async () => {
    assert.equal(await abandoned('interrupted', 'ready'), '# -c\nready\ninterrupted\nwritten\n');
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
