import assert from 'node:assert/strict';
import test from 'node:test';
import { builtInPriceBook } from '../../src/catalog/price-book.ts';
import type { Evidence, NodePoolEvidence } from '../../src/contract/evidence.ts';
import type { Environment } from '../../src/fleet/fleet.ts';
import { evidenceOf, helpOf, type Patch, said, verdictOf } from './fleet-under-test.ts';

/** A fleet whose app1 has these user sizes, or this of its pools. */
function sizes(...vmSizes: string[]): Evidence {
  return evidenceOf({ clusters: { app1: { user: { vmSizes } } } });
}

function app1(patch: Patch, environment?: Environment): Evidence {
  return evidenceOf({ clusters: { app1: patch } }, environment);
}

/** The evidence with every node pool changed: what Terraform could say and a fleet file cannot. */
function pools(
  change: (pool: NodePoolEvidence) => { readonly [Key in keyof NodePoolEvidence]?: unknown },
  environment?: Environment,
): Evidence {
  const evidence = evidenceOf({}, environment);
  return {
    ...evidence,
    nodePools: evidence.nodePools!.map((pool) => ({ ...pool, ...change(pool) })),
  } as Evidence;
}

function isUndetermined(id: string, ...properties: readonly (keyof NodePoolEvidence)[]): void {
  for (const property of properties) {
    const evidence = pools(() => ({ [property]: undefined }), 'production');
    const lines = said(id, evidence);
    assert.match(lines.join('\n'), new RegExp(`does not say ${property} here`), `${id} without ${property}`);
    assert.doesNotMatch(lines.join('\n'), /error/, `${id} without ${property}`);
    assert.equal(verdictOf(id, evidence), 'undetermined', `${id} without ${property}`);
  }
}

test('spot-price-limit: every limit is judged against the price of every Spot size', () => {
  const id = 'spot-price-limit';
  const limit = (maxPrice: number, vmSizes = ['Standard_D2s_v3']): string[] =>
    said(id, evidenceOf({ spot: { maxPrice }, clusters: { app1: { user: { vmSizes } } } }));
  assert.deepEqual(limit(0.04), [
    'warning spot.maxPrice: a limit of $0.04 an hour adds evictions and saves nothing: without one, the ' +
      'price is the same',
  ]);
  assert.deepEqual(limit(0.04, ['Standard_D4s_v3', 'Standard_D16as_v7']), [
    'error spot.maxPrice: the limit of $0.04 an hour is below the Spot price of Standard_D4s_v3 at ' +
      '$0.045461 (2026-08-01): no such node would start',
    'note spot.maxPrice: undetermined: whether $0.04 an hour is enough for Standard_D16as_v7: no Spot ' +
      'price is on record',
  ]);
  assert.deepEqual(limit(0.5), [
    'note spot.maxPrice: the limit of $0.5 an hour is above the on-demand price of every Spot size, and so ' +
      'limits nothing',
  ]);
  assert.deepEqual(limit(0), ['error spot.maxPrice: 0 is no price limit: it must be -1 or above 0.00001']);
  assert.deepEqual(limit(-2), ['error spot.maxPrice: -2 is no price limit: it must be -1 or above 0.00001']);
  assert.deepEqual(limit(0.041234), [
    'error spot.maxPrice: 0.041234 has more than 5 decimals, which Azure refuses',
  ]);
  assert.deepEqual(limit(-1), []);
  assert.equal(verdictOf(id, evidenceOf()), 'held');
  isUndetermined(id, 'spotMaxPrice');
});

test('spot-price-limit: at the price is enough, and an unknown price proves nothing', () => {
  const id = 'spot-price-limit';
  const evidence = pools((pool) => (pool.capacityType === 'Spot' ? { spotMaxPrice: 0.025 } : {}));
  const book = builtInPriceBook('koreacentral')!;
  const { onDemand, spot } = book.vms['Standard_D2s_v3']!;
  const at = (rate: number) => ({
    prices: {
      ...book,
      vms: {
        Standard_D2s_v3: { onDemand, spot: { ...spot!, rate } },
        Standard_D2ds_v5: { onDemand, spot: { ...spot!, rate } },
      },
    },
  });
  assert.match(said(id, evidence, at(25_000))[0]!, /^warning/);
  assert.match(said(id, evidence, at(25_001))[0]!, /^error/);
  assert.deepEqual(
    said(id, evidence, { prices: undefined }).map((line) => line.split(' ')[0]),
    ['warning', 'note'],
  );
});

