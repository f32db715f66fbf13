import type { Platform } from '../../model/platform.ts';
import { type Attribute, type Block, type Expression, attr, block, call, ref } from '../block.ts';
import { clusterLabel } from '../addresses.ts';

/** A group for what the clusters share, and one for each cluster, so that rights on one end there. */
export function groupBlocks({ names, clusters }: Platform): readonly Block[] {
  return [
    resourceGroup('fleet', names.resourceGroup),
    ...clusters.map(({ name, resourceGroup: group }) => resourceGroup(clusterLabel(name), group, name)),
  ];
}

function resourceGroup(label: string, name: string, cluster?: string): Block {
  return block(
    'resource',
    ['azurerm_resource_group', label],
    [attr('name', name), attr('location', ref('local.location')), attr('tags', tagsOf(cluster))],
  );
}

/**
 * Where a resource of the shared group goes: the first attributes of nearly every resource here. One that is made for a
 * single cluster says so in a tag: it is on that cluster's bill.
 */
export function inFleetGroup(name: Expression, cluster?: string): readonly Attribute[] {
  return [
    attr('name', name),
    attr('resource_group_name', ref('azurerm_resource_group.fleet.name')),
    attr('location', ref('azurerm_resource_group.fleet.location')),
    attr('tags', tagsOf(cluster)),
  ];
}

function tagsOf(cluster: string | undefined): Expression {
  return cluster === undefined ? ref('local.tags') : call('merge', ref('local.tags'), { cluster });
}
