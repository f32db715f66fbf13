import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findProgram, runProgram } from '../../src/adapters/program.ts';

const SHELL = findProgram({ names: ['sh'], advice: 'install a shell' }, process.env);
const run = (script: string, more: Partial<Parameters<typeof runProgram>[2]> = {}) =>
  runProgram(SHELL, ['-c', script], {
    env: { PATH: process.env['PATH'] },
    signal: new AbortController().signal,
    timeoutMs: 10_000,
    bytesMax: 1000,
    ...more,
  });

describe('a program that is run', () => {
  it('answers with what it said and how it ended', async () => {
    const ended = await run('cat; echo problem >&2; exit 3', { input: Buffer.from('asked') });
    assert.deepEqual(
      { ...ended, stdout: ended.stdout.toString() },
      { exitCode: 3, stdout: 'asked', stderr: 'problem\n' },
    );
  });

  it('is ended, with all that it started, when it takes too long or says too much', async () => {
    await assert.rejects(run('sleep 30 & wait', { timeoutMs: 50 }), {
      name: 'StepError',
      message: 'sh -c did not end within 0.05 s',
    });
    await assert.rejects(run('while true; do echo again; done'), { message: /said more than 1000 bytes/ });
  });

  it('is ended by an abort, with its reason, and not begun after one', async () => {
    const abort = new AbortController();
    const running = run('sleep 30', { signal: abort.signal });
    abort.abort(new Error('stopped'));
    await assert.rejects(running, { message: 'stopped' });
    await assert.rejects(async () => run('exit 0', { signal: abort.signal }), { message: 'stopped' });
  });
});

describe('a program that is looked for', () => {
  const program = { names: ['terraform', 'tofu'], variable: 'BULKHEAD_TERRAFORM', advice: 'install it' };

  it('is the first name on PATH, or the one that a variable names', () => {
    const sh = { names: ['no-such-program', 'sh'], advice: '' };
    assert.equal(findProgram(sh, process.env), SHELL);
    assert.equal(findProgram(program, { ...process.env, BULKHEAD_TERRAFORM: 'sh' }), SHELL);
    assert.equal(findProgram(program, { BULKHEAD_TERRAFORM: SHELL }), SHELL);
  });

  it('and is missing is told with what to do', () => {
    assert.throws(() => findProgram(program, { PATH: '/nowhere' }), {
      name: 'StepError',
      message: 'terraform or tofu was not found on PATH',
      advice: 'install it',
    });
    assert.throws(() => findProgram(program, { BULKHEAD_TERRAFORM: '/nowhere/tf' }), {
      message: 'BULKHEAD_TERRAFORM names /nowhere/tf, which is no program',
    });
  });
});
