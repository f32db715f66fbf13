import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { type Cidr, cidr, formatCidr, overlaps } from '../../src/base/cidr.ts';
import type { Evidence, RangeEvidence, RangeUse } from '../../src/contract/evidence.ts';
import { freeRange } from '../../src/contract/free-range.ts';
import { evidenceOf, helpOf, type Patch, said, verdictOf } from './fleet-under-test.ts';

function network(patch: Patch, more: Patch = {}): Evidence {
  return evidenceOf({ network: patch, ...more });
}

function range(use: RangeUse, text: string, index = 0): RangeEvidence {
  return {
    path: ['ranges', index],
    name: `${use} ${index}`,
    use,
    range: cidr(text),
    isRouted: true,
    isUsed: true,
  };
}

function withRanges(...ranges: RangeEvidence[]): Evidence {
  return { ...evidenceOf(), ranges };
}

function isUndetermined(id: string, ...properties: readonly (keyof RangeEvidence)[]): void {
  for (const property of properties) {
    const evidence = network({ vnet: ['10.0.0.0/12'] });
    const ranges = evidence.ranges!.map((entry) => ({ ...entry, [property]: undefined }));
    const lines = said(id, { ...evidence, ranges } as Evidence).join('\n');
    assert.match(lines, new RegExp(`does not say ${property} here`), `${id} without ${property}`);
    assert.doesNotMatch(lines, /error/, `${id} without ${property}`);
  }
}

test('ranges-are-disjoint: what overlaps is named with what it overlaps', () => {
  const id = 'ranges-are-disjoint';
  const inside = network({ subnets: { mgmt: '10.1.0.0/16', app1: '10.1.128.0/17' } });
  assert.deepEqual(said(id, inside), [
    "error network.subnets.app1: 10.1.128.0/17 of app1's nodes lies inside 10.1.0.0/16 of mgmt's nodes",
  ]);
  assert.equal(helpOf(id, inside), 'write a free range, e.g. 10.0.128.0/17, or leave it out');
  const same = network(
    { subnets: { mgmt: '10.1.0.0/16', app1: '10.1.0.0/16' } },
    { clusters: { app2: { pods: '10.1.4.0/24' } } },
  );
  assert.deepEqual(said(id, same), [
    "error network.subnets.app1: app1's nodes and mgmt's nodes have the same range, 10.1.0.0/16",
    "error clusters.app2.pods: 10.1.4.0/24 of app2's pods lies inside 10.1.0.0/16 of mgmt's nodes",
  ]);
  const services = network({ subnets: { services: '10.1.0.0/24' }, serviceCidr: '10.1.0.0/16' });
  assert.deepEqual(said(id, services), [
    'error network.subnets.services: 10.1.0.0/24 of the services subnet lies inside 10.1.0.0/16 of the ' +
      'ClusterIPs',
  ]);
  assert.equal(verdictOf(id, evidenceOf()), 'held');
  isUndetermined(id, 'range', 'use');
});

test('ranges-are-disjoint: pods may share a range where no mesh joins them', () => {
  const id = 'ranges-are-disjoint';
  const clusters = { app1: { pods: '10.210.0.0/16' }, app2: { pods: '10.210.0.0/16' } };
  assert.deepEqual(said(id, evidenceOf({ clusters })), [
    "error clusters.app2.pods: app2's pods and app1's pods have the same range, 10.210.0.0/16",
  ]);
  assert.deepEqual(said(id, network({ clusterMesh: false }, { clusters })), []);
  const { isRouted, ...unknown } = range('pods', '10.210.0.0/16', 1);
  assert.ok(isRouted);
  for (const pair of [
    [range('pods', '10.210.0.0/16'), unknown],
    [unknown, range('pods', '10.210.0.0/16')],
  ]) {
    assert.deepEqual(said(id, withRanges(...pair)), [
      'note ranges[1]: undetermined: the evidence does not say isRouted here',
    ]);
  }
});

test('ranges-are-disjoint: ranges of one VNet, parts of one subnet, subnets of nobody', () => {
  const id = 'ranges-are-disjoint';
  const vnet = network({ vnet: ['10.0.0.0/12', '10.1.0.0/16'] });
  assert.deepEqual(said(id, vnet), [
    'error network.vnet[1]: 10.1.0.0/16 of the VNet lies inside 10.0.0.0/12 of the VNet',
  ]);
  assert.equal(helpOf(id, vnet), 'remove it: the other one holds it');
  // Without the subnet that they are cut from, the parts speak for themselves.
  assert.equal(
    said(id, withRanges(range('endpoints', '10.0.0.0/25'), range('container-apps', '10.0.0.0/27', 1))).length,
    1,
  );
  const parts = [range('endpoints', '10.0.0.0/25'), range('services-subnet', '10.0.0.0/24', 1)];
  assert.deepEqual(said(id, withRanges(...parts)), []);
  assert.deepEqual(said(id, network({ subnets: { mgmt: '10.1.0.0/16', nobody: '10.1.0.0/16' } })), []);
});

