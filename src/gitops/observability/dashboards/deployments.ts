import type { Dashboard } from '../dashboard.ts';

export const deployments: Dashboard = {
  id: 'argo-cd',
  title: 'Argo CD',
  description: 'What Argo CD on mgmt keeps in all clusters.',
  panels: [
    {
      title: 'Applications by sync',
      shows: 'stat',
      queries: [{ expr: 'count by (sync_status) (argocd_app_info)', legend: '{{sync_status}}' }],
    },
    {
      title: 'Applications by health',
      shows: 'stat',
      queries: [{ expr: 'count by (health_status) (argocd_app_info)', legend: '{{health_status}}' }],
    },
    {
      title: 'Applications that are not as they should be',
      shows: 'table',
      queries: [
        {
          expr:
            'max by (project, name, sync_status, health_status) (argocd_app_info{sync_status!="Synced"} ' +
            'or argocd_app_info{health_status!="Healthy"})',
          legend: '{{name}}',
        },
      ],
    },
    {
      title: 'Clusters that Argo CD reaches',
      shows: 'stat',
      description: '1 when the last try worked. A cluster that sleeps is not reached.',
      queries: [{ expr: 'max by (server) (argocd_cluster_connection_status)', legend: '{{server}}' }],
    },
    {
      title: 'Syncs in an hour',
      shows: 'timeseries',
      queries: [
        {
          expr: 'sum by (project, phase) (increase(argocd_app_sync_total[1h]))',
          legend: '{{project}}, {{phase}}',
        },
      ],
    },
    {
      title: 'Time to compare an Application, 95th percentile',
      shows: 'timeseries',
      unit: 's',
      queries: [
        {
          expr: 'histogram_quantile(0.95, sum by (le) (rate(argocd_app_reconcile_bucket[10m])))',
          legend: 'compare',
        },
      ],
    },
  ],
};
