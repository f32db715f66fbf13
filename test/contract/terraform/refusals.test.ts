import assert from 'node:assert/strict';
import test from 'node:test';
import { type Block, planOf } from './made-plan.ts';
import { evidenceOf, type Json, said, type Shown, verdictOf } from './plan-under-test.ts';

/** What Azure refuses and Terraform does not: plans of a few blocks, and what is said of them. */
const GROUP = { resource_group_name: 'rg' };
const ID = '/subscriptions/0/resourceGroups/rg/providers';
const CLUSTER = 'azurerm_kubernetes_cluster';

function block(type: string, name: string, values: Shown, refers: Block['refers'] = {}): Block {
  return { type, name, values, refers };
}

function plan(...blocks: readonly Block[]): Shown {
  return planOf({ blocks });
}

function cluster(values: Shown = {}): Block {
  return block(CLUSTER, 'a', { name: 'aks-a', ...GROUP, ...values });
}

test('registry-fits-its-tier', () => {
  const id = 'registry-fits-its-tier';
  const plain = {
    name: 'acme',
    ...GROUP,
    sku: 'Basic',
    public_network_access_enabled: true,
    zone_redundancy_enabled: false,
    retention_policy_in_days: null,
    georeplications: [],
  };
  const registry = (values: Shown): Block =>
    block('azurerm_container_registry', 'a', { ...plain, ...values });
  assert.equal(verdictOf(id, plan(registry({}))), 'held');
  const all = {
    public_network_access_enabled: false,
    zone_redundancy_enabled: true,
    retention_policy_in_days: 7,
    georeplications: [{}],
  };
  assert.match(
    said(id, plan(registry(all)))[0]!,
    /the Basic registry acme is to have no public address, zone redundancy, a retention policy and copies/,
  );
  assert.equal(verdictOf(id, plan(registry({ ...all, sku: 'Premium' }))), 'held');
  const endpoint = block(
    'azurerm_private_endpoint',
    'e',
    { name: 'e', private_service_connection: [{ name: 'e', subresource_names: ['registry'] }] },
    {},
  );
  const connected = planOf({ blocks: [registry({}), endpoint] });
  const [configured] = (
    connected.configuration as { root_module: { resources: Shown[] } }
  ).root_module.resources.slice(-1);
  const to = (...references: string[]): void => {
    configured!.expressions = {
      private_service_connection: [{ private_connection_resource_id: { references } }],
    };
  };
  to('azurerm_container_registry.a.id', 'azurerm_container_registry.a');
  assert.match(said(id, connected)[0]!, /the Basic registry acme is to have a private endpoint/);
  to('local.anything');
  assert.equal(verdictOf(id, connected), 'undetermined');
  const { sku, ...unsaid } = plain;
  assert.equal(sku, 'Basic');
  assert.equal(verdictOf(id, plan(block('azurerm_container_registry', 'a', unsaid))), 'undetermined');
});

test('diagnostic-settings-are-unique', () => {
  const id = 'diagnostic-settings-are-unique';
  const setting = (name: string, category: string, target = 'aks-a'): Block =>
    block('azurerm_monitor_diagnostic_setting', name, {
      name,
      target_resource_id: `${ID}/Microsoft.ContainerService/managedClusters/${target}`,
      log_analytics_workspace_id: `${ID}/Microsoft.OperationalInsights/workspaces/w`,
      enabled_log: [{ category }],
      enabled_metric: [],
    });
  assert.equal(verdictOf(id, plan(setting('one', 'kube-audit'), setting('two', 'kube-apiserver'))), 'held');
  assert.equal(
    verdictOf(id, plan(setting('one', 'kube-audit'), setting('two', 'kube-audit', 'aks-b'))),
    'held',
  );
  assert.match(
    said(id, plan(setting('one', 'kube-audit'), setting('two', 'kube-audit')))[0]!,
    /diagnostic_setting.two: kube-audit of aks-a is sent to one workspace twice/,
  );
  const containers = block('azurerm_container_group', 'c', { name: 'c' });
  const keeper = block(
    'azurerm_monitor_diagnostic_setting',
    'k',
    {
      ...(setting('k', 'ContainerEvent').values as Shown),
      target_resource_id: undefined,
    } as unknown as Shown,
    { target_resource_id: ['azurerm_container_group.c.id'] },
  );
  assert.equal(verdictOf(id, plan(containers, keeper)), 'held');
  const toStorage = {
    name: 's',
    log_analytics_workspace_id: null,
    enabled_log: [{ category: 'kube-audit' }],
  };
  const other = block('azurerm_monitor_diagnostic_setting', 'three', toStorage);
  assert.equal(verdictOf(id, plan(setting('one', 'kube-audit'), other)), 'held');
  const open = block('azurerm_monitor_diagnostic_setting', 'three', { name: 's' });
  assert.equal(verdictOf(id, plan(open)), 'undetermined');
});

