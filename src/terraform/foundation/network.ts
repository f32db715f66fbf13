import { formatCidr } from '../../base/cidr.ts';
import type { Platform, Subnet } from '../../model/platform.ts';
import { type Block, attr, block, ref } from '../block.ts';
import { subnetLabel } from '../addresses.ts';
import { inFleetGroup } from './groups.ts';

/** What Azure adds to a delegation by itself; declared, so that no plan wants to take it away. */
const DELEGATION_ACTION = {
  'Microsoft.ContainerInstance/containerGroups': 'Microsoft.Network/virtualNetworks/subnets/action',
  'Microsoft.App/environments': 'Microsoft.Network/virtualNetworks/subnets/join/action',
} as const;

/** One VNet, one subnet for each cluster's nodes, and those of the services. */
export function networkBlocks({ names, network }: Platform): readonly Block[] {
  return [
    block(
      'resource',
      ['azurerm_virtual_network', 'fleet'],
      [
        ...inFleetGroup(names.virtualNetwork),
        attr(
          'address_space',
          network.addressSpace.map(formatCidr),
          'Pod and service ranges stay outside, as the clusters need them for themselves (ADR-A02).',
        ),
      ],
    ),
    ...network.subnets.map(subnetBlock),
  ];
}

function subnetBlock(subnet: Subnet): Block {
  const { name, range, purpose, delegation } = subnet;
  return block(
    'resource',
    ['azurerm_subnet', subnetLabel(subnet)],
    [
      attr('name', name),
      attr('resource_group_name', ref('azurerm_resource_group.fleet.name')),
      attr('virtual_network_name', ref('azurerm_virtual_network.fleet.name')),
      attr('address_prefixes', [formatCidr(range)]),
      attr('default_outbound_access_enabled', false, {
        beside: 'traffic leaves as egress.tf says, or not at all',
      }),
      purpose === 'endpoints' &&
        attr(
          'private_endpoint_network_policies',
          'Enabled',
          'Without this a security group does not see the traffic of private endpoints.',
        ),
      delegation &&
        block(
          'delegation',
          [],
          [
            attr('name', purpose),
            block(
              'service_delegation',
              [],
              [attr('name', delegation), attr('actions', [DELEGATION_ACTION[delegation]])],
            ),
          ],
          'A delegated subnet takes nothing else: no private endpoint, no node.',
        ),
    ],
  );
}
