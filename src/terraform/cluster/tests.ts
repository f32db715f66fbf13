import type { ClusterPlan, NodePool, Platform } from '../../model/platform.ts';
import { SPOT_TAINT } from '../../model/pools.ts';
import { type Block, raw } from '../block.ts';
import { label } from '../addresses.ts';
import type { Input } from '../inputs.ts';
import { type Claim, planRun, refusalRun, testHead } from '../root-test.ts';
import type { Files } from '../root.ts';
import { clusterAddress } from './cluster.ts';

/** What must survive a change by hand: who gets in, and what the pools stand on. */
export function clusterTests(platform: Platform, cluster: ClusterPlan, inputs: readonly Input[]): Files {
  const head = testHead(inputs);
  const user = cluster.pools.filter(({ mode }) => mode === 'User');
  const spot = user.filter(({ capacityType }) => capacityType === 'Spot');
  const onDemand = user.filter(({ capacityType }) => capacityType === 'OnDemand');
  return {
    'access.tftest.hcl': [
      ...head,
      planRun('everybody_comes_by_entra', entraClaims(cluster)),
      ...doorRuns(platform, cluster),
    ],
    'pools.tftest.hcl': [
      ...head,
      planRun('the_system_pool_is_kept_for_the_system', [systemClaim(cluster)]),
      ...(spot.length === 0
        ? []
        : [planRun('spot_pools_can_be_taken_back_at_any_time', spot.flatMap(spotClaims))]),
      ...(onDemand.length === 0
        ? []
        : [planRun('on_demand_pools_are_never_taken_back', onDemand.map(onDemandClaim))]),
    ],
  };
}

function entraClaims(cluster: ClusterPlan): readonly Claim[] {
  const address = clusterAddress(cluster);
  return [
    {
      holds: raw(`${address}.local_account_disabled`),
      otherwise: 'A static credential exists that opens the whole cluster and never ends (C4).',
    },
    {
      holds: raw(`${address}.azure_active_directory_role_based_access_control[0].azure_rbac_enabled`),
      otherwise: 'Roles of Azure decide nothing inside the cluster.',
    },
    {
      holds: raw(`${address}.oidc_issuer_enabled && ${address}.workload_identity_enabled`),
      otherwise:
        'ServiceAccounts cannot act as identities: whatever reads the vault needs a secret then (C4).',
    },
    {
      holds: raw(`!${address}.run_command_enabled`),
      otherwise: 'Commands reach the cluster through ARM, past every other door.',
    },
  ];
}

function doorRuns({ fleet }: Platform, cluster: ClusterPlan): readonly Block[] {
  const address = clusterAddress(cluster);
  if (fleet.network.apiServer === 'private') {
    return [
      planRun('the_api_server_answers_within_the_vnet_alone', [
        {
          holds: raw(
            `${address}.private_cluster_enabled && length(${address}.api_server_access_profile) == 0`,
          ),
          otherwise:
            'The API server is public, or has a list of addresses, which Azure refuses before a private one.',
        },
      ]),
    ];
  }
  return [
    planRun('the_api_server_admits_the_fleet_and_its_operators_alone', [
      {
        holds: raw(
          `${address}.api_server_access_profile[0].authorized_ip_ranges == toset(["198.51.100.1/32", "203.0.113.0/24"])`,
        ),
        otherwise: 'Others than the addresses of the fleet and of its operators reach the API server.',
      },
    ]),
    refusalRun('no_addresses_at_all_are_refused', 'egress_ip_addresses', []),
    refusalRun('everybody_is_no_operator', 'operator_ip_ranges', ['0.0.0.0/0']),
  ];
}

function systemClaim(cluster: ClusterPlan): Claim {
  return {
    holds: raw(`${clusterAddress(cluster)}.default_node_pool[0].only_critical_addons_enabled`),
    otherwise: 'Workloads may crowd out the pods that the cluster itself runs on.',
  };
}

function spotClaims(pool: NodePool): readonly Claim[] {
  const address = `azurerm_kubernetes_cluster_node_pool.${label(pool.name)}`;
  return [
    {
      holds: raw(`${address}.priority == "Spot" && ${address}.eviction_policy == "Delete"`),
      otherwise: `${pool.name} is no Spot pool, or keeps machines that were taken back in the quota (ADR-A01).`,
    },
    {
      holds: raw(`${address}.auto_scaling_enabled && ${address}.min_count == 0`),
      otherwise: `${pool.name} does not come back after an eviction, or may not stand at zero (ADR-A01).`,
    },
    {
      holds: raw(`contains(${address}.node_taints, "${SPOT_TAINT}")`),
      otherwise: `Pods that cannot bear an eviction may stand on ${pool.name}.`,
    },
  ];
}

function onDemandClaim({ name }: NodePool): Claim {
  return {
    holds: raw(`azurerm_kubernetes_cluster_node_pool.${label(name)}.priority != "Spot"`),
    otherwise: `${name} is there for what Azure must not take back (ADR-A01).`,
  };
}
