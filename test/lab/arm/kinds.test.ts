import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { listAt, objectAt, textAt, valueAt } from '../../../src/lab/arm/body.ts';
import { kinds } from '../../../src/lab/arm/kinds/index.ts';
import { GROUP, labUnderTest, type LabUnderTest, put, SUBSCRIPTION, values } from './lab-under-test.ts';

const PROVIDERS = `${GROUP}/providers`;
const CLUSTER = `${PROVIDERS}/Microsoft.ContainerService/managedClusters/aks`;
const IDENTITY = `${PROVIDERS}/Microsoft.ManagedIdentity/userAssignedIdentities/id`;
const VAULT = `${PROVIDERS}/Microsoft.KeyVault/vaults/kv`;
const WORKSPACE = `${PROVIDERS}/Microsoft.OperationalInsights/workspaces/log`;

test('kinds are named once, in lower case', () => {
  const types = kinds.map(({ type }) => type);
  assert.deepEqual(types, [...new Set(types.map((type) => type.toLowerCase()))]);
});

describe('resource groups, providers, subscriptions', () => {
  test('a group is deleted with all that is in it, and lists what is in it', () => {
    const lab = labUnderTest();
    put(lab, GROUP, { location: 'koreacentral' });
    put(lab, IDENTITY, { location: 'koreacentral' });
    put(lab, `${IDENTITY}/federatedIdentityCredentials/f`, {});
    put(lab, `${GROUP}/providers/Microsoft.Authorization/locks/l`, {});
    const listed = values(lab.told(200, 'GET', `${GROUP}/resources`));
    assert.ok(listed.some(({ id }) => id === IDENTITY));
    assert.ok(!listed.some(({ id }) => id === `${IDENTITY}/federatedIdentityCredentials/f`));
    assert.equal(lab.ask('DELETE', GROUP).status, 202);
    lab.told(404, 'GET', GROUP);
    lab.told(404, 'GET', `${GROUP}/resources`);
    assert.deepEqual(lab.lab.store.all(), []);
  });

  test('a resource is found by type and name in the subscription', () => {
    const lab = labUnderTest();
    put(lab, IDENTITY, {});
    const find = (type: string, name: string): readonly object[] => {
      const filter = encodeURIComponent(`resourceType eq '${type}' and name eq '${name}'`);
      return values(lab.told(200, 'GET', `${SUBSCRIPTION}/resources?$filter=${filter}`));
    };
    assert.equal(find('microsoft.managedidentity/userassignedidentities', 'ID').length, 1);
    assert.equal(find('Microsoft.ManagedIdentity/userAssignedIdentities', 'other').length, 0);
    assert.equal(find('Microsoft.Network/virtualNetworks', 'id').length, 0);
  });

  test('providers are registered until the limits or somebody says otherwise', () => {
    const lab = labUnderTest({}, { limits: { unregistered: ['Microsoft.App'] } });
    const at = (name: string): unknown =>
      lab.told(200, 'GET', `${SUBSCRIPTION}/providers/${name}`)['registrationState'];
    assert.equal(at('Microsoft.Network'), 'Registered');
    assert.equal(at('Microsoft.App'), 'NotRegistered');
    lab.told(200, 'POST', `${SUBSCRIPTION}/providers/Microsoft.App/register`);
    assert.equal(at('microsoft.app'), 'Registered');
    lab.told(200, 'POST', `${SUBSCRIPTION}/providers/Microsoft.App/unregister`);
    assert.equal(at('Microsoft.App'), 'Unregistered');
    assert.ok(values(lab.told(200, 'GET', `${SUBSCRIPTION}/providers`)).length > 10);
    assert.equal(lab.told(200, 'GET', SUBSCRIPTION)['state'], 'Enabled');
  });
});