test('ranges-are-disjoint agrees with comparing every pair', () => {
  const anyRange = fc
    .tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 8, max: 28 }))
    .map(([block, prefix]): Cidr => {
      const size = 2 ** (32 - prefix);
      return { address: Math.floor((10 * 2 ** 24 + block * 2 ** 16) / size) * size, prefix };
    });
  fc.assert(
    fc.property(fc.array(anyRange, { maxLength: 20 }), (cidrs) => {
      const ranges = cidrs.map((value, index) => ({ ...range('nodes', '10.0.0.0/8', index), range: value }));
      const isAnyOverlap = cidrs.some((a, index) => cidrs.slice(index + 1).some((b) => overlaps(a, b)));
      assert.equal(said('ranges-are-disjoint', withRanges(...ranges)).length > 0, isAnyOverlap);
    }),
    { numRuns: 100 },
  );
});

test('a suggested range is free, fits its use, or is not there', () => {
  const anyRange = fc
    .tuple(fc.integer({ min: 0, max: 4095 }), fc.integer({ min: 12, max: 20 }))
    .map(([block, prefix]) => {
      const size = 2 ** (32 - prefix);
      return range(
        'nodes',
        formatCidr({ address: Math.floor((10 * 2 ** 24 + block * 2 ** 12) / size) * size, prefix }),
      );
    });
  const uses = fc.constantFrom<RangeUse>('nodes', 'pods', 'cluster-ips', 'services-subnet');
  fc.assert(
    fc.property(
      fc.array(anyRange, { maxLength: 30 }),
      uses,
      fc.integer({ min: 10, max: 28 }),
      (all, use, prefix) => {
        const found = freeRange(use, prefix, all);
        if (found === undefined) return;
        assert.equal(found.address % 2 ** (32 - found.prefix), 0);
        assert.ok(all.every((other) => !overlaps(other.range!, found)));
      },
    ),
    { numRuns: 100 },
  );
  const vnet = range('vnet', '10.0.0.0/8');
  assert.equal(formatCidr(freeRange('pods', 16, [vnet])!), '100.64.0.0/16');
  assert.equal(formatCidr(freeRange('pods', 16, [])!), '10.192.0.0/16');
  assert.equal(
    formatCidr(freeRange('cluster-ips', 16, [range('cluster-ips', '172.20.0.0/14')])!),
    '172.24.0.0/16',
  );
  assert.equal(formatCidr(freeRange('nodes', 24, [range('vnet', '192.168.0.0/16')])!), '192.168.0.0/24');
  assert.equal(
    freeRange('nodes', 24, [range('vnet', '192.168.0.0/24'), range('nodes', '192.168.0.0/25')]),
    undefined,
  );
});

test('subnets-lie-in-the-vnet', () => {
  const id = 'subnets-lie-in-the-vnet';
  const outside = network({ vnet: ['10.0.0.0/16'], subnets: { app1: '10.9.0.0/20', nobody: '10.8.0.0/24' } });
  assert.deepEqual(said(id, outside), [
    "error network.subnets.app1: 10.9.0.0/20 of app1's nodes lies outside of the VNet, 10.0.0.0/16",
  ]);
  assert.equal(
    helpOf(id, outside),
    'write a range inside, e.g. 10.0.16.0/20, or add 10.9.0.0/20 to the VNet',
  );
  assert.equal(verdictOf(id, network({ vnet: ['10.0.0.0/12'] })), 'held');
  assert.equal(verdictOf(id, evidenceOf()), 'not applicable');
  const full = withRanges(
    range('vnet', '10.0.0.0/24'),
    range('nodes', '10.0.0.0/24', 1),
    range('nodes', '10.1.0.0/16', 2),
  );
  assert.equal(helpOf(id, full), 'add 10.1.0.0/16 to the VNet');
});

test('pods-and-cluster-ips-outside-the-vnet', () => {
  const id = 'pods-and-cluster-ips-outside-the-vnet';
  const inside = network(
    { vnet: ['10.0.0.0/8'], serviceCidr: '10.0.0.0/16' },
    { clusters: { app1: { pods: '10.202.0.0/16' } } },
  );
  assert.deepEqual(said(id, inside), [
    "error clusters.app1.pods: 10.202.0.0/16 of app1's pods overlaps the VNet, 10.0.0.0/8",
    'error network.serviceCidr: 10.0.0.0/16 of the ClusterIPs overlaps the VNet, 10.0.0.0/8',
  ]);
  assert.equal(helpOf(id, inside), 'write a range outside, e.g. 100.65.0.0/16, or leave it out');
  assert.equal(verdictOf(id, network({ vnet: ['10.0.0.0/12'] })), 'held');
  assert.equal(verdictOf(id, evidenceOf()), 'not applicable');
});