test('zones-are-linked-once', () => {
  const id = 'zones-are-linked-once';
  const zone = (group: string): Block =>
    block('azurerm_private_dns_zone', group, {
      name: 'privatelink.vaultcore.azure.net',
      resource_group_name: group,
    });
  const link = (name: string, group: string, network = 'v'): Block =>
    block(
      'azurerm_private_dns_zone_virtual_network_link',
      name,
      { name, virtual_network_id: `${ID}/Microsoft.Network/virtualNetworks/${network}` },
      { private_dns_zone_id: [`azurerm_private_dns_zone.${group}.id`] },
    );
  assert.equal(verdictOf(id, plan(zone('one'), link('a', 'one'), link('b', 'one', 'w'))), 'held');
  assert.match(
    said(id, plan(zone('one'), zone('two'), link('a', 'one'), link('b', 'two')))[0]!,
    /link.b: a network is linked to two zones called privatelink.vaultcore.azure.net$/,
  );
  assert.match(
    said(id, plan(zone('one'), link('a', 'one'), link('b', 'one')))[0]!,
    /a network is linked to one zone privatelink.vaultcore.azure.net twice$/,
  );
  assert.equal(verdictOf(id, plan(link('a', 'gone'))), 'undetermined');
});

test('container-subnets-are-delegated', () => {
  const id = 'container-subnets-are-delegated';
  const subnet = (service?: string): Block =>
    block('azurerm_subnet', 's', {
      name: 's',
      ...GROUP,
      virtual_network_name: 'v',
      address_prefixes: ['10.0.0.0/24'],
      delegation: service === undefined ? [] : [{ service_delegation: [{ name: service }] }],
    });
  const containers = block(
    'azurerm_container_group',
    'c',
    { name: 'c' },
    { subnet_ids: ['azurerm_subnet.s.id'] },
  );
  const apps = (values: Shown): Block =>
    block('azurerm_container_app_environment', 'e', values, {
      infrastructure_subnet_id: ['azurerm_subnet.s.id'],
    });
  assert.equal(
    verdictOf(id, plan(subnet('Microsoft.ContainerInstance/containerGroups'), containers)),
    'held',
  );
  assert.match(
    said(id, plan(subnet(), containers))[0]!,
    /s holds containers and is not handed to Microsoft.ContainerInstance\/containerGroups$/,
  );
  const profiles = { name: 'e', workload_profile: [{ name: 'Consumption' }] };
  assert.equal(verdictOf(id, plan(subnet('Microsoft.App/environments'), apps(profiles))), 'held');
  assert.match(said(id, plan(subnet(), apps(profiles)))[0]!, /is not handed to Microsoft.App\/environments$/);
  const without = { name: 'e', workload_profile: [] };
  assert.equal(verdictOf(id, plan(subnet(), apps(without))), 'held');
  assert.match(
    said(id, plan(subnet('Microsoft.App/environments'), apps(without)))[0]!,
    /is handed to a service and holds an environment without workload profiles$/,
  );
  assert.equal(verdictOf(id, plan(subnet())), 'not applicable');
  const { delegation, ...open } = subnet().values as Shown;
  assert.ok(Array.isArray(delegation));
  assert.equal(verdictOf(id, plan(block('azurerm_subnet', 's', open), containers)), 'undetermined');
  const anywhere = block('azurerm_container_group', 'c', { name: 'c' }, { subnet_ids: ['local.subnets'] });
  assert.equal(verdictOf(id, plan(subnet(), anywhere)), 'undetermined');
});

