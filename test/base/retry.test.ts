import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { retry, waitFor } from '../../src/base/retry.ts';

const SIGNAL = new AbortController().signal;

/** A clock that only sleep moves. */
function clock() {
  let now = 0;
  const waits: number[] = [];
  return {
    waits,
    now: () => now,
    sleep: async (ms: number) => {
      waits.push(ms);
      now += ms;
    },
  };
}

describe('trying again', () => {
  it('ends after so many tries, waits longer each time and never longer than allowed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 8 }),
        fc.nat({ max: 10 }),
        fc.nat({ max: 90_000 }),
        async (tries, failures, asked) => {
          const { waits, sleep } = clock();
          let calls = 0;
          const call = async (): Promise<number> => {
            calls += 1;
            if (calls <= failures) throw new Error('busy');
            return calls;
          };
          const policy = { tries, waitMs: 1000, maxWaitMs: 60_000 };
          const got = await retry(call, policy, () => asked, { signal: SIGNAL, sleep }).catch(
            () => 'gave up',
          );
          assert.equal(got, failures < tries ? failures + 1 : 'gave up');
          assert.equal(calls, Math.min(tries, failures + 1));
          assert.deepEqual(
            waits,
            waits.toSorted((a, b) => a - b),
          );
          assert.ok(waits.every((wait) => wait >= Math.min(asked, 60_000) && wait <= 60_000));
        },
      ),
    );
  });

  it('does not try again what will not pass', async () => {
    const { sleep, waits } = clock();
    const policy = { tries: 5, waitMs: 1, maxWaitMs: 1 };
    const call = async (): Promise<never> => {
      throw new Error('forbidden');
    };
    await assert.rejects(
      retry(call, policy, () => undefined, { signal: SIGNAL, sleep }),
      /forbidden/,
    );
    assert.deepEqual(waits, []);
  });
});

describe('waiting for something', () => {
  it('looks a last time at the deadline, then gives up', async () => {
    const { now, sleep, waits } = clock();
    const looked: number[] = [];
    const look = async (): Promise<undefined> => {
      looked.push(now());
      return undefined;
    };
    const found = await waitFor(look, { deadlineMs: 25, everyMs: 10, now }, { signal: SIGNAL, sleep });
    assert.equal(found, undefined);
    assert.deepEqual(looked, [0, 10, 20, 25]);
    assert.deepEqual(waits, [10, 10, 5]);
  });

  it('stops when it is aborted', async () => {
    const { now, sleep } = clock();
    const look = async (): Promise<number> => 1;
    await assert.rejects(
      waitFor(look, { deadlineMs: 25, everyMs: 10, now }, { signal: AbortSignal.abort(), sleep }),
      { name: 'AbortError' },
    );
  });
});
