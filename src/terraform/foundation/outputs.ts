import type { ClusterPlan, Identity, Platform } from '../../model/platform.ts';
import { type Attribute, type Block, type Code, type ObjectMap, attr, block, ref } from '../block.ts';
import { clusterLabel, identityLabel, roleLabel, scopeAddresses, subnetLabel } from '../addresses.ts';
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
      attr(
        'depends_on',
        neededBefore(platform),
        'No cluster begins before its subnet is guarded, has a way out, and its identities have their rights: ' +
          'without this file its root cannot be planned.',
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
    output(
      'subnet_ranges',
      'Ranges of the subnets, by name.',
      Object.fromEntries(
        platform.network.subnets.map((subnet) => [
          subnet.name,
          ref(`azurerm_subnet.${subnetLabel(subnet)}.address_prefixes[0]`),
        ]),
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
    ...(platform.fleet.network.apiServer === 'public' && {
      egress_ip_addresses: callersOf(platform, cluster),
    }),
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

/** What AKS asks for when it makes a cluster, and what it does not find where the order is left to chance. */
function neededBefore(platform: Platform): readonly Code[] {
  const { network, identities } = platform;
  const addressOf = scopeAddresses(platform);
  const nodes = network.subnets.filter(({ purpose }) => purpose === 'nodes');
  const served = nodes.filter(({ name }) =>
    network.natGateways.some(({ subnets }) => subnets.includes(name)),
  );
  const assignments = identities
    .filter(({ purpose }) => purpose === 'control-plane' || purpose === 'kubelet')
    .flatMap((identity) => identity.roles.map(({ scope }) => roleLabel(identity, addressOf(scope))));
  return [
    ...nodes.map((subnet) => `azurerm_subnet_network_security_group_association.${subnetLabel(subnet)}`),
    ...served.map((subnet) => `azurerm_subnet_nat_gateway_association.${subnetLabel(subnet)}`),
    ...assignments.map((label) => `azurerm_role_assignment.${label}`),
  ].map(ref);
}

function output(name: string, description: string, value: Code | ObjectMap, dependsOn?: Attribute): Block {
  return block('output', [name], [attr('description', description), attr('value', value), dependsOn]);
}