describe('authorization', () => {
  test('exactly one role has a name, and is found again by its id', () => {
    const lab = labUnderTest();
    const filter = encodeURIComponent("roleName eq 'AcrPull'");
    const list = `${CLUSTER}/namespaces/shop/providers/Microsoft.Authorization/roleDefinitions?$filter=${filter}`;
    const [role, ...others] = values(lab.told(200, 'GET', list));
    assert.deepEqual(others, []);
    const told = lab.told(200, 'GET', textAt(role, 'id')!);
    assert.equal(textAt(told, 'properties', 'roleName'), 'AcrPull');
    assert.deepEqual(values(lab.told(200, 'GET', list.replace('AcrPull', 'AcrPush2'))), []);
  });

  test('an assignment says its scope, which nobody sends', () => {
    const id = `${IDENTITY}/providers/Microsoft.Authorization/roleAssignments/a`;
    const lab = labUnderTest();
    put(lab, IDENTITY, {});
    const told = put(lab, id, { properties: { principalId: 'p', roleDefinitionId: 'r' } });
    assert.equal(textAt(told, 'properties', 'scope'), IDENTITY);
    assert.equal(valueAt(told, 'properties', 'provisioningState'), undefined);
  });
});

describe('identities', () => {
  test('an identity is somebody, the same to all who use it', () => {
    const lab = labUnderTest();
    const own = objectAt(put(lab, IDENTITY, {}), 'properties');
    assert.match(String(own['principalId']), /^[0-9a-f-]{36}$/);
    assert.notEqual(own['principalId'], own['clientId']);
    const group = put(lab, `${PROVIDERS}/Microsoft.ContainerInstance/containerGroups/c`, {
      identity: { type: 'SystemAssigned, UserAssigned', userAssignedIdentities: { [IDENTITY]: {} } },
    });
    const { principalId, clientId } = own;
    assert.deepEqual(valueAt(group, 'identity', 'userAssignedIdentities'), {
      [IDENTITY]: { principalId, clientId },
    });
    assert.match(textAt(group, 'identity', 'principalId')!, /^[0-9a-f-]{36}$/);
  });
});

describe('networks', () => {
  const network = `${PROVIDERS}/Microsoft.Network/virtualNetworks/v`;
  const subnet = `${network}/subnets/s`;

  test('subnets stand alone and in their network, and one that is left out of it goes', () => {
    const lab = labUnderTest();
    put(lab, network, {
      properties: { subnets: [{ name: 's', properties: { addressPrefix: '10.0.0.0/24' } }] },
    });
    assert.equal(textAt(lab.told(200, 'GET', subnet), 'properties', 'addressPrefix'), '10.0.0.0/24');
    put(lab, `${network}/subnets/t`, { properties: { addressPrefix: '10.0.1.0/24' } });
    const names = (): unknown[] =>
      listAt(lab.told(200, 'GET', network), 'properties', 'subnets').map((each) => each['name']);
    assert.deepEqual(names(), ['s', 't']);
    put(lab, network, { tags: {}, properties: {} });
    assert.deepEqual(names(), ['s', 't']);
    lab.ask('DELETE', subnet);
    assert.deepEqual(names(), ['t']);
    put(lab, network, { properties: { subnets: [] } });
    assert.deepEqual(names(), []);
    lab.told(404, 'GET', `${network}/subnets/t`);
  });

  test('an endpoint has an interface with the first free address, which goes with it', () => {
    const lab = labUnderTest();
    put(lab, network, {
      properties: { subnets: [{ name: 's', properties: { addressPrefixes: ['10.0.0.0/24'] } }] },
    });
    const addresses = ['a', 'b'].map((name) => {
      const id = `${PROVIDERS}/Microsoft.Network/privateEndpoints/${name}`;
      const told = put(lab, id, { location: 'koreacentral', properties: { subnet: { id: subnet } } });
      const nic = lab.told(200, 'GET', textAt(listAt(told, 'properties', 'networkInterfaces')[0], 'id')!);
      return textAt(listAt(nic, 'properties', 'ipConfigurations')[0], 'properties', 'privateIPAddress');
    });
    assert.deepEqual(addresses, ['10.0.0.4', '10.0.0.5']);
    lab.ask('DELETE', `${PROVIDERS}/Microsoft.Network/privateEndpoints/a`);
    lab.told(200, 'GET', GROUP.replace(/\/resourceGroups.*/, ''));
    assert.equal(lab.lab.store.ofType('microsoft.network/networkinterfaces').length, 1);
  });

  test('a static public address is one, and stays', () => {
    const lab = labUnderTest();
    const id = `${PROVIDERS}/Microsoft.Network/publicIPAddresses/p`;
    const body = { properties: { publicIPAllocationMethod: 'Static' } };
    const first = textAt(put(lab, id, body), 'properties', 'ipAddress');
    assert.match(first!, /^20\.\d+\.\d+\.\d+$/);
    assert.equal(textAt(put(lab, id, body), 'properties', 'ipAddress'), first);
  });

  test('a private zone begins with a record of authority', () => {
    const lab = labUnderTest();
    const zone = `${PROVIDERS}/Microsoft.Network/privateDnsZones/example.net`;
    lab.told(404, 'GET', `${zone}/SOA/@`);
    put(lab, zone, { location: 'global' });
    assert.ok(valueAt(lab.told(200, 'GET', `${zone}/SOA/@`), 'properties', 'soaRecord'));
  });
});

