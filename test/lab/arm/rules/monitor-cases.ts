import type { ArmBody } from '../../../../src/lab/arm/resource.ts';
import { CLUSTER, GROUP, type RuleCase, SUBSCRIPTION, WORKSPACE } from './sound-world.ts';

const SETTING = `${CLUSTER}/providers/Microsoft.Insights/diagnosticSettings`;
const ALERT = `${GROUP}/providers/Microsoft.Insights/scheduledQueryRules/node-not-ready`;
const DATA_RULE = `${GROUP}/providers/Microsoft.Insights/dataCollectionRules/MSCI`;
const BUDGET = `${SUBSCRIPTION}/providers/Microsoft.Consumption/budgets/fleet`;

/** Logs, alerts and budgets. */
export const monitorCases: readonly RuleCase[] = [
  {
    name: 'a second diagnostic setting with the same sink and category',
    rule: 'diagnostic-category-goes-to-a-sink-once',
    status: 409,
    code: 'Conflict',
    refused: {
      id: `${SETTING}/second`,
      body: setting('guard', 'kube-audit-admin'),
      beside: { [`${SETTING}/first`]: setting('guard') },
    },
    passes: {
      id: `${SETTING}/second`,
      body: setting('kube-audit-admin'),
      beside: { [`${SETTING}/first`]: setting('guard') },
    },
  },
  {
    name: 'an alert on a table that nothing fills',
    rule: 'queried-tables-are-there',
    status: 400,
    code: 'BadRequest',
    refused: { id: ALERT, body: alert('KubeNodeInventory\n| where Status !has "Ready"') },
    passes: { id: ALERT, body: alert('KubeNodeInventory', { skipQueryValidation: true }) },
  },
  {
    name: 'an alert that joins a table that nothing fills',
    rule: 'queried-tables-are-there',
    status: 400,
    code: 'BadRequest',
    refused: { id: ALERT, body: alert('Usage | join (KubeEvents) on Computer') },
    passes: {
      id: ALERT,
      body: alert('Usage | join (KubeEvents) on Computer'),
      beside: { [DATA_RULE]: dataRule('Microsoft-KubeEvents') },
    },
  },
  {
    name: 'a budget from within a month',
    rule: 'budget-starts-on-the-first-of-a-month',
    status: 400,
    code: 'BadRequest',
    refused: { id: BUDGET, body: budget('2026-12-02T00:00:00Z') },
    passes: { id: BUDGET, body: budget('2026-12-01T00:00:00Z') },
  },
  {
    name: 'a budget from before June 2017',
    rule: 'budget-starts-on-the-first-of-a-month',
    status: 400,
    code: 'BadRequest',
    also: ['budget-starts-in-the-current-period-or-later'],
    refused: { id: BUDGET, body: budget('2017-05-01T00:00:00Z') },
    passes: { id: BUDGET, body: budget('2026-11-01T00:00:00Z') },
  },
  {
    name: 'a budget from a past month',
    rule: 'budget-starts-in-the-current-period-or-later',
    status: 400,
    code: 'BadRequest',
    refused: { id: BUDGET, body: budget('2026-10-01T00:00:00Z') },
    // It was in time when it was made.
    passes: {
      id: BUDGET,
      body: budget('2026-10-01T00:00:00Z'),
      beside: { [BUDGET]: budget('2026-10-01T00:00:00.000Z') },
    },
  },
  {
    name: 'a quarterly budget from a past quarter',
    rule: 'budget-starts-in-the-current-period-or-later',
    status: 400,
    code: 'BadRequest',
    refused: { id: BUDGET, body: budget('2026-09-01T00:00:00Z', { timeGrain: 'Quarterly' }) },
    passes: { id: BUDGET, body: budget('2026-10-01T00:00:00Z', { timeGrain: 'Quarterly' }) },
  },
  {
    name: 'a budget from more than twelve months ahead',
    rule: 'budget-starts-in-the-current-period-or-later',
    status: 400,
    code: 'BadRequest',
    refused: { id: BUDGET, body: budget('2027-12-01T00:00:00Z') },
    passes: { id: BUDGET, body: budget('2027-11-01T00:00:00Z') },
  },
  {
    name: 'the start of a budget changed',
    rule: 'budget-start-stays',
    status: 400,
    code: 'BadRequest',
    refused: {
      id: BUDGET,
      body: budget('2026-12-01T00:00:00Z'),
      beside: { [BUDGET]: budget('2026-11-01T00:00:00Z') },
    },
    passes: {
      id: BUDGET,
      body: budget('2026-11-01T00:00:00Z', { amount: 90 }),
      beside: { [BUDGET]: budget('2026-11-01T00:00:00Z') },
    },
  },
  {
    name: 'a budget that tells nobody',
    rule: 'budget-tells-somebody',
    status: 400,
    code: 'BadRequest',
    refused: { id: BUDGET, body: budget('2026-12-01T00:00:00Z', { notifications: notifications(1, {}) }) },
    passes: {
      id: BUDGET,
      body: budget('2026-12-01T00:00:00Z', { notifications: notifications(1, { contactRoles: ['Owner'] }) }),
    },
  },
  {
    name: 'a budget with six notifications',
    rule: 'budget-has-at-most-five-notifications',
    status: 400,
    code: 'BadRequest',
    refused: { id: BUDGET, body: budget('2026-12-01T00:00:00Z', { notifications: notifications(6) }) },
    passes: { id: BUDGET, body: budget('2026-12-01T00:00:00Z', { notifications: notifications(5) }) },
  },
];

function setting(...names: readonly string[]): ArmBody {
  const logs = names.map((category) => ({ category, enabled: true }));
  return {
    properties: { workspaceId: WORKSPACE, logs: [...logs, { category: 'kube-audit', enabled: false }] },
  };
}

function alert(query: string, properties: ArmBody = {}): ArmBody {
  return { properties: { scopes: [WORKSPACE], criteria: { allOf: [{ query }] }, ...properties } };
}

function dataRule(...streams: readonly string[]): ArmBody {
  const logAnalytics = [{ name: 'ciworkspace', workspaceResourceId: WORKSPACE }];
  const dataFlows = [{ streams, destinations: ['ciworkspace'] }];
  return { properties: { destinations: { logAnalytics }, dataFlows } };
}

function budget(startDate: string, properties: ArmBody = {}): ArmBody {
  const sound = {
    amount: 80,
    timeGrain: 'Monthly',
    timePeriod: { startDate },
    notifications: notifications(3),
  };
  return { properties: { ...sound, ...properties } };
}

function notifications(
  count: number,
  contacts: ArmBody = { contactEmails: ['platform@acme.example'] },
): Readonly<Record<string, ArmBody>> {
  const entries = Array.from({ length: count }, (_, index) => [
    `Actual_${index}`,
    { enabled: true, ...contacts },
  ]);
  return Object.fromEntries(entries);
}
