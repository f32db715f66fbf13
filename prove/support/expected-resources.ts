import { createHash } from 'node:crypto';
import { formatCidr } from '../../src/base/cidr.ts';
import type { Alert } from '../../src/model/alerts/alert.ts';
import { hasContainerInsights } from '../../src/model/fit.ts';
import type { ClusterPlan, NodePool, Platform, Subnet } from '../../src/model/platform.ts';
import { quietHours } from '../../src/model/quiet-hours.ts';

/** A resource that the platform implies: where it stands, and what a plan must say of it at least. */
export type ExpectedResource = {
  /** `foundation`, `clusters/app1`, `keeper`. */
  readonly root: string;
  readonly type: string;
  /** Attributes as `terraform show -json` names them. Lists are sets here: Terraform orders some by itself. */
  readonly values: Readonly<Record<string, unknown>>;
};

type Own = Omit<ExpectedResource, 'root'>;

/** Every resource of a fleet's Terraform, from the model alone. `subscription` is where the roots are applied. */
export function expectedResources(platform: Platform, subscription: string): readonly ExpectedResource[] {
  const inRoot = (root: string, list: readonly Own[]): ExpectedResource[] =>
    list.map((own) => ({ root, ...own }));
  return [
    ...inRoot('foundation', foundationOf(platform, subscription)),
    ...platform.clusters.flatMap((cluster) =>
      inRoot(`clusters/${cluster.name}`, clusterOf(platform, cluster)),
    ),
    ...inRoot('keeper', keeperOf(platform)),
  ];
}

function resource(type: string, values: Readonly<Record<string, unknown>> = {}): Own {
  return { type: `azurerm_${type}`, values };
}

function role(name: string, type: 'Group' | 'ServicePrincipal', principal?: string): Own {
  return resource('role_assignment', {
    role_definition_name: name,
    principal_type: type,
    ...(principal === undefined ? {} : { principal_id: principal }),
  });
}

function foundationOf(platform: Platform, subscription: string): Own[] {
  const { fleet, names, clusters, identities } = platform;
  const suffix = createHash('sha256').update(`${subscription}${names.suffixSeed}`).digest('hex').slice(0, 6);
  return [
    ...[names.resourceGroup, ...clusters.map(({ resourceGroup }) => resourceGroup)].map((name) =>
      resource('resource_group', { name, location: fleet.region, tags: tagsOf(platform) }),
    ),
    ...networkOf(platform),
    ...vaultOf(platform, `${names.vaultPrefix}${suffix}`),
    resource('container_registry', {
      name: `${names.registryPrefix}${suffix}`,
      sku: fleet.registry.sku,
      admin_enabled: false,
    }),
    ...identities.flatMap(({ name, roles }) => [
      resource('user_assigned_identity', { name }),
      ...roles.map((own) => role(own.role, 'ServicePrincipal')),
    ]),
    ...logsOf(platform),
    ...alertsOf(platform),
    ...(fleet.budget
      ? [resource('consumption_budget_subscription', { name: `budget-${names.stem}`, time_grain: 'Monthly' })]
      : []),
  ];
}

function tagsOf({ fleet }: Platform): Readonly<Record<string, string>> {
  return { fleet: fleet.name, environment: fleet.environment };
}

function networkOf({ names, network }: Platform): Own[] {
  const address = (name: string, sku: string): Own =>
    resource('public_ip', { name, sku, allocation_method: 'Static' });
  return [
    resource('virtual_network', {
      name: names.virtualNetwork,
      address_space: network.addressSpace.map(formatCidr),
    }),
    ...network.subnets.flatMap((subnet) => [
      resource('subnet', subnetValues(subnet)),
      resource('network_security_group', groupValues(subnet)),
      resource('subnet_network_security_group_association'),
    ]),
    ...network.natGateways.flatMap(({ name, sku, publicIp, subnets }) => [
      address(publicIp, sku),
      resource('nat_gateway', { name, sku_name: sku }),
      resource('nat_gateway_public_ip_association'),
      ...subnets.map(() => resource('subnet_nat_gateway_association')),
    ]),
    ...network.loadBalancerIps.map(({ publicIp }) => address(publicIp, 'Standard')),
  ];
}

function subnetValues({ name, range, delegation }: Subnet): Own['values'] {
  return {
    name,
    address_prefixes: [formatCidr(range)],
    default_outbound_access_enabled: false,
    delegation: delegation === undefined ? [] : [{ service_delegation: [{ name: delegation }] }],
  };
}

