import type { ClusterPlan, Platform } from '../../model/platform.ts';
import { type Attribute, type Block, attr, block, ref } from '../block.ts';
import { collectionEndpointName, collectionRuleName, managedMetricsNames } from '../azure-names.ts';
import { inFoundation } from '../root.ts';
import { clusterAddress } from './cluster.ts';

const STREAMS = ['Microsoft-PrometheusMetrics'];
const DESTINATION = 'MonitoringAccount';

/** The way of the cluster's metrics to Managed Prometheus. */
export function managedMetricsBlocks({ fleet, names }: Platform, cluster: ClusterPlan): readonly Block[] {
  if (fleet.observability.stack !== 'azure') return [];
  const { workspace } = managedMetricsNames(names.stem);
  const own = (name: string): Attribute[] => [
    attr('name', name),
    attr('resource_group_name', ref('local.resource_group_name')),
    attr('location', ref('local.location')),
    attr('kind', 'Linux'),
    attr('tags', ref('local.tags')),
  ];
  return [
    block(
      'resource',
      ['azurerm_monitor_data_collection_endpoint', 'metrics'],
      own(collectionEndpointName('MSProm', fleet, cluster)),
      'Where the agents of managed Prometheus send what they scrape.',
    ),
    block(
      'resource',
      ['azurerm_monitor_data_collection_rule', 'metrics'],
      [
        ...own(collectionRuleName('MSProm', fleet, cluster)),
        attr('data_collection_endpoint_id', ref('azurerm_monitor_data_collection_endpoint.metrics.id')),
        block(
          'destinations',
          [],
          [
            block(
              'monitor_account',
              [],
              [
                attr('name', DESTINATION),
                attr('monitor_account_id', inFoundation(`Microsoft.Monitor/accounts/${workspace}`)),
              ],
            ),
          ],
        ),
        block('data_flow', [], [attr('streams', STREAMS), attr('destinations', [DESTINATION])]),
        block(
          'data_sources',
          [],
          [
            block(
              'prometheus_forwarder',
              [],
              [attr('name', 'PrometheusDataSource'), attr('streams', STREAMS)],
            ),
          ],
        ),
      ],
    ),
    block(
      'resource',
      ['azurerm_monitor_data_collection_rule_association', 'metrics'],
      [
        attr('name', collectionRuleName('MSProm', fleet, cluster)),
        attr('target_resource_id', ref(`${clusterAddress(cluster)}.id`)),
        attr('data_collection_rule_id', ref('azurerm_monitor_data_collection_rule.metrics.id')),
      ],
    ),
  ];
}
