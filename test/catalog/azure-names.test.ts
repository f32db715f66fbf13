import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { nameProblem } from '../../src/catalog/azure-names.ts';
import { evidenceFromPlatform } from '../../src/contract/evidence-from-platform.ts';
import { anyFleet } from '../support/any-fleet.ts';
import { platformOf } from '../support/fleets.ts';

/** The longest and the shortest name of each kind, and some that are none. */
const NAMES: readonly (readonly [kind: string, taken: readonly string[], refused: readonly string[]])[] = [
  ['resource group', ['a', 'x'.repeat(90), 'rg_(1).a'], ['', 'x'.repeat(91), 'rg.', 'a b']],
  ['cluster', ['a', 'x'.repeat(63), 'a_b'], ['', 'x'.repeat(64), '-a', 'a-', 'a.b']],
  ['virtual network', ['vn', 'x'.repeat(64), 'a.b_'], ['v', 'x'.repeat(65), 'vn-']],
  ['subnet', ['s', 'x'.repeat(80), 's_'], ['', 'x'.repeat(81), '_s', 's-']],
  ['managed identity', ['abc', 'x'.repeat(128), 'a-_'], ['ab', 'x'.repeat(129), '-ab']],
  ['vault', ['abc', 'x'.repeat(24)], ['ab', 'x'.repeat(25), '1ab', 'a--b', 'ab-']],
  ['workspace', ['abcd', 'x'.repeat(63)], ['abc', 'x'.repeat(64), 'abc-', 'a_bc']],
  ['registry', ['abcde', 'X'.repeat(50)], ['abcd', 'x'.repeat(51), 'ab-cd']],
  ['storage account', ['abc', '1'.repeat(24)], ['ab', 'a'.repeat(25), 'Abc', 'a-b']],
];

for (const [kind, taken, refused] of NAMES) {
  test(`names of a ${kind}`, () => {
    for (const name of taken) assert.equal(nameProblem(kind, name), undefined, name);
    for (const name of refused) assert.notEqual(nameProblem(kind, name), undefined, name);
  });
}

test('of a kind without a rule, every name is taken', () => {
  assert.equal(nameProblem('dashboard', ''), undefined);
  assert.equal(nameProblem('__proto__', ''), undefined);
});

test('property: every name that a fleet derives is one that Azure takes', () => {
  fc.assert(
    fc.property(anyFleet, fc.constantFrom('demo', 'production'), (data, environment) => {
      for (const { type, label } of evidenceFromPlatform(platformOf(data, environment)).azureNames ?? []) {
        assert.equal(nameProblem(type!, label!), undefined, `${type} ${label}`);
      }
    }),
    { numRuns: 60 },
  );
});