function groupValues({ name, rules }: Subnet): Own['values'] {
  return {
    name: `nsg-${name}`,
    security_rule: rules.map((rule) => ({
      name: rule.name,
      direction: 'Inbound',
      priority: rule.priority,
      access: rule.access,
      protocol: rule.protocol,
      destination_address_prefix: rule.destination,
      ...oneOrMany('source_address_prefix', 'source_address_prefixes', rule.sources),
      ...oneOrMany('destination_port_range', 'destination_port_ranges', rule.ports),
    })),
  };
}

function oneOrMany(one: string, many: string, values: readonly string[]): Own['values'] {
  return values.length === 1 ? { [one]: values[0] } : { [many]: values };
}

function vaultOf({ fleet, names }: Platform, name: string): Own[] {
  const isProduction = fleet.environment === 'production';
  return [
    resource('key_vault', {
      name,
      rbac_authorization_enabled: true,
      purge_protection_enabled: isProduction,
      public_network_access_enabled: !isProduction,
      network_acls: [{ default_action: 'Deny', bypass: 'None' }],
    }),
    resource('private_dns_zone', { name: 'privatelink.vaultcore.azure.net' }),
    resource('private_dns_zone_virtual_network_link'),
    resource('private_endpoint', {
      name: `pe-${names.stem}-vault`,
      private_service_connection: [{ subresource_names: ['vault'], is_manual_connection: false }],
    }),
    ...fleet.admins.map((admin) => role('Key Vault Secrets Officer', 'Group', admin)),
    ...(hasContainerInsights(fleet) ? [resource('monitor_diagnostic_setting', { name: 'audit' })] : []),
  ];
}

function logsOf({ fleet, names }: Platform): Own[] {
  const { dailyCapGB, retentionDays } = fleet.observability.logs;
  const workspace = {
    name: names.logWorkspace,
    daily_quota_gb: dailyCapGB,
    retention_in_days: retentionDays,
  };
  return [
    ...(hasContainerInsights(fleet) ? [resource('log_analytics_workspace', workspace)] : []),
    ...(fleet.observability.stack === 'azure'
      ? [
          resource('monitor_workspace'),
          resource('dashboard_grafana', { identity: [{ type: 'SystemAssigned' }] }),
          role('Monitoring Data Reader', 'ServicePrincipal'),
          role('Monitoring Reader', 'ServicePrincipal'),
          ...fleet.admins.map((admin) => role('Grafana Admin', 'Group', admin)),
        ]
      : []),
  ];
}

function alertsOf({ fleet, names, alerts }: Platform): Own[] {
  const nameOf = ({ watches, id }: Alert): string => `alert-${names.stem}-${watches}-${id}`;
  const hasEmail = fleet.alerts.email !== undefined;
  return [
    ...(hasEmail
      ? [
          resource('monitor_action_group', {
            name: names.actionGroup,
            email_receiver: [{ email_address: fleet.alerts.email }],
          }),
        ]
      : []),
    ...(hasEmail && quietHours(fleet) ? [resource('monitor_alert_processing_rule_suppression')] : []),
    ...alerts.flatMap((alert) => {
      const { description, severity } = alert;
      const values = { name: nameOf(alert), description, severity };
      if (alert.kind === 'health') return [];
      if (alert.kind === 'metric') return [resource('monitor_metric_alert', values)];
      const criteria = [{ query: `${alert.query}\n`, threshold: alert.rowsAbove }];
      return [resource('monitor_scheduled_query_rules_alert_v2', { ...values, criteria })];
    }),
  ];
}

function clusterOf(platform: Platform, cluster: ClusterPlan): Own[] {
  const { fleet, names, identities, teams, alerts } = platform;
  const federations = identities.flatMap((identity) => identity.federations);
  return [
    resource('kubernetes_cluster', clusterValues(platform, cluster)),
    ...cluster.pools
      .filter(({ mode }) => mode === 'User')
      .map((pool) => resource('kubernetes_cluster_node_pool', userPoolValues(pool, fleet.spot.maxPrice))),
    ...fleet.admins.map((admin) => role('Azure Kubernetes Service Cluster User Role', 'Group', admin)),
    ...teams.flatMap(({ group, roles }) =>
      roles
        .filter(({ scope }) => scope.cluster === cluster.name)
        .map((own) => role(own.role, 'Group', group)),
    ),
    ...federations
      .filter((federation) => federation.cluster === cluster.name)
      .map(({ name, namespace, serviceAccount, audience }) =>
        resource('federated_identity_credential', {
          name,
          subject: `system:serviceaccount:${namespace}:${serviceAccount}`,
          audience: [audience],
        }),
      ),
    ...collectionOf(fleet),
    ...alerts
      .filter((alert) => alert.kind === 'health' && alert.cluster === cluster.name)
      .map((alert) =>
        resource('monitor_activity_log_alert', {
          name: `alert-${names.stem}-${alert.watches}-${alert.id}-${cluster.name}`,
        }),
      ),
  ];
}

