import type { LogAlert } from '../../../src/model/alerts/alert.ts';
import { type Tables, evaluateQuery } from './evaluate.ts';
import { generatedMs } from './log-tables.ts';

const MINUTE_MS = 60_000;

/**
 * What a rule fires for when Azure looks at this moment: the values of its dimension, or `all` where it has none. Azure
 * keeps the records of the window, runs the query, counts the rows of each value, and fires where they are more than the
 * threshold (learn.microsoft.com, azure-monitor/alerts/alerts-types; one period of evaluation).
 */
export function firesFor(alert: LogAlert, tables: Tables, iso: string): readonly string[] {
  const nowMs = Date.parse(iso);
  const fromMs = nowMs - (alert.rangeMinutes ?? alert.windowMinutes) * MINUTE_MS;
  const seen = Object.fromEntries(
    Object.entries(tables).map(([table, rows]) => [
      table,
      rows.filter((row) => generatedMs(row) > fromMs && generatedMs(row) <= nowMs),
    ]),
  );
  const counts = new Map<string, number>();
  for (const row of evaluateQuery(alert.query, seen, nowMs)) {
    const value = alert.splitBy === undefined ? 'all' : String(row[alert.splitBy]);
    counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return [...counts].filter(([, rows]) => rows > alert.rowsAbove).map(([value]) => value);
}
