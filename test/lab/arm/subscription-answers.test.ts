import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { listAt, textAt, valueAt } from '../../../src/lab/arm/body.ts';
import type { ArmLimits } from '../../../src/lab/arm/rule.ts';
import { GROUP, labUnderTest, type LabUnderTest, SUBSCRIPTION } from './lab-under-test.ts';

const PROVIDERS = `${SUBSCRIPTION}/providers`;
const CLUSTER = `${GROUP}/providers/Microsoft.ContainerService/managedClusters/aks`;

type Row = Readonly<Record<string, unknown>>;

function list(lab: LabUnderTest, path: string, filter?: string): readonly Row[] {
  const query = filter === undefined ? '' : `?${new URLSearchParams({ $filter: filter })}`;
  return listAt(lab.told(200, 'GET', `${PROVIDERS}/${path}${query}`), 'value');
}

function limited(limits: ArmLimits): LabUnderTest {
  return labUnderTest({}, { limits });
}

describe('vCPU usages', () => {
  const usages = (lab: LabUnderTest, region = 'koreacentral'): ReadonlyMap<unknown, Row> =>
    new Map(
      list(lab, `Microsoft.Compute/locations/${region}/usages`).map((row) => [
        valueAt(row, 'name', 'value'),
        row,
      ]),
    );
  const cluster = (power: string): object => ({
    location: 'Korea Central',
    properties: {
      powerState: { code: power },
      agentPoolProfiles: [
        { name: 'system', mode: 'System', vmSize: 'Standard_D4s_v3', count: 2 },
        { name: 'spot', vmSize: 'standard_d2s_v3', count: 3, scaleSetPriority: 'Spot' },
        { name: 'one', vmSize: 'Standard_D2ds_v5' },
        { name: 'own', vmSize: 'Standard_Nobody', count: 9 },
      ],
    },
  });

  test('have the limits that the subscription has, and else none that matters', () => {
    const lab = limited({ regionalVcpus: 8, spotVcpus: 4, familyVcpus: { STANDARDDSv3FAMILY: 6 } });
    const rows = usages(lab);
    assert.equal(rows.get('cores')?.['limit'], 8);
    assert.equal(rows.get('lowPriorityCores')?.['limit'], 4);
    assert.equal(rows.get('standardDSv3Family')?.['limit'], 6);
    assert.ok(Number(rows.get('standardDDSv5Family')?.['limit']) > 1e6);
    assert.equal(textAt(rows.get('cores'), 'name', 'localizedValue'), 'Total Regional vCPUs');
    assert.equal(
      textAt(rows.get('standardDSv3Family'), 'name', 'localizedValue'),
      'Standard DSv3 Family vCPUs',
    );
    assert.ok(rows.size > 20);
  });

  test('count the pools of the region that run', () => {
    const lab = labUnderTest();
    lab.ask('PUT', CLUSTER, { body: cluster('Running') });
    const taken = (region?: string): readonly unknown[] => {
      const rows = usages(lab, region);
      return ['cores', 'standardDSv3Family', 'standardDDSv5Family', 'lowPriorityCores'].map(
        (name) => rows.get(name)?.['currentValue'],
      );
    };
    assert.deepEqual(taken(), [10, 8, 2, 6]);
    assert.deepEqual(taken('KoreaCentral'), [10, 8, 2, 6]);
    assert.deepEqual(taken('eastus'), [0, 0, 0, 0]);
    lab.ask('POST', `${CLUSTER}/stop`);
    lab.told(200, 'GET', CLUSTER);
    assert.deepEqual(taken(), [0, 0, 0, 0]);
  });
});

