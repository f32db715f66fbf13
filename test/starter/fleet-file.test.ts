import assert from 'node:assert/strict';
import { test } from 'node:test';
import { builtInPriceBook } from '../../src/catalog/price-book.ts';
import { regions } from '../../src/catalog/regions.ts';
import { environments } from '../../src/fleet/fleet.ts';
import { loadFleetFile } from '../../src/fleet/load.ts';
import { planFleet } from '../../src/plan/plan.ts';
import { type StarterFleet, starterFleetFile } from '../../src/starter/fleet-file.ts';

function errorsOf(fleet: StarterFleet): string[] {
  const bytes = new TextEncoder().encode(starterFleetFile(fleet));
  const plan = planFleet(loadFleetFile('fleet.yaml', bytes), {
    environments,
    today: '2026-11-22',
    priceBook: builtInPriceBook,
  });
  assert.equal(plan.environments.length, environments.length);
  const errors = plan.findings.filter(({ severity }) => severity === 'error');
  return errors.map(({ id, message }) => `${id}: ${message}`);
}

test('a first fleet keeps its contract in every region of the catalogue', () => {
  for (const { name: region } of regions()) {
    for (const environment of environments) {
      const fleet = { name: 'first', region, environment, apps: ['app1', 'app2'] };
      assert.deepEqual(errorsOf(fleet), [], `${region}, ${environment}`);
    }
  }
});

test('a first fleet keeps its contract with one cluster, with names of all kinds, and with many', () => {
  const many = Array.from({ length: 40 }, (_, index) => `app${index + 1}`);
  for (const apps of [['web'], ['shop', 'cart', 'app7', 'eu-west'], many]) {
    const fleet = { name: 'first', region: 'koreacentral', environment: 'demo' as const, apps };
    assert.deepEqual(errorsOf(fleet), [], apps.join());
  }
});

test('what only its owner can know is marked', () => {
  for (const environment of environments) {
    const text = starterFleetFile({ name: 'first', region: 'eastus', environment, apps: ['app1'] });
    for (const line of text.split('\n')) {
      if (/acme|11111111|203\.0\.113|Asia\/Seoul/.test(line) && !line.includes('image:'))
        assert.match(line, /# replace/, line);
    }
  }
});
