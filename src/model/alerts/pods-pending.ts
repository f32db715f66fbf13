import type { LogAlert } from './alert.ts';

const PENDING_MINUTES = 10;

export const podsPending: LogAlert = {
  kind: 'log',
  id: 'pods-pending',
  description: `Pods have been Pending for more than ${PENDING_MINUTES} minutes: no node takes them, or they do not start.`,
  severity: 2,
  watches: 'clusters',
  query: [
    'KubePodInventory',
    '| summarize arg_max(TimeGenerated, PodStatus, PodCreationTimeStamp) by ClusterName, Namespace, Name, PodUid',
    `| where PodStatus == "Pending" and TimeGenerated - PodCreationTimeStamp > ${PENDING_MINUTES}m`,
    '| project ClusterName, Namespace, Name',
  ].join('\n'),
  tables: ['KubePodInventory'],
  splitBy: 'ClusterName',
  rowsAbove: 0,
  frequencyMinutes: 5,
  windowMinutes: 15,
  why: 'On Spot without a fallback, a shortage shows as Pending pods and nowhere else (C2).',
  source:
    'github.com/microsoft/Docker-Provider, in_kube_podinventory.rb: pods without a node are reported too',
};
