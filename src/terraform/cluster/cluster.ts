import type { Fleet } from '../../fleet/fleet.ts';
import { hasContainerInsights } from '../../model/fit.ts';
import type { ClusterPlan, Identity, NodePool, Platform } from '../../model/platform.ts';
import { type Block, type Item, attr, block, group, raw, ref } from '../block.ts';
import { label } from '../addresses.ts';
import { identityId } from '../root.ts';
import { isPinned, maintenanceItems } from './maintenance.ts';
import { networkProfile } from './network-profile.ts';
import { isAutoscaled, machineItems } from './pools.ts';

/** Address of the cluster in its own root: `azurerm_kubernetes_cluster.mgmt`. */
export function clusterAddress({ name }: ClusterPlan): string {
  return `azurerm_kubernetes_cluster.${label(name)}`;
}

/** The managed cluster with its system pool. */
export function clusterBlocks(platform: Platform, cluster: ClusterPlan): readonly Block[] {
  const { fleet } = platform;
  const system = cluster.pools.find(({ mode }) => mode === 'System');
  if (!system) throw new Error(`the cluster ${cluster.name} has no system pool`);
  const { channels, windows } = maintenanceItems(fleet, cluster);
  return [
    block(
      'resource',
      ['azurerm_kubernetes_cluster', label(cluster.name)],
      [
        ...nameItems(cluster),
        ...versionItems(cluster, channels),
        ...accessItems(platform, cluster),
        systemPool(system),
        networkProfile(platform, cluster),
        autoscalerProfile(cluster),
        ...addOns(fleet),
        ...windows,
        isAutoscaled(system) &&
          block(
            'lifecycle',
            [],
            [
              attr('ignore_changes', [ref('default_node_pool[0].node_count')], {
                beside: 'the autoscaler sets it',
              }),
            ],
          ),
      ],
    ),
  ];
}

function nameItems(cluster: ClusterPlan): readonly Item[] {
  return [
    attr('name', cluster.resourceName),
    attr('resource_group_name', ref('local.resource_group_name')),
    attr('location', ref('local.location')),
    attr('node_resource_group', cluster.nodeResourceGroup),
    attr('dns_prefix', cluster.dnsPrefix),
    attr('tags', ref('local.tags')),
  ];
}

function versionItems(
  { kubernetesVersion, skuTier }: ClusterPlan,
  channels: readonly Item[],
): readonly Item[] {
  return [
    attr(
      'kubernetes_version',
      kubernetesVersion,
      isPinned(kubernetesVersion)
        ? 'Spot pools are upgraded without a drain (ADR-A01).'
        : 'AKS picks the patch. Spot pools are upgraded without a drain (ADR-A01).',
    ),
    ...channels,
    attr('sku_tier', skuTier),
    skuTier === 'Premium'
      ? attr('support_plan', 'AKSLongTermSupport', { beside: 'what the Premium tier is for' })
      : undefined,
  ].filter((item) => item !== undefined);
}

/** Who may call the API server, from where, and as whom the cluster acts. */
function accessItems({ fleet, identities }: Platform, cluster: ClusterPlan): readonly Item[] {
  const own = identities.filter((identity) => identity.cluster === cluster.name);
  const nameOf = (purpose: Identity['purpose']): string => {
    const identity = own.find((each) => each.purpose === purpose);
    if (!identity) throw new Error(`the cluster ${cluster.name} has no ${purpose} identity`);
    return identity.name;
  };
  return [
    attr(
      'local_account_disabled',
      true,
      'No static admin credential exists: people, CI and Argo CD come by Entra (C4).',
    ),
    group(
      [attr('oidc_issuer_enabled', true), attr('workload_identity_enabled', true)],
      'ServiceAccounts act as identities without a secret (ADR-A03).',
    ),
    attr(
      'run_command_enabled',
      false,
      fleet.network.apiServer === 'private'
        ? 'A second way in, through ARM and from outside the VNet.'
        : 'A second way in, through ARM and past the address list below.',
    ),
    block(
      'azure_active_directory_role_based_access_control',
      [],
      [
        attr('azure_rbac_enabled', true),
        attr('tenant_id', ref('var.tenant_id')),
        attr('admin_group_object_ids', ref('var.admin_group_ids')),
      ],
    ),
    ...doorItems(fleet),
    block(
      'identity',
      [],
      [attr('type', 'UserAssigned'), attr('identity_ids', [identityId(nameOf('control-plane'))])],
      'Made in the foundation: it has its rights on the subnet before the cluster joins it.',
    ),
    block(
      'kubelet_identity',
      [],
      [
        attr('user_assigned_identity_id', identityId(nameOf('kubelet'))),
        attr('client_id', ref('var.kubelet_identity.client_id')),
        attr('object_id', ref('var.kubelet_identity.object_id')),
      ],
      'As whom the nodes pull images; it may read the registry and nothing else.',
    ),
    ...provisioning(fleet),
  ];
}

