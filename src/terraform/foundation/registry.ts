import type { Platform } from '../../model/platform.ts';
import { type Block, type Item, attr, block, ref, template } from '../block.ts';
import { inFleetGroup } from './groups.ts';

/** Manifests that no tag names any more are of no use after a week: the longest that a rollback looks back. */
const UNTAGGED_DAYS = 7;

/** Where the nodes pull images from. */
export function registryBlocks({ fleet, names }: Platform): readonly Block[] {
  return [
    block(
      'resource',
      ['azurerm_container_registry', 'fleet'],
      [
        ...inFleetGroup(template`${names.registryPrefix}${ref('local.suffix')}`),
        attr('sku', fleet.registry.sku),
        attr('admin_enabled', false, { beside: 'no password exists; kubelet identities pull (ADR-A03)' }),
        ...(fleet.registry.sku === 'Premium' ? premiumItems() : []),
      ],
    ),
  ];
}

/** What the Premium registry has for its price and the others refuse. */
function premiumItems(): readonly Item[] {
  return [
    attr('retention_policy_in_days', UNTAGGED_DAYS, { beside: 'of manifests that lost their last tag' }),
    attr(
      'data_endpoint_enabled',
      true,
      'Layers come from an address of this registry alone: an egress rule can name it, and no other one.',
    ),
  ];
}
