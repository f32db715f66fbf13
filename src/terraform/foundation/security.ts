import type { NsgRule, Platform, Subnet } from '../../model/platform.ts';
import { type Attribute, type Block, attr, block, ref } from '../block.ts';
import { subnetLabel } from '../addresses.ts';
import { inFleetGroup } from './groups.ts';

/** Azure takes 140 characters of description. */
const DESCRIPTION_MAX = 140;

/** A security group of its own for each subnet. */
export function securityBlocks({ network }: Platform): readonly Block[] {
  return network.subnets.flatMap((subnet) => {
    const label = subnetLabel(subnet);
    return [
      block(
        'resource',
        ['azurerm_network_security_group', label],
        [
          ...inFleetGroup(`nsg-${subnet.name}`),
          ...subnet.rules.toSorted((a, b) => a.priority - b.priority).map(ruleBlock),
        ],
        groupWhy(subnet),
      ),
      block(
        'resource',
        ['azurerm_subnet_network_security_group_association', label],
        [
          attr('subnet_id', ref(`azurerm_subnet.${label}.id`)),
          attr('network_security_group_id', ref(`azurerm_network_security_group.${label}.id`)),
        ],
      ),
    ];
  });
}

function groupWhy({ purpose, cluster }: Subnet): string {
  const inline = 'Rules stand within the group, so that one added by hand shows in the next plan.';
  if (purpose === 'nodes') return `What may reach the nodes of ${cluster}. ${inline}`;
  if (purpose === 'endpoints') return 'What may reach the private endpoints.';
  return purpose === 'container-apps' ? 'Nothing outside may call in here.' : 'Nothing may call in here.';
}

function ruleBlock(rule: NsgRule): Block {
  return block(
    'security_rule',
    [],
    [
      attr('name', rule.name),
      attr('description', rule.why.slice(0, DESCRIPTION_MAX)),
      attr('priority', rule.priority),
      attr('direction', 'Inbound'),
      attr('access', rule.access),
      attr('protocol', rule.protocol),
      oneOrMany('source_address_prefix', 'source_address_prefixes', rule.sources),
      attr('source_port_range', '*'),
      attr('destination_address_prefix', rule.destination),
      oneOrMany('destination_port_range', 'destination_port_ranges', rule.ports),
    ],
  );
}

/** A service tag and `*` are taken by the singular form alone. */
function oneOrMany(one: string, many: string, values: readonly string[]): Attribute {
  const [first] = values;
  return values.length === 1 && first !== undefined ? attr(one, first) : attr(many, values);
}
