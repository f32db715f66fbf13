import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compareText } from '../../src/base/order.ts';
import { isOtherRegion, region, regions, regionsProvenance } from '../../src/catalog/regions.ts';

describe('regions', () => {
  it('are sixteen, in order', () => {
    const names = regions().map(({ name }) => name);
    assert.equal(names.length, 16);
    assert.deepEqual(names, [...names].sort(compareText));
  });

  it('know their zones', () => {
    assert.deepEqual(region('koreacentral'), {
      name: 'koreacentral',
      displayName: 'Korea Central',
      geography: 'Korea',
      zones: [1, 2, 3],
    });
    assert.deepEqual(region('koreasouth')?.zones, []);
  });

  it('are undefined when unknown', () => {
    for (const name of ['', 'Korea Central', 'KoreaCentral', '__proto__'])
      assert.equal(region(name), undefined);
  });

  it('are told from the other public regions, of which nothing is on record', () => {
    assert.ok(isOtherRegion('norwayeast'));
    for (const { name } of regions()) assert.ok(!isOtherRegion(name), name);
    for (const name of ['', 'norwayest', '__proto__']) assert.ok(!isOtherRegion(name), name);
  });

  it('say when they were read', () => {
    assert.match(regionsProvenance().date, /^20\d\d-\d\d-\d\d$/);
    assert.notEqual(regionsProvenance().source, '');
  });
});
