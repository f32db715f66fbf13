import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { merged } from '../../../src/lab/arm/body.ts';
import { armId } from '../../../src/lab/arm/id.ts';
import { memoryStore } from '../../../src/lab/arm/store.ts';
import { uuidOf } from '../../../src/lab/arm/uuid.ts';
import { GROUP } from './lab-under-test.ts';

const NETWORKS = `${GROUP}/providers/Microsoft.Network/virtualNetworks`;

function filled() {
  const store = memoryStore();
  for (const path of [GROUP, `${NETWORKS}/b`, `${NETWORKS}/a`, `${NETWORKS}/a/subnets/s`, `${NETWORKS}/ab`]) {
    store.put({ id: armId(path), body: { path } });
  }
  return store;
}

describe('the store', () => {
  test('ids are compared without regard to case, and told as they came', () => {
    const store = filled();
    assert.equal(store.get(`${NETWORKS}/A`.toUpperCase())?.id.text, `${NETWORKS}/a`);
  });

  test('types are listed in the order of ids', () => {
    const names = filled()
      .ofType('microsoft.network/virtualnetworks')
      .map(({ id }) => id.name);
    assert.deepEqual(names, ['a', 'ab', 'b']);
  });

  test('below is what lies in it, not what has its name as a beginning', () => {
    assert.deepEqual(
      filled()
        .below(`${NETWORKS}/a`)
        .map(({ id }) => id.text),
      [`${NETWORKS}/a/subnets/s`],
    );
  });

  test('what is removed takes along what lies in it', () => {
    const store = filled();
    store.remove(`${NETWORKS}/A`);
    assert.deepEqual(
      store.all().map(({ id }) => id.name),
      ['rg', 'ab', 'b'],
    );
  });
});

test('a merge patch merges objects, removes nulls and replaces the rest', () => {
  const body = { tags: { a: '1', b: '2' }, list: [1, 2], kept: true };
  assert.deepEqual(merged(body, { tags: { a: null, c: '3' }, list: [3] }), {
    tags: { b: '2', c: '3' },
    list: [3],
    kept: true,
  });
});

test('made-up ids are UUIDs, the same for the same text in any case', () => {
  assert.match(uuidOf('x'), /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(uuidOf('abc'), uuidOf('ABC'));
  assert.notEqual(uuidOf('abc'), uuidOf('abd'));
});
