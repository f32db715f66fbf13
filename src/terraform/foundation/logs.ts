import { hasContainerInsights } from '../../model/fit.ts';
import type { Platform } from '../../model/platform.ts';
import { type Block, attr, block } from '../block.ts';
import { inFleetGroup } from './groups.ts';

/** The log workspace that all clusters write to; none when a cap of zero turns collection off. */
export function logBlocks({ fleet, names }: Platform): readonly Block[] {
  if (!hasContainerInsights(fleet)) return [];
  const { dailyCapGB, retentionDays } = fleet.observability.logs;
  return [
    block(
      'resource',
      ['azurerm_log_analytics_workspace', 'fleet'],
      [
        ...inFleetGroup(names.logWorkspace),
        attr('sku', 'PerGB2018'),
        attr(
          'daily_quota_gb',
          dailyCapGB,
          'A fuse, not a budget: it is known to trip late, and every log alert is blind once it has.',
        ),
        attr('retention_in_days', retentionDays),
        attr(
          'local_authentication_enabled',
          false,
          'The workspace keys stand in the state, so they must open nothing: agents use their identities (C4).',
        ),
      ],
    ),
  ];
}