test('spot-has-two-families', () => {
  const id = 'spot-has-two-families';
  const one = { user: { vmSizes: ['Standard_D2s_v3', 'Standard_D4s_v3'] } };
  const message =
    'clusters.app1.user.vmSizes[0]: all Spot nodes of app1 are of one family, Dsv3, and are evicted together';
  assert.deepEqual(said(id, app1(one)), [`warning ${message}`]);
  assert.deepEqual(said(id, app1(one, 'production')), [`error ${message}`]);
  assert.equal(verdictOf(id, evidenceOf()), 'held');
  // On-Demand nodes are nobody's to take.
  assert.deepEqual(said(id, app1({ user: { ...one.user, capacity: 'OnDemand' } }, 'production')), []);
  isUndetermined(id, 'cluster', 'capacityType', 'vmSize');
});

test('spot-size-has-spot', () => {
  const id = 'spot-size-has-spot';
  const where = 'clusters.app1.user.vmSizes';
  assert.deepEqual(said(id, sizes('Standard_B2s', 'Standard_B2s_v2', 'Standard_D2as_v7')), [
    `error ${where}[0]: Standard_B2s is not sold as Spot`,
    `warning ${where}[1]: Standard_B2s_v2 costs only 10 % less as Spot (2026-08-01), ` +
      'and is evicted all the same',
    `note ${where}[2]: undetermined: whether Standard_D2as_v7 is sold as Spot: no price of it is on record`,
  ]);
  assert.deepEqual(said(id, app1({ user: { vmSizes: ['Standard_B2s'], capacity: 'OnDemand' } })), []);
  assert.equal(verdictOf(id, evidenceOf()), 'held');
  assert.match(said(id, evidenceOf(), { prices: undefined })[0]!, /^note/);
  isUndetermined(id, 'vmSize', 'capacityType');
});

test('spot-has-on-demand-fallback', () => {
  const id = 'spot-has-on-demand-fallback';
  const allSpot = pools((pool) => (pool.mode === 'User' ? { capacityType: 'Spot' } : {}), 'production');
  assert.deepEqual(
    said(id, allSpot),
    [
      'error clusters.mgmt.user: mgmt has Spot pools and no On-Demand pool behind them',
      'error tiers.2.production: app1 has Spot pools and no On-Demand pool behind them',
      'error tiers.2.production: app2 has Spot pools and no On-Demand pool behind them',
    ].map((line) => line.replace('clusters.mgmt.user', 'tiers.1.production')),
  );
  assert.equal(verdictOf(id, evidenceOf({}, 'production')), 'held');
  assert.equal(verdictOf(id, evidenceOf()), 'not applicable');
  isUndetermined(id, 'capacityType');
  const modeless = pools(
    (pool) => (pool.mode === 'User' ? { mode: undefined, capacityType: 'Spot' } : {}),
    'production',
  );
  assert.match(said(id, modeless)[0]!, /does not say mode/);
});

test('spot-autoscales-from-zero', () => {
  const id = 'spot-autoscales-from-zero';
  const spot = (nodesMin: number, nodesMax: number): string[] =>
    said(
      id,
      pools((pool) => (pool.cluster === 'app1' && pool.name === 'spotd2sv3' ? { nodesMin, nodesMax } : {})),
    );
  assert.deepEqual(spot(2, 5), [
    'error clusters.app1.user.nodes: Spot pool spotd2sv3 of app1 has at least 2 nodes',
  ]);
  assert.deepEqual(spot(3, 3), [
    'error clusters.app1.user.nodes: Spot pool spotd2sv3 of app1 has always 3 nodes',
  ]);
  assert.deepEqual(spot(0, 0), [
    'error clusters.app1.user.nodes: Spot pool spotd2sv3 of app1 has always 0 nodes',
  ]);
  assert.deepEqual(spot(0, 5), []);
  assert.equal(verdictOf(id, evidenceOf()), 'held');
  isUndetermined(id, 'nodesMin', 'nodesMax', 'capacityType');
});

