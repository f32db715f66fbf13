import type { LogAlert } from './alert.ts';

const WARN_AT = 0.8;
/** `Usage` counts in MB, of which Azure takes a thousand for a GB. */
const MB_A_GB = 1000;

export function logCap80Percent(dailyCapGB: number): LogAlert {
  return {
    kind: 'log',
    id: 'log-cap-80-percent',
    description: 'Billable logs of the last day are above 80 % of the daily cap.',
    severity: 3,
    watches: 'fleet',
    query: [
      'Usage',
      '| where IsBillable',
      `| summarize GB = sum(Quantity) / ${MB_A_GB}`,
      `| where GB > ${String(Number((dailyCapGB * WARN_AT).toFixed(3)))}`,
    ].join('\n'),
    tables: ['Usage'],
    rowsAbove: 0,
    frequencyMinutes: 60,
    windowMinutes: 1440,
    why: 'Usage is written once an hour, so that more frequent looks would see nothing new.',
    source: 'learn.microsoft.com, azure-monitor/reference/tables/usage',
  };
}
