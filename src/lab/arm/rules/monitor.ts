import { listAt, textAt, valueAt } from '../body.ts';
import type { ArmBody, ArmStore } from '../resource.ts';
import type { ArmRule } from '../rule.ts';
import { isSame, textsAt } from './body-values.ts';
import { whenWritten } from './judgement.ts';
import { REPORTS, github, sources } from './sources.ts';

const SETTING = 'microsoft.insights/diagnosticsettings';
const QUERY_ALERT = 'microsoft.insights/scheduledqueryrules';

/** Where a diagnostic setting sends to. */
const SINKS = [
  'workspaceId',
  'storageAccountId',
  'eventHubAuthorizationRuleId',
  'marketplacePartnerId',
] as const;

/**
 * Tables that a workspace gets with the first records of Container Insights (learn.microsoft.com,
 * azure-monitor, container insights log tables, 2026-08).
 */
const LATER_TABLES = [
  'ContainerInventory',
  'ContainerLog',
  'ContainerLogV2',
  'ContainerNodeInventory',
  'InsightsMetrics',
  'KubeEvents',
  'KubeMonAgentEvents',
  'KubeNodeInventory',
  'KubePVInventory',
  'KubePodInventory',
  'KubeServices',
  'Perf',
];

const categoryGoesOnce: ArmRule = {
  id: 'diagnostic-category-goes-to-a-sink-once',
  source: REPORTS,
  types: [SETTING],
  check: whenWritten((body, { id }, { store }) => {
    const siblings = store
      .below(id.parent ?? '')
      .filter(
        (each) => each.id.type === SETTING && isSame(each.id.parent, id.parent) && each.id.key !== id.key,
      );
    for (const { id: other, body: stored } of siblings) {
      const sink = SINKS.map((key) => textAt(body, 'properties', key)).find(
        (text, index) => text !== undefined && isSame(text, textAt(stored, 'properties', SINKS[index]!)),
      );
      const category = categories(body).find((each) => categories(stored).includes(each));
      if (sink === undefined || category === undefined) continue;
      const message = `The setting '${other.name}' sends the category '${category}' to '${sink}' already.`;
      return { status: 409, code: 'Conflict', message };
    }
    return undefined;
  }),
};

const tablesAreThere: ArmRule = {
  id: 'queried-tables-are-there',
  source: sources(
    github('CDCgov/prime-reportstream/issues/11773', '2023-10-13'),
    'that tables of Container Insights come with their data collection rule is inferred',
  ),
  types: [QUERY_ALERT],
  check: whenWritten((body, _write, { store }) => {
    if (valueAt(body, 'properties', 'skipQueryValidation') === true) return undefined;
    const fed = textsAt(body, 'properties', 'scopes').flatMap((scope) => streamsInto(scope, store));
    for (const criterion of listAt(body, 'properties', 'criteria', 'allOf')) {
      const query = textAt(criterion, 'query') ?? '';
      const missing = LATER_TABLES.find(
        (table) => isQueried(query, table) && !fed.includes(`Microsoft-${table}`),
      );
      if (missing === undefined) continue;
      const message = `A semantic error occurred: failed to resolve the table or column named '${missing}'.`;
      return { status: 400, code: 'BadRequest', message };
    }
    return undefined;
  }),
};

export const monitorRules: readonly ArmRule[] = [categoryGoesOnce, tablesAreThere];

/** Log and metric categories that a diagnostic setting has switched on, in lower case. */
function categories(body: ArmBody): readonly string[] {
  return ['logs', 'metrics'].flatMap((kind) =>
    listAt(body, 'properties', kind)
      .filter((each) => each['enabled'] === true)
      .flatMap((each) => textAt(each, 'category') ?? textAt(each, 'categoryGroup') ?? [])
      .map((name) => `${kind}/${name}`.toLowerCase()),
  );
}

/** The streams that data collection rules send into a workspace. */
function streamsInto(workspace: string, store: ArmStore): readonly string[] {
  return store.ofType('microsoft.insights/datacollectionrules').flatMap(({ body }) => {
    const names = listAt(body, 'properties', 'destinations', 'logAnalytics')
      .filter((each) => isSame(textAt(each, 'workspaceResourceId'), workspace))
      .map((each) => textAt(each, 'name'));
    return listAt(body, 'properties', 'dataFlows')
      .filter((flow) => textsAt(flow, 'destinations').some((name) => names.includes(name)))
      .flatMap((flow) => textsAt(flow, 'streams'));
  });
}

/** True when a query begins with a table, or a statement or a parenthesis of it does. */
function isQueried(query: string, table: string): boolean {
  return new RegExp(`(?:^|[;=(,]|\\b(?:union|join|in)\\b)[^|\\n]*\\b${table}\\b`, 'm').test(query);
}