describe('clusters', () => {
  const body = {
    location: 'koreacentral',
    properties: {
      dnsPrefix: 'fleet',
      kubernetesVersion: '1.35',
      oidcIssuerProfile: { enabled: true },
      addonProfiles: { omsagent: { enabled: true }, other: { enabled: false } },
      agentPoolProfiles: [{ name: 'system', count: 2, vmSize: 'Standard_D2s_v3', mode: 'System' }],
    },
  };
  const group = `${SUBSCRIPTION}/resourceGroups/MC_rg_aks_koreacentral`;

  test('a cluster has an issuer, addresses, a version, a kubelet and a group of its own', () => {
    const lab = labUnderTest();
    const told = objectAt(put(lab, CLUSTER, body), 'properties');
    assert.match(
      textAt(told, 'oidcIssuerProfile', 'issuerURL')!,
      /^https:\/\/koreacentral\.oic\.prod-aks\.azure\.com\//,
    );
    assert.match(textAt(told, 'fqdn')!, /^fleet-[0-9a-f]{8}\.hcp\.koreacentral\.azmk8s\.io$/);
    assert.equal(told['currentKubernetesVersion'], '1.35.0');
    assert.equal(textAt(told, 'powerState', 'code'), 'Running');
    assert.equal(told['nodeResourceGroup'], 'MC_rg_aks_koreacentral');
    const kubelet = textAt(told, 'identityProfile', 'kubeletidentity', 'resourceId')!;
    const identity = lab.told(200, 'GET', kubelet);
    assert.equal(
      textAt(identity, 'properties', 'clientId'),
      textAt(told, 'identityProfile', 'kubeletidentity', 'clientId'),
    );
    assert.ok(textAt(told, 'addonProfiles', 'omsagent', 'identity', 'objectId'));
    assert.equal(valueAt(told, 'addonProfiles', 'other', 'identity'), undefined);
    lab.ask('DELETE', CLUSTER);
    lab.told(404, 'GET', group);
  });

  test('a kubelet that was brought along is kept', () => {
    const kubeletidentity = { resourceId: IDENTITY, clientId: 'c', objectId: 'o' };
    const lab = labUnderTest();
    const told = put(lab, CLUSTER, {
      properties: { ...body.properties, identityProfile: { kubeletidentity } },
    });
    assert.deepEqual(valueAt(told, 'properties', 'identityProfile', 'kubeletidentity'), kubeletidentity);
  });

  test('pools stand alone and in their cluster, each with a scale set', () => {
    const lab = labUnderTest();
    put(lab, CLUSTER, body);
    put(lab, `${CLUSTER}/agentPools/spot`, {
      properties: { count: 3, vmSize: 'Standard_D4s_v5', scaleSetPriority: 'Spot', availabilityZones: ['1'] },
    });
    const pools = listAt(lab.told(200, 'GET', CLUSTER), 'properties', 'agentPoolProfiles');
    assert.deepEqual(
      pools.map(({ name, type, mode }) => [name, type, mode]),
      [
        ['spot', 'VirtualMachineScaleSets', 'User'],
        ['system', 'VirtualMachineScaleSets', 'System'],
      ],
    );
    // A PUT of the cluster may leave out pools that it does not change.
    put(lab, CLUSTER, body);
    const sets = `${group}/providers/Microsoft.Compute/virtualMachineScaleSets`;
    const capacities = (): unknown[] =>
      values(lab.told(200, 'GET', sets)).map((each) => valueAt(each, 'sku', 'capacity'));
    assert.deepEqual(capacities(), [3, 2]);
    lab.ask('DELETE', `${CLUSTER}/agentPools/spot`);
    assert.deepEqual(capacities(), [2]);
  });

  test('a stop and a start take their time, and the machines go and come', () => {
    const lab = labUnderTest({ latencyMs: 1000 });
    put(lab, CLUSTER, body);
    lab.clock.now += 1000;
    for (const [action, meanwhile, code, capacity] of [
      ['stop', 'Stopping', 'Stopped', 0],
      ['start', 'Starting', 'Running', 2],
    ] as const) {
      assert.equal(lab.ask('POST', `${CLUSTER}/${action}`).status, 202);
      const read = (...path: string[]): unknown =>
        valueAt(lab.told(200, 'GET', CLUSTER), 'properties', ...path);
      assert.equal(read('provisioningState'), meanwhile);
      lab.clock.now += 1000;
      assert.equal(read('powerState', 'code'), code);
      assert.equal(read('provisioningState'), 'Succeeded');
      const [set] = lab.lab.store.ofType('microsoft.compute/virtualmachinescalesets');
      assert.equal(valueAt(set?.body, 'sku', 'capacity'), capacity);
    }
  });

  test('a kubeconfig is the one that was asked for, or one of the form that AKS answers', () => {
    const read = (lab: LabUnderTest, action: string): string => {
      const [first] = listAt(lab.told(200, 'POST', `${CLUSTER}/${action}`), 'kubeconfigs');
      return Buffer.from(textAt(first, 'value')!, 'base64').toString('utf8');
    };
    const own = labUnderTest({ kubeconfig: (name) => `of ${name}` });
    put(own, CLUSTER, body);
    assert.equal(read(own, 'listClusterUserCredential'), 'of aks');
    const lab = labUnderTest();
    put(lab, CLUSTER, { properties: { ...body.properties, aadProfile: { managed: true } } });
    assert.match(read(lab, 'listClusterUserCredential'), /command: kubelogin/);
    assert.match(read(lab, 'listClusterAdminCredential'), /client-certificate-data: /);
  });
});

