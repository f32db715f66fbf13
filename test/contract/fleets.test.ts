import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import test from 'node:test';
import { parse } from 'yaml';
import { builtInPriceBook } from '../../src/catalog/price-book.ts';
import { evidenceFromPlatform } from '../../src/contract/evidence-from-platform.ts';
import { invariants } from '../../src/contract/invariants/index.ts';
import { estimate } from '../../src/cost/estimate.ts';
import { type Environment, environments } from '../../src/fleet/fleet.ts';
import { fileFor } from '../../src/fleet/overrides.ts';
import { resolveFleet } from '../../src/fleet/resolve.ts';
import { buildPlatform } from '../../src/model/build.ts';
import { withPrice } from '../../src/plan/priced-evidence.ts';
import { DEMO_WARNINGS, evidenceOf, hold } from './fleet-under-test.ts';

function atlas(environment: Environment) {
  const text = readFileSync(new URL('../../../examples/atlas/fleet.yaml', import.meta.url), 'utf8');
  const { fleet } = resolveFleet(fileFor(parse(text), environment), environment);
  const platform = buildPlatform(fleet);
  return hold(withPrice(evidenceFromPlatform(platform), estimate(platform, builtInPriceBook(fleet.region)!)));
}

test('the source design passes its contract, with what a demo saves on as warnings', () => {
  const { findings } = atlas('demo');
  assert.deepEqual(
    [...new Set(findings.map(({ id, severity }) => `${severity} ${id}`))],
    [
      'warning spot-has-two-families',
      'warning system-pool-size',
      'warning system-pool-has-two-nodes',
      'warning budget-is-enough',
    ],
  );
  // The source design expected 60 to 80 dollars a month.
  assert.deepEqual(
    atlas('production').findings.map(({ id }) => id),
    ['budget-is-enough'],
  );
});

test('a quiet fleet is quiet', () => {
  assert.deepEqual(
    hold(evidenceOf()).findings.map(({ id }) => id),
    DEMO_WARNINGS,
  );
  assert.deepEqual(hold(evidenceOf({}, 'production')).findings, []);
});

test('no invariant is undetermined of a fleet file', () => {
  for (const environment of environments) {
    const { results } = hold(evidenceOf({}, environment));
    assert.deepEqual(
      results.filter(({ verdict }) => verdict === 'undetermined').map(({ invariant }) => invariant.id),
      [],
    );
  }
});

test('evidence that holds nothing proves nothing', () => {
  for (const { invariant, verdict, findings } of hold({ kind: 'fleet' }).results) {
    if (invariant.kinds?.includes('fleet') === false) continue;
    assert.equal(verdict, 'undetermined', invariant.id);
    assert.match(findings[0]!.message, /^undetermined: the evidence does not hold [a-z, ]+$/);
    assert.equal(findings[0]!.severity, 'note');
  }
});

test('every invariant says why and whence, and has an id of its own', () => {
  assert.equal(new Set(invariants.map(({ id }) => id)).size, invariants.length);
  for (const { id, title, why, source } of invariants) {
    assert.match(id, /^[a-z0-9]+(-[a-z0-9]+)+$/);
    assert.ok(title.length <= 80, `${id}: its title breaks tables`);
    assert.match(why, /\.$/, id);
    assert.ok(why.split('. ').length >= 2, `${id}: a why takes two sentences`);
    assert.match(source, /\.$/, id);
    assert.doesNotMatch(`${title}${why}${source}`, /’/, id);
  }
});

test('C1 to C5 come first and are all there', () => {
  const named = invariants.flatMap(({ alias }) => alias ?? []);
  assert.deepEqual(named, named.toSorted());
  assert.deepEqual([...new Set(named)], ['C1', 'C2', 'C3', 'C4', 'C5']);
  assert.ok(invariants.slice(0, named.length).every(({ alias }) => alias !== undefined));
});
