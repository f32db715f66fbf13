import type { Platform } from '../../model/platform.ts';
import { type Attribute, type Block, type Expression, attr, block, ref } from '../block.ts';
import { clusterLabel } from '../addresses.ts';

/** A group for what the clusters share, and one for each cluster, so that rights on one end there. */
export function groupBlocks({ names, clusters }: Platform): readonly Block[] {
  return [
    resourceGroup('fleet', names.resourceGroup),
    ...clusters.map(({ name, resourceGroup: group }) => resourceGroup(clusterLabel(name), group)),
  ];
}

function resourceGroup(label: string, name: string): Block {
  return block(
    'resource',
    ['azurerm_resource_group', label],
    [attr('name', name), attr('location', ref('local.location')), attr('tags', ref('local.tags'))],
  );
}

/** Where a resource of the shared group goes: the first attributes of nearly every resource here. */
export function inFleetGroup(name: Expression): readonly Attribute[] {
  return [
    attr('name', name),
    attr('resource_group_name', ref('azurerm_resource_group.fleet.name')),
    attr('location', ref('azurerm_resource_group.fleet.location')),
    attr('tags', ref('local.tags')),
  ];
}
