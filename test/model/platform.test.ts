import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { suffixOf } from '../../src/model/names.ts';
import { poolName, userNodesMax } from '../../src/model/pools.ts';
import { atlas, fleetWithApps, platformOf } from '../support/fleets.ts';

const pools = (data = atlas(), environment: 'demo' | 'production' = 'demo', cluster = 'app1') =>
  platformOf(data, environment)
    .clusters.find(({ name }) => name === cluster)!
    .pools.map(({ name, capacityType, use, nodesMin, nodesUsual, nodesMax }) => ({
      name,
      capacityType,
      use,
      nodes: [nodesMin, nodesUsual, nodesMax],
    }));

test('demo: one small system node and Spot user pools', () => {
  assert.deepEqual(pools(), [
    { name: 'system', capacityType: 'OnDemand', use: 'system', nodes: [1, 1, 1] },
    { name: 'spotd2sv3', capacityType: 'Spot', use: 'preferred', nodes: [0, 2, 5] },
  ]);
});

test('production: zonal system pool, Spot in two sizes, On-Demand behind it', () => {
  assert.deepEqual(pools(atlas(), 'production'), [
    { name: 'system', capacityType: 'OnDemand', use: 'system', nodes: [3, 3, 3] },
    { name: 'spotd2sv3', capacityType: 'Spot', use: 'preferred', nodes: [0, 2, 5] },
    { name: 'spotd2dsv5', capacityType: 'Spot', use: 'standby', nodes: [0, 0, 5] },
    { name: 'regd2sv3', capacityType: 'OnDemand', use: 'fallback', nodes: [0, 0, 5] },
  ]);
});

test('a critical workload keeps an On-Demand node, in production only', () => {
  const data = atlas({ workloads: { pay: { clusters: ['app1'], image: 'pay:1', critical: true } } });
  assert.deepEqual(pools(data, 'production').at(-1), {
    name: 'regd2sv3',
    capacityType: 'OnDemand',
    use: 'fallback',
    nodes: [1, 1, 5],
  });
  assert.ok(pools(data).every(({ use }) => use !== 'fallback'));
  assert.equal(pools(data, 'production', 'app2').at(-1)?.nodes[0], 0);
});

test('several pools hold more together than the range, and it is said how many', () => {
  const { clusters, explanations } = platformOf(atlas(), 'production');
  const most = Object.fromEntries(clusters.map((cluster) => [cluster.name, userNodesMax(cluster.pools)]));
  assert.deepEqual(most, { mgmt: 3, app1: 15, app2: 15 });
  const told = explanations.filter(({ path }) => path.join('.').endsWith('user.pools'));
  assert.deepEqual(
    told.map(({ path, value, inputs }) => [path[1], value, ...inputs.map((input) => input.value)]),
    ['app1', 'app2'].map((name) => [
      name,
      '15 nodes at most in 3 pools',
      '2..5',
      'spotd2sv3, spotd2dsv5, regd2sv3',
    ]),
  );
});

test('a live demo puts mgmt on On-Demand nodes, and only mgmt', () => {
  const live = atlas({ live: true });
  assert.equal(pools(live, 'demo', 'mgmt').at(-1)?.capacityType, 'OnDemand');
  assert.equal(pools(live, 'demo', 'app1').at(-1)?.capacityType, 'Spot');
});

test('a pool name is short, stable and tells size and capacity', () => {
  assert.equal(poolName('Standard_D2s_v3', 'Spot'), 'spotd2sv3');
  assert.equal(poolName('Standard_D2s_v3', 'OnDemand'), 'regd2sv3');
  fc.assert(
    fc.property(fc.stringMatching(/^Standard_[A-Z]{1,2}[0-9]{1,3}[a-z]{0,4}_v[0-9]$/), (size) => {
      assert.match(poolName(size, 'Spot'), /^[a-z][a-z0-9]{0,11}$/);
    }),
  );
});

test('the mesh is mutual and comes from one list of pairs', () => {
  const { clusters } = platformOf(atlas());
  const peers = Object.fromEntries(
    clusters.map(({ name, mesh }) => [name, mesh?.peers.map(({ cluster }) => cluster)]),
  );
  assert.deepEqual(peers, { mgmt: ['app1', 'app2'], app1: ['mgmt'], app2: ['mgmt'] });
  for (const { name, mesh } of clusters) {
    for (const peer of mesh!.peers) {
      const other = clusters.find((cluster) => cluster.name === peer.cluster)!;
      assert.equal(peer.address, other.mesh!.address);
      assert.ok(other.mesh!.peers.some(({ cluster }) => cluster === name));
    }
  }
});