test('system-pool-is-regular', () => {
  const id = 'system-pool-is-regular';
  const spot = pools((pool) =>
    pool.mode === 'System' && pool.cluster === 'app1' ? { capacityType: 'Spot' } : {},
  );
  assert.deepEqual(said(id, spot), ['error clusters.app1.system: the system pool of app1 is Spot']);
  const none = pools((pool) => (pool.cluster === 'app1' ? { mode: 'User' } : {}));
  assert.deepEqual(said(id, none), ['error clusters.app1: app1 has no system pool']);
  assert.equal(verdictOf(id, evidenceOf()), 'held');
  isUndetermined(id, 'mode', 'capacityType');
});

test('system-pool-size', () => {
  const id = 'system-pool-size';
  const system = (vmSize: string): string[] => said(id, app1({ system: { vmSize } }, 'production'));
  const where = 'clusters.app1.system.vmSize: the system nodes of app1 are';
  assert.deepEqual(system('Standard_B4ms'), [
    `error ${where} Standard_B4ms, a burstable size, which AKS does not support there`,
  ]);
  assert.deepEqual(system('Standard_B2ats_v2'), [
    `error ${where} Standard_B2ats_v2 with 2 vCPU and 1 GiB; AKS refuses less than 2 and 4`,
  ]);
  assert.deepEqual(system('Standard_DS2_v2'), [
    `warning ${where} Standard_DS2_v2 with 2 vCPUs; AKS accepts them and documents 4 as the floor`,
  ]);
  assert.deepEqual(system('Standard_X2s'), [
    'note clusters.app1.system.vmSize: undetermined: the vCPUs and memory of Standard_X2s are not on record',
  ]);
  assert.deepEqual(system('Standard_D4s_v3'), []);
  assert.deepEqual(said(id, evidenceOf()), [
    'warning clusters: the system nodes of mgmt, app1 and app2 are Standard_D2s_v3 with 2 vCPUs; AKS ' +
      'accepts them and documents 4 as the floor',
  ]);
  assert.equal(verdictOf(id, evidenceOf({}, 'production')), 'held');
  isUndetermined(id, 'mode', 'cluster', 'vmSize');
});

test('system-pool-has-two-nodes', () => {
  const id = 'system-pool-has-two-nodes';
  assert.deepEqual(said(id, app1({ system: { nodes: 1 } }, 'production')), [
    'warning clusters.app1.system.nodes: the system pool of app1 has 1 node; AKS documents 2',
  ]);
  assert.deepEqual(said(id, evidenceOf()), [
    'warning clusters: the system pools of mgmt, app1 and app2 each have 1 node; AKS documents 2',
  ]);
  assert.deepEqual(said(id, app1({ system: { nodes: 2 } }, 'production')), []);
  assert.equal(verdictOf(id, evidenceOf({}, 'production')), 'held');
  isUndetermined(id, 'mode', 'cluster', 'nodesMin');
});

test('vm-size-is-offered: unknown sizes', () => {
  const id = 'vm-size-is-offered';
  const where = 'clusters.app1.user.vmSizes';
  const unknown = sizes('Standard_D2s_v33', 'Standard_E16s_v5', 'Standard_D2s_v9', 'standard_d2s_v3');
  assert.deepEqual(said(id, unknown), [
    `error ${where}[0]: no VM size is called "Standard_D2s_v33"`,
    `warning ${where}[1]: Standard_E16s_v5 has no price and no measures on record (2026-08-01)`,
    `error ${where}[2]: no VM size is called "Standard_D2s_v9"`,
    `error ${where}[3]: no VM size is called "standard_d2s_v3"`,
  ]);
  assert.equal(helpOf(id, unknown), 'write Standard_D2s_v3, if that is what you mean');
});

