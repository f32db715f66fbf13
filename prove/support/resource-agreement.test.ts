import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ExpectedResource } from './expected-resources.ts';
import { disagreements } from './resource-agreement.ts';

const root = 'foundation';
const type = 'azurerm_subnet';

function expect(values: ExpectedResource['values']): ExpectedResource {
  return { root, type, values };
}

function planOf(...values: readonly object[]): ReadonlyMap<string, string> {
  const resources = values.map((each, index) => ({ address: `${type}.s${index}`, type, values: each }));
  return new Map([[root, JSON.stringify({ planned_values: { root_module: { resources } } })]]);
}

describe('expected resources and a plan', () => {
  it('agree whatever else the plan says, and in whatever order', () => {
    const plan = planOf({ name: 'b', zones: ['2', '1'], extra: true }, { name: 'a' });
    assert.deepEqual(
      disagreements([expect({ name: 'a' }), expect({ name: 'b', zones: ['1', '2'] })], plan),
      [],
    );
  });

  it('disagree on what is missing, and on what nobody expects', () => {
    assert.deepEqual(disagreements([expect({ name: 'a' })], planOf({ name: 'b' })), [
      'foundation has no azurerm_subnet {"name":"a"}',
      'nobody expects azurerm_subnet.s0 of foundation',
    ]);
  });

  it('disagree on a list that is longer, and on a value where none is expected', () => {
    assert.equal(disagreements([expect({ zones: ['1'] })], planOf({ zones: ['1', '2'] })).length, 2);
    assert.equal(disagreements([expect({ zones: null })], planOf({ zones: ['1'] })).length, 2);
    assert.deepEqual(disagreements([expect({ zones: null })], planOf({ zones: null })), []);
  });

  it('match what says more first', () => {
    const plan = planOf({ name: 'a', sku: 'x' }, { name: 'a', sku: 'y' });
    assert.deepEqual(disagreements([expect({ name: 'a' }), expect({ name: 'a', sku: 'x' })], plan), []);
  });
});
