import type { ClusterPlan, Platform } from '../../model/platform.ts';
import { type Block, type Item, attr, block, raw, ref } from '../block.ts';
import { type Input, adminGroupIds, isUuid, operatorIpRanges, subscriptionId, tenantId } from '../inputs.ts';
import {
  AFTER_FOUNDATION,
  type Frame,
  type Root,
  foundationId,
  frameOf,
  identitiesId,
  inFoundation,
  locals,
  logWorkspaceId,
  subnetId,
} from '../root.ts';
import { accessBlocks } from './access.ts';
import { alertBlocks } from './alerts.ts';
import { clusterAddress, clusterBlocks } from './cluster.ts';
import { federationBlocks } from './federation.ts';
import { logBlocks } from './logs.ts';
import { managedMetricsBlocks } from './managed-metrics.ts';
import { poolBlocks } from './pools.ts';
import { teamBlocks, teamGroupIds } from './teams.ts';
import { clusterTests } from './tests.ts';

/** A root for each cluster, applied beside the others and after the foundation. */
export function clusterRoots(platform: Platform): readonly Root[] {
  // What roots take is mostly one and the same: it is printed once for all that share it.
  const frames = new Map<string, Frame>();
  return platform.clusters.map((cluster) => {
    const teams = teamGroupIds(platform, cluster);
    const key = JSON.stringify(teams);
    const frame = frames.get(key) ?? frameOf(platform, [...inputs(platform), ...teams], AFTER_FOUNDATION);
    frames.set(key, frame);
    return clusterRoot(platform, cluster, frame);
  });
}

/** One cluster and all that is its own. */
function clusterRoot(platform: Platform, cluster: ClusterPlan, frame: Frame): Root {
  const { name, role, tier } = cluster;
  return {
    path: `clusters/${name}`,
    purpose:
      `The AKS cluster ${name} (${role}, tier ${tier}) and all that is its own. Nothing else stands in this state: ` +
      'no apply of it reaches another cluster.',
    frame,
    about: ABOUT,
    files: {
      'locals.tf': [
        locals(platform, localItems(platform, cluster), { cluster: name, role, tier: String(tier) }),
      ],
      'cluster.tf': clusterBlocks(platform, cluster),
      'pools.tf': poolBlocks(platform, cluster),
      'access.tf': accessBlocks(cluster),
      'teams.tf': teamBlocks(platform, cluster),
      'identities.tf': federationBlocks(platform, cluster),
      'logs.tf': logBlocks(platform, cluster),
      'metrics.tf': managedMetricsBlocks(platform, cluster),
      'alerts.tf': alertBlocks(platform, cluster),
      'outputs.tf': outputBlocks(cluster),
    },
    tests: clusterTests(platform, cluster, frame.inputs),
  };
}

const ABOUT = {
  'locals.tf': 'tags, and the ids of what the foundation made',
  'cluster.tf': 'the cluster: its version, doors, system pool, network and maintenance windows',
  'pools.tf': 'the pools that workloads run on',
  'access.tf': 'what admins need beside their rights inside the cluster',
  'teams.tf': 'which team works in which namespaces',
  'identities.tf': 'which ServiceAccounts act as which identity',
  'logs.tf': 'what is collected, and where to',
  'metrics.tf': 'the way of the metrics to managed Prometheus',
  'alerts.tf': 'the alerts of this cluster',
  'outputs.tf': 'what bootstrap reads',
};

function inputs({ fleet }: Platform): readonly Input[] {
  return [
    subscriptionId(fleet),
    tenantId(fleet),
    adminGroupIds(fleet),
    ...(fleet.network.apiServer === 'public'
      ? [operatorIpRanges(fleet, 'the API server'), egressIpAddresses()]
      : []),
    {
      name: 'kubelet_identity',
      type: raw('object({ client_id = string, object_id = string })'),
      description: 'As whom the nodes pull images.',
      from: 'cluster_inputs',
      check: {
        condition: `alltrue([for id in values(var.kubelet_identity) : ${isUuid('id')}])`,
        message: 'Write ids like 00000000-0000-0000-0000-000000000000.',
      },
    },
  ];
}

function egressIpAddresses(): Input {
  return {
    name: 'egress_ip_addresses',
    type: raw('list(string)'),
    description: 'Addresses by which the fleet itself calls this API server.',
    from: 'cluster_inputs',
    check: {
      condition:
        'length(var.egress_ip_addresses) > 0 && alltrue([for ip in var.egress_ip_addresses : can(cidrhost("${ip}/32", 0))])',
      message:
        'Write at least one address: an empty list of authorized ranges would open the API server to all.',
    },
  };
}

function localItems(platform: Platform, cluster: ClusterPlan): readonly (Item | undefined)[] {
  const outbound = platform.network.loadBalancerIps.find((ip) => ip.cluster === cluster.name);
  return [
    attr('resource_group_name', cluster.resourceGroup),
    foundationId(platform),
    subnetId(platform, cluster.subnet),
    identitiesId(),
    outbound &&
      attr('outbound_ip_id', inFoundation(`Microsoft.Network/publicIPAddresses/${outbound.publicIp}`)),
    logWorkspaceId(platform),
  ];
}

function outputBlocks(cluster: ClusterPlan): readonly Block[] {
  const address = clusterAddress(cluster);
  const output = (name: string, description: string, attribute: string): Block =>
    block(
      'output',
      [name],
      [attr('description', description), attr('value', ref(`${address}.${attribute}`))],
    );
  return [
    output('cluster_id', 'Azure id of the cluster.', 'id'),
    output('fqdn', 'Host name of the API server.', 'fqdn'),
    output('oidc_issuer_url', 'Who signs the tokens of ServiceAccounts.', 'oidc_issuer_url'),
  ];
}