test('no mesh without Cilium', () => {
  const { clusters } = platformOf(atlas({ network: { cni: 'azure-overlay' } }));
  assert.ok(clusters.every(({ mesh, components }) => !mesh && components.every(({ id }) => id !== 'cilium')));
});

test('security rows: own nodes, peers, probes, callers, then a deny; app1 does not reach app2', () => {
  const { network } = platformOf(atlas());
  const app1 = network.subnets.find(({ cluster }) => cluster === 'app1')!;
  assert.deepEqual(
    app1.rules.map(({ priority, access, sources }) => [priority, access, sources.join(' ')]),
    [
      [100, 'Allow', '10.2.0.0/16'],
      [110, 'Allow', '10.1.0.0/16'],
      [120, 'Allow', '10.1.0.0/16'],
      [121, 'Allow', '10.1.0.0/16'],
      [130, 'Allow', '10.1.0.0/16'],
      [200, 'Allow', 'AzureLoadBalancer'],
      [210, 'Allow', 'Internet'],
      [4000, 'Deny', 'VirtualNetwork'],
    ],
  );
  for (const { rules } of network.subnets) assert.equal(rules.at(-1)?.access, 'Deny');
});

test('a row for the internet where a workload of the cluster lets it call, and nowhere else', () => {
  const shop = { clusters: ['app1'], image: 'ghcr.io/acme/shop:1', callers: ['internet'] };
  const { network } = platformOf(atlas({ workloads: { shop } }));
  const open = network.subnets.flatMap(({ cluster, rules }) =>
    rules.flatMap(({ sources, ...rule }) => (sources.includes('Internet') ? [{ cluster, rule }] : [])),
  );
  assert.deepEqual(
    open.map(({ cluster, rule: { priority, access, destination, ports } }) => [
      cluster,
      priority,
      access,
      destination,
      ports,
    ]),
    [['app1', 210, 'Allow', '*', ['80', '443']]],
  );
});

test('no subnet that is delegated sits behind a StandardV2 gateway, and every node subnet behind one gateway', () => {
  for (const environment of ['demo', 'production'] as const) {
    for (const run of ['container-instance', 'container-apps-job', 'none']) {
      const { network } = platformOf(atlas({ keeper: { run } }), environment);
      const served = network.natGateways.flatMap(({ subnets }) => subnets);
      assert.equal(new Set(served).size, served.length, 'a subnet has one gateway');
      for (const { name, purpose, delegation } of network.subnets) {
        const gateway = network.natGateways.find(({ subnets }) => subnets.includes(name));
        if (purpose === 'nodes') assert.ok(gateway);
        if (delegation) assert.notEqual(gateway?.sku, 'StandardV2');
      }
    }
  }
});

test('federated credentials of one identity lie in one cluster and name its ServiceAccounts', () => {
  for (const { name, cluster, federations } of platformOf(atlas()).identities) {
    assert.ok(
      federations.every((federation) => federation.cluster === cluster),
      name,
    );
    assert.equal(new Set(federations.map(({ serviceAccount }) => serviceAccount)).size, federations.length);
  }
});

test('names stay inside what Azure allows', () => {
  fc.assert(
    fc.property(
      fc.stringMatching(/^[a-z][a-z0-9]{0,4}(-[a-z0-9]{1,4}){0,2}[a-z0-9]$/),
      fc.constantFrom('demo', 'production'),
      (name, environment) => {
        const { names, clusters, identities } = platformOf(
          { ...fleetWithApps(1), name },
          environment as 'demo',
        );
        const suffix = suffixOf(names, '00000000-0000-0000-0000-000000000000');
        assert.match(`${names.vaultPrefix}${suffix}`, /^[a-z][a-z0-9-]{1,22}[a-z0-9]$/);
        assert.doesNotMatch(`${names.vaultPrefix}${suffix}`, /--/);
        assert.match(`${names.registryPrefix}${suffix}`, /^[a-z0-9]{5,50}$/);
        for (const { dnsPrefix, resourceName } of clusters) {
          assert.match(dnsPrefix, /^[a-z0-9][a-z0-9-]{0,52}[a-z0-9]$/);
          assert.ok(resourceName.length <= 63);
        }
        for (const identity of identities) assert.ok(identity.name.length <= 128);
      },
    ),
    { numRuns: 50 },
  );
});

test('the suffix is what Terraform computes', () => {
  const { names } = platformOf(atlas());
  const expected = createHash('sha256').update('sub/atlas/demo').digest('hex').slice(0, 6);
  assert.equal(suffixOf(names, 'sub'), expected);
});
