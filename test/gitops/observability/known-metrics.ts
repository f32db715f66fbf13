import type { ComponentId } from '../../../src/model/platform.ts';

/** Metrics that a program exposes by default, and what says so. */
type Exposed = {
  readonly by: string;
  /** The component whose values bring the program and its monitor. */
  readonly component: ComponentId;
  readonly source: string;
  readonly metrics: Readonly<Record<string, readonly string[]>>;
};

/**
 * Metrics with the labels that are theirs, of what Prometheus reads in a fleet. Labels that every series has stand in
 * `TARGET_LABELS`.
 */
const EXPOSED: readonly Exposed[] = [
  {
    by: 'kube-state-metrics',
    component: 'kube-prometheus-stack',
    source:
      'github.com/kubernetes/kube-state-metrics, docs/metrics/cluster/node-metrics.md and workload/*.md',
    metrics: {
      kube_node_info: ['node', 'kubelet_version', 'provider_id', 'internal_ip'],
      kube_node_created: ['node'],
      kube_node_spec_taint: ['node', 'key', 'value', 'effect'],
      kube_node_status_allocatable: ['node', 'resource', 'unit'],
      kube_node_status_condition: ['node', 'condition', 'status'],
      kube_pod_container_resource_requests: [
        'pod',
        'namespace',
        'container',
        'node',
        'resource',
        'unit',
        'uid',
      ],
      kube_pod_status_phase: ['pod', 'namespace', 'phase', 'uid'],
      kube_pod_status_unschedulable: ['pod', 'namespace', 'uid'],
      kube_deployment_status_replicas_unavailable: ['deployment', 'namespace'],
    },
  },
  {
    by: 'kubelet',
    component: 'kube-prometheus-stack',
    source: 'kubernetes.io, reference/instrumentation/metrics; client-go, tools/metrics',
    metrics: {
      kubelet_volume_stats_used_bytes: ['namespace', 'persistentvolumeclaim'],
      kubelet_volume_stats_capacity_bytes: ['namespace', 'persistentvolumeclaim'],
      rest_client_requests_total: ['code', 'host', 'method'],
    },
  },
  {
    by: 'node-exporter',
    component: 'kube-prometheus-stack',
    source: 'github.com/prometheus/node_exporter, collector/cpu_linux.go',
    metrics: { node_cpu_seconds_total: ['cpu', 'mode'] },
  },
  {
    by: 'Prometheus',
    component: 'kube-prometheus-stack',
    source:
      'github.com/prometheus/prometheus v3.14.0, storage/remote/queue_manager.go; prometheus.io, alerting rules',
    metrics: {
      up: [],
      ALERTS: ['alertname', 'alertstate', 'severity', 'namespace'],
      prometheus_remote_storage_queue_highest_sent_timestamp_seconds: ['remote_name', 'url'],
      prometheus_remote_storage_samples_failed_total: ['remote_name', 'url'],
    },
  },
  {
    by: 'Cilium agent',
    component: 'cilium',
    source: 'docs.cilium.io 1.20, observability/metrics: all of these are enabled by default',
    metrics: {
      cilium_clustermesh_remote_cluster_readiness_status: [
        'source_cluster',
        'source_node_name',
        'target_cluster',
      ],
      cilium_clustermesh_remote_cluster_failures: ['source_cluster', 'source_node_name', 'target_cluster'],
      cilium_clustermesh_remote_cluster_nodes: ['source_cluster', 'source_node_name', 'target_cluster'],
      cilium_clustermesh_global_services: ['source_cluster', 'source_node_name'],
      cilium_node_health_connectivity_status: ['source_cluster', 'source_node_name', 'type', 'status'],
      cilium_node_health_connectivity_latency_seconds_bucket: [
        'source_cluster',
        'source_node_name',
        'type',
        'address_type',
        'protocol',
        'le',
      ],
      cilium_drop_count_total: ['reason', 'direction'],
    },
  },
  {
    by: 'External Secrets',
    component: 'external-secrets',
    source: 'external-secrets.io v2.9.0, api/metrics; pkg/controllers/metrics/labels.go',
    metrics: {
      externalsecret_status_condition: ['name', 'exported_namespace', 'condition', 'status'],
      externalsecret_sync_calls_total: ['name', 'exported_namespace'],
      externalsecret_sync_calls_error: ['name', 'exported_namespace'],
      externalsecret_provider_api_calls_count: ['provider', 'call', 'status'],
      clustersecretstore_status_condition: ['name', 'condition', 'status'],
    },
  },
  {
    by: 'Argo CD application controller',
    component: 'argo-cd',
    source: 'argo-cd.readthedocs.io 3.4, operator-manual/metrics; controller/metrics/metrics.go',
    metrics: {
      argocd_app_info: ['name', 'project', 'dest_server', 'sync_status', 'health_status', 'operation'],
      argocd_app_sync_total: ['name', 'project', 'dest_server', 'phase'],
      argocd_app_reconcile_bucket: ['dest_server', 'le'],
      argocd_cluster_connection_status: ['server', 'k8s_version'],
    },
  },
];

/** On every series: of the target, or from Prometheus that it comes from. */
export const TARGET_LABELS: readonly string[] = [
  'cluster',
  'environment',
  'fleet',
  'job',
  'instance',
  'namespace',
  'pod',
];

/** Labels of a metric that is scraped, and the component that brings it; undefined for one that is not. */
export function metric(
  name: string,
): { readonly component: ComponentId; readonly labels: readonly string[] } | undefined {
  for (const { component, metrics } of EXPOSED) {
    const labels = metrics[name];
    if (labels) return { component, labels };
  }
  return undefined;
}
