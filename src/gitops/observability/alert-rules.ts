import type { ComponentId, Platform } from '../../model/platform.ts';
import { sleeps, wakeMinutes } from '../../model/quiet-hours.ts';
import { forwardsToMgmt, MONITORING_NAMESPACE } from '../components/kube-prometheus-stack.ts';
import { spotNodesLost } from './spot-taint.ts';

/** A rule that Prometheus on mgmt evaluates over the metrics of all clusters. */
export type AlertRule = {
  readonly alert: string;
  /** PromQL; each series that it yields is an alert. */
  readonly expr: string;
  /** How long it must hold. */
  readonly forMinutes: number;
  readonly severity: 'critical' | 'warning';
  /** What the message says; `$labels` are those of the series. */
  readonly summary: string;
  /** Why it is asked in this way, and where its numbers come from. */
  readonly why: string;
  /** What must be installed for its metrics to be there. */
  readonly needs: ComponentId;
};

/** As many as in the rule that Azure Monitor has for the same: single machines go every day. */
const LOST_NODES = 3;
/** Age of the newest sample that is no hiccup: all wait while Prometheus on mgmt restarts, for minutes. */
const LAG_SECONDS = 600;

/**
 * The rules of a fleet. Nothing is sent: Alertmanager has no receiver, since mail needs a relay that a fleet
 * file does not name. They are read in Grafana and Alertmanager. What wakes people is Azure Monitor, whose rules
 * Terraform writes; it works without mgmt, too.
 */
export function alertRules(platform: Platform): readonly AlertRule[] {
  const installed = new Set(platform.clusters.flatMap(({ components }) => components.map(({ id }) => id)));
  const rules = [
    ...(platform.clusters.some(({ mesh }) => mesh && mesh.peers.length > 0) ? [meshPeerLost(platform)] : []),
    ...silentClusters(platform),
    ...FORWARDING,
    prometheusVolumeFills,
    ...SECRETS,
    ...DEPLOYMENTS,
    spotNodesGone,
    podDoesNotRun,
    apiServerErrors,
  ];
  return rules.filter(({ needs }) => installed.has(needs));
}

/** Minutes to hold for what is also so while the fleet wakes: mgmt first, then one cluster after the other. */
function throughWaking({ fleet: { schedule } }: Platform, minutes: number): number {
  return schedule && sleeps(schedule) ? Math.max(minutes, wakeMinutes(schedule.awake)) : minutes;
}

function meshPeerLost(platform: Platform): AlertRule {
  return {
    alert: 'MeshPeerLost',
    expr: 'min by (source_cluster, target_cluster) (cilium_clustermesh_remote_cluster_readiness_status) == 0',
    forMinutes: throughWaking(platform, 10),
    severity: 'critical',
    summary:
      '{{ $labels.source_cluster }} has a node that does not reach the mesh endpoint of ' +
      '{{ $labels.target_cluster }}: it keeps what it knows of that cluster for the time of cacheTTL.',
    why:
      'One node is enough: its pods call a global Service by what it knows. A new node connects within a ' +
      'minute or two.',
    needs: 'cilium',
  };
}

/** mgmt sleeps when its clusters do: whoever evaluates this rule is awake, and so they should be. */
function silentClusters(platform: Platform): readonly AlertRule[] {
  return platform.clusters
    .filter((cluster) => cluster.role === 'app' && forwardsToMgmt(platform, cluster))
    .map(({ name }) => ({
      alert: 'ClusterSilent',
      expr: `absent(up{cluster="${name}"})`,
      forMinutes: throughWaking(platform, 15),
      severity: 'critical',
      summary: `No metrics from ${name}: it is down, its agent is, or the mesh between it and mgmt.`,
      why:
        'A rule over metrics is silent when they stop. One rule for each cluster, since absent() cannot ' +
        'list.',
      needs: 'kube-prometheus-stack',
    }));
}

const FORWARDING: readonly AlertRule[] = [
  {
    alert: 'RemoteWriteBehind',
    expr:
      'time() - max by (cluster) (max_over_time(' +
      `prometheus_remote_storage_queue_highest_sent_timestamp_seconds[1h])) > ${LAG_SECONDS}`,
    forMinutes: 5,
    severity: 'warning',
    summary: 'What mgmt knows of {{ $labels.cluster }} is {{ $value | humanizeDuration }} old.',
    why:
      'Measured where the samples arrive, against the clock: the own view of an agent, which compares ' +
      'what it read with what it sent, stands still along with its queue, and comes by the same queue.',
    needs: 'kube-prometheus-stack',
  },
  {
    alert: 'RemoteWriteLosesSamples',
    expr: 'sum by (cluster) (rate(prometheus_remote_storage_samples_failed_total[10m])) > 0',
    forMinutes: 10,
    severity: 'warning',
    summary: 'mgmt refuses samples of {{ $labels.cluster }}: they are lost.',
    why: 'Only what must not be tried again is counted as failed: an outage of mgmt is not.',
    needs: 'kube-prometheus-stack',
  },
];

