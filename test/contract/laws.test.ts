import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { type Finding, pathText } from '../../src/base/finding.ts';
import { compareText } from '../../src/base/order.ts';
import { failsAt } from '../../src/contract/check.ts';
import type { Evidence } from '../../src/contract/evidence.ts';
import { environments, type Waiver } from '../../src/fleet/fleet.ts';
import { anyFile, shuffled } from './any-file.ts';
import { evidenceOf, hold, type Patch } from './fleet-under-test.ts';

const today = '2026-11-22';
const environment = fc.constantFrom(...environments);

function keyOf({ id, severity, path, message }: Finding): string {
  return `${id} ${severity} ${pathText(path)} ${message}`;
}

test('no invariant throws, whatever a sound file says', () => {
  fc.assert(
    fc.property(anyFile, environment, (file, where) => {
      for (const { message, path } of hold(evidenceOf(file, where)).findings) {
        assert.ok(message.length > 0 && message.length < 1000, message);
        assert.doesNotMatch(message, /undefined|NaN|\[object/);
        assert.ok(Array.isArray(path));
      }
    }),
    { numRuns: 150 },
  );
});

test('the order of keys decides nothing', () => {
  fc.assert(
    fc.property(anyFile, environment, fc.integer(), (file, where, seed) => {
      const lines = (patch: Patch): string[] => hold(evidenceOf(patch, where)).findings.map(keyOf);
      assert.deepEqual(lines(shuffled(file, seed) as Patch), lines(file));
    }),
    { numRuns: 50 },
  );
});

test('a waiver adds no finding and makes none graver', () => {
  const waivers = fc.array(
    fc.record({
      invariant: fc.constantFrom('C1', 'C2', 'C4', 'system-pool-size', 'ranges-are-disjoint', 'unknown'),
      reason: fc.constant('because'),
      owner: fc.constant('team'),
      expires: fc.constantFrom('2026-01-01', '2026-11-22', '2027-01-01'),
      at: fc.option(fc.constantFrom('clusters', 'clusters.app1', 'tiers.1'), { nil: undefined }),
    }),
    { maxLength: 4 },
  );
  fc.assert(
    fc.property(anyFile, environment, waivers, (file, where, list) => {
      const evidence = evidenceOf(file, where);
      const without = hold(evidence).findings;
      const withThem = hold(evidence, { list: list as Waiver[], today }).findings;
      assert.deepEqual(withThem.map(keyOf), without.map(keyOf));
      for (const threshold of ['error', 'warning', 'note'] as const) {
        assert.ok(!failsAt(withThem, threshold) || failsAt(without, threshold));
      }
    }),
    { numRuns: 50 },
  );
});

/**
 * The evidence with one property taken from the items of one part: from all of them, the first, or the last.
 */
function* incomplete(evidence: Evidence): Iterable<readonly [string, Evidence]> {
  for (const [part, value] of Object.entries(evidence)) {
    if (typeof value !== 'object') continue;
    const items: readonly object[] = Array.isArray(value) ? value : [value];
    const properties = new Set(items.flatMap((item) => Object.keys(item)));
    for (const property of properties) {
      if (property === 'path') continue;
      for (const index of new Set([undefined, 0, items.length - 1])) {
        const rest = items.map((item, position) =>
          index === undefined || index === position ? { ...item, [property]: undefined } : item,
        );
        const what = `${part}[${index ?? '*'}].${property}`;
        yield [what, { ...evidence, [part]: Array.isArray(value) ? rest : rest[0] } as Evidence];
      }
    }
  }
}

test('a fact that is missing breaks nothing that holds', () => {
  const workloads = { shop: { clusters: ['app1'], image: 'shop:1', critical: true } };
  const extra = { workloads, network: { vnet: ['10.0.0.0/12'] }, budget: { monthlyUSD: 80 } };
  const schedule = { awake: 'Mon-Fri 08:00-20:00' };
  for (const [where, patch] of [
    ['production', extra],
    ['demo', { ...extra, schedule }],
  ] as const) {
    const evidence = evidenceOf(patch, where);
    const before = new Set(hold(evidence).findings.map(({ id, severity }) => `${id} ${severity}`));
    for (const [what, less] of incomplete(evidence)) {
      const added = hold(less).findings.filter(
        ({ id, severity, message }) =>
          !message.startsWith('undetermined') && !before.has(`${id} ${severity}`),
      );
      assert.deepEqual(added.map(keyOf), [], `without ${what}`);
    }
  }
});

test('a part that is missing breaks nothing, and holds nothing that reads it', () => {
  const evidence = evidenceOf({}, 'production');
  for (const part of Object.keys(evidence).toSorted(compareText)) {
    if (part === 'kind') continue;
    const { [part as keyof Evidence]: _, ...rest } = evidence;
    for (const { invariant, verdict } of hold(rest as Evidence).results) {
      if (invariant.kinds?.includes(evidence.kind) === false)
        assert.equal(verdict, 'not applicable', invariant.id);
      else if (invariant.needs.includes(part as keyof Evidence))
        assert.equal(verdict, 'undetermined', invariant.id);
      else assert.notEqual(verdict, 'broken', `${invariant.id} without ${part}`);
    }
  }
});
