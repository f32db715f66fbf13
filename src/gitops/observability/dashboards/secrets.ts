import type { Dashboard } from '../dashboard.ts';

export const secrets: Dashboard = {
  id: 'secrets',
  title: 'Secrets',
  description:
    'What External Secrets copies from the vault. A copy stays through an outage of the vault (C5).',
  panels: [
    {
      title: 'Secrets that do not come',
      shows: 'table',
      queries: [
        {
          expr:
            'max by (cluster, exported_namespace, name) ' +
            '(externalsecret_status_condition{condition="Ready", status="False"}) == 1',
          legend: '{{cluster}}, {{exported_namespace}}/{{name}}',
        },
      ],
    },
    {
      title: 'Stores that answer',
      shows: 'stat',
      queries: [
        {
          expr: 'min by (cluster, name) (clustersecretstore_status_condition{condition="Ready", status="True"})',
          legend: '{{cluster}}, {{name}}',
        },
      ],
    },
    {
      title: 'Syncs',
      shows: 'timeseries',
      unit: 'ops',
      queries: [
        { expr: 'sum by (cluster) (rate(externalsecret_sync_calls_total[10m]))', legend: '{{cluster}}' },
        {
          expr: 'sum by (cluster) (rate(externalsecret_sync_calls_error[10m]))',
          legend: '{{cluster}}, failed',
        },
      ],
    },
    {
      title: 'Calls to the vault',
      shows: 'timeseries',
      unit: 'ops',
      description:
        'A vault takes 4,000 in ten seconds (learn.microsoft.com, key-vault/general/service-limits).',
      queries: [
        {
          expr: 'sum by (cluster, status) (rate(externalsecret_provider_api_calls_count[10m]))',
          legend: '{{cluster}}, {{status}}',
        },
      ],
    },
  ],
};