describe('VM sizes', () => {
  const skus = (lab: LabUnderTest, region: string): readonly Row[] =>
    list(lab, 'Microsoft.Compute/skus', `location eq '${region}'`);

  test('are those of the region, with zones, family and vCPUs', () => {
    const size = skus(labUnderTest(), 'koreacentral').find((row) => row['name'] === 'Standard_D2s_v3');
    assert.equal(size?.['resourceType'], 'virtualMachines');
    assert.equal(size['family'], 'standardDSv3Family');
    assert.deepEqual(size['restrictions'], []);
    const [info] = listAt(size, 'locationInfo');
    assert.deepEqual(info, { location: 'koreacentral', zones: ['1', '2', '3'], zoneDetails: [] });
    assert.ok(listAt(size, 'capabilities').some(({ name, value }) => name === 'vCPUs' && value === '2'));
  });

  test('are fewer in some regions, all in an unknown one, and none without a filter', () => {
    const lab = labUnderTest();
    const [some, all] = ['koreasouth', 'nowhere'].map((region) => skus(lab, region).length);
    assert.ok(some! < all!);
    assert.deepEqual(list(lab, 'Microsoft.Compute/skus'), []);
    const [size] = skus(lab, 'koreasouth');
    assert.deepEqual(listAt(size, 'locationInfo')[0]?.['zones'], []);
  });

  test('are restricted as the limits say', () => {
    const lab = limited({ restrictedVmSizes: ['standard_d2s_V3'] });
    const restricted = skus(lab, 'koreacentral').filter((row) => listAt(row, 'restrictions').length > 0);
    assert.deepEqual(
      restricted.map((row) => [row['name'], listAt(row, 'restrictions')[0]?.['reasonCode']]),
      [['Standard_D2s_v3', 'NotAvailableForSubscription']],
    );
  });
});

test('Kubernetes versions are listed as values, one by default', () => {
  const path = `${PROVIDERS}/Microsoft.ContainerService/locations/koreacentral/kubernetesVersions`;
  const values = listAt(labUnderTest().told(200, 'GET', path), 'values');
  assert.ok(values.length >= 3);
  assert.equal(values.filter(({ isDefault }) => isDefault === true).length, 1);
  const { version, patchVersions } = values[0]!;
  assert.deepEqual(Object.keys(patchVersions as object), [`${String(version)}.0`]);
});

test('the caller may do everything, at any scope', () => {
  const lab = labUnderTest();
  for (const scope of [SUBSCRIPTION, `${CLUSTER}/namespaces/shop`]) {
    const told = lab.told(200, 'GET', `${scope}/providers/Microsoft.Authorization/permissions`);
    assert.deepEqual(listAt(told, 'value')[0]?.['actions'], ['*']);
  }
});

describe('global names', () => {
  const isFree = (lab: LabUnderTest, namespace: string, name: string): unknown => {
    const path = `${PROVIDERS}/Microsoft.${namespace}/checkNameAvailability`;
    return lab.told(200, 'POST', path, { name })['nameAvailable'];
  };

  test('are free until something has them, whatever their case', () => {
    const lab = labUnderTest();
    for (const [namespace, type] of [
      ['KeyVault', 'vaults'],
      ['ContainerRegistry', 'registries'],
      ['Storage', 'storageAccounts'],
    ] as const) {
      assert.equal(isFree(lab, namespace, 'one'), true);
      lab.ask('PUT', `${GROUP}/providers/Microsoft.${namespace}/${type}/One`, {
        body: { location: 'eastus' },
      });
      assert.equal(isFree(lab, namespace, 'oNe'), false);
      assert.equal(isFree(lab, namespace, 'two'), true);
    }
    assert.equal(isFree(lab, 'Storage', 'bulkheadlab'), false);
  });

  test('stay taken by a deleted vault until it is purged', () => {
    const lab = labUnderTest();
    const vault = `${GROUP}/providers/Microsoft.KeyVault/vaults/kv`;
    lab.ask('PUT', vault, { body: { location: 'eastus' } });
    lab.ask('DELETE', vault);
    assert.equal(isFree(lab, 'KeyVault', 'kv'), false);
    lab.ask('POST', `${PROVIDERS}/Microsoft.KeyVault/locations/eastus/deletedVaults/kv/purge`);
    assert.equal(isFree(lab, 'KeyVault', 'kv'), true);
  });
});