test('a VNet with a range that is not said leaves the rest undetermined', () => {
  for (const id of ['subnets-lie-in-the-vnet', 'pods-and-cluster-ips-outside-the-vnet']) {
    const { range: unsaid, ...nodes } = range('nodes', '10.0.0.0/24', 1);
    assert.ok(unsaid);
    const evidence = withRanges(range('vnet', '10.0.0.0/8'), nodes, range('pods', '10.1.0.0/16', 2));
    assert.match(said(id, evidence).join('\n'), /undetermined: the evidence does not say range here/);
  }
});

test('ranges-avoid-reserved', () => {
  const id = 'ranges-avoid-reserved';
  const evidence = network({
    serviceCidr: '172.30.0.0/16',
    subnets: { app1: '8.8.0.0/20', nobody: '9.0.0.0/8' },
  });
  assert.deepEqual(said(id, evidence), [
    "warning network.subnets.app1: 8.8.0.0/20 of app1's nodes is public: its owners on the internet become " +
      'unreachable',
    'error network.serviceCidr: 172.30.0.0/16 of the ClusterIPs touches 172.30.0.0/16, which AKS keeps for ' +
      'itself',
  ]);
  assert.match(
    said(id, evidenceOf({ clusters: { app1: { pods: '192.0.0.0/16' } } }))[0]!,
    /touches 192.0.2.0\/24/,
  );
  assert.match(said(id, network({ vnet: ['169.254.0.0/24'] }))[0]!, /^error network.vnet\[0\]/);
  assert.equal(verdictOf(id, evidenceOf()), 'held');
  isUndetermined(id, 'range', 'use', 'name');
});

test('node-subnet-holds-the-nodes', () => {
  const id = 'node-subnet-holds-the-nodes';
  // Two Spot pools of five, one system node, which an upgrade doubles, and the mesh endpoint.
  const tight = network({ subnets: { app1: '10.1.0.0/28' } });
  assert.deepEqual(said(id, tight), [
    'error network.subnets.app1: 10.1.0.0/28 of app1 has 11 addresses for 11 nodes and 1 more during an ' +
      'upgrade, beside the mesh endpoint',
  ]);
  assert.equal(helpOf(id, tight), 'write a /27 or wider, or allow fewer nodes');
  const four = (clusterMesh: boolean): string[] =>
    said(
      id,
      network(
        { clusterMesh, subnets: { app1: '10.1.0.0/28' } },
        { clusters: { app1: { user: { nodes: '0..4' } } } },
      ),
    );
  assert.equal(four(true).length, 0, '8 Spot, 1 system, 1 surge and 1 mesh address fit 11');
  const five = { clusters: { app1: { user: { nodes: '0..4' }, system: { nodes: 2 } } } };
  assert.equal(said(id, network({ subnets: { app1: '10.1.0.0/28' } }, five)).length, 1);
  assert.equal(said(id, network({ clusterMesh: false, subnets: { app1: '10.1.0.0/28' } }, five)).length, 0);
  assert.match(
    said(id, network({ clusterMesh: false, subnets: { app1: '10.1.0.0/29' } }))[0]!,
    /3 addresses .* upgrade$/,
  );
  assert.equal(verdictOf(id, evidenceOf()), 'held');
  const { nodePools, ...rest } = evidenceOf();
  const unknown = {
    ...rest,
    nodePools: nodePools!.map((pool) => ({ ...pool, nodesMax: undefined })),
  } as unknown as Evidence;
  assert.match(said(id, unknown)[0]!, /undetermined: how many nodes mgmt may have/);
  isUndetermined(id, 'range', 'cluster');
});

