import type { HealthAlert } from '../../model/alerts/alert.ts';
import type { ClusterPlan, Platform } from '../../model/platform.ts';
import { alertName, alertReason } from '../alert-terms.ts';
import { label } from '../addresses.ts';
import { type Block, attr, block, ref } from '../block.ts';
import { inFoundation } from '../root.ts';
import { clusterAddress } from './cluster.ts';

/** The rules that look at this cluster alone. */
export function alertBlocks(platform: Platform, cluster: ClusterPlan): readonly Block[] {
  return platform.alerts.flatMap((alert) =>
    alert.kind === 'health' && alert.cluster === cluster.name ? [healthRule(platform, cluster, alert)] : [],
  );
}

function healthRule(platform: Platform, cluster: ClusterPlan, alert: HealthAlert): Block {
  const { fleet, names } = platform;
  const address = `${clusterAddress(cluster)}.id`;
  return block(
    'resource',
    ['azurerm_monitor_activity_log_alert', label(alert.id)],
    [
      attr('name', alertName(platform, alert)),
      attr('resource_group_name', ref('local.resource_group_name')),
      attr('location', 'global', { beside: 'where the activity log is' }),
      attr('tags', ref('local.tags')),
      attr('description', alert.description),
      attr('scopes', [ref(address)]),
      block(
        'criteria',
        [],
        [
          attr('category', 'ResourceHealth'),
          attr('resource_id', ref(address)),
          block(
            'resource_health',
            [],
            [attr('current', alert.current), attr('reason', alert.reasons)],
            'Not UserInitiated: whoever stops a cluster knows.',
          ),
        ],
      ),
      fleet.alerts.email !== undefined &&
        block(
          'action',
          [],
          [attr('action_group_id', inFoundation(`Microsoft.Insights/actionGroups/${names.actionGroup}`))],
        ),
    ],
    alertReason(alert),
  );
}
