import type { ClusterPlan, Platform } from '../../model/platform.ts';
import { type Block, type Item, attr, block, raw, ref } from '../block.ts';
import { type Input, adminGroupIds, operatorIpRanges, subscriptionId, tenantId } from '../inputs.ts';
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
import { clusterAddress, clusterBlocks } from './cluster.ts';
import { federationBlocks } from './federation.ts';
import { logBlocks } from './logs.ts';
import { managedMetricsBlocks } from './managed-metrics.ts';
import { poolBlocks } from './pools.ts';

/** A root for each cluster, applied beside the others and after the foundation. */
export function clusterRoots(platform: Platform): readonly Root[] {
  const frame = frameOf(platform, inputs(platform), AFTER_FOUNDATION);
  return platform.clusters.map((cluster) => clusterRoot(platform, cluster, frame));
}

/** One cluster and all that is its own. */
function clusterRoot(platform: Platform, cluster: ClusterPlan, frame: Frame): Root {
  return {
    path: `clusters/${cluster.name}`,
    frame,
    files: {
      'locals.tf': [locals(platform, localItems(platform, cluster))],
      'cluster.tf': clusterBlocks(platform, cluster),
      'pools.tf': poolBlocks(platform, cluster),
      'access.tf': accessBlocks(cluster),
      'identities.tf': federationBlocks(platform, cluster),
      'logs.tf': logBlocks(platform, cluster),
      'metrics.tf': managedMetricsBlocks(platform, cluster),
      'outputs.tf': outputBlocks(cluster),
    },
  };
}

function inputs({ fleet }: Platform): readonly Input[] {
  return [
    subscriptionId(fleet),
    tenantId(fleet),
    adminGroupIds(fleet),
    operatorIpRanges(fleet, 'the API server'),
    {
      name: 'egress_ip_addresses',
      type: raw('list(string)'),
      description: `Addresses by which the fleet itself calls this API server. ${FROM_FOUNDATION}`,
      check: {
        condition: 'length(var.egress_ip_addresses) > 0',
        message:
          'Without an address the list of authorized ranges could be empty, and the API server open to all.',
      },
    },
    {
      name: 'kubelet_identity',
      type: raw('object({ client_id = string, object_id = string })'),
      description: `As whom the nodes pull images. ${FROM_FOUNDATION}`,
    },
  ];
}

const FROM_FOUNDATION =
  'From foundation.auto.tfvars.json, which is the output cluster_inputs of the foundation.';

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