/** From where the API server is called: a list of addresses before a public one, the VNet around a private one. */
function doorItems({ network }: Fleet): readonly Item[] {
  if (network.apiServer === 'private') {
    return [
      group(
        [
          attr('private_cluster_enabled', true),
          attr('private_dns_zone_id', 'None'),
          attr('private_cluster_public_fqdn_enabled', true),
        ],
        'It answers within the VNet alone, on an endpoint in the node subnet; Azure takes no list of addresses here. ' +
          'Its public name resolves to that private address, for Argo CD and over a VPN alike: a zone of its own would ' +
          'give the cluster rights on the whole VNet, which is shared (ADR-A02).',
      ),
    ];
  }
  return [
    block(
      'api_server_access_profile',
      [],
      [
        attr(
          'authorized_ip_ranges',
          raw('concat([for ip in var.egress_ip_addresses : "${ip}/32"], var.operator_ip_ranges)'),
        ),
      ],
      "Security groups do not filter the API server. The fleet's own addresses are those of nodes and of Argo CD.",
    ),
  ];
}

function provisioning({ schedule }: Fleet): readonly Item[] {
  const why = schedule
    ? 'Pools are declared; a cluster with automatic node provisioning cannot be stopped.'
    : 'Pools are declared: which nodes are Spot is decided in the fleet file (ADR-A01).';
  return [block('node_provisioning_profile', [], [attr('mode', 'Manual')], why)];
}

function systemPool(pool: NodePool): Item {
  return block(
    'default_node_pool',
    [],
    [
      attr('name', pool.name),
      attr('temporary_name_for_rotation', 'systemtmp', { beside: 'stands in while this one is rebuilt' }),
      ...machineItems(pool),
      pool.taints.some((taint) => taint.startsWith('CriticalAddonsOnly=')) &&
        attr('only_critical_addons_enabled', true, { beside: 'workloads go to the user pools' }),
      block(
        'upgrade_settings',
        [],
        [attr('max_surge', '1', { beside: 'one new node before an old one goes' })],
      ),
    ],
    'AKS wants a system pool in every cluster, and takes no Spot there (ADR-A01).',
  );
}

function autoscalerProfile(cluster: ClusterPlan): Item {
  const user = cluster.pools.filter(({ mode }) => mode === 'User');
  const isZonal = user.some(({ zones }) => zones.length > 0);
  return block(
    'auto_scaler_profile',
    [],
    [
      user.length > 1
        ? attr(
            'expander',
            'priority',
            'Preferred pool first, then those that stand by, On-Demand last (ADR-A01): ' +
              'the ConfigMap cluster-autoscaler-priority-expander of the GitOps tree says so.',
          )
        : attr('expander', 'least-waste'),
      isZonal &&
        attr(
          'balance_similar_node_groups',
          true,
          'The autoscaler knows no zones: level pools lose least with one.',
        ),
      attr(
        'skip_nodes_with_local_storage',
        false,
        'An emptyDir must not keep a node: what it holds is lost with any Spot node anyway (ADR-A01).',
      ),
    ],
  );
}

function addOns(fleet: Fleet): readonly Item[] {
  return [
    hasContainerInsights(fleet) &&
      block(
        'oms_agent',
        [],
        [
          attr('log_analytics_workspace_id', ref('local.log_workspace_id')),
          attr('msi_auth_for_monitoring_enabled', true),
        ],
        'Container Insights, by identity; logs.tf says what it collects.',
      ),
    fleet.observability.stack === 'azure' && block('monitor_metrics', [], [], 'Managed Prometheus.'),
    fleet.secrets.sync === 'csi' &&
      block(
        'key_vault_secrets_provider',
        [],
        [attr('secret_rotation_enabled', true), attr('secret_rotation_interval', '2m')],
        'A pod that starts while the vault is out of reach stays pending: External Secrets does better (C5).',
      ),
  ].filter((item) => item !== false);
}