test('pools-follow-their-cluster', () => {
  const id = 'pools-follow-their-cluster';
  const versions = (own: Json, pool: Json): Shown =>
    plan(
      cluster({
        kubernetes_version: own,
        default_node_pool: [{ name: 'system', orchestrator_version: null }],
      }),
      block(
        'azurerm_kubernetes_cluster_node_pool',
        'p',
        { name: 'p', orchestrator_version: pool },
        { kubernetes_cluster_id: [`${CLUSTER}.a.id`] },
      ),
    );
  for (const pool of [null, '1.34', '1.35', '1.35.1', '0.99.9']) {
    assert.equal(verdictOf(id, versions('1.35.1', pool)), 'held', String(pool));
  }
  assert.equal(verdictOf(id, versions('1.35', '1.35.9')), 'held');
  for (const pool of ['1.36', '1.35.2', '2.0', '1.100']) {
    assert.match(
      said(id, versions('1.35.1', pool))[0]!,
      /pool p is to have \S+, its control plane 1\.35\.1$/,
      pool,
    );
  }
  assert.equal(verdictOf(id, versions(null, '1.36')), 'undetermined');
});

test('taints-and-labels-are-accepted', () => {
  const id = 'taints-and-labels-are-accepted';
  const pool = (values: Shown): Shown =>
    plan(
      cluster({
        default_node_pool: [{ name: 'system', only_critical_addons_enabled: true, node_labels: {} }],
      }),
      block(
        'azurerm_kubernetes_cluster_node_pool',
        'p',
        { name: 'p', mode: 'User', node_taints: [], node_labels: {}, ...values },
        { kubernetes_cluster_id: [`${CLUSTER}.a.id`] },
      ),
    );
  const fine = ['team=shop:NoSchedule', 'dedicated:NoExecute', 'a.b/c=d:PreferNoSchedule'];
  assert.equal(verdictOf(id, pool({ node_taints: fine, node_labels: { 'a.b/c': 'd_1', e: '' } })), 'held');
  for (const taint of [
    'shop',
    'team=shop',
    'team=shop:noschedule',
    'a b=c:NoSchedule',
    '=x:NoSchedule',
    'k=v:',
  ]) {
    assert.match(said(id, pool({ node_taints: [taint] }))[0]!, /pool p has a taint that is none/, taint);
  }
  assert.match(
    said(id, pool({ mode: 'System', node_taints: ['team=shop:NoSchedule'] }))[0]!,
    /the system pool p has the taint "team=shop:NoSchedule"$/,
  );
  const soft = ['CriticalAddonsOnly=true:NoSchedule', 'team=shop:PreferNoSchedule'];
  assert.equal(verdictOf(id, pool({ mode: 'System', node_taints: soft })), 'held');
  for (const label of [{ 'a b': 'c' }, { a: '-' }, { a: 'x'.repeat(64) }, { 'A/b/c': 'd' }]) {
    assert.match(said(id, pool({ node_labels: label }))[0]!, /pool p has a label that Kubernetes refuses/);
  }
});

