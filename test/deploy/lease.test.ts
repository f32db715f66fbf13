import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StepError } from '../../src/base/step-error.ts';
import { deploy, type DeployOptions } from '../../src/deploy/deploy.ts';
import { leaseStep, releaseLease, takeLease } from '../../src/deploy/lease.ts';
import type { Run } from '../../src/deploy/run.ts';
import type { Step, StepContext } from '../../src/deploy/step.ts';
import type { World } from '../../src/deploy/world.ts';
import { fakeWorld } from './fake-world.ts';

const OPTIONS: DeployOptions = {
  signal: new AbortController().signal,
  parallel: 2,
  onEvent: () => undefined,
};

function runWith(lease: Partial<World['lease']> = {}) {
  const log: string[] = [];
  let lose: ((error: Error) => void) | undefined;
  const world = fakeWorld({
    lease: {
      isReachable: async () => true,
      acquire: async (holder, onLost) => {
        log.push(`taken by ${holder}`);
        lose = onLost;
        return { release: async () => void log.push('released') };
      },
      ...lease,
    },
  });
  const run = {
    world,
    deployment: { operator: 'alice@laptop' },
    found: { plans: new Map() },
  } as unknown as Run;
  return { run, log, lose: (error: Error) => lose!(error) };
}

function step(id: string, after: readonly string[], act: (context: StepContext) => Promise<void>): Step {
  const run = async (context: StepContext) => {
    await act(context);
    return { isChanged: true };
  };
  return { id, phase: 'clusters', title: id, after, run };
}

const kinds = (ends: ReadonlyMap<string, { readonly kind: string }>) => [...ends].map(([, { kind }]) => kind);

describe('the lease of a fleet', () => {
  it('is taken once, says what it waits for, and is given back once', async () => {
    const { run, log } = runWith();
    const said: string[] = [];
    const context = { signal: OPTIONS.signal, report: (text: string) => void said.push(text) };
    await takeLease(run, () => undefined, context);
    const again = await leaseStep(run, [], () => undefined).run(context);
    assert.deepEqual(again, { isChanged: false, note: 'held' });
    assert.deepEqual(said, ['taking the lease of the fleet']);
    await releaseLease(run);
    await releaseLease(run);
    assert.deepEqual(log, ['taken by alice@laptop', 'released']);
  });

  it('is given back whatever becomes of the run', async () => {
    for (const act of [
      async () => undefined,
      async () => {
        throw new StepError('no quota');
      },
      async () => {
        throw new TypeError('ours');
      },
    ]) {
      const { run, log } = runWith();
      await deploy(run, OPTIONS, (onLost) => [leaseStep(run, [], onLost), step('a', ['lease'], act)]);
      assert.deepEqual(log, ['taken by alice@laptop', 'released']);
    }
    const { run, log } = runWith();
    const stopped = deploy(
      { ...run },
      { ...OPTIONS, onEvent: () => assert.fail('of progress') },
      (onLost) => [leaseStep(run, [], onLost)],
    );
    await assert.rejects(stopped, /of progress/);
    assert.deepEqual(log, []);
  });

  it('stops the run when somebody else has it', async () => {
    const { run, log } = runWith({
      acquire: async () => {
        throw new StepError('bob holds it since noon');
      },
    });
    const { ends, lost } = await deploy(run, OPTIONS, (onLost) => [
      leaseStep(run, [], onLost),
      step('a', ['lease'], async () => assert.fail('without the lease')),
    ]);
    assert.deepEqual(kinds(ends), ['failed', 'skipped']);
    assert.equal(lost, undefined);
    assert.deepEqual(log, []);
  });

  it('stops what is under way when it is lost, and says why', async () => {
    const { run, log, lose } = runWith();
    const why = new StepError('broken by bob');
    const { ends, lost } = await deploy(run, OPTIONS, (onLost) => [
      leaseStep(run, [], onLost),
      step('a', ['lease'], async ({ signal }) => {
        lose(why);
        lose(new StepError('told twice'));
        signal.throwIfAborted();
      }),
      step('b', ['a'], async () => assert.fail('without the lease')),
    ]);
    assert.equal(lost, why);
    assert.deepEqual(
      [...ends.values()],
      [{ kind: 'unchanged', note: 'held' }, { kind: 'stopped' }, { kind: 'stopped' }],
    );
    assert.deepEqual(log, ['taken by alice@laptop', 'released']);
  });
});
