import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { rules } from '../../../../src/lab/arm/rules/index.ts';
import { secondsToWait } from '../../../../src/lab/arm/rules/token-bucket.ts';
import { CLUSTER, NOW, asked, cluster } from './sound-world.ts';

const BUCKET = { size: 3, perSecond: 0.5 };

describe('a token bucket', () => {
  it('begins full', () => {
    assert.equal(secondsToWait(BUCKET, [], 0), 0);
    assert.equal(secondsToWait(BUCKET, [0, 0], 0), 0);
  });

  it('says how long the next token takes', () => {
    assert.equal(secondsToWait(BUCKET, [0, 0, 0], 0), 2);
    assert.equal(secondsToWait(BUCKET, [0, 0, 0], 500), 1.5);
    assert.equal(secondsToWait(BUCKET, [0, 0, 0], 2000), 0);
  });

  it('takes nothing from those who found it empty', () => {
    assert.equal(secondsToWait(BUCKET, [0, 0, 0, 0, 0, 0, 1000], 2000), 0);
  });

  it('gives a token to whoever waits as long as it said', () => {
    const instants = fc.array(fc.integer({ min: 0, max: 20_000 }), { maxLength: 20 });
    fc.assert(
      fc.property(instants, (unsorted) => {
        const past = unsorted.toSorted((a, b) => a - b);
        const wait = secondsToWait(BUCKET, past, 20_000);
        assert.equal(secondsToWait(BUCKET, past, 20_000 + Math.ceil(wait * 1000)), 0);
      }),
    );
  });
});

describe('what is throttled', () => {
  it('is told how long to wait', () => {
    const recentWrites = Array.from({ length: 20 }, () => ({
      key: CLUSTER.toLowerCase(),
      method: 'PUT' as const,
      at: NOW - 20_000,
    }));
    const { write, world } = asked({ id: CLUSTER, body: cluster(), recentWrites });
    const refusal = rules.find(({ id }) => id === 'cluster-writes-are-throttled')!.check(write, world);
    assert.deepEqual(refusal?.headers, { 'retry-after': '40' });
  });

  it('is nothing where nobody counts', () => {
    const { write, world } = asked({ id: CLUSTER, body: cluster() });
    assert.equal(
      rules.find(({ id }) => id === 'cluster-writes-are-throttled')!.check(write, world),
      undefined,
    );
  });
});
