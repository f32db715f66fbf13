import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { maintenanceOf } from '../../src/terraform/cluster/maintenance.ts';
import { anyFleet } from '../support/any-fleet.ts';
import { type FleetData, atlas, platformOf } from '../support/fleets.ts';
import { type WrittenRoot, inner, inners, resources, rootsOf, value } from './read-hcl.ts';

type Environment = 'demo' | 'production';

const cluster = (root: WrittenRoot): string =>
  [...resources(root, 'azurerm_kubernetes_cluster').values()][0]!;
const rootOf = (name: string, data: FleetData = atlas(), environment: Environment = 'demo'): WrittenRoot =>
  rootsOf(data, environment).get(`clusters/${name}`)!;
const quoted = (text: string): string => JSON.stringify(text);

test('property: each pool is there, as the model has it', () => {
  fc.assert(
    fc.property(anyFleet, fc.constantFrom<Environment>('demo', 'production'), (data, environment) => {
      const roots = rootsOf(data, environment);
      for (const plan of platformOf(data, environment).clusters) {
        const root = roots.get(`clusters/${plan.name}`)!;
        const written = resources(root, 'azurerm_kubernetes_cluster_node_pool');
        const system = inner(cluster(root), 'default_node_pool')!;
        assert.equal(written.size, plan.pools.length - 1);
        for (const pool of plan.pools) {
          const text = pool.mode === 'System' ? system : written.get(pool.name)!;
          assert.equal(value(text, 'vm_size'), quoted(pool.vmSize));
          assert.equal(value(text, 'max_pods'), String(pool.maxPods));
          assert.equal(value(text, 'os_disk_type'), quoted(pool.osDisk.type));
          assert.equal(value(text, 'os_disk_size_gb'), String(pool.osDisk.sizeGB));
          assert.equal(value(text, 'node_count'), String(pool.nodesUsual));
          const scales = value(text, 'auto_scaling_enabled') === 'true';
          assert.equal(value(text, 'min_count'), scales ? String(pool.nodesMin) : undefined);
          assert.equal(value(text, 'max_count'), scales ? String(pool.nodesMax) : undefined);
          assert.equal(scales, text.includes('ignore_changes'), 'the autoscaler alone sets its count');
        }
      }
    }),
    { numRuns: 15 },
  );
});

test('property: Spot pools scale by themselves and never surge; other pools surge and are never evicted', () => {
  fc.assert(
    fc.property(anyFleet, fc.constantFrom<Environment>('demo', 'production'), (data, environment) => {
      for (const root of rootsOf(data, environment).values()) {
        for (const text of resources(root, 'azurerm_kubernetes_cluster_node_pool').values()) {
          const isSpot = value(text, 'priority') === '"Spot"';
          assert.equal(inner(text, 'upgrade_settings') === undefined, isSpot);
          assert.equal(value(text, 'eviction_policy'), isSpot ? '"Delete"' : undefined);
          assert.equal(value(text, 'spot_max_price') !== undefined, isSpot);
          if (isSpot) assert.equal(value(text, 'auto_scaling_enabled'), 'true');
          assert.equal(text.includes('scalesetpriority=spot:NoSchedule'), isSpot);
        }
      }
    }),
    { numRuns: 15 },
  );
});

test('a Spot pool reads as a person would have written it', () => {
  assert.equal(
    rootOf('app1').files.get('pools.tf'),
    `# Fleet atlas, demo. Written by Bulkhead: change the fleet file instead.

# Takes the load first.
resource "azurerm_kubernetes_cluster_node_pool" "spotd2sv3" {
  name                        = "spotd2sv3"
  kubernetes_cluster_id       = azurerm_kubernetes_cluster.app1.id
  mode                        = "User"
  temporary_name_for_rotation = "tspotd2sv3" # stands in while this one is rebuilt

  vm_size         = "Standard_D2s_v3"
  vnet_subnet_id  = local.subnet_id
  max_pods        = 60 # each takes memory from the node, used or not
  os_disk_type    = "Ephemeral"
  os_disk_size_gb = 50 # what fits on the host, for free
  tags            = local.tags

  auto_scaling_enabled = true
  node_count           = 2 # to begin with
  min_count            = 0
  max_count            = 5

  # Surplus capacity, which Azure takes back at will (C2, ADR-A01). Label and taint are AKS' own;
  # without them here every plan would drift.
  priority        = "Spot"
  eviction_policy = "Delete" # a stopped machine would count against the quota
  spot_max_price  = -1       # up to the on-demand price

  node_labels = {
    "kubernetes.azure.com/scalesetpriority" = "spot"
  }

  node_taints = ["kubernetes.azure.com/scalesetpriority=spot:NoSchedule"]

  lifecycle {
    ignore_changes = [node_count] # the autoscaler sets it
  }
}
`,
  );
});