const prometheusVolumeFills: AlertRule = {
  alert: 'PrometheusVolumeFills',
  expr:
    `max by (cluster, persistentvolumeclaim) (kubelet_volume_stats_used_bytes{namespace="${MONITORING_NAMESPACE}"}` +
    ` / kubelet_volume_stats_capacity_bytes{namespace="${MONITORING_NAMESPACE}"}) > 0.9`,
  forMinutes: 15,
  severity: 'warning',
  summary: 'The volume {{ $labels.persistentvolumeclaim }} is {{ $value | humanizePercentage }} full.',
  why:
    'retentionSize deletes the oldest data at four fifths: above nine tenths it does not hold, as the log ' +
    'of writes is not part of it.',
  needs: 'kube-prometheus-stack',
};

const SECRETS: readonly AlertRule[] = [
  {
    alert: 'SecretNotSynced',
    expr:
      'max by (cluster, exported_namespace, name) ' +
      '(externalsecret_status_condition{condition="Ready", status="False"}) == 1',
    forMinutes: 15,
    severity: 'warning',
    summary:
      'The secret {{ $labels.name }} of {{ $labels.exported_namespace }} on {{ $labels.cluster }} does ' +
      'not come from the vault. What is there stays as it was.',
    why:
      'Pods go on with the Secret that they have (C5): a rotation is what does not arrive, so minutes are ' +
      'no matter.',
    needs: 'external-secrets',
  },
  {
    alert: 'SecretStoreNotReady',
    expr: 'max by (cluster, name) (clustersecretstore_status_condition{condition="Ready", status="False"}) == 1',
    forMinutes: 15,
    severity: 'critical',
    summary:
      'External Secrets of {{ $labels.cluster }} cannot sign in to the vault: a new workload gets no secret.',
    why: 'The store is checked by itself, so this tells of a lost federation before a secret is asked for.',
    needs: 'external-secrets',
  },
];

const DEPLOYMENTS: readonly AlertRule[] = [
  {
    alert: 'ApplicationOutOfSync',
    expr: 'max by (project, name) (argocd_app_info{sync_status!="Synced"}) == 1',
    forMinutes: 60,
    severity: 'warning',
    summary: 'The cluster is not as the tree says: {{ $labels.name }} has not been in sync for an hour.',
    why:
      'Syncs are automatic and tried again every five minutes at most: what an hour does not mend needs ' +
      'somebody.',
    needs: 'argo-cd',
  },
  {
    alert: 'ApplicationDegraded',
    expr: 'max by (project, name) (argocd_app_info{health_status=~"Degraded|Missing"}) == 1',
    forMinutes: 30,
    severity: 'warning',
    summary: 'What {{ $labels.name }} installs is not healthy.',
    why:
      'A Deployment counts as degraded after ten minutes without progress (Kubernetes, ' +
      'progressDeadlineSeconds); a Spot node comes back within that.',
    needs: 'argo-cd',
  },
];

const spotNodesGone: AlertRule = {
  alert: 'SpotNodesLost',
  expr: `(${spotNodesLost('30m')}) >= ${LOST_NODES}`,
  forMinutes: 0,
  severity: 'warning',
  summary: '{{ $labels.cluster }} lost {{ $value }} Spot nodes within half an hour.',
  why:
    'Metrics do not say why a node went: the autoscaler and an upgrade remove nodes, too. Azure Monitor ' +
    'has the notices.',
  needs: 'kube-prometheus-stack',
};

const podDoesNotRun: AlertRule = {
  alert: 'PodDoesNotRun',
  expr: 'max by (cluster, namespace, pod) (kube_pod_status_phase{phase=~"Pending|Unknown"}) == 1',
  forMinutes: 15,
  severity: 'warning',
  summary:
    'The pod {{ $labels.pod }} of {{ $labels.namespace }} on {{ $labels.cluster }} does not start: no ' +
    'node takes it, its image does not come, or its volume.',
  why:
    'Without a fallback a shortage of Spot shows as Pending pods and nowhere else (C2). A node takes a ' +
    'few minutes to join. Unknown is a pod whose node stopped talking.',
  needs: 'kube-prometheus-stack',
};

const apiServerErrors: AlertRule = {
  alert: 'ApiServerErrors',
  expr:
    'sum by (cluster) (rate(rest_client_requests_total{job="kubelet", code=~"5..|<error>"}[5m])) ' +
    '/ sum by (cluster) (rate(rest_client_requests_total{job="kubelet"}[5m])) > 0.05',
  forMinutes: 15,
  severity: 'critical',
  summary:
    '{{ $value | humanizePercentage }} of the requests to the API server of {{ $labels.cluster }} fail.',
  why:
    'Asked of the kubelets, which are on every node and talk to this API server alone. <error> is an ' +
    'answer that never came, which the API server cannot count itself.',
  needs: 'kube-prometheus-stack',
};
