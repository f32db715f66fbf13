import type { Fleet } from '../fleet/fleet.ts';

/** A rule over the log workspace. One serves all clusters, as they share the workspace: a rule each would cost more. */
export type LogAlert = {
  readonly id: string;
  readonly description: string;
  /** Kusto; counted rows above zero fire, one alert for each `splitBy` value. */
  readonly query: string;
  readonly splitBy?: string;
  readonly frequencyMinutes: 5 | 60;
  readonly windowMinutes: 5 | 15 | 1440;
  /** Azure's scale: 0 critical to 4 verbose. */
  readonly severity: 1 | 2 | 3;
};

/** The log alerts of a fleet; none when nothing is collected. */
export function planAlerts(fleet: Fleet): readonly LogAlert[] {
  const cap = fleet.observability.logs.dailyCapGB;
  if (cap === 0) return [];
  return [
    {
      id: 'log-cap-reached',
      description: 'The daily log cap is reached: until the reset hour every other log alert is blind.',
      query: '_LogOperation\n| where Category =~ "Ingestion"\n| where Detail contains "OverQuota"',
      frequencyMinutes: 5,
      windowMinutes: 5,
      severity: 2,
    },
    {
      id: 'log-cap-80-percent',
      description: 'Billable logs of the last day are above 80 % of the daily cap.',
      query: `Usage\n| where TimeGenerated > ago(24h) and IsBillable\n| summarize GB = sum(Quantity) / 1000\n| where GB > ${String(Number((cap * 0.8).toFixed(3)))}`,
      frequencyMinutes: 60,
      windowMinutes: 1440,
      severity: 3,
    },
    {
      id: 'node-not-ready',
      description:
        'A node has not reported Ready. Status lists the true conditions, so NotReady never appears.',
      query:
        'KubeNodeInventory\n| where TimeGenerated > ago(15m)\n| summarize arg_max(TimeGenerated, Status) by Computer, ClusterName\n| where isempty(Status) or Status !has "Ready"',
      splitBy: 'ClusterName',
      frequencyMinutes: 5,
      windowMinutes: 15,
      severity: 2,
    },
    {
      id: 'spot-preempt-burst',
      description: 'Azure is taking Spot nodes back: three or more notices in a quarter of an hour.',
      query:
        'KubeEvents\n| where Reason == "PreemptScheduled"\n| summarize Nodes = dcount(Computer) by ClusterName\n| where Nodes >= 3',
      splitBy: 'ClusterName',
      frequencyMinutes: 5,
      windowMinutes: 15,
      severity: 2,
    },
  ];
}
