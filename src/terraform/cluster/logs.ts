import { hasContainerInsights } from '../../model/fit.ts';
import type { ClusterPlan, Platform } from '../../model/platform.ts';
import { type Block, attr, block, call, ref } from '../block.ts';
import { collectionRuleName } from '../azure-names.ts';
import { clusterAddress } from './cluster.ts';

/** "Logs and Events" and the node inventory, which that preset lacks and the alert on nodes needs. */
const STREAMS = ['ContainerLogV2', 'KubeEvents', 'KubePodInventory', 'KubeNodeInventory'].map(
  (stream) => `Microsoft-${stream}`,
);
const DESTINATION = 'ciworkspace';
const EXTENSION = 'ContainerInsightsExtension';
const CONTROL_PLANE_LOGS = ['kube-audit-admin', 'cluster-autoscaler', 'guard'];

/** What is collected from the cluster, and where to. */
export function logBlocks(platform: Platform, cluster: ClusterPlan): readonly Block[] {
  if (!hasContainerInsights(platform.fleet)) return [];
  return [
    collectionRule(platform, cluster),
    block(
      'resource',
      ['azurerm_monitor_data_collection_rule_association', 'logs'],
      [
        attr('name', EXTENSION, { beside: 'under any other name it is accepted, and no data flows' }),
        attr('target_resource_id', ref(`${clusterAddress(cluster)}.id`)),
        attr('data_collection_rule_id', ref('azurerm_monitor_data_collection_rule.logs.id')),
      ],
    ),
    diagnosticSetting(cluster),
  ];
}

function collectionRule({ fleet }: Platform, cluster: ClusterPlan): Block {
  return block(
    'resource',
    ['azurerm_monitor_data_collection_rule', 'logs'],
    [
      attr('name', collectionRuleName('MSCI', fleet, cluster)),
      attr('resource_group_name', ref('local.resource_group_name')),
      attr('location', ref('local.location'), { beside: 'that of the workspace' }),
      attr('tags', ref('local.tags')),
      block(
        'destinations',
        [],
        [
          block(
            'log_analytics',
            [],
            [attr('name', DESTINATION), attr('workspace_resource_id', ref('local.log_workspace_id'))],
          ),
        ],
      ),
      block('data_flow', [], [attr('streams', STREAMS), attr('destinations', [DESTINATION])]),
      block(
        'data_sources',
        [],
        [
          block(
            'extension',
            [],
            [
              attr('name', EXTENSION),
              attr('extension_name', 'ContainerInsights'),
              attr('streams', STREAMS),
              attr(
                'extension_json',
                call('jsonencode', {
                  dataCollectionSettings: {
                    interval: '5m',
                    namespaceFilteringMode: 'Off',
                    enableContainerLogV2: true,
                  },
                }),
              ),
            ],
          ),
        ],
      ),
    ],
    'The least that the alerts need, every five minutes: each GB is billed, and metrics come from Prometheus.',
  );
}

function diagnosticSetting(cluster: ClusterPlan): Block {
  return block(
    'resource',
    ['azurerm_monitor_diagnostic_setting', 'control_plane'],
    [
      attr('name', 'control-plane'),
      attr('target_resource_id', ref(`${clusterAddress(cluster)}.id`)),
      attr('log_analytics_workspace_id', ref('local.log_workspace_id')),
      attr('log_analytics_destination_type', 'Dedicated', { beside: 'a table for each category' }),
      ...CONTROL_PLANE_LOGS.map((category) => block('enabled_log', [], [attr('category', category)])),
    ],
    'Changes, never reads: kube-audit alone would fill the daily cap.',
  );
}