test('vm-size-is-offered: sizes and zones that the region does not have', () => {
  const id = 'vm-size-is-offered';
  const where = 'clusters.app1.user';
  assert.deepEqual(said(id, sizes('Standard_D2as_v7')), [
    `error ${where}.vmSizes[0]: koreacentral does not offer Standard_D2as_v7 (2026-08-01)`,
  ]);
  const user = { zones: [1, 2], vmSizes: ['Standard_D2s_v3'] };
  const zoned = evidenceOf({ region: 'koreasouth', clusters: { app1: { user } } });
  assert.deepEqual(said(id, zoned), [
    `error ${where}.zones: koreasouth offers Standard_D2s_v3 without zones only; the pool names 1 and 2`,
  ]);
  assert.equal(helpOf(id, zoned), 'write `zones: []`');
  const fourth = pools((pool) =>
    pool.cluster === 'app1' && pool.mode === 'System' ? { zones: [1, 4] } : {},
  );
  assert.match(said(id, fourth)[0]!, /in zones 1, 2 and 3 only; the pool names 4$/);
  assert.equal(verdictOf(id, evidenceOf({ region: 'westus' })), 'undetermined');
  assert.equal(verdictOf(id, evidenceOf()), 'held');
  assert.equal(verdictOf(id, { ...evidenceOf(), region: { path: ['region'] } }), 'undetermined');
  isUndetermined(id, 'vmSize', 'zones');
});

test('pool-names-are-unique', () => {
  const id = 'pool-names-are-unique';
  const where = 'clusters.app1.user.vmSizes';
  assert.deepEqual(said(id, sizes('Standard_D2s_v3', 'Standard_D2s_v3', 'standard_d2s_v3')), [
    `error ${where}[1]: app1 lists Standard_D2s_v3 twice`,
    `error ${where}[2]: standard_d2s_v3 and Standard_D2s_v3 would both be the pool spotd2sv3 of app1`,
  ]);
  assert.equal(verdictOf(id, evidenceOf()), 'held');
  assert.equal(verdictOf(id, { ...evidenceOf(), poolNames: [{ path: ['a'] }] }), 'undetermined');
});

test('os-disk-fits', () => {
  const id = 'os-disk-fits';
  assert.deepEqual(said(id, app1({ user: { osDiskGB: 20 } })), [
    'error clusters.app1.user.osDiskGB: an OS disk of 20 GB is below 30 GB, the least that AKS takes',
  ]);
  const disk = (vmSize: string, osDiskSizeGB: number, osDiskType = 'Ephemeral'): string[] =>
    said(
      id,
      pools((pool) =>
        pool.cluster === 'app1' && pool.mode === 'System' ? { vmSize, osDiskSizeGB, osDiskType } : {},
      ),
    );
  const where = 'clusters.app1.system.osDiskGB:';
  assert.deepEqual(disk('Standard_D2s_v3', 128), [
    `error ${where} an OS disk of 128 GB does not fit ` +
      'the 50 GiB that Standard_D2s_v3 has for an ephemeral one',
  ]);
  assert.deepEqual(disk('Standard_D2s_v5', 64), [
    `error ${where} Standard_D2s_v5 takes no ephemeral OS disk`,
  ]);
  assert.deepEqual(disk('Standard_X2s', 64), [
    `note ${where} undetermined: the room of Standard_X2s for an ephemeral OS disk is not on record`,
  ]);
  assert.deepEqual(disk('Standard_D2s_v3', 50), []);
  assert.deepEqual(disk('Standard_D2s_v3', 128, 'Managed'), []);
  assert.equal(verdictOf(id, evidenceOf()), 'held');
  isUndetermined(id, 'osDiskSizeGB', 'osDiskType', 'vmSize');
});

test('max-pods-in-range', () => {
  const id = 'max-pods-in-range';
  assert.deepEqual(said(id, app1({ user: { maxPods: 251 }, system: { maxPods: 29 } })), [
    'error clusters.app1.system.maxPods: system nodes of app1 take 29 pods; AKS allows 30 to 250',
    'error clusters.app1.user.maxPods: user nodes of app1 take 251 pods; AKS allows 10 to 250',
  ]);
  assert.deepEqual(said(id, app1({ user: { maxPods: 10 }, system: { maxPods: 250 } })), []);
  assert.equal(said(id, app1({ user: { maxPods: 9 } })).length, 1);
  assert.equal(verdictOf(id, evidenceOf()), 'held');
  isUndetermined(id, 'maxPods', 'mode');
});

