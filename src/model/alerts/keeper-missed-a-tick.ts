import { KEEPER_TABLES, type LogAlert } from './alert.ts';
import { kqlText } from './kql.ts';

/** How a record names what runs the keeper; a job may be named by its run, which is the name and an ending. */
const NAMED_BY = {
  ContainerInstanceLog: 'ContainerGroup ==',
  ContainerAppConsoleLogs: 'JobName startswith',
} as const;

/** The keeper ticks every quarter of an hour and writes a line each time: none in an hour is four missed ticks. */
export function keeperMissedATick(run: keyof typeof KEEPER_TABLES, keeper: string): LogAlert {
  const table = KEEPER_TABLES[run];
  return {
    kind: 'log',
    id: 'keeper-missed-a-tick',
    description: 'The keeper has written nothing for an hour: nobody wakes the fleet or puts it to sleep.',
    severity: 2,
    watches: 'fleet',
    query: [
      table,
      `| where ${NAMED_BY[table]} ${kqlText(keeper)}`,
      '| summarize Lines = count()',
      '| where Lines == 0',
    ].join('\n'),
    tables: [table],
    rowsAbove: 0,
    frequencyMinutes: 15,
    windowMinutes: 60,
    why: 'A count over no records is a row that says zero: the silence is what fires.',
    source: `learn.microsoft.com, azure-monitor/reference/tables/${table.toLowerCase()}`,
  };
}
