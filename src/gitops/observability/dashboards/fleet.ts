import type { Dashboard } from '../dashboard.ts';

const perCluster = (expr: string): { expr: string; legend: string } => ({ expr, legend: '{{cluster}}' });

export const fleet: Dashboard = {
  id: 'fleet',
  title: 'Fleet',
  description: 'Clusters side by side, as Prometheus on mgmt sees them.',
  panels: [
    {
      title: 'Nodes',
      shows: 'stat',
      queries: [perCluster('count by (cluster) (kube_node_info)')],
    },
    {
      title: 'Alerts that fire',
      shows: 'table',
      description:
        'Rules of Prometheus. Nobody is told of them: Alertmanager has no receiver. Azure Monitor has rules of its own.',
      queries: [
        {
          expr: 'max by (alertname, severity, cluster, namespace) (ALERTS{alertstate="firing", alertname!="Watchdog"})',
          legend: '{{alertname}}',
        },
      ],
    },
    {
      title: 'Pods that run',
      shows: 'timeseries',
      queries: [perCluster('sum by (cluster) (kube_pod_status_phase{phase="Running"})')],
    },
    {
      title: 'Pods that wait',
      shows: 'timeseries',
      queries: [
        { expr: 'sum by (cluster) (kube_pod_status_phase{phase="Pending"})', legend: '{{cluster}}, Pending' },
        {
          expr: 'sum by (cluster) (kube_pod_status_unschedulable)',
          legend: '{{cluster}}, no node takes them',
        },
      ],
    },
    {
      title: 'CPU asked for, of what nodes have',
      shows: 'timeseries',
      unit: 'percentunit',
      queries: [perCluster(askedFor('cpu'))],
    },
    {
      title: 'Memory asked for, of what nodes have',
      shows: 'timeseries',
      unit: 'percentunit',
      queries: [perCluster(askedFor('memory'))],
    },
    {
      title: 'CPU in use',
      shows: 'timeseries',
      unit: 'percentunit',
      queries: [perCluster('1 - avg by (cluster) (rate(node_cpu_seconds_total{mode="idle"}[5m]))')],
    },
    {
      title: 'Age of what mgmt knows',
      shows: 'timeseries',
      unit: 's',
      description: 'Of app clusters, which write here over the mesh.',
      queries: [
        perCluster(
          'time() - max by (cluster) (prometheus_remote_storage_queue_highest_sent_timestamp_seconds)',
        ),
      ],
    },
  ],
};

function askedFor(resource: 'cpu' | 'memory'): string {
  const asked = `sum by (cluster) (kube_pod_container_resource_requests{resource="${resource}"})`;
  return `${asked} / sum by (cluster) (kube_node_status_allocatable{resource="${resource}"})`;
}
