import type { Fleet } from '../../fleet/fleet.ts';
import { wakeMinutes } from '../quiet-hours.ts';
import type { LogAlert } from './alert.ts';
import { awakeTerms, missingFrom } from './kql.ts';

const ASKED =
  'The agent asks the API server for the nodes every five minutes: without the one there are no records of the other. ' +
  'AKS measures the load of API servers, not whether they answer.';
const KNOWS_HOURS =
  'An alert that fires at night stays fired and tells nobody in the morning, so that the query itself knows the hours.';

/** `clusters` are the names of the Azure resources, under which the agent reports. */
export function clusterSilent(clusters: readonly string[], schedule: Fleet['schedule']): LogAlert {
  const awake = schedule && awakeTerms(schedule, { lateMinutes: wakeMinutes(schedule.awake) });
  return {
    kind: 'log',
    id: 'cluster-silent',
    description:
      'No record of a cluster for half an hour: its API server is down, it did not wake, its agent cannot send, or ' +
      'the log cap is reached.',
    severity: 1,
    watches: 'clusters',
    query: [
      ...(awake?.lets ?? []),
      'KubeNodeInventory',
      ...missingFrom(clusters, 'ClusterName'),
      ...(awake ? [`| where ${awake.isAwake}`] : []),
    ].join('\n'),
    tables: ['KubeNodeInventory'],
    splitBy: 'ClusterName',
    rowsAbove: 0,
    frequencyMinutes: 15,
    windowMinutes: 30,
    why: awake === undefined ? ASKED : `${ASKED} ${KNOWS_HOURS}`,
    source: 'learn.microsoft.com, aks/monitor-aks-reference and azure-monitor/alerts/alerts-processing-rules',
  };
}