test('property: every federation is there, under the issuer of its own cluster', () => {
  fc.assert(
    fc.property(anyFleet, (data) => {
      const roots = rootsOf(data);
      for (const identity of platformOf(data).identities) {
        for (const federation of identity.federations) {
          const root = roots.get(`clusters/${federation.cluster}`)!;
          const credential = [...resources(root, 'azurerm_federated_identity_credential').values()].find(
            (text) => value(text, 'name') === quoted(federation.name),
          );
          assert.equal(
            value(credential, 'subject'),
            quoted(`system:serviceaccount:${federation.namespace}:${federation.serviceAccount}`),
          );
          assert.equal(value(credential, 'audience'), '["api://AzureADTokenExchange"]');
          assert.match(value(credential, 'user_assigned_identity_id')!, new RegExp(`/${identity.name}"$`));
          assert.match(value(credential, 'issuer')!, /^azurerm_kubernetes_cluster\.\w+\.oidc_issuer_url$/);
        }
      }
    }),
    { numRuns: 15 },
  );
});

test('no static credential: Entra alone, from known addresses alone', () => {
  const text = cluster(rootOf('mgmt'));
  assert.equal(value(text, 'local_account_disabled'), 'true');
  assert.equal(value(text, 'azure_rbac_enabled'), 'true');
  assert.equal(value(text, 'workload_identity_enabled'), 'true');
  assert.match(value(text, 'authorized_ip_ranges')!, /var\.egress_ip_addresses.*var\.operator_ip_ranges/);
});

test('Cilium is brought along, or Azure runs its own', () => {
  const profile = (data: FleetData): string => inner(cluster(rootOf('app1', data)), 'network_profile')!;
  assert.equal(value(profile(atlas()), 'network_plugin'), '"none"');
  assert.equal(value(profile(atlas()), 'pod_cidr'), '"10.202.0.0/16"');
  const overlay = profile(atlas({ network: { cni: 'azure-overlay' } }));
  assert.equal(value(overlay, 'network_plugin'), '"azure"');
  assert.equal(value(overlay, 'network_plugin_mode'), '"overlay"');
  assert.equal(value(overlay, 'network_data_plane'), '"cilium"');
  assert.equal(value(overlay, 'network_policy'), '"cilium"');
});

test('outbound addresses are named only where the load balancer carries the traffic', () => {
  const profile = (egress: string): string =>
    inner(cluster(rootOf('app1', atlas({ network: { egress } }))), 'network_profile')!;
  assert.equal(value(profile('nat-gateway'), 'outbound_type'), '"userAssignedNATGateway"');
  assert.equal(inner(profile('nat-gateway'), 'load_balancer_profile'), undefined);
  assert.equal(value(profile('load-balancer'), 'outbound_type'), '"loadBalancer"');
  assert.equal(value(profile('load-balancer'), 'outbound_ip_address_ids'), '[local.outbound_ip_id]');
});

test('the autoscaler keeps an order only where there are pools to order', () => {
  const profile = (environment: Environment): string =>
    inner(cluster(rootOf('app1', atlas(), environment)), 'auto_scaler_profile')!;
  assert.equal(value(profile('demo'), 'expander'), '"least-waste"');
  assert.equal(value(profile('production'), 'expander'), '"priority"');
  assert.equal(value(profile('production'), 'balance_similar_node_groups'), 'true');
  assert.equal(value(profile('demo'), 'skip_nodes_with_local_storage'), 'false');
});

test('logs flow by identity and under the one name that works, and never all audit records', () => {
  const root = rootOf('app1');
  assert.equal(value(inner(cluster(root), 'oms_agent'), 'msi_auth_for_monitoring_enabled'), 'true');
  const association = resources(root, 'azurerm_monitor_data_collection_rule_association').get('logs');
  assert.equal(value(association, 'name'), '"ContainerInsightsExtension"');
  const rule = resources(root, 'azurerm_monitor_data_collection_rule').get('logs')!;
  assert.match(rule, /Microsoft-KubeNodeInventory/);
  const setting = resources(root, 'azurerm_monitor_diagnostic_setting').get('control_plane')!;
  assert.deepEqual(
    inners(setting, 'enabled_log').map((text) => value(text, 'category')),
    ['"kube-audit-admin"', '"cluster-autoscaler"', '"guard"'],
  );
  const silent = rootOf('app1', atlas({ observability: { logs: { dailyCapGB: 0 } } }));
  assert.ok(!silent.files.has('logs.tf'));
  assert.equal(inner(cluster(silent), 'oms_agent'), undefined);
});

