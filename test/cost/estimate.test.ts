import assert from 'node:assert/strict';
import { test } from 'node:test';
import { formatUsd, type Money, usd } from '../../src/base/money.ts';
import { builtInPriceBook, type PriceBook, vmPrice } from '../../src/catalog/price-book.ts';
import { type Estimate, estimate } from '../../src/cost/estimate.ts';
import { pricedResources } from '../../src/cost/priced/index.ts';
import { atlas, type FleetData, fleetWithApps, platformOf } from '../support/fleets.ts';

const korea = builtInPriceBook('koreacentral')!;

function price(
  data: FleetData = atlas(),
  environment: 'demo' | 'production' = 'demo',
  book: PriceBook = korea,
): Estimate {
  return estimate(platformOf(data, environment), book);
}

function service(one: Estimate, ...names: string[]): Money {
  return one.byService
    .filter((row) => names.includes(row.service))
    .reduce((sum, row) => sum + row.subtotal.known, 0);
}

/** Everything but logs, alerts and keeper, which the published table leaves out. */
function infrastructure(one: Estimate): Money {
  return one.total.known - service(one, 'Logs', 'Alerts', 'Keeper');
}

test('the default design costs $461.38 in koreacentral, line by line', () => {
  const demo = price();
  assert.equal(formatUsd(service(demo, 'System nodes')), '$269.37');
  assert.equal(formatUsd(service(demo, 'Spot nodes')), '$82.96');
  assert.equal(formatUsd(service(demo, 'Network egress')), '$36.50');
  assert.equal(formatUsd(service(demo, 'Load balancers')), '$54.75');
  assert.equal(formatUsd(service(demo, 'Private endpoint')), '$7.80');
  assert.equal(formatUsd(service(demo, 'Key Vault')), '$0.20');
  assert.equal(formatUsd(service(demo, 'Registry')), '$5.00');
  assert.equal(formatUsd(service(demo, 'Volumes')), '$4.80');
  assert.equal(formatUsd(infrastructure(demo)), '$461.38');
});

test('the same design in eastus costs $387.97', () => {
  const demo = price(atlas({ region: 'eastus' }), 'demo', builtInPriceBook('eastus'));
  // The published sum takes the vault's $0.1971 as $0.20, which tips it over to the next cent.
  assert.equal(formatUsd(infrastructure(demo) - service(demo, 'Key Vault') + usd(0.2)), '$387.97');
});

test('egress by load balancer costs $490.58 before the keeper, whose subnet wants a gateway of its own', () => {
  const demo = price(
    atlas({ network: { ...(atlas().network as object), egress: 'load-balancer' }, keeper: { run: 'none' } }),
  );
  assert.equal(formatUsd(infrastructure(demo)), '$490.58');
});

test('off-hours: $235.02 by the schedule, $109.05 stopped, alerts aside', () => {
  const demo = price();
  const alerts = service(demo, 'Alerts');
  assert.equal(demo.offHours?.awakeHours, 261);
  assert.equal(formatUsd(demo.offHours!.monthly - alerts), '$235.02');
  assert.equal(formatUsd(demo.asleep - alerts), '$109.05');
});

test('logs are a rate with a ceiling of $450.95 at the cap, never part of the total', () => {
  const demo = price();
  const logs = demo.components.find(({ id }) => id === 'logs/ingestion')!;
  assert.equal(logs.monthly, undefined);
  assert.equal(formatUsd(logs.ceiling!), '$450.95');
  assert.equal(demo.total.isComplete, false);
});

test('an unknown rate is a range, never zero', () => {
  const keeper = price().components.filter(({ service: name }) => name === 'Keeper');
  assert.equal(keeper.length, 2);
  for (const { monthly, monthlyRange } of keeper) {
    assert.equal(monthly, undefined);
    assert.ok(monthlyRange!.low > 0 && monthlyRange!.high > monthlyRange!.low);
  }
});

test('production: three API servers with an SLA cost $219.00, mgmt On-Demand $73.20 more than Spot', () => {
  const [demo, production] = [price(), price(atlas(), 'production')];
  assert.equal(formatUsd(service(production, 'Control plane')), '$219.00');
  const mgmtUser = (one: Estimate): Money =>
    one.components.find(({ id }) => /^nodes\/mgmt\/(spot|reg)/.test(id))!.monthly!;
  assert.equal(formatUsd(mgmtUser(production) - mgmtUser(demo)), '$73.20');
});

test('the volume of a cluster in several zones is zone-redundant, half as dear again', () => {
  const volume = (environment: 'demo' | 'production') =>
    price(atlas(), environment).components.find(({ id }) => id === 'volumes/mgmt/prometheus')!;
  assert.equal(formatUsd(volume('demo').monthly!), '$4.80');
  assert.equal(formatUsd(volume('production').monthly!), '$7.20');
  assert.equal(volume('production').meter.meterName, 'E6 ZRS Disk');
  assert.equal(volume('production').confidence, 'estimate');
});