describe('workspaces, registries, containers', () => {
  test('a workspace has a customer id and keys, and is remembered when it is deleted', () => {
    const lab = labUnderTest();
    const told = put(lab, WORKSPACE, { properties: {} });
    assert.match(textAt(told, 'properties', 'customerId')!, /^[0-9a-f-]{36}$/);
    assert.ok(textAt(lab.told(200, 'POST', `${WORKSPACE}/sharedKeys`), 'primarySharedKey'));
    lab.ask('DELETE', WORKSPACE);
    const list = `${SUBSCRIPTION}/providers/Microsoft.OperationalInsights/deletedWorkspaces`;
    assert.equal(values(lab.told(200, 'GET', list)).length, 1);
    put(lab, WORKSPACE, { properties: {} });
    assert.equal(values(lab.told(200, 'GET', list)).length, 0);
  });

  test('a registry has a login server, no replications, and a name that is taken', () => {
    const lab = labUnderTest();
    const id = `${PROVIDERS}/Microsoft.ContainerRegistry/registries/Cr`;
    const check = `${SUBSCRIPTION}/providers/Microsoft.ContainerRegistry/checkNameAvailability`;
    assert.equal(lab.told(200, 'POST', check, { name: 'cr' })['nameAvailable'], true);
    assert.equal(textAt(put(lab, id, {}), 'properties', 'loginServer'), 'cr.azurecr.io');
    assert.deepEqual(values(lab.told(200, 'GET', `${id}/replications`)), []);
    assert.equal(lab.told(200, 'POST', check, { name: 'cr' })['nameAvailable'], false);
  });

  test('what is secret in a container group or a job is not told, but to who asks for secrets', () => {
    const lab = labUnderTest();
    const group = put(lab, `${PROVIDERS}/Microsoft.ContainerInstance/containerGroups/c`, {
      properties: {
        containers: [
          { name: 'c', properties: { environmentVariables: [{ name: 'A', secureValue: 'hush' }] } },
        ],
      },
    });
    const job = `${PROVIDERS}/Microsoft.App/jobs/j`;
    const secrets = [{ name: 's', value: 'hush' }];
    const told = put(lab, job, { properties: { configuration: { secrets } } });
    assert.ok(!JSON.stringify([group, told]).includes('hush'));
    assert.deepEqual(values(lab.told(200, 'POST', `${job}/listSecrets`)), secrets);
  });

  test('a Container Apps environment does not tell the key of its workspace', () => {
    const told = put(labUnderTest(), `${PROVIDERS}/Microsoft.App/managedEnvironments/e`, {
      properties: {
        appLogsConfiguration: {
          destination: 'log-analytics',
          logAnalyticsConfiguration: { customerId: 'c', sharedKey: 'hush' },
        },
      },
    });
    assert.deepEqual(valueAt(told, 'properties', 'appLogsConfiguration', 'logAnalyticsConfiguration'), {
      customerId: 'c',
    });
  });
});

