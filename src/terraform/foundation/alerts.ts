import type { Fleet } from '../../fleet/fleet.ts';
import type { LogAlert, MetricAlert } from '../../model/alerts/alert.ts';
import type { Platform } from '../../model/platform.ts';
import { alertName, alertReason, durationText } from '../alert-terms.ts';
import { type Block, attr, block, heredoc, ref } from '../block.ts';
import type { Input } from '../inputs.ts';
import { label } from '../addresses.ts';
import { inFleetGroup } from './groups.ts';
import { offHoursBlocks } from './off-hours.ts';

/** Azure shows this name in text messages and takes twelve characters. */
const SHORT_NAME_MAX = 12;

const TARGETS = { vault: 'azurerm_key_vault.fleet.id' } as const;

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

/**
 * Who is told, of what, and when not. The rules look at what all clusters share; a rule that looks at one cluster stands
 * in that cluster's root.
 */
export function alertBlocks(platform: Platform): readonly Block[] {
  const hasEmail = platform.fleet.alerts.email !== undefined;
  return [
    ...(hasEmail ? [actionGroup(platform)] : []),
    ...platform.alerts.flatMap((alert) => {
      if (alert.kind === 'health') return [];
      return alert.kind === 'log'
        ? [logRule(platform, alert, hasEmail)]
        : [metricRule(platform, alert, hasEmail)];
    }),
    ...(hasEmail ? offHoursBlocks(platform) : []),
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

function logRule(platform: Platform, alert: LogAlert, hasEmail: boolean): Block {
  const { splitBy, rangeMinutes } = alert;
  return block(
    'resource',
    ['azurerm_monitor_scheduled_query_rules_alert_v2', label(alert.id)],
    [
      ...inFleetGroup(alertName(platform, alert)),
      attr('description', alert.description),
      attr('severity', alert.severity),
      attr('scopes', [ref('azurerm_log_analytics_workspace.fleet.id')]),
      attr('evaluation_frequency', durationText(alert.frequencyMinutes)),
      attr('window_duration', durationText(alert.windowMinutes)),
      rangeMinutes !== undefined &&
        attr('query_time_range_override', durationText(rangeMinutes), {
          beside: 'the query itself keeps to the window',
        }),
      attr('auto_mitigation_enabled', true, { beside: 'resolves itself' }),
      attr('skip_query_validation', true, 'A new workspace lacks a table until something writes to it.'),
      block(
        'criteria',
        [],
        [
          attr('query', heredoc`${alert.query}`),
          attr('operator', 'GreaterThan'),
          attr('threshold', alert.rowsAbove),
          attr('time_aggregation_method', 'Count'),
          splitBy !== undefined &&
            block(
              'dimension',
              [],
              [attr('name', splitBy), attr('operator', 'Include'), attr('values', ['*'])],
              'An alert for each cluster: one that fires must not hide another.',
            ),
        ],
      ),
      hasEmail &&
        block('action', [], [attr('action_groups', [ref('azurerm_monitor_action_group.fleet.id')])]),
    ],
    alertReason(alert),
  );
}

function metricRule(platform: Platform, alert: MetricAlert, hasEmail: boolean): Block {
  return block(
    'resource',
    ['azurerm_monitor_metric_alert', label(alert.id)],
    [
      attr('name', alertName(platform, alert)),
      attr('resource_group_name', ref('azurerm_resource_group.fleet.name')),
      attr('tags', ref('local.tags')),
      attr('description', alert.description),
      attr('severity', alert.severity),
      attr('scopes', [ref(TARGETS[alert.target])]),
      attr('frequency', durationText(alert.frequencyMinutes)),
      attr('window_size', durationText(alert.windowMinutes)),
      block(
        'criteria',
        [],
        [
          attr('metric_namespace', alert.namespace),
          attr('metric_name', alert.metric),
          attr('aggregation', alert.aggregation),
          attr('operator', alert.operator),
          attr('threshold', alert.threshold),
        ],
      ),
      hasEmail &&
        block('action', [], [attr('action_group_id', ref('azurerm_monitor_action_group.fleet.id'))]),
    ],
    alertReason(alert),
  );
}