test('a pinned patch is left alone by the upgrade channel', () => {
  const pinned = cluster(rootOf('mgmt', atlas({ clusters: { mgmt: { kubernetes: '1.35.2' } } })));
  assert.equal(value(pinned, 'kubernetes_version'), '"1.35.2"');
  assert.equal(value(pinned, 'automatic_upgrade_channel'), undefined);
  assert.equal(inner(pinned, 'maintenance_window_auto_upgrade'), undefined);
  assert.ok(inner(pinned, 'maintenance_window_node_os'));
});

test('property: maintenance falls within the awake hours, in winter and in summer', () => {
  const hour = fc.integer({ min: 0, max: 23 });
  const zone = fc.constantFrom('Asia/Seoul', 'Europe/Berlin', 'America/New_York', 'Australia/Sydney', 'UTC');
  fc.assert(
    fc.property(hour, fc.integer({ min: 1, max: 24 }), zone, (start, length, timezone) => {
      const end = Math.min(24, start + length);
      const two = (value: number): string => String(value).padStart(2, '0');
      const awake = `Mon-Fri ${two(start)}:00-${two(end)}:00`;
      const { fleet, clusters } = platformOf(
        atlas({ environments: { demo: { schedule: { timezone, awake } } } }),
      );
      for (const plan of clusters) {
        const window = maintenanceOf(fleet, plan);
        const summer = ['Asia/Seoul', 'UTC'].includes(timezone) ? 0 : 60;
        assert.equal(window !== undefined, end - start >= 4 + summer / 60);
        if (!window) continue;
        assert.ok(['Mon', 'Tue', 'Wed', 'Thu', 'Fri'].includes(window.day));
        for (const minute of [window.upgradeMinute, window.nodeImageMinute]) {
          assert.ok(minute >= start * 60 && minute + 240 + summer <= end * 60);
        }
      }
    }),
    { numRuns: 200 },
  );
});

test('clusters are upgraded on days of their own, mgmt last', () => {
  const { fleet, clusters } = platformOf({ ...atlas(), schedule: undefined }, 'production');
  const days = clusters.map((plan) => maintenanceOf(fleet, plan)?.day);
  assert.deepEqual(days, ['Sun', 'Wed', 'Thu']);
});

test('a fleet that never sleeps is upgraded at night, by the clock of its region', () => {
  const windows = (region: string): readonly (string | undefined)[] => {
    const text = cluster(rootOf('app1', atlas({ region }), 'production'));
    const [upgrade, nodeImage] = ['auto_upgrade', 'node_os'].map((name) =>
      inner(text, `maintenance_window_${name}`),
    );
    assert.equal(value(upgrade, 'utc_offset'), value(nodeImage, 'utc_offset'));
    assert.equal(value(upgrade, 'day_of_week'), value(nodeImage, 'day_of_week'));
    return [upgrade, nodeImage]
      .map((block) => value(block, 'start_time'))
      .concat(value(upgrade, 'utc_offset'));
  };
  const offsets = {
    koreacentral: '+09:00',
    centralindia: '+05:30',
    westus2: '-08:00',
    westeurope: '+01:00',
    australiaeast: '+10:00',
    northeurope: '+00:00',
    norwayeast: '+01:00',
  };
  for (const [region, offset] of Object.entries(offsets)) {
    assert.deepEqual(windows(region), ['"00:00"', '"04:00"', quoted(offset)], region);
  }
  const comment = (region: string): string =>
    /# At night[^,]*/.exec(cluster(rootOf('app1', atlas({ region }), 'production')))?.[0] ?? '';
  assert.equal(comment('koreacentral'), '# At night in Korea Central (Asia/Seoul)');
  assert.equal(comment('norwayeast'), '# At night in norwayeast (Europe/Oslo)');
});