describe('vaults', () => {
  const deleted = `${SUBSCRIPTION}/providers/Microsoft.KeyVault/locations/koreacentral/deletedVaults/kv`;
  const body = { location: 'koreacentral', properties: { sku: { name: 'standard' } } };

  test('a deleted vault is held, found, recovered with what it was, and purged', () => {
    const lab = labUnderTest();
    lab.told(404, 'GET', deleted);
    const made = put(lab, VAULT, { ...body, tags: { a: 'b' } });
    assert.equal(textAt(made, 'properties', 'vaultUri'), 'https://kv.vault.azure.net/');
    assert.equal(lab.ask('DELETE', VAULT).status, 204);
    assert.equal(textAt(lab.told(200, 'GET', deleted), 'properties', 'vaultId'), VAULT);
    const list = `${SUBSCRIPTION}/providers/Microsoft.KeyVault/deletedVaults`;
    assert.equal(values(lab.told(200, 'GET', list)).length, 1);
    put(lab, VAULT, { location: 'koreacentral', properties: { createMode: 'recover' } });
    const back = lab.told(200, 'GET', VAULT);
    assert.equal(textAt(back, 'properties', 'sku', 'name'), 'standard');
    assert.equal(valueAt(back, 'properties', 'createMode'), undefined);
    assert.equal(valueAt(back, 'deletionDate'), undefined);
    lab.told(404, 'GET', deleted);
    lab.ask('DELETE', VAULT);
    const purge = lab.ask('POST', `${deleted}/purge`);
    assert.equal(purge.status, 202);
    assert.equal(lab.ask('GET', purge.headers!['location']!).status, 200);
    lab.told(404, 'GET', deleted);
    assert.equal(lab.lab.softDeleted.size, 0);
  });

  test('a vault goes with its group, and is held as well', () => {
    const lab = labUnderTest();
    put(lab, GROUP, { location: 'koreacentral' });
    put(lab, VAULT, body);
    lab.ask('DELETE', GROUP);
    lab.told(200, 'GET', deleted);
  });
});

describe('monitoring', () => {
  const insights = `${PROVIDERS}/Microsoft.Insights`;
  test('alerts have no state, budgets an eTag, rules an id that stays', () => {
    const lab = labUnderTest();
    assert.deepEqual(put(lab, `${insights}/metricAlerts/a`, { properties: { x: 1 } })['properties'], {
      x: 1,
    });
    const budget = `${GROUP}/providers/Microsoft.Consumption/budgets/b`;
    assert.ok(put(lab, budget, { properties: {} })['eTag']);
    assert.equal(lab.ask('DELETE', budget).status, 200);
    assert.match(
      textAt(put(lab, `${insights}/dataCollectionRules/d`, {}), 'properties', 'immutableId')!,
      /^dcr-[0-9a-f]{32}$/,
    );
  });

  test('Prometheus and Grafana have addresses', () => {
    const lab = labUnderTest();
    const account = put(lab, `${PROVIDERS}/Microsoft.Monitor/accounts/m`, { location: 'koreacentral' });
    assert.ok(textAt(account, 'properties', 'metrics', 'prometheusQueryEndpoint'));
    assert.ok(textAt(account, 'properties', 'defaultIngestionSettings', 'dataCollectionRuleResourceId'));
    const grafana = put(lab, `${PROVIDERS}/Microsoft.Dashboard/grafana/g`, { location: 'koreacentral' });
    assert.match(textAt(grafana, 'properties', 'endpoint')!, /^https:\/\/g-.*\.grafana\.azure\.com$/);
  });
});
