import type { Platform } from '../../model/platform.ts';
import { type Block, attr, block, ref, template } from '../block.ts';
import { inFleetGroup } from './groups.ts';

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
      ],
    ),
  ];
}
