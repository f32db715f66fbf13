import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatUsd } from '../../src/base/money.ts';
import { builtInPriceBook } from '../../src/catalog/price-book.ts';
import alerts from '../../src/cost/priced/alerts.ts';
import { type FleetData, atlas, platformOf } from '../support/fleets.ts';

const book = builtInPriceBook('eastus')!;

function bill(data: FleetData = atlas()): { readonly lines: readonly string[]; readonly total: string } {
  const lines = [...alerts.components(platformOf(data), book)];
  return {
    lines: lines.map(({ id, monthly }) => `${id} ${formatUsd(monthly ?? 0)}`),
    total: formatUsd(lines.reduce((sum, { monthly }) => sum + (monthly ?? 0), 0)),
  };
}

test('a rule over logs costs by how often it looks, one over metrics by its series, one over health nothing', () => {
  assert.deepEqual(bill(), {
    lines: [
      'alerts/log-cap-reached $0.50',
      'alerts/log-cap-80-percent $0.50',
      'alerts/cluster-silent $0.50',
      'alerts/node-not-ready $1.50',
      'alerts/pods-pending $1.50',
      'alerts/spot-preempt-burst $1.50',
      'alerts/secrets-not-synced $0.50',
      'alerts/mesh-endpoint-down $0.50',
      'alerts/keeper-missed-a-tick $0.50',
      'alerts/awake-off-hours $0.50',
      'alerts/vault-unavailable $0.10',
    ],
    total: '$8.10',
  });
});

test('a rule that is not there costs nothing', () => {
  assert.equal(bill(atlas({ keeper: { run: 'none' } })).total, '$7.60');
  assert.equal(bill(atlas({ observability: { logs: { dailyCapGB: 0 } } })).total, '$0.10');
});
