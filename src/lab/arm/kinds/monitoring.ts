import { textAt, withProperties } from '../body.ts';
import type { ArmKind } from '../kind.ts';
import { digitsOf, uuidOf } from '../uuid.ts';

/** Azure Monitor keeps no state of most of what it is told. */
const STATELESS = [
  'microsoft.insights/actiongroups',
  'microsoft.insights/activitylogalerts',
  'microsoft.insights/diagnosticsettings',
  'microsoft.insights/metricalerts',
  'microsoft.insights/scheduledqueryrules',
  'microsoft.alertsmanagement/actionrules',
  'microsoft.alertsmanagement/prometheusrulegroups',
] as const;

const collectionRules: ArmKind = {
  type: 'microsoft.insights/datacollectionrules',
  etag: 'etag',
  complete: ({ id, body }) => withProperties(body, { immutableId: `dcr-${digitsOf(id.key, 32)}` }),
};

const collectionEndpoints: ArmKind = {
  type: 'microsoft.insights/datacollectionendpoints',
  etag: 'etag',
  complete: ({ id, body }) => {
    const host = `${id.name}-${digitsOf(id.key, 4)}.${textAt(body, 'location') ?? 'global'}-1`.toLowerCase();
    return withProperties(body, {
      immutableId: `dce-${digitsOf(id.key, 32)}`,
      configurationAccess: { endpoint: `https://${host}.handler.control.monitor.azure.com` },
      logsIngestion: { endpoint: `https://${host}.ingest.monitor.azure.com` },
      metricsIngestion: { endpoint: `https://${host}.metrics.ingest.monitor.azure.com` },
    });
  },
};

/** Managed Prometheus. Azure makes a rule and an endpoint for it in a group of its own, of which only the ids are told. */
const accounts: ArmKind = {
  type: 'microsoft.monitor/accounts',
  complete: ({ id, body }) => {
    const location = textAt(body, 'location') ?? 'global';
    const managed = `/subscriptions/${id.subscription}/resourceGroups/MA_${id.name}_${location}_managed`;
    const insights = `${managed}/providers/Microsoft.Insights`;
    const host = `${id.name}-${digitsOf(id.key, 4)}.${location}.prometheus.monitor.azure.com`.toLowerCase();
    return withProperties(body, {
      accountId: uuidOf(`account of ${id.key}`),
      metrics: { prometheusQueryEndpoint: `https://${host}`, internalId: `mac_${uuidOf(id.key)}` },
      defaultIngestionSettings: {
        dataCollectionRuleResourceId: `${insights}/dataCollectionRules/${id.name}`,
        dataCollectionEndpointResourceId: `${insights}/dataCollectionEndpoints/${id.name}`,
      },
    });
  },
};

const grafana: ArmKind = {
  type: 'microsoft.dashboard/grafana',
  isLongRunning: true,
  complete: ({ id, body }) => {
    const location = textAt(body, 'location') ?? 'global';
    const host = `${id.name}-${digitsOf(id.key, 16)}.${location}.grafana.azure.com`.toLowerCase();
    const version = textAt(body, 'properties', 'grafanaMajorVersion') ?? '12';
    return withProperties(body, { endpoint: `https://${host}`, grafanaVersion: `${version}.0.0` });
  },
};

/** azurerm reads a budget's eTag and wants 200 of its end. */
const budgets: ArmKind = {
  type: 'microsoft.consumption/budgets',
  isStateless: true,
  deletedStatus: 200,
  etag: 'eTag',
};

export const monitoring: readonly ArmKind[] = [
  ...STATELESS.map((type): ArmKind => ({ type, isStateless: true })),
  collectionRules,
  collectionEndpoints,
  accounts,
  grafana,
  budgets,
];
