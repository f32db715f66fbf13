import assert from 'node:assert/strict';
import type { LogAlert } from '../../../src/model/alerts/alert.ts';
import { type FleetData, atlas, platformOf } from '../../support/fleets.ts';
import type { Tables } from '../../support/kql/evaluate.ts';
import { firesFor } from '../../support/kql/log-alert.ts';
import { type Said, record } from '../../support/kql/log-tables.ts';

/** Monday noon in Seoul: the fleet of the source design is awake. */
export const NOON = '2026-11-23T03:00:00Z';

export const [MGMT, APP1, APP2] = ['aks-atlas-demo-mgmt', 'aks-atlas-demo-app1', 'aks-atlas-demo-app2'];

/** The fleet of the source design with another schedule, or none. */
export function scheduled(schedule?: { readonly timezone: string; readonly awake: string }): FleetData {
  return atlas({ environments: { demo: schedule ? { schedule } : {} } });
}

/** A rule over logs, as a fleet gets it. */
export function logAlert(id: string, data: FleetData = atlas()): LogAlert {
  const found = platformOf(data).alerts.find((alert) => alert.id === id);
  assert.ok(found?.kind === 'log', `${id} is no rule over logs of this fleet`);
  return found;
}

/** What a rule fires for, over records of the first table that it reads. */
export function fires(alert: LogAlert, said: readonly Said[], now: string = NOON): readonly string[] {
  const [table = ''] = alert.tables;
  const tables: Tables = { [table]: said.map((one) => record(table, one)) };
  return firesFor(alert, tables, now);
}

/** So many minutes before a moment. */
export function before(minutes: number, iso: string = NOON): string {
  return new Date(Date.parse(iso) - minutes * 60_000).toISOString();
}
