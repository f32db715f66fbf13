import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { pairs } from '../../../src/plan/diff/pairs.ts';

const lists = fc.uniqueArray(fc.constantFrom(...'abcdefgh'), { maxLength: 8 });
const keyOf = (key: string): string => key;

describe('pairs', () => {
  it('has every entry of both sides once, those of the head in its order', () => {
    fc.assert(
      fc.property(lists, lists, (base, head) => {
        const found = pairs(base, head, keyOf);
        assert.deepEqual(
          found.flatMap(([, after]) => after ?? []),
          head,
        );
        assert.deepEqual(found.flatMap(([before]) => before ?? []).toSorted(), base.toSorted());
        assert.ok(found.every(([before, after]) => before === after || !before || !after));
      }),
    );
  });

  it('leaves what is gone where it stood', () => {
    assert.deepEqual(pairs(['x', 'a', 'y', 'b'], ['a', 'b', 'c'], keyOf), [
      ['x', undefined],
      ['a', 'a'],
      ['y', undefined],
      ['b', 'b'],
      [undefined, 'c'],
    ]);
  });
});
