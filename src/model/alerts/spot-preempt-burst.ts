import type { LogAlert } from './alert.ts';

/** Azure takes single machines every day; several at once are a shortage that the fleet's other sizes may share. */
const NODES = 3;
const WINDOW_MINUTES = 30;

export const spotPreemptBurst: LogAlert = {
  kind: 'log',
  id: 'spot-preempt-burst',
  description: `Azure is taking Spot nodes back: ${NODES} or more of one cluster within ${WINDOW_MINUTES} minutes.`,
  severity: 2,
  watches: 'clusters',
  query: [
    'KubeEvents',
    '| where ObjectKind == "Node"',
    '| where (Reason == "PreemptScheduled" and Message !has "IMDS query failed")',
    '    or (Reason == "VMEventScheduled" and Message has "Preempt Scheduled")',
    '| distinct ClusterName, Name',
  ].join('\n'),
  tables: ['KubeEvents'],
  splitBy: 'ClusterName',
  rowsAbove: NODES - 1,
  frequencyMinutes: 5,
  windowMinutes: WINDOW_MINUTES,
  why:
    'A notice shows as an event of its own and as the message of a condition. A new node whose metadata service ' +
    'does not answer yet reports the former too, wrongly.',
  source:
    'learn.microsoft.com, aks/node-problem-detector; events recorded in ' +
    'github.com/maksim-paskal/aks-node-termination-handler, issue 98',
};
