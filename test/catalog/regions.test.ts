import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { compareText } from '../../src/base/order.ts';
import {
  isOtherRegion,
  region,
  regions,
  regionsProvenance,
  regionTimeZone,
} from '../../src/catalog/regions.ts';
import { storedFacts } from '../../src/catalog/stored-facts.ts';
import { windowsZone } from '../../src/catalog/time-zones.ts';

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
      timeZone: 'Asia/Seoul',
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

  it('have a clock, all of them', () => {
    const { rows } = (storedFacts('regions') as { others: { rows: readonly [string, string][] } }).others;
    const names = [...regions().map(({ name }) => name), ...rows.map(([name]) => name)];
    assert.equal(new Set(names).size, 58);
    // Unicode's table of zones, which is read elsewhere, knows each by the name that it has here.
    for (const name of names) assert.notEqual(windowsZone(regionTimeZone(name) ?? ''), undefined, name);
    assert.equal(regionTimeZone('westus3'), 'America/Phoenix');
    assert.equal(regionTimeZone('norwayeast'), 'Europe/Oslo');
    for (const name of ['', 'norwayest', '__proto__']) assert.equal(regionTimeZone(name), undefined);
  });

  it('say when they were read', () => {
    assert.match(regionsProvenance().date, /^20\d\d-\d\d-\d\d$/);
    assert.notEqual(regionsProvenance().source, '');
  });
});
