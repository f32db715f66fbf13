import type { Fleet } from '../../fleet/fleet.ts';
import type { LogAlert } from './alert.ts';
import { awakeTerms } from './kql.ts';

/** Two missed ticks of the keeper, and as long again for clusters to stop. */
const GRACE_MINUTES = 60;
/** Three collections: a cluster that has stopped since is not found by what it wrote before. */
const STILL_MINUTES = 15;

export function awakeOffHours(schedule: NonNullable<Fleet['schedule']>): LogAlert {
  const { lets, isAwake } = awakeTerms(schedule, { lateMinutes: 0, overMinutes: GRACE_MINUTES });
  return {
    kind: 'log',
    id: 'awake-off-hours',
    description:
      'A cluster has not gone to sleep, an hour after the schedule says so: it is billed all night.',
    severity: 3,
    watches: 'fleet',
    query: [
      ...lets,
      'KubeNodeInventory',
      `| where TimeGenerated > ago(${STILL_MINUTES}m)`,
      `| where not(${isAwake})`,
      '| distinct ClusterName',
    ].join('\n'),
    tables: ['KubeNodeInventory'],
    splitBy: 'ClusterName',
    rowsAbove: 0,
    frequencyMinutes: 60,
    windowMinutes: 60,
    why: 'What a missed tick costs, whatever it was that missed it.',
    source: 'learn.microsoft.com, kusto/query/datetime-utc-to-local-function',
  };
}
