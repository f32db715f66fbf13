import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { preemptedBy } from '../../../../src/lab/arm/rules/cluster-operations.ts';
import { type Ask, CLUSTER, SYSTEM_POOL, USER_POOL, VNET, asked } from './sound-world.ts';

function ends(ask: Ask): readonly string[] {
  const { write, world } = asked(ask);
  return preemptedBy(write, world).map(({ failure }) => failure.code);
}

describe('a delete', () => {
  it('ends what runs on its cluster and on the pools of it', () => {
    const running = { [CLUSTER]: 'PUT', [USER_POOL]: 'PUT', [VNET]: 'PUT' };
    const code = 'AKSOperationPreemptedByDelete';
    assert.deepEqual(ends({ method: 'DELETE', id: CLUSTER, running }), [code, code]);
  });

  it('ends what runs on its pool, and not on another', () => {
    assert.equal(ends({ method: 'DELETE', id: USER_POOL, running: { [USER_POOL]: 'PUT' } }).length, 1);
    assert.equal(ends({ method: 'DELETE', id: USER_POOL, running: { [SYSTEM_POOL]: 'PUT' } }).length, 0);
  });

  it('lets an earlier delete go on, as every other write does', () => {
    assert.equal(ends({ method: 'DELETE', id: CLUSTER, running: { [CLUSTER]: 'DELETE' } }).length, 0);
    assert.equal(ends({ method: 'PUT', id: CLUSTER, running: { [CLUSTER]: 'PUT' } }).length, 0);
  });
});
