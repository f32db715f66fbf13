import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { builtInPriceBook } from '../../src/catalog/price-book.ts';
import { environments } from '../../src/fleet/fleet.ts';
import { loadFleetFile } from '../../src/fleet/load.ts';
import { type Plan, planFleet } from '../../src/plan/plan.ts';
import { synthesize } from '../../src/plan/synthesize.ts';
import { planJson } from '../../src/report/plan-json.ts';
import { renderPlan } from '../../src/report/plan-text.ts';
import { plainStyle } from '../../src/report/style.ts';
import { anyFleet, shuffledKeys } from '../support/any-fleet.ts';
import { atlas, type FleetData, platformOf } from '../support/fleets.ts';

const TODAY = '2026-11-22';

function planOf(data: FleetData, today = TODAY): Plan {
  const load = loadFleetFile('fleet.yaml', new TextEncoder().encode(stringify(data)));
  return planFleet(load, { environments, today, priceBook: builtInPriceBook });
}

test('the source design passes its own contract in both environments', () => {
  const { environments: planned, findings } = planOf(atlas());
  assert.deepEqual(
    findings.filter(({ severity }) => severity === 'error'),
    [],
  );
  for (const { contract } of planned) {
    const named = contract.results.filter(({ invariant }) => invariant.alias !== undefined);
    assert.deepEqual(
      new Set(named.map(({ invariant }) => invariant.alias)),
      new Set(['C1', 'C2', 'C3', 'C4', 'C5']),
    );
    assert.ok(named.every(({ verdict }) => verdict === 'held' || verdict === 'not applicable'));
  }
});

test('same file, same bytes; the order of keys changes nothing', () => {
  fc.assert(
    fc.property(anyFleet, fc.nat(1000), (data, seed) => {
      const other = shuffledKeys(data, seed) as FleetData;
      for (const environment of environments) {
        const files = synthesize(platformOf(data, environment));
        assert.deepEqual([...synthesize(platformOf(other, environment))], [...files]);
        for (const [path, content] of files) {
          assert.ok(content.endsWith('\n'), `${path} ends in a newline`);
          assert.doesNotMatch(content, /undefined|\[object Object\]|NaN/, path);
        }
      }
    }),
    { numRuns: 25 },
  );
});

test('a random sound fleet is planned without an error, in text and JSON', () => {
  fc.assert(
    fc.property(anyFleet, (data) => {
      const plan = planOf(data);
      assert.deepEqual(
        plan.findings
          .filter(({ severity }) => severity === 'error')
          .map(({ id, message }) => `${id} ${message}`),
        [],
      );
      assert.ok(renderPlan(plan, new Map(), plainStyle).length > 0);
      JSON.parse(planJson(plan, new Set(['platform', 'contract', 'cost', 'explanations'])));
    }),
    { numRuns: 25 },
  );
});

test('every default is explained, and a changed input changes its line', () => {
  const lineOf = (data: FleetData, path: string): string => {
    const explanation = planOf(data).environments[0]!.explanations.find((one) => one.path.join('.') === path);
    return explanation ? `${explanation.value} ${JSON.stringify(explanation.inputs)}` : 'not a default';
  };
  const clusters = atlas().clusters as Record<string, object>;
  const sizes = (nodes: string) => ({ user: { vmSizes: ['Standard_D2s_v3', 'Standard_D2ds_v5'], nodes } });
  for (const [path, change] of [
    ['clusters.mgmt.user.capacity', { live: true }],
    ['clusters.app1.user.pools', { environments: {}, clusters: { ...clusters, app1: sizes('1..2') } }],
    ['clusters.app1.user.pools', { environments: {}, clusters: { ...clusters, app1: sizes('1..3') } }],
    ['clusters.app1.pods', { clusters: { ...clusters, app1: { id: 77 } } }],
    ['clusters.app1.pods', { clusters: { ...clusters, app1: { pods: '10.99.0.0/16' } } }],
    ['network.serviceCidr', { network: { subnets: { mgmt: '172.20.0.0/16' } } }],
    ['keeper.run', { environments: {} }],
    ['registry.sku', { registry: { sku: 'Premium' } }],
  ] as const) {
    assert.notEqual(lineOf(atlas(change), path), lineOf(atlas(), path), path);
  }
});

test('tiers are explained in words, by tier, environment and a live demo', () => {
  const { tiers: _, ...data } = atlas();
  const ruleOf = (change: FleetData, tier: number, environment: 'demo' | 'production'): string => {
    const one = planOf({ ...data, ...change }).environments.find((each) => each.environment === environment)!;
    const path = `tiers.${tier}.${environment}`;
    const { value, rule, inputs } = one.explanations.find((each) => each.path.join('.') === path)!;
    assert.match(rule, /^[a-z].* \(ADR-A01(, C[23])?\)$/, 'words, then the decision');
    return `${value} ${inputs.map(({ name, value: given }) => `${name} ${given}`).join(', ')}`;
  };
  assert.equal(ruleOf({}, 1, 'demo'), 'Spot tier 1, environment demo');
  assert.equal(ruleOf({}, 1, 'production'), 'OnDemand tier 1, environment production');
  assert.equal(ruleOf({}, 2, 'demo'), 'Spot tier 2, environment demo');
  assert.equal(ruleOf({ live: true }, 1, 'demo'), 'OnDemand tier 1, environment demo, live true');
  assert.equal(ruleOf({ live: true }, 2, 'demo'), 'Spot tier 2, environment demo');
  assert.equal(ruleOf({ live: true }, 1, 'production'), 'OnDemand tier 1, environment production');
  // A live demo goes over what the file writes: the line says so.
  const written = { live: true, tiers: { 1: { demo: 'Spot' } } };
  assert.equal(ruleOf(written, 1, 'demo'), 'OnDemand tier 1, environment demo, live true');
});

test('a waiver accepts a finding until its last day, then is one itself', () => {
  const waiver = {
    invariant: 'C5',
    reason: 'CSI until the migration',
    owner: 'ann@acme.example',
    expires: '2027-01-31',
  };
  const data = atlas({ secrets: { sync: 'csi' }, waivers: [waiver] });
  const onDay = (day: string): string[] =>
    planOf(data, day)
      .findings.filter(({ alias, id }) => alias === 'C5' || id.startsWith('waiver'))
      .map(({ id, waivedBy }) => (waivedBy ? `${id} waived` : id));
  assert.deepEqual([...new Set(onDay('2027-01-31'))], ['vault-outage-keeps-secrets waived']);
  assert.deepEqual([...new Set(onDay('2027-02-01'))].toSorted(), [
    'vault-outage-keeps-secrets',
    'waiver-expired',
  ]);
  const unused = planOf(atlas({ waivers: [waiver] })).findings.filter(({ id }) => id.startsWith('waiver'));
  assert.deepEqual(
    unused.map(({ id }) => id),
    ['waiver-unused'],
  );
});
