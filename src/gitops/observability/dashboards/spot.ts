import type { Dashboard } from '../dashboard.ts';
import { SPOT_NODES, spotNodesLost } from '../spot-taint.ts';

const ALL = 'max by (cluster, node) (kube_node_info)';
const SPOT = `max by (cluster, node) (${SPOT_NODES})`;
const SPOT_COUNT = `count by (cluster) (${SPOT})`;
const ON_DEMAND_COUNT = `count by (cluster) (${ALL} unless on (cluster, node) ${SPOT})`;

/** Hours that nodes have run: their number every five minutes, a twelfth of an hour each. */
function nodeHours(count: string): string {
  return `sum_over_time((${count})[1d:5m]) / 12`;
}

export const spot: Dashboard = {
  id: 'spot',
  title: 'Spot, and what the bill counts',
  description:
    'Nodes by how they are bought. Metrics know no prices: the plan prices a node, this counts them. Azure bills by ' +
    'the hour that a machine exists.',
  panels: [
    {
      title: 'Spot nodes, of all',
      shows: 'stat',
      unit: 'percentunit',
      description: 'With the system nodes, which are never Spot.',
      queries: [
        {
          expr: `${SPOT_COUNT} / count by (cluster) (${ALL})`,
          legend: '{{cluster}}',
        },
      ],
    },
    {
      title: 'Node hours of a day',
      shows: 'stat',
      queries: [
        { expr: nodeHours(SPOT_COUNT), legend: '{{cluster}}, Spot' },
        { expr: nodeHours(ON_DEMAND_COUNT), legend: '{{cluster}}, On-Demand' },
      ],
    },
    {
      title: 'Nodes',
      shows: 'timeseries',
      queries: [
        { expr: SPOT_COUNT, legend: '{{cluster}}, Spot' },
        { expr: ON_DEMAND_COUNT, legend: '{{cluster}}, On-Demand' },
      ],
    },
    {
      title: 'Spot nodes lost within an hour',
      shows: 'timeseries',
      description: 'Evicted, or removed by the autoscaler or an upgrade: metrics do not say which.',
      queries: [{ expr: spotNodesLost('1h'), legend: '{{cluster}}' }],
    },
    {
      title: 'Nodes that joined within an hour',
      shows: 'timeseries',
      queries: [
        {
          expr: 'count by (cluster) (max by (cluster, node) (kube_node_created) > time() - 3600)',
          legend: '{{cluster}}',
        },
      ],
    },
    {
      title: 'Nodes that are not ready',
      shows: 'timeseries',
      queries: [
        {
          expr: 'sum by (cluster) (kube_node_status_condition{condition="Ready", status!="true"})',
          legend: '{{cluster}}',
        },
      ],
    },
    {
      title: 'Pods that no node takes',
      shows: 'timeseries',
      queries: [
        {
          expr: 'sum by (cluster, namespace) (kube_pod_status_unschedulable)',
          legend: '{{cluster}}, {{namespace}}',
        },
      ],
    },
    {
      title: 'Replicas that are missing',
      shows: 'timeseries',
      queries: [
        {
          expr: 'sum by (cluster, namespace, deployment) (kube_deployment_status_replicas_unavailable) > 0',
          legend: '{{cluster}}, {{namespace}}/{{deployment}}',
        },
      ],
    },
  ],
};
