import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { joinTrees } from '../../src/base/file-tree.ts';
import { isAtLeast, pathText } from '../../src/base/finding.ts';
import { formatRate, formatUsd, times, toUsd, usd } from '../../src/base/money.ts';
import { nearest } from '../../src/base/nearest.ts';
import { compareText, sortedEntries } from '../../src/base/order.ts';
import { formatCpu, formatMemory, parseCpuMillis, parseMemoryMiB } from '../../src/base/quantity.ts';
import { compact } from '../../src/base/record.ts';

test('money is exact to a millionth and printed to the cent', () => {
  assert.equal(usd(0.02273), 22_730);
  assert.equal(toUsd(22_730), 0.02273);
  assert.equal(times(usd(0.02273), 3650), 82_964_500);
  assert.equal(formatUsd(82_964_500), '$82.96');
  assert.equal(formatUsd(1_234_567_000_000), '$1,234,567.00');
  assert.equal(formatUsd(-5_000_000), '-$5.00');
  assert.equal(formatUsd(-4_000), '$0.00');
  assert.equal(formatUsd(995_000), '$1.00');
  assert.equal(formatRate(22_730), '$0.02273');
  assert.equal(formatRate(3_110_000), '$3.11');
  assert.equal(formatRate(24), '$0.000024');
});

test('CPU and memory are read as Kubernetes reads them', () => {
  assert.equal(parseCpuMillis('250m'), 250);
  assert.equal(parseCpuMillis('2'), 2000);
  assert.equal(parseCpuMillis('0.5'), 500);
  for (const text of ['', '0', '0m', '1.5m', '-1', '1e3', '250 m', '0.0001'])
    assert.equal(parseCpuMillis(text), undefined);
  assert.equal(parseMemoryMiB('256Mi'), 256);
  assert.equal(parseMemoryMiB('1Gi'), 1024);
  assert.equal(parseMemoryMiB('1G'), 954);
  assert.equal(parseMemoryMiB('1048576'), 1);
  for (const text of ['', '0Mi', '1GB', '1 Gi', '1m', '-1Gi']) assert.equal(parseMemoryMiB(text), undefined);
});

test('quantities survive writing and reading', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1_000_000 }), (amount) => {
      assert.equal(parseCpuMillis(formatCpu(amount)), amount);
      assert.equal(parseMemoryMiB(formatMemory(amount)), amount);
    }),
  );
});

test('the nearest word is found for typing mistakes and for nothing else', () => {
  const keys = ['clusters', 'network', 'region', 'workloads'];
  assert.equal(nearest('cluster', keys), 'clusters');
  assert.equal(nearest('netwrok', keys), 'network');
  assert.equal(nearest('REGION', keys), 'region');
  assert.equal(nearest('banana', keys), undefined);
  assert.equal(nearest('x'.repeat(1_000_000), keys), undefined);
});

test('order is by code unit, the same everywhere', () => {
  assert.deepEqual(['b', 'a', 'Z', 'ä'].toSorted(compareText), ['Z', 'a', 'b', 'ä']);
  assert.deepEqual(sortedEntries({ b: 1, a: 2 }), [
    ['a', 2],
    ['b', 1],
  ]);
});

test('paths read as people write them', () => {
  assert.equal(pathText(['clusters', 'app1', 'user', 'vmSizes', 0]), 'clusters.app1.user.vmSizes[0]');
  assert.equal(pathText(['a b', 'c']), '["a b"].c');
  assert.equal(pathText([]), '(the whole file)');
});

test('severities are ordered', () => {
  assert.ok(isAtLeast('error', 'warning'));
  assert.ok(isAtLeast('note', 'note'));
  assert.ok(!isAtLeast('warning', 'error'));
});

test('trees join without losing a file', () => {
  const one = new Map([['a', '1']]);
  assert.deepEqual(
    [
      ...joinTrees([
        ['x', one],
        ['', new Map([['b', '2']])],
      ]),
    ],
    [
      ['x/a', '1'],
      ['b', '2'],
    ],
  );
  assert.throws(
    () =>
      joinTrees([
        ['x', one],
        ['x', one],
      ]),
    /both write x\/a/,
  );
});

test('a compact record has no undefined values', () => {
  assert.deepEqual(compact({ a: 1, b: undefined }), { a: 1 });
});
