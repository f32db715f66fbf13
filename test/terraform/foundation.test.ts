import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { formatCidr } from '../../src/base/cidr.ts';
import { anyFleet } from '../support/any-fleet.ts';
import { type FleetData, atlas, platformOf } from '../support/fleets.ts';
import { type WrittenRoot, inners, resources, rootsOf, value } from './read-hcl.ts';

const foundation = (data: FleetData = atlas(), environment: 'demo' | 'production' = 'demo'): WrittenRoot =>
  rootsOf(data, environment).get('foundation')!;

const quoted = (text: string): string => JSON.stringify(text);

test('property: every subnet has its range, its own security group and all of its rules, in order', () => {
  fc.assert(
    fc.property(anyFleet, fc.constantFrom('demo', 'production'), (data, environment) => {
      const root = foundation(data, environment);
      const subnets = resources(root, 'azurerm_subnet');
      const groups = resources(root, 'azurerm_network_security_group');
      const { network } = platformOf(data, environment);
      assert.equal(subnets.size, network.subnets.length);
      for (const [index, { name, range, rules }] of network.subnets.entries()) {
        const [label, text] = [...subnets][index]!;
        assert.equal(value(text, 'name'), quoted(name));
        assert.equal(value(text, 'address_prefixes'), `[${quoted(formatCidr(range))}]`);
        assert.deepEqual(
          inners(groups.get(label)!, 'security_rule').map((rule) => [
            value(rule, 'name'),
            value(rule, 'priority'),
            value(rule, 'access'),
          ]),
          rules
            .toSorted((a, b) => a.priority - b.priority)
            .map((rule) => [quoted(rule.name), String(rule.priority), quoted(rule.access)]),
        );
        assert.ok(resources(root, 'azurerm_subnet_network_security_group_association').has(label));
      }
    }),
    { numRuns: 15 },
  );
});

test('a rule says why, from where, to where and on which ports', () => {
  const nodes = resources(foundation(), 'azurerm_network_security_group').get('nodes_app1')!;
  const rule = inners(nodes, 'security_rule').find((text) => text.includes('allow-mesh-vxlan'));
  assert.equal(
    rule,
    [
      '  security_rule {',
      '    name                       = "allow-mesh-vxlan"',
      '    description                = "mesh datapath between peers (ADR-A02)"',
      '    priority                   = 110',
      '    direction                  = "Inbound"',
      '    access                     = "Allow"',
      '    protocol                   = "Udp"',
      '    source_address_prefix      = "10.1.0.0/16"',
      '    source_port_range          = "*"',
      '    destination_address_prefix = "10.2.0.0/16"',
      '    destination_port_range     = "8472"',
      '  }',
      '',
    ].join('\n'),
  );
});

test('property: every role of every identity is granted, once', () => {
  fc.assert(
    fc.property(anyFleet, (data) => {
      const { identities } = platformOf(data);
      const root = foundation(data);
      assert.equal(resources(root, 'azurerm_user_assigned_identity').size, identities.length);
      const granted = [...resources(root, 'azurerm_role_assignment').values()]
        .filter((text) => text.includes('azurerm_user_assigned_identity'))
        .map((text) => value(text, 'role_definition_name'));
      const wanted = identities.flatMap(({ roles }) => roles.map(({ role }) => quoted(role)));
      assert.deepEqual(granted.toSorted(), wanted.toSorted());
    }),
    { numRuns: 15 },
  );
});

test('property: a gateway has an address of its own SKU, no zones, and each of its subnets', () => {
  fc.assert(
    fc.property(anyFleet, fc.constantFrom('demo', 'production'), (data, environment) => {
      const root = foundation(data, environment);
      const { network } = platformOf(data, environment);
      const ips = [...resources(root, 'azurerm_public_ip').values()];
      const gateways = [...resources(root, 'azurerm_nat_gateway').values()];
      for (const { name, sku, publicIp } of network.natGateways) {
        const gateway = gateways.find((text) => value(text, 'name') === quoted(name))!;
        const ip = ips.find((text) => value(text, 'name') === quoted(publicIp))!;
        assert.equal(value(gateway, 'sku_name'), quoted(sku));
        assert.equal(value(ip, 'sku'), quoted(sku));
        assert.equal(value(gateway, 'zones'), undefined);
      }
      const served = network.natGateways.flatMap(({ subnets }) => subnets);
      assert.equal(resources(root, 'azurerm_subnet_nat_gateway_association').size, served.length);
    }),
    { numRuns: 15 },
  );
});

test('load-balancer egress: an address for each cluster, in all zones where its nodes have any', () => {
  const network = { ...(atlas()['network'] as object), egress: 'load-balancer' };
  const ips = (environment: 'demo' | 'production'): [string, string | undefined][] =>
    [...resources(foundation(atlas({ network }), environment), 'azurerm_public_ip')]
      .filter(([label]) => label.startsWith('cluster_'))
      .map(([label, text]) => [label, value(text, 'zones')]);
  assert.deepEqual(ips('demo'), [
    ['cluster_mgmt', undefined],
    ['cluster_app1', undefined],
    ['cluster_app2', undefined],
  ]);
  assert.equal(ips('production')[0]?.[1], '["1", "2", "3"]');
});