test('doubling one rate moves exactly its lines and the total', () => {
  const { 'nat-gateway': nat } = korea.meters;
  const doubled: PriceBook = {
    ...korea,
    meters: { ...korea.meters, 'nat-gateway': { ...nat, rate: nat.rate! * 2 } },
  };
  assertOnlyMoved(price(), price(atlas(), 'demo', doubled), ({ meter }) => meter.id === 'nat-gateway');
});

test('doubling the nodes of one cluster moves exactly its line and the total', () => {
  const clusters = atlas().clusters as Record<string, object>;
  const more = atlas({
    clusters: { ...clusters, app1: { user: { vmSizes: ['Standard_D2s_v3'], nodes: '4..5' } } },
  });
  assertOnlyMoved(price(), price(more), ({ id }) => id === 'nodes/app1/spotd2sv3');
});

function assertOnlyMoved(
  before: Estimate,
  after: Estimate,
  isMoved: (line: Estimate['components'][number]) => boolean,
): void {
  let moved = 0;
  for (const [index, line] of before.components.entries()) {
    const other = after.components[index]!;
    assert.equal(other.id, line.id);
    if (isMoved(line)) {
      assert.equal(other.monthly, line.monthly! * 2);
      moved += line.monthly!;
    } else {
      assert.deepEqual(other, line);
    }
  }
  assert.ok(moved > 0);
  assert.equal(after.total.known - before.total.known, moved);
}

test('with every pool full: the other nodes at what On-Demand costs, on top of the dearest month as usual', () => {
  // Demo: 13 user nodes of which 5 run, all of one size at $89.79 a month.
  const demo = price();
  assert.equal(demo.fullPools.userNodes, 13);
  assert.equal(formatUsd(demo.fullPools.monthly - demo.total.high), '$718.32');
  // Production: 10 more of a second size that is dearer, and 10 behind Spot.
  const production = price(atlas(), 'production');
  assert.equal(production.fullPools.userNodes, 33);
  const rate = (size: string): Money => vmPrice(korea, size, 'OnDemand')!.rate * 730;
  const added = (2 + 2 * (3 + 5)) * rate('Standard_D2s_v3') + 2 * 5 * rate('Standard_D2ds_v5');
  assert.equal(production.fullPools.monthly - production.total.high, added);
});

test('a managed OS disk is paid for each node that may come', () => {
  const clusters = { mgmt: { user: { nodes: '1..4', osDiskGB: 128 } } };
  const disks = (nodes: string): Money => {
    const data = {
      name: 'one',
      region: 'koreacentral',
      clusters: { mgmt: { user: { ...clusters.mgmt.user, nodes } } },
    };
    return price(data).fullPools.monthly;
  };
  const perNode = disks('1..4') - disks('1..3');
  assert.equal(perNode, vmPrice(korea, 'Standard_D2s_v3', 'OnDemand')!.rate * 730 + usd(19.71));
});

test('services and clusters both add up to the total, to the millionth', () => {
  for (const environment of ['demo', 'production'] as const) {
    const one = price(atlas(), environment);
    for (const groups of [one.byService, one.byCluster]) {
      assert.equal(
        groups.reduce((sum, { subtotal }) => sum + subtotal.known, 0),
        one.total.known,
      );
    }
  }
});

test('the price is additive over clusters', () => {
  const shared = (one: Estimate): Money =>
    one.byCluster.find(({ cluster }) => cluster === undefined)!.subtotal.known;
  const [one, two, three] = [1, 2, 3].map((count) => price(fleetWithApps(count)));
  const perCluster = two!.total.known - shared(two!) - (one!.total.known - shared(one!));
  assert.equal(three!.total.known - shared(three!) - (two!.total.known - shared(two!)), perCluster);
});

test('every line says unit, quantity and source, under an id of its own', () => {
  const { components } = price(atlas(), 'production');
  assert.equal(new Set(components.map(({ id }) => id)).size, components.length);
  for (const line of components) {
    assert.ok(line.unit && line.basis && line.source && line.meter.meterName, line.id);
    if (line.rate === undefined) assert.equal(line.confidence, 'unknown');
  }
});

test('a managed OS disk is billed, an ephemeral one is not', () => {
  const clusters = { mgmt: { system: { osDiskGB: 128 } } };
  const { components } = price({ name: 'one', region: 'koreacentral', clusters });
  const disks = components.filter(({ service: name }) => name === 'OS disks');
  assert.deepEqual(
    disks.map(({ id, meter }) => [id, meter.id]),
    [['os-disks/mgmt/system', 'disk-premium-ssd-p10']],
  );
});

test('a size without a price leaves a line that makes the total an "at least"', () => {
  const clusters = { mgmt: { user: { vmSizes: ['Standard_Nonsense_v9'] } } };
  const { components, total } = price({ name: 'one', region: 'koreacentral', clusters });
  const line = components.find(({ id }) => id.startsWith('nodes/mgmt/spot'))!;
  assert.equal(line.monthly, undefined);
  assert.equal(total.isComplete, false);
});

test('every priced resource has an id of its own', () => {
  assert.equal(new Set(pricedResources.map(({ id }) => id)).size, pricedResources.length);
});
