import type { Dashboard } from '../dashboard.ts';

const PAIR = 'source_cluster, target_cluster';
const PAIR_LEGEND = '{{source_cluster}} to {{target_cluster}}';

export const mesh: Dashboard = {
  id: 'mesh',
  title: 'Mesh',
  description: 'Each cluster as its peers see it, by the agents of Cilium.',
  panels: [
    {
      title: 'Peers that are ready',
      shows: 'stat',
      description: '1 when every node of the first is connected to the second, 0 when one is not.',
      queries: [
        {
          expr: `min by (${PAIR}) (cilium_clustermesh_remote_cluster_readiness_status)`,
          legend: PAIR_LEGEND,
        },
      ],
    },
    {
      title: 'Connections that failed',
      shows: 'timeseries',
      queries: [
        {
          expr: `sum by (${PAIR}) (delta(cilium_clustermesh_remote_cluster_failures[15m]))`,
          legend: PAIR_LEGEND,
        },
      ],
    },
    {
      title: 'Nodes known of a peer',
      shows: 'timeseries',
      queries: [{ expr: `max by (${PAIR}) (cilium_clustermesh_remote_cluster_nodes)`, legend: PAIR_LEGEND }],
    },
    {
      title: 'Global Services',
      shows: 'timeseries',
      queries: [
        {
          expr: 'max by (source_cluster) (cilium_clustermesh_global_services)',
          legend: '{{source_cluster}}',
        },
      ],
    },
    {
      title: 'Latency between nodes, 95th percentile',
      shows: 'timeseries',
      unit: 's',
      description: 'To nodes of the own cluster and of its peers: Cilium does not tell them apart.',
      queries: [
        {
          expr:
            'histogram_quantile(0.95, sum by (source_cluster, protocol, le) ' +
            '(rate(cilium_node_health_connectivity_latency_seconds_bucket[5m])))',
          legend: '{{source_cluster}}, {{protocol}}',
        },
      ],
    },
    {
      title: 'Nodes that are not reached',
      shows: 'timeseries',
      queries: [
        {
          expr: 'sum by (source_cluster, type) (cilium_node_health_connectivity_status{status="unreachable"})',
          legend: '{{source_cluster}}, {{type}}',
        },
      ],
    },
    {
      title: 'Packets dropped',
      shows: 'timeseries',
      unit: 'ops',
      queries: [
        {
          expr: 'sum by (cluster, reason) (rate(cilium_drop_count_total[5m]))',
          legend: '{{cluster}}, {{reason}}',
        },
      ],
    },
  ],
};
