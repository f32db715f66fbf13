import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';

const source = (path: string): string => new URL(`../../src/${path}`, import.meta.url).href;
const MAIN = fileURLToPath(source('cli/main.js'));
const ATLAS = fileURLToPath(new URL('../../../examples/atlas/fleet.yaml', import.meta.url));

type Closed = 'stdout' | 'stderr';

/** Runs Node with one of its outputs closed before it writes, and answers what the other one said. */
async function withoutReader(closed: Closed, argv: readonly string[]): Promise<[code: number, said: string]> {
  const child = spawn(process.execPath, argv, {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
    timeout: 20_000,
  });
  child[closed].destroy();
  let said = '';
  child[closed === 'stdout' ? 'stderr' : 'stdout'].on('data', (chunk: Buffer) => (said += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number];
  return [code, said];
}

/** A command that writes now and after a while, and then ends 7. */
const slow = (quietMs: number): readonly string[] => {
  const script = `
    import { surviveLostOutput } from ${JSON.stringify(source('cli/lost-output.js'))};
    surviveLostOutput(process, ${quietMs});
    for (let line = 1; line <= 4; line += 1) {
      process.stdout.write('out\\n');
      process.stderr.write('err\\n');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    process.exitCode = 7;`;
  return ['--input-type=module', '--eval', script];
};

describe('a command that nobody reads', () => {
  it('goes on to its end, and has its own exit code', async () => {
    assert.deepEqual(await withoutReader('stdout', slow(5_000)), [7, 'err\n'.repeat(4)]);
    assert.deepEqual(await withoutReader('stderr', slow(5_000)), [7, 'out\n'.repeat(4)]);
  });

  it('says once that it goes on, where that takes long', async () => {
    const [code, said] = await withoutReader('stdout', slow(30));
    assert.equal(code, 7);
    assert.equal(said.split('nobody reads the output any more').length, 2, said);
  });

  it('ends as it would have, without a stack', async () => {
    assert.deepEqual(await withoutReader('stdout', [MAIN, 'schema']), [0, '']);
    assert.deepEqual(await withoutReader('stdout', [MAIN, 'cost', ATLAS, '--fail-on', 'note']), [0, '']);
    assert.deepEqual(await withoutReader('stderr', [MAIN, 'plan', 'nowhere.yaml']), [2, '']);
  });
});

describe('an answer that cannot be written', { skip: !existsSync('/dev/full') }, () => {
  const full = async (script: string): Promise<[code: number, said: string]> => {
    const child = spawn('/bin/sh', ['-c', script, 'sh', process.execPath, MAIN], {
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: 20_000,
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const [code] = (await once(child, 'close')) as [number];
    return [code, said];
  };

  it('is told once, and is no success', async () => {
    const [code, said] = await full('exec "$@" schema > /dev/full');
    assert.equal(code, 2);
    assert.match(said, /^bulkhead: cannot write the answer: ENOSPC[^\n]*\n$/);
  });

  it('ends the command where even that cannot be told', async () => {
    assert.deepEqual(await full('exec "$@" schema > /dev/full 2> /dev/full'), [2, '']);
  });
});
