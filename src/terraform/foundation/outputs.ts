import type { ClusterPlan, Identity, Platform } from '../../model/platform.ts';
import { type Block, type Code, type ObjectMap, attr, block, ref } from '../block.ts';
import { clusterLabel, identityLabel } from '../addresses.ts';
import { natIpLabel } from './egress.ts';

/** What later steps cannot compute from names. */
export function outputBlocks(platform: Platform): readonly Block[] {
  const keeper = platform.identities.find(({ purpose }) => purpose === 'keeper');
  return [
    output(
      'cluster_inputs',
      'By cluster: the content of clusters/<name>/foundation.auto.tfvars.json.',
      Object.fromEntries(
        platform.clusters.map((cluster) => [cluster.name, clusterInputs(platform, cluster)]),
      ),
    ),
    ...(keeper
      ? [
          output('keeper_inputs', 'The content of keeper/foundation.auto.tfvars.json.', {
            identity_client_id: identityAttribute(keeper, 'client_id'),
          }),
        ]
      : []),
    output(
      'identity_client_ids',
      'By Azure name: what ServiceAccounts and the keeper name when they ask for a token.',
      Object.fromEntries(
        platform.identities.map((identity) => [identity.name, identityAttribute(identity, 'client_id')]),
      ),
    ),
    output('vault_uri', 'The vault, for stores and for people.', ref('azurerm_key_vault.fleet.vault_uri')),
    output(
      'registry_login_server',
      'The registry that nodes pull from.',
      ref('azurerm_container_registry.fleet.login_server'),
    ),
  ];
}

function clusterInputs(platform: Platform, cluster: ClusterPlan): ObjectMap {
  const kubelet = platform.identities.find(
    (identity) => identity.purpose === 'kubelet' && identity.cluster === cluster.name,
  );
  return {
    egress_ip_addresses: callersOf(platform, cluster),
    ...(kubelet && {
      kubelet_identity: {
        client_id: identityAttribute(kubelet, 'client_id'),
        object_id: identityAttribute(kubelet, 'principal_id'),
      },
    }),
  };
}

/** Addresses of the fleet that call a cluster's API server: its own nodes, mgmt with Argo CD, and the keeper. */
function callersOf(platform: Platform, cluster: ClusterPlan): readonly Code[] {
  const { network, clusters } = platform;
  const mgmt = clusters.find(({ role }) => role === 'mgmt')?.name;
  return [
    ...network.natGateways.map((gateway) => natIpLabel(platform, gateway)),
    ...network.loadBalancerIps
      .filter((ip) => ip.cluster === cluster.name || ip.cluster === mgmt)
      .map((ip) => clusterLabel(ip.cluster)),
  ].map((label) => ref(`azurerm_public_ip.${label}.ip_address`));
}

function identityAttribute(identity: Identity, attribute: 'client_id' | 'principal_id'): Code {
  return ref(`azurerm_user_assigned_identity.${identityLabel(identity)}.${attribute}`);
}

function output(name: string, description: string, value: Code | ObjectMap): Block {
  return block('output', [name], [attr('description', description), attr('value', value)]);
}