test('production-spans-zones', () => {
  const id = 'production-spans-zones';
  assert.deepEqual(said(id, app1({ user: { zones: [1] }, system: { zones: [] } }, 'production')), [
    'warning clusters.app1.system.zones: system nodes of app1 stand in no zone',
    'warning clusters.app1.user.zones: user nodes of app1 stand in zone 1 alone',
  ]);
  assert.deepEqual(said(id, evidenceOf({ region: 'koreasouth' }, 'production')), [
    'warning region: koreasouth has no availability zones to span',
  ]);
  assert.equal(verdictOf(id, evidenceOf({ region: 'westus' }, 'production')), 'undetermined');
  assert.equal(verdictOf(id, evidenceOf({}, 'production')), 'held');
  assert.equal(verdictOf(id, evidenceOf()), 'not applicable');
  isUndetermined(id, 'zones');
});

test('platform-fits', () => {
  const id = 'platform-fits';
  const small = app1({ system: { vmSize: 'Standard_D2s_v3', nodes: 1 } }, 'production');
  assert.match(
    said(id, small)[0]!,
    /^error clusters.app1.system.nodes: .* system pool of app1: .* 1900m on 1 Standard_D2s_v3$/,
  );
  const user = evidenceOf({ clusters: { mgmt: { user: { vmSizes: ['Standard_F2s_v2'], nodes: 1 } } } });
  assert.match(
    said(id, user)[0]!,
    /^error clusters.mgmt.user.nodes: the platform does not fit the user pool of mgmt/,
  );
  const unknown = app1({ system: { vmSize: 'Standard_X2s' } });
  assert.deepEqual(said(id, unknown), [
    'note clusters.app1.system.nodes: undetermined: what pods may use on 1 Standard_X2s is not on record',
  ]);
  assert.equal(verdictOf(id, evidenceOf()), 'held');
  assert.equal(verdictOf(id, { ...evidenceOf(), capacities: [{ path: ['a'] }] }), 'undetermined');
});

test('workloads-fit', () => {
  const id = 'workloads-fit';
  const shop = {
    clusters: ['app1'],
    image: 'shop:1',
    replicas: 40,
    requests: { cpu: '500m', memory: '64Mi' },
  };
  const big = { clusters: ['app1'], image: 'big:1', replicas: 1, requests: { cpu: '1900m', memory: '64Mi' } };
  const where = 'error clusters.app1.user.nodes:';
  assert.match(
    said(id, evidenceOf({ workloads: { shop } }))[0]!,
    /^error clusters.app1.user.nodes: the workloads do not fit app1: .* 9500m on 5 Standard_D2s_v3$/,
  );
  const large = said(id, evidenceOf({ workloads: { big } }));
  assert.equal(large.length, 1);
  assert.ok(
    large[0]!.startsWith(
      `${where} no node of app1 is large enough for a pod of big (1900m CPU where there is 1`,
    ),
  );
  const memory = { ...big, requests: { cpu: '10m', memory: '7Gi' } };
  assert.match(said(id, evidenceOf({ workloads: { memory } }))[0]!, /\(7Gi where there is \d+Mi\)$/);
  assert.deepEqual(said(id, evidenceOf({ workloads: { shop: { ...shop, replicas: 0 } } })), []);
  assert.equal(verdictOf(id, evidenceOf({ workloads: { shop: { ...shop, replicas: 2 } } })), 'held');
  assert.equal(verdictOf(id, evidenceOf()), 'not applicable');
  const unknown = evidenceOf({
    workloads: { shop },
    clusters: { app1: { user: { vmSizes: ['Standard_X2s'] } } },
  });
  assert.match(said(id, unknown)[0]!, /undetermined: what pods may use on 5 Standard_X2s is not on record/);
  assert.match(said(id, { ...evidenceOf(), capacities: [{ path: ['a'] }] })[0]!, /does not say mode/);
  assert.match(
    said(id, { ...evidenceOf(), capacities: [{ path: ['a'], mode: 'User' }] })[0]!,
    /does not say cluster/,
  );
});