test("a cluster's API server admits the addresses of its own nodes, of mgmt and of the keeper", () => {
  const network = { ...(atlas()['network'] as object), egress: 'load-balancer' };
  const output = foundation(atlas({ network })).files.get('outputs.tf')!;
  const callers = /app1 = \{\s+egress_ip_addresses = \[([^\]]*)\]/.exec(output)?.[1];
  assert.deepEqual(callers?.match(/azurerm_public_ip\.\w+/g), [
    'azurerm_public_ip.nat_services',
    'azurerm_public_ip.cluster_mgmt',
    'azurerm_public_ip.cluster_app1',
  ]);
});

test('the vault: open to operators in demo, private and unpurgeable in production', () => {
  const vault = (environment: 'demo' | 'production'): string =>
    resources(foundation(atlas(), environment), 'azurerm_key_vault').get('fleet')!;
  for (const environment of ['demo', 'production'] as const) {
    assert.equal(value(vault(environment), 'rbac_authorization_enabled'), 'true');
    assert.equal(value(vault(environment), 'default_action'), '"Deny"');
    assert.ok(resources(foundation(atlas(), environment), 'azurerm_private_endpoint').has('vault'));
  }
  assert.equal(value(vault('demo'), 'ip_rules'), 'var.operator_ip_ranges');
  assert.equal(value(vault('demo'), 'purge_protection_enabled'), 'false');
  assert.equal(value(vault('production'), 'public_network_access_enabled'), 'false');
  assert.equal(value(vault('production'), 'ip_rules'), undefined);
  assert.equal(value(vault('production'), 'purge_protection_enabled'), 'true');
});

test('a log cap of zero means no workspace and nothing that needs one', () => {
  const root = foundation(atlas({ observability: { logs: { dailyCapGB: 0 } } }));
  assert.ok(!root.files.has('logs.tf'));
  assert.equal(resources(root, 'azurerm_monitor_scheduled_query_rules_alert_v2').size, 0);
});

test('without an e-mail address the budget tells the owners', () => {
  const root = foundation(atlas({ alerts: {} }));
  const budget = resources(root, 'azurerm_consumption_budget_subscription').get('fleet')!;
  assert.equal(inners(budget, 'notification').length, 3);
  assert.equal(value(budget, 'contact_roles'), '["Owner"]');
  assert.equal(resources(root, 'azurerm_monitor_action_group').size, 0);
});

test('the Premium registry uses what it costs, and the others ask for nothing that Azure refuses', () => {
  const registry = (sku: string): string =>
    resources(foundation(atlas({ registry: { sku } })), 'azurerm_container_registry').get('fleet')!;
  assert.equal(value(registry('Premium'), 'retention_policy_in_days'), '7');
  assert.equal(value(registry('Premium'), 'data_endpoint_enabled'), 'true');
  assert.doesNotMatch(registry('Standard'), /retention_policy|data_endpoint/);
});

test('who touches a secret is recorded where logs are collected', () => {
  const setting = (data: FleetData): string | undefined =>
    resources(foundation(data), 'azurerm_monitor_diagnostic_setting').get('vault');
  assert.match(setting(atlas())!, /category = "AuditEvent"/);
  assert.equal(setting(atlas({ observability: { logs: { dailyCapGB: 0 } } })), undefined);
});

test('no cluster gets its inputs before its subnet and its identities are ready', () => {
  const output = foundation().files.get('outputs.tf')!;
  const needed = /depends_on = \[([^\]]*)\]/.exec(output)?.[1] ?? '';
  for (const address of [
    'azurerm_subnet_network_security_group_association.nodes_app1',
    'azurerm_subnet_nat_gateway_association.nodes_app1',
    'azurerm_role_assignment.app1_control_plane_on_subnet',
    'azurerm_role_assignment.app1_control_plane_on_app1_kubelet',
    'azurerm_role_assignment.app1_kubelet_on_registry',
  ]) {
    assert.ok(needed.includes(address), address);
  }
});

test('machines of a Container Apps subnet reach each other, and probes reach them', () => {
  const group = resources(
    foundation(atlas({ keeper: { run: 'container-apps-job' } })),
    'azurerm_network_security_group',
  ).get('container_apps')!;
  assert.deepEqual(
    inners(group, 'security_rule').map((rule) => value(rule, 'name')),
    ['"allow-own-subnet"', '"allow-load-balancer"', '"deny-virtual-network"'],
  );
});

test('what is made for one cluster says so', () => {
  const groups = resources(foundation(), 'azurerm_resource_group');
  assert.match(groups.get('cluster_app1')!, /cluster = "app1"/);
  assert.equal(value(groups.get('fleet'), 'tags'), 'local.tags');
});
