import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  cidr,
  type Cidr,
  contains,
  containsAddress,
  formatCidr,
  overlaps,
  parseIpv4,
} from '../../src/base/cidr.ts';
import { type AddressPlan, planAddresses } from '../../src/model/address-plan.ts';
import { atlas, type FleetData, fleetOf, fleetWithApps } from '../support/fleets.ts';

function plan(data: FleetData): AddressPlan {
  return planAddresses(fleetOf(data));
}

function rangesOf({ services, serviceCidr, clusters }: AddressPlan): Cidr[] {
  return [services, serviceCidr, ...[...clusters.values()].flatMap(({ nodes, pods }) => [nodes, pods])];
}

function assertDisjoint(ranges: readonly Cidr[]): void {
  const sorted = ranges.toSorted((a, b) => a.address - b.address);
  for (const [index, range] of sorted.entries()) {
    const next = sorted[index + 1];
    assert.ok(!next || !overlaps(range, next), `${formatCidr(range)} meets ${next && formatCidr(next)}`);
  }
}

test("the source design's subnets stand, and pods are derived from ids", () => {
  const { clusters, addressSpace, serviceCidr } = plan(atlas());
  assert.deepEqual(addressSpace.map(formatCidr), [
    '10.1.0.0/16',
    '10.2.0.0/16',
    '10.3.0.0/16',
    '10.4.0.0/24',
  ]);
  assert.equal(formatCidr(serviceCidr), '172.20.0.0/16');
  const pods = Object.fromEntries([...clusters].map(([name, { pods: range }]) => [name, formatCidr(range)]));
  assert.deepEqual(pods, { mgmt: '10.201.0.0/16', app1: '10.202.0.0/16', app2: '10.203.0.0/16' });
  assert.equal(clusters.get('mgmt')?.meshAddress, '10.1.255.250');
  assert.equal(clusters.get('mgmt')?.dnsServiceIp, '172.20.0.10');
});

test('254 app clusters have disjoint ranges', () => {
  assertDisjoint(rangesOf(plan(fleetWithApps(254))));
});

const idSets = fc.uniqueArray(fc.integer({ min: 1, max: 255 }), { minLength: 1, maxLength: 12 });
const writtenSubnet = fc.constantFrom(
  '10.1.0.0/16',
  '10.0.0.0/20',
  '10.202.0.0/16',
  '192.168.0.0/16',
  '100.64.0.0/11',
  '10.200.0.0/14',
  '172.20.0.0/16',
);

test('ranges are disjoint for any ids and any written subnet', () => {
  fc.assert(
    fc.property(idSets, writtenSubnet, (ids, subnet) => {
      const clusters = Object.fromEntries(ids.map((id) => [`c-${id}`, { id }]));
      const [first] = Object.keys(clusters);
      assertDisjoint(rangesOf(plan({ clusters, network: { subnets: { [first!]: subnet } } })));
    }),
  );
});

test('another cluster moves nobody', () => {
  fc.assert(
    fc.property(idSets, fc.integer({ min: 1, max: 255 }), (ids, added) => {
      if (ids.includes(added)) return;
      const clusters = Object.fromEntries(ids.map((id) => [`c-${id}`, { id }]));
      const before = plan({ clusters }).clusters;
      const after = plan({ clusters: { ...clusters, newcomer: { id: added } } }).clusters;
      for (const [name, addresses] of before) assert.deepEqual(after.get(name), addresses);
    }),
  );
});

test('a written VNet holds the derived subnets, and pods stay outside', () => {
  for (const vnet of ['10.0.0.0/8', '10.50.0.0/16', '192.168.0.0/20']) {
    const { clusters, services } = plan({ ...fleetWithApps(3), network: { vnet: [vnet] } });
    assert.ok(contains(cidr(vnet), services));
    for (const { nodes, pods } of clusters.values()) {
      assert.ok(contains(cidr(vnet), nodes), `${formatCidr(nodes)} is outside ${vnet}`);
      assert.ok(!overlaps(cidr(vnet), pods));
    }
  }
});

test('mesh addresses lie in the subnet, below its broadcast address', () => {
  for (const subnet of ['10.9.0.0/16', '10.9.0.0/24', '10.9.0.0/28']) {
    const { clusters } = plan({ clusters: { mgmt: {} }, network: { subnets: { mgmt: subnet } } });
    const address = parseIpv4(clusters.get('mgmt')!.meshAddress)!;
    assert.ok(containsAddress(cidr(subnet), address));
    assert.ok(address > cidr(subnet).address + 4, 'Azure keeps the first addresses for itself');
  }
});
