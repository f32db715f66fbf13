import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { StepError } from '../../src/base/step-error.ts';
import { runSteps } from '../../src/deploy/run-steps.ts';
import type { Step, StepEvent } from '../../src/deploy/step.ts';

const NEVER = new AbortController().signal;

/** A step that waits some turns of the event loop, then does as told. */
function step(
  id: string,
  after: readonly string[],
  run: Step['run'] = async () => ({ isChanged: true }),
): Step {
  return { id, phase: 'clusters', title: id, after, run };
}

async function run(steps: readonly Step[], options: { parallel?: number; signal?: AbortSignal } = {}) {
  const events: StepEvent[] = [];
  const ends = await runSteps(steps, {
    signal: options.signal ?? NEVER,
    parallel: options.parallel ?? 4,
    onEvent: (event) => events.push(event),
    now: () => 0,
  });
  return { ends, events, kinds: Object.fromEntries([...ends].map(([id, end]) => [id, end.kind])) };
}

/** Steps that need earlier ones only, each with how many turns it takes and whether it fails. */
const graphs = fc
  .array(
    fc.record({
      needs: fc.array(fc.nat(), { maxLength: 3 }),
      turns: fc.nat({ max: 3 }),
      fails: fc.boolean(),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((nodes) =>
    nodes.map(({ needs, ...node }, index) => ({
      ...node,
      id: `s${index}`,
      after: index === 0 ? [] : [...new Set(needs.map((need) => `s${need % index}`))],
    })),
  );

describe('running steps', () => {
  it('starts each once, after what it needs, so many at once; a failure takes only what needs it', async () => {
    await fc.assert(
      fc.asyncProperty(
        graphs,
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        async (nodes, parallel, turned) => {
          const ended = new Set<string>();
          const started: string[] = [];
          let running = 0;
          const steps = nodes.map(({ id, after, turns, fails }) =>
            step(id, after, async () => {
              assert.ok(
                after.every((need) => ended.has(need)),
                `${id} began before what it needs`,
              );
              started.push(id);
              running += 1;
              assert.ok(running <= parallel);
              for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
              running -= 1;
              if (fails) throw new Error(id);
              ended.add(id);
              return { isChanged: true };
            }),
          );
          const { ends } = await run(turned ? steps.toReversed() : steps, { parallel });
          const isLost = (id: string): boolean => {
            const node = nodes.find((one) => one.id === id)!;
            return node.after.some((need) => isLost(need) || nodes.find((one) => one.id === need)!.fails);
          };
          for (const { id, fails } of nodes) {
            const wanted = isLost(id) ? 'skipped' : fails ? 'failed' : 'changed';
            assert.equal(ends.get(id)?.kind, wanted, id);
          }
          assert.equal(new Set(started).size, started.length);
        },
      ),
    );
  });

  it('names the step that failed, not the one between', async () => {
    const broken = step('a', [], async () => {
      throw new Error('no quota');
    });
    const { ends } = await run([step('c', ['b']), step('b', ['a']), broken]);
    assert.deepEqual(ends.get('c'), { kind: 'skipped', because: 'a' });
  });

  it('starts nothing after an abort, and waits for what runs', async () => {
    const abort = new AbortController();
    const log: string[] = [];
    const first = step('first', [], async () => {
      abort.abort();
      await Promise.resolve();
      log.push('first ended');
      return { isChanged: true };
    });
    const { kinds } = await run([first, step('second', ['first'])], { signal: abort.signal });
    assert.deepEqual(kinds, { first: 'changed', second: 'stopped' });
    assert.deepEqual(log, ['first ended']);
  });

  it('keeps what is worth telling of a step that was stopped: not that it was', async () => {
    const reason = new StepError('stopped');
    const killed = new StepError('Terraform did not end in time and was killed');
    const thrown: readonly unknown[] = [
      reason,
      new DOMException('aborted', 'AbortError'),
      new StepError('a request', { cause: reason }),
      new TypeError('fetch failed'),
      killed,
    ];
    const abort = new AbortController();
    const steps = thrown.map((error, index) =>
      step(`s${index}`, [], async () => {
        await Promise.resolve();
        abort.abort(reason);
        throw error;
      }),
    );
    const last = step('after', ['s4']);
    const { ends } = await run([...steps, last], { signal: abort.signal, parallel: 5 });
    const stopped = { kind: 'stopped' };
    assert.deepEqual(
      [...ends.values()],
      [stopped, stopped, stopped, stopped, { kind: 'stopped', error: killed }, stopped],
    );
  });

  it('says what happens as it happens', async () => {
    const talks = step('a', [], async ({ report }) => {
      report('half way');
      return { isChanged: false, note: '12 resources' };
    });
    const { events } = await run([talks]);
    assert.deepEqual(
      events.map((event) => (event.kind === 'detail' ? event.text : event.kind)),
      ['started', 'half way', 'ended'],
    );
    assert.deepEqual(events.at(-1), {
      kind: 'ended',
      step: talks,
      atMs: 0,
      end: { kind: 'unchanged', note: '12 resources' },
    });
  });

  for (const [name, steps, message] of [
    ['an unknown id', [step('a', ['b'])], /a needs b, which is no step/],
    ['an id twice', [step('a', []), step('a', [])], /two steps have one id/],
    ['a cycle', [step('a', ['b']), step('b', ['a'])], /needs itself/],
  ] as const) {
    it(`refuses ${name}`, async () => {
      await assert.rejects(run(steps), message);
    });
  }
});