function collectionOf(fleet: Platform['fleet']): Own[] {
  const rule = resource('monitor_data_collection_rule', { location: fleet.region });
  return [
    ...(hasContainerInsights(fleet)
      ? [
          rule,
          resource('monitor_data_collection_rule_association', { name: 'ContainerInsightsExtension' }),
          resource('monitor_diagnostic_setting', { name: 'control-plane' }),
        ]
      : []),
    ...(fleet.observability.stack === 'azure'
      ? [
          resource('monitor_data_collection_endpoint', { location: fleet.region }),
          rule,
          resource('monitor_data_collection_rule_association'),
        ]
      : []),
  ];
}

function clusterValues({ fleet, network }: Platform, cluster: ClusterPlan): Own['values'] {
  const system = cluster.pools.find(({ mode }) => mode === 'System')!;
  const hasOwnAddress = network.loadBalancerIps.some((ip) => ip.cluster === cluster.name);
  return {
    name: cluster.resourceName,
    resource_group_name: cluster.resourceGroup,
    node_resource_group: cluster.nodeResourceGroup,
    dns_prefix: cluster.dnsPrefix,
    kubernetes_version: cluster.kubernetesVersion,
    sku_tier: cluster.skuTier,
    oidc_issuer_enabled: true,
    workload_identity_enabled: true,
    local_account_disabled: true,
    private_cluster_enabled: fleet.network.apiServer === 'private',
    tags: { fleet: fleet.name, environment: fleet.environment, cluster: cluster.name, role: cluster.role },
    identity: [{ type: 'UserAssigned' }],
    network_profile: [
      {
        network_plugin: fleet.network.cni === 'cilium' ? 'none' : 'azure',
        pod_cidr: formatCidr(cluster.podRange),
        service_cidr: formatCidr(cluster.serviceRange),
        dns_service_ip: cluster.dnsServiceIp,
        outbound_type: hasOwnAddress ? 'loadBalancer' : 'userAssignedNATGateway',
      },
    ],
    default_node_pool: [{ name: system.name, ...machineValues(system) }],
  };
}

function machineValues(pool: NodePool): Own['values'] {
  const isAutoscaled = pool.capacityType === 'Spot' || pool.nodesMin < pool.nodesMax;
  return {
    vm_size: pool.vmSize,
    max_pods: pool.maxPods,
    os_disk_type: pool.osDisk.type,
    os_disk_size_gb: pool.osDisk.sizeGB,
    node_count: pool.nodesUsual,
    zones: pool.zones.length > 0 ? pool.zones.map(String) : null,
    ...(isAutoscaled
      ? { auto_scaling_enabled: true, min_count: pool.nodesMin, max_count: pool.nodesMax }
      : { min_count: null, max_count: null }),
  };
}

function userPoolValues(pool: NodePool, maxPrice: number): Own['values'] {
  return {
    name: pool.name,
    mode: 'User',
    ...machineValues(pool),
    node_taints: pool.taints.length > 0 ? pool.taints : null,
    ...(Object.keys(pool.labels).length > 0 ? { node_labels: pool.labels } : {}),
    ...(pool.capacityType === 'Spot'
      ? { priority: 'Spot', eviction_policy: 'Delete', spot_max_price: maxPrice }
      : { priority: 'Regular', eviction_policy: null }),
  };
}

function keeperOf({ fleet, names, identities }: Platform): Own[] {
  const { run } = fleet.keeper;
  if (run === 'none' || !identities.some(({ purpose }) => purpose === 'keeper')) return [];
  const identity = [{ type: 'UserAssigned' }];
  return [
    ...(run === 'container-instance'
      ? [resource('container_group', { name: names.keeper, ip_address_type: 'Private', identity })]
      : [
          resource('container_app_environment', { internal_load_balancer_enabled: true }),
          resource('container_app_job', { name: names.keeper, identity }),
        ]),
    ...(hasContainerInsights(fleet) ? [resource('monitor_diagnostic_setting', { name: 'keeper' })] : []),
  ];
}
