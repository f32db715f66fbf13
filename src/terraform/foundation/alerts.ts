import type { Fleet } from '../../fleet/fleet.ts';
import type { LogAlert } from '../../model/alerts.ts';
import type { Platform } from '../../model/platform.ts';
import { type Block, attr, block, heredoc, ref } from '../block.ts';
import type { Input } from '../inputs.ts';
import { label } from '../addresses.ts';
import { inFleetGroup } from './groups.ts';

/** Azure shows this name in text messages and takes twelve characters. */
const SHORT_NAME_MAX = 12;

const DURATION = { 5: 'PT5M', 15: 'PT15M', 60: 'PT1H', 1440: 'P1D' } as const;

export function alertEmail({ alerts }: Fleet): readonly Input[] {
  if (alerts.email === undefined) return [];
  return [
    {
      name: 'alert_email',
      type: ref('string'),
      description: 'Who is told of alerts and of the budget.',
      value: alerts.email,
    },
  ];
}

/** Who is told, and of what. The rules look at the workspace that all clusters share, so one serves them all. */
export function alertBlocks(platform: Platform): readonly Block[] {
  const { fleet, alerts } = platform;
  const hasEmail = fleet.alerts.email !== undefined;
  return [
    ...(hasEmail ? [actionGroup(platform)] : []),
    ...alerts.map((alert) => ruleBlock(platform, alert, hasEmail)),
  ];
}

function actionGroup({ fleet, names }: Platform): Block {
  return block(
    'resource',
    ['azurerm_monitor_action_group', 'fleet'],
    [
      attr('name', names.actionGroup),
      attr('resource_group_name', ref('azurerm_resource_group.fleet.name')),
      attr('short_name', fleet.name.slice(0, SHORT_NAME_MAX)),
      attr('tags', ref('local.tags')),
      block(
        'email_receiver',
        [],
        [
          attr('name', 'platform'),
          attr('email_address', ref('var.alert_email')),
          attr('use_common_alert_schema', true),
        ],
      ),
    ],
  );
}

function ruleBlock({ names }: Platform, alert: LogAlert, hasEmail: boolean): Block {
  return block(
    'resource',
    ['azurerm_monitor_scheduled_query_rules_alert_v2', label(alert.id)],
    [
      ...inFleetGroup(`alert-${names.stem}-${alert.id}`),
      attr('description', alert.description),
      attr('severity', alert.severity),
      attr('scopes', [ref('azurerm_log_analytics_workspace.fleet.id')]),
      attr('evaluation_frequency', DURATION[alert.frequencyMinutes]),
      attr('window_duration', DURATION[alert.windowMinutes]),
      attr('auto_mitigation_enabled', true, { beside: 'resolves itself' }),
      attr(
        'skip_query_validation',
        true,
        'A new workspace lacks the tables until the first cluster writes to them.',
      ),
      block(
        'criteria',
        [],
        [
          attr('query', heredoc`${alert.query}`),
          attr('operator', 'GreaterThan'),
          attr('threshold', 0),
          attr('time_aggregation_method', 'Count'),
          alert.splitBy !== undefined &&
            block(
              'dimension',
              [],
              [attr('name', alert.splitBy), attr('operator', 'Include'), attr('values', ['*'])],
              'An alert for each cluster: one that fires must not hide another.',
            ),
        ],
      ),
      hasEmail &&
        block('action', [], [attr('action_groups', [ref('azurerm_monitor_action_group.fleet.id')])]),
    ],
  );
}