test('ranges-are-well-formed', () => {
  const id = 'ranges-are-well-formed';
  const network = (...address_space: string[]): Shown =>
    plan(block('azurerm_virtual_network', 'v', { name: 'v', ...GROUP, address_space }));
  assert.equal(verdictOf(id, network('10.0.0.0/8', 'fd00::/48')), 'held');
  assert.deepEqual(
    said(id, network('10.0.0.0/8', '10.1.0.1/16', '300.0.0.0/8')).map((line) => line.replace(/^.*: /, '')),
    ['the range of the VNet v, 10.1.0.1/16, is none', 'the range of the VNet v, 300.0.0.0/8, is none'],
  );
  const open = block('azurerm_virtual_network', 'v', { name: 'v', ...GROUP });
  assert.equal(verdictOf(id, plan(open)), 'undetermined');
});

test('budget-tells-five-at-most', () => {
  const id = 'budget-tells-five-at-most';
  const budget = (count: number): Shown => {
    const notification = Array.from({ length: count }, () => ({ contact_emails: ['a@b.example'] }));
    return plan(
      block('azurerm_consumption_budget_subscription', 'b', { name: 'b', amount: 80, notification }),
    );
  };
  assert.equal(verdictOf(id, budget(1)), 'held');
  assert.equal(verdictOf(id, budget(5)), 'held');
  assert.match(said(id, budget(6))[0]!, /the budget has 6 notifications; Azure takes 1 to 5$/);
  assert.equal(said(id, budget(0)).length, 1);
  assert.equal(evidenceOf([budget(1)]).budgets![0]!.amount, 80_000_000);
});

test('azure-names-are-accepted', () => {
  const id = 'azure-names-are-accepted';
  const identity = (name: string): Shown =>
    plan(block('azurerm_user_assigned_identity', 'i', { name, ...GROUP }));
  assert.equal(verdictOf(id, identity('id-a')), 'held');
  assert.match(
    said(id, identity('ID'))[0]!,
    /identity.i.name: Azure takes no managed identity that is called ID$/,
  );
  const account = (name: string): Shown => plan(block('azurerm_storage_account', 's', { name, ...GROUP }));
  assert.equal(verdictOf(id, account('acme1')), 'held');
  assert.match(said(id, account('Acme1'))[0]!, /no storage account that is called Acme1$/);
});

test('operators-can-reach-the-api-server: ranges that Azure refuses', () => {
  const id = 'operators-can-reach-the-api-server';
  const ranges = (isPrivate: boolean, ...authorized_ip_ranges: string[]): Shown =>
    plan(
      cluster({ private_cluster_enabled: isPrivate, api_server_access_profile: [{ authorized_ip_ranges }] }),
    );
  assert.match(
    said(id, ranges(false, '203.0.113.0/24', '300.0.0.0/8'))[0]!,
    /300.0.0.0\/8 among the ranges .* is none$/,
  );
  assert.match(
    said(id, ranges(true, '203.0.113.0/24'))[0]!,
    /has no public address, and ranges that may reach it$/,
  );
  assert.equal(verdictOf(id, ranges(false, '203.0.113.0/24')), 'held');
  assert.notEqual(verdictOf(id, ranges(true)), 'broken');
});

test('egress-fits-outbound-type: a gateway that Azure makes takes no network but its own', () => {
  const id = 'egress-fits-outbound-type';
  const managed = (refers: Block['refers']): Shown =>
    plan(
      block('azurerm_subnet', 's', {
        name: 's',
        ...GROUP,
        virtual_network_name: 'v',
        address_prefixes: ['10.0.0.0/24'],
      }),
      cluster({
        network_profile: [{ outbound_type: 'managedNATGateway' }],
        default_node_pool: [{ name: 'system' }],
      }),
      block(
        'azurerm_kubernetes_cluster_node_pool',
        'p',
        { name: 'p' },
        {
          kubernetes_cluster_id: [`${CLUSTER}.a.id`],
          ...refers,
        },
      ),
    );
  assert.match(
    said(id, managed({ vnet_subnet_id: ['azurerm_subnet.s.id'] }))[0]!,
    /aks-a is to leave by a gateway of Azure's own, and stands in s$/,
  );
  assert.equal(verdictOf(id, managed({})), 'undetermined');
});
