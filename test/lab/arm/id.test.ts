import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { armId, armTarget, groupScope } from '../../../src/lab/arm/id.ts';
import { GROUP, SUBSCRIPTION } from './lab-under-test.ts';

const NETWORK = `${GROUP}/providers/Microsoft.Network/virtualNetworks/v`;

describe('ids', () => {
  const known: readonly [path: string, type: string, name: string, parent: string | undefined][] = [
    [SUBSCRIPTION, 'microsoft.resources/subscriptions', '00000000-0000-0000-0000-000000000001', undefined],
    [GROUP, 'microsoft.resources/resourcegroups', 'rg', SUBSCRIPTION],
    [NETWORK, 'microsoft.network/virtualnetworks', 'v', GROUP],
    [`${NETWORK}/subnets/s`, 'microsoft.network/virtualnetworks/subnets', 's', NETWORK],
    [
      `${NETWORK}/subnets/s/providers/Microsoft.Authorization/roleAssignments/a`,
      'microsoft.authorization/roleassignments',
      'a',
      `${NETWORK}/subnets/s`,
    ],
    [
      `${SUBSCRIPTION}/providers/Microsoft.Consumption/budgets/b`,
      'microsoft.consumption/budgets',
      'b',
      SUBSCRIPTION,
    ],
    [
      `${SUBSCRIPTION}/providers/Microsoft.KeyVault/locations/koreacentral/deletedVaults/kv`,
      'microsoft.keyvault/locations/deletedvaults',
      'kv',
      `${SUBSCRIPTION}/providers/Microsoft.KeyVault/locations/koreacentral`,
    ],
    [
      `${SUBSCRIPTION}/providers/Microsoft.Network`,
      'microsoft.resources/providers',
      'Microsoft.Network',
      SUBSCRIPTION,
    ],
    [
      '/providers/Microsoft.Management/managementGroups/m',
      'microsoft.management/managementgroups',
      'm',
      undefined,
    ],
  ];
  for (const [path, type, name, parent] of known) {
    test(`${path} is ${name} of ${type}`, () => {
      const id = armId(path);
      assert.equal(id.type, type);
      assert.equal(id.name, name);
      assert.equal(id.parent, parent);
      assert.equal(id.text, path);
      assert.equal(id.key, path.toLowerCase());
    });
  }

  test('the group and the subscription are read as they were sent', () => {
    const id = armId(`/SUBSCRIPTIONS/S/RESOURCEGROUPS/Rg/PROVIDERS/Microsoft.Network/virtualNetworks/v`);
    assert.equal(id.subscription, 'S');
    assert.equal(id.resourceGroup, 'Rg');
    assert.equal(id.type, 'microsoft.network/virtualnetworks');
    assert.equal(groupScope(id), '/SUBSCRIPTIONS/S/RESOURCEGROUPS/Rg');
  });

  const collections: readonly [path: string, type: string, word: string, owner: string | undefined][] = [
    [`${NETWORK}/subnets`, 'microsoft.network/virtualnetworks/subnets', 'subnets', NETWORK],
    [
      `${GROUP}/providers/Microsoft.Network/virtualNetworks`,
      'microsoft.network/virtualnetworks',
      'virtualNetworks',
      GROUP,
    ],
    [`${GROUP}/resources`, 'microsoft.resources/resources', 'resources', GROUP],
    [`${SUBSCRIPTION}/resourcegroups`, 'microsoft.resources/resourcegroups', 'resourcegroups', SUBSCRIPTION],
    [`${SUBSCRIPTION}/providers`, 'microsoft.resources/providers', 'providers', SUBSCRIPTION],
    ['/subscriptions', 'microsoft.resources/subscriptions', 'subscriptions', undefined],
  ];
  for (const [path, type, word, owner] of collections) {
    test(`${path} lists ${type}`, () => {
      const target = armTarget(path);
      assert.ok(target?.kind === 'collection');
      assert.equal(target.type, type);
      assert.equal(target.word, word);
      assert.equal(target.owner?.text, owner);
    });
  }

  test('segments are decoded', () => {
    assert.equal(armId(`${NETWORK}/subnets/a%20b`).name, 'a b');
    assert.equal(armTarget('/subscriptions/%'), undefined);
  });

  test('no path of Resource Manager is no target', () => {
    for (const path of ['', '/', '/metadata', '/metadata/endpoints'])
      assert.equal(armTarget(path), undefined, path);
  });

  test('any path that begins as one is read, and its id leads back to it', () => {
    const word = fc
      .stringMatching(/^[A-Za-z][A-Za-z0-9.@_-]{0,8}$/)
      .filter((each) => each.toLowerCase() !== 'providers');
    const pairs = fc.array(fc.tuple(word, word), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(word, pairs, (namespace, names) => {
        const path = `${GROUP}/providers/${namespace}/${names.flat().join('/')}`;
        const id = armId(path);
        assert.equal(id.text, path);
        assert.equal(id.type, `${namespace}/${names.map(([type]) => type).join('/')}`.toLowerCase());
        assert.equal(armId(id.key).key, id.key);
      }),
    );
  });
});