test('pod-range-holds-the-nodes', () => {
  const id = 'pod-range-holds-the-nodes';
  const clusters = { app1: { pods: '10.202.0.0/23' }, app2: { pods: '10.203.0.0/26', user: { nodes: 1 } } };
  assert.deepEqual(said(id, evidenceOf({ clusters })), [
    'error clusters.app1.pods: 10.202.0.0/23 has 2 blocks of /24 for 11 nodes and 1 more during an upgrade ' +
      'of app1',
    'error clusters.app2.pods: 10.203.0.0/26 has 1 block of /26 for 3 nodes and 1 more during an upgrade ' +
      'of app2',
  ]);
  assert.equal(helpOf(id, evidenceOf({ clusters })), 'write a /20 or wider, or leave it out');
  const block = (podMaskPerNode: number): Evidence => {
    const evidence = evidenceOf({ clusters: { app1: { user: { maxPods: 250 } } } });
    return { ...evidence, clusters: evidence.clusters!.map((cluster) => ({ ...cluster, podMaskPerNode })) };
  };
  assert.deepEqual(said(id, block(25)), [
    'error clusters.app1.pods: 10.202.0.0/16 gives each node of app1 124 addresses for 250 pods'.replace(
      '10.202.0.0/16',
      formatCidr(evidenceOf().clusters!.find(({ name }) => name === 'app1')!.podRange!),
    ),
  ]);
  assert.deepEqual(said(id, block(24)), []);
  assert.equal(verdictOf(id, evidenceOf()), 'held');
  const { clusters: known, nodePools, ...rest } = evidenceOf();
  const noMask = known!.map((cluster) => ({ ...cluster, podMaskPerNode: undefined }));
  assert.match(
    said(id, { ...rest, nodePools, clusters: noMask } as unknown as Evidence)[0]!,
    /does not say podMaskPerNode/,
  );
  const noPods = nodePools!.map((pool) => ({ ...pool, maxPods: undefined }));
  assert.match(
    said(id, { ...rest, clusters: known, nodePools: noPods } as unknown as Evidence)[0]!,
    /how many nodes and pods/,
  );
});

test('service-range-size', () => {
  const id = 'service-range-size';
  const where = 'error network.serviceCidr:';
  assert.deepEqual(said(id, network({ serviceCidr: '172.16.0.0/12' })), [
    `${where} 172.16.0.0/12 is wider than AKS takes for ClusterIPs`,
  ]);
  assert.deepEqual(said(id, network({ serviceCidr: '172.20.0.0/29' })), [
    `${where} 172.20.0.0/29 does not hold 172.20.0.10, the address of DNS`,
  ]);
  const evidence = evidenceOf();
  const dns = (dnsServiceIp: string | undefined): Evidence =>
    ({
      ...evidence,
      clusters: evidence.clusters!.map((cluster) => ({ ...cluster, dnsServiceIp })),
    }) as Evidence;
  assert.deepEqual(said(id, dns('172.20.0.1')), [
    `${where} 172.20.0.1 is the first address of 172.20.0.0/16, which is the API server's`,
  ]);
  assert.deepEqual(said(id, dns('172.20.0.2')), []);
  assert.match(said(id, dns('nonsense'))[0]!, /does not hold nonsense/);
  assert.match(said(id, dns(undefined))[0]!, /does not say dnsServiceIp/);
  assert.equal(verdictOf(id, network({ serviceCidr: '172.24.0.0/13' })), 'held');
});

test('services-subnet-is-big-enough', () => {
  const id = 'services-subnet-is-big-enough';
  const schedule = { awake: 'Mon-Fri 08:00-20:00' };
  const small = network({ subnets: { services: '10.4.0.0/28' } }, { schedule });
  assert.deepEqual(said(id, small), [
    'error network.subnets.services: 10.4.0.0/28 leaves 10.4.0.0/29 to private endpoints, which need a /27',
    'error network.subnets.services: 10.4.0.0/28 leaves 10.4.0.8/30 to container instances, which need a /28',
  ]);
  assert.equal(helpOf(id, small), 'write a /26 or wider');
  const apps = network(
    { subnets: { services: '10.4.0.0/26' } },
    { schedule, keeper: { run: 'container-apps-job' } },
  );
  assert.deepEqual(said(id, apps), [
    'error network.subnets.services: 10.4.0.0/26 leaves 10.4.0.48/28 to Container Apps, which need a /27',
  ]);
  assert.equal(helpOf(id, apps), 'write a /25 or wider');
  assert.equal(verdictOf(id, network({ subnets: { services: '10.4.0.0/26' } }, { schedule })), 'held');
  assert.deepEqual(said(id, withRanges(range('endpoints', '10.4.0.0/28'))), [
    'error ranges[0]: there is 10.4.0.0/28 to private endpoints, which need a /27',
  ]);
  assert.equal(verdictOf(id, network({ subnets: { services: '10.4.0.0/32' } }, { schedule })), 'broken');
  isUndetermined(id, 'range', 'use');
});

test('subnet-is-of-a-cluster', () => {
  const id = 'subnet-is-of-a-cluster';
  const evidence = network({
    subnets: { ap1: '10.9.0.0/20', app2: '10.10.0.0/20', services: '10.4.0.0/24' },
  });
  assert.deepEqual(said(id, evidence), [
    'error network.subnets.ap1: a subnet is given to "ap1", which is no cluster',
  ]);
  assert.equal(helpOf(id, evidence), 'write app1, if that is what you mean');
  assert.equal(verdictOf(id, evidenceOf()), 'held');
  isUndetermined(id, 'cluster', 'isUsed');
});
