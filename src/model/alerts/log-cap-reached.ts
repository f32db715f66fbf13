import type { LogAlert } from './alert.ts';

export const logCapReached: LogAlert = {
  kind: 'log',
  id: 'log-cap-reached',
  description:
    'The daily log cap is reached: until the reset hour nothing is collected, and every other log alert is blind.',
  severity: 2,
  watches: 'fleet',
  query: ['_LogOperation', '| where Category =~ "Ingestion"', '| where Detail contains "OverQuota"'].join(
    '\n',
  ),
  tables: ['_LogOperation'],
  rowsAbove: 0,
  frequencyMinutes: 15,
  windowMinutes: 30,
  why: 'The table of the workspace itself is written even then.',
  source: 'learn.microsoft.com, azure-monitor/logs/daily-cap and monitor-workspace',
};