test('hours too short for a window switch the channels off', () => {
  const data = atlas({
    environments: { demo: { schedule: { timezone: 'Asia/Seoul', awake: 'Mon-Fri 09:00-12:00' } } },
  });
  const text = cluster(rootOf('app1', data));
  assert.equal(value(text, 'node_os_upgrade_channel'), '"None"');
  assert.equal(value(text, 'automatic_upgrade_channel'), undefined);
  assert.equal(inner(text, 'maintenance_window_node_os'), undefined);
});

test('a private API server has no list of addresses, and a name that needs no zone', () => {
  const network = { ...(atlas()['network'] as object), apiServer: 'private' };
  const root = rootOf('app1', atlas({ network }));
  const text = cluster(root);
  assert.equal(value(text, 'private_cluster_enabled'), 'true');
  assert.equal(value(text, 'private_dns_zone_id'), '"None"');
  assert.equal(value(text, 'private_cluster_public_fqdn_enabled'), 'true');
  assert.equal(inner(text, 'api_server_access_profile'), undefined);
  const variables = root.files.get('variables.tf')!;
  assert.doesNotMatch(variables, /egress_ip_addresses|operator_ip_ranges/);
  const output = rootsOf(atlas({ network })).get('foundation')!.files.get('outputs.tf')!;
  assert.doesNotMatch(output, /egress_ip_addresses/);
});

test('role, tier and name of the cluster stand in the tags of all that is its own', () => {
  const locals = (name: string): string => rootOf(name).files.get('locals.tf')!;
  const tags = (name: string): (string | undefined)[] =>
    ['cluster', 'role', 'tier'].map((key) => value(locals(name), key));
  assert.deepEqual(tags('mgmt'), ['"mgmt"', '"mgmt"', '"1"']);
  assert.deepEqual(tags('app1'), ['"app1"', '"app"', '"2"']);
  assert.equal(value(inner(cluster(rootOf('app1')), 'default_node_pool'), 'tags'), 'local.tags');
});

test('a team reaches its namespaces of the clusters that it was given, and no other root knows it', () => {
  const group = '33333333-3333-4333-8333-333333333333';
  const teams = { checkout: { group, workloads: ['storefront'], namespaces: ['checkout-jobs'] } };
  const data = atlas({ teams });
  const roles = resources(rootOf('app1', data), 'azurerm_role_assignment');
  const inside = roles.get('team_checkout_in_namespaces');
  assert.equal(value(inside, 'for_each'), 'toset(["checkout-jobs", "storefront"])');
  assert.equal(value(inside, 'scope'), '"${azurerm_kubernetes_cluster.app1.id}/namespaces/${each.value}"');
  assert.equal(value(inside, 'principal_type'), '"Group"');
  const outside = roles.get('team_checkout_on_cluster');
  assert.equal(value(outside, 'role_definition_name'), '"Azure Kubernetes Service Cluster User Role"');
  const values = rootOf('app1', data).files.get('fleet.auto.tfvars.json')!;
  assert.deepEqual(JSON.parse(values)['team_group_ids'], { checkout: group });
  assert.doesNotMatch([...rootOf('mgmt', data).files.values()].join(), /checkout/);
});

test("property: the name that stands in for a pool fits, and is no other pool's", () => {
  fc.assert(
    fc.property(anyFleet, (data) => {
      for (const root of rootsOf(data, 'production').values()) {
        const pools = [...resources(root, 'azurerm_kubernetes_cluster_node_pool').values()];
        const names = pools.flatMap((text) => [
          value(text, 'name'),
          value(text, 'temporary_name_for_rotation'),
        ]);
        assert.equal(new Set(names).size, names.length);
        for (const name of names) assert.match(name!, /^"[a-z][a-z0-9]{0,11}"$/);
      }
    }),
    { numRuns: 15 },
  );
});

test('the endpoint of managed Prometheus has a shorter name than its rule', () => {
  const clusters = { mgmt: {}, 'a-cluster-with-a-very-long-name': {} };
  const data = atlas({ observability: { stack: 'azure' }, clusters });
  const root = rootOf('a-cluster-with-a-very-long-name', data);
  const nameOf = (type: string): string =>
    value(resources(root, `azurerm_monitor_data_collection_${type}`).get('metrics'), 'name')!;
  assert.equal(nameOf('endpoint'), '"MSProm-koreacentral-aks-atlas-demo-a-cluster"');
  assert.equal(nameOf('rule'), '"MSProm-koreacentral-aks-atlas-demo-a-cluster-with-a-very-long-na"');
});
