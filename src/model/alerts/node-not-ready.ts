import type { LogAlert } from './alert.ts';

/** Longer than the minutes between a Spot machine's end and its node's, which every reclaim goes through. */
const NOT_READY_MINUTES = 5;

export const nodeNotReady: LogAlert = {
  kind: 'log',
  id: 'node-not-ready',
  description: `A node has not been ready for ${NOT_READY_MINUTES} minutes or more, and is still there.`,
  severity: 2,
  watches: 'clusters',
  query: [
    'KubeNodeInventory',
    '| summarize arg_max(TimeGenerated, Status, LastTransitionTimeReady) by ClusterName, Computer',
    '| where isempty(Status) or Status !has "Ready"',
    `| where isnull(LastTransitionTimeReady) or TimeGenerated - LastTransitionTimeReady >= ${NOT_READY_MINUTES}m`,
    '| project ClusterName, Computer',
  ].join('\n'),
  tables: ['KubeNodeInventory'],
  splitBy: 'ClusterName',
  rowsAbove: 0,
  frequencyMinutes: 5,
  windowMinutes: 15,
  why: 'Status lists the conditions that are true, so that NotReady never appears in it.',
  source: 'github.com/microsoft/Docker-Provider, in_kube_nodes.rb',
};
