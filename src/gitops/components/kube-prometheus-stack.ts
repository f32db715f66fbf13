import type { ClusterPlan, PlannedPods, Platform } from '../../model/platform.ts';
import { copiesOf, onUserNodes, podsOf, prefersOnDemand, requesting, without } from '../placement.ts';
import { because, type YamlMap } from '../yaml.ts';
import { podMonitors } from './pod-monitors.ts';

export const MONITORING_NAMESPACE = 'monitoring';
/** The Secret that holds `admin-user` and `admin-password`, and what they are called in the vault. */
export const GRAFANA_ADMIN = 'grafana-admin';
export const GRAFANA_VAULT_SECRETS = ['grafana-admin-user', 'grafana-admin-password'] as const;
/** The Service on mgmt that takes remote writes, and its twins on the app clusters. */
export const REMOTE_WRITE_SERVICE = 'prometheus-mgmt';
export const PROMETHEUS_PORT = 9090;

const CONFIG_RELOADER = { cpuMillis: 10, memoryMiB: 32 };
const DASHBOARD_SIDECAR = { cpuMillis: 10, memoryMiB: 64 };

/** Values of the Prometheus stack: the whole of it on mgmt, an agent that forwards on app clusters. */
export function kubePrometheusStackValues(platform: Platform, cluster: ClusterPlan): YamlMap {
  const pods = (name: string): PlannedPods => podsOf(cluster, 'kube-prometheus-stack', name)!;
  const place = placeOf(cluster);
  return {
    ...managedByAks(),
    prometheusOperator: {
      resources: requesting(pods('prometheus-operator')),
      ...place,
      prometheusConfigReloader: { resources: requesting(CONFIG_RELOADER) },
      admissionWebhooks: because(
        'They would fail open anyway, and need hook Jobs and a certificate. Rules are checked before ' +
          'they are committed.',
        { enabled: false },
      ),
      tls: because('Else the operator waits for the certificate of the webhooks.', { enabled: false }),
    },
    'kube-state-metrics': { resources: requesting(pods('kube-state-metrics')), ...place },
    'prometheus-node-exporter': { resources: requesting(pods('node-exporter')) },
    ...(cluster.role === 'mgmt' ? hub(platform, cluster, pods) : spoke(platform, cluster, pods)),
  };
}

/** Whether an app cluster reaches mgmt over the mesh, and with it the Prometheus there. */
export function forwardsToMgmt(platform: Platform, cluster: ClusterPlan): boolean {
  const mgmt = platform.clusters.find(({ role }) => role === 'mgmt');
  return cluster.mesh?.peers.some((peer) => peer.cluster === mgmt?.name) ?? false;
}

function placeOf(cluster: ClusterPlan): YamlMap {
  const affinity = prefersOnDemand(cluster);
  return { ...onUserNodes(cluster), ...(affinity ? { affinity } : {}) };
}

function managedByAks(): YamlMap {
  const off = { enabled: false };
  return {
    kubeControllerManager: because("Azure's own, out of reach.", off),
    kubeEtcd: off,
    kubeScheduler: off,
    kubeProxy: because('Its metrics listen on the node alone.', off),
  };
}

/** What Prometheus selects and says of itself, whether it stores or forwards. */
function prometheusSpec(platform: Platform, cluster: ClusterPlan, pod: PlannedPods): YamlMap {
  const { name: fleet, environment } = platform.fleet;
  return {
    replicas: copiesOf(pod),
    resources: requesting(without(pod, CONFIG_RELOADER)),
    ...placeOf(cluster),
    externalLabels: { fleet, environment, cluster: cluster.name },
    serviceMonitorSelectorNilUsesHelmValues: because(
      "Else it takes none but the chart's own monitors.",
      false,
    ),
    podMonitorSelectorNilUsesHelmValues: false,
    probeSelectorNilUsesHelmValues: false,
    ruleSelectorNilUsesHelmValues: false,
    scrapeConfigSelectorNilUsesHelmValues: false,
  };
}

function hub(platform: Platform, cluster: ClusterPlan, pods: (name: string) => PlannedPods): YamlMap {
  const alertmanager = pods('alertmanager');
  return {
    prometheus: {
      prometheusSpec: {
        ...prometheusSpec(platform, cluster, pods('prometheus')),
        enableRemoteWriteReceiver: because('The app clusters write here.', true),
        retention: '15d',
        retentionSize: because(
          'Four fifths of the disk: the oldest data goes before the disk is full.',
          '40GB',
        ),
        storageSpec: {
          volumeClaimTemplate: {
            spec: {
              storageClassName: 'managed-csi',
              accessModes: ['ReadWriteOnce'],
              resources: { requests: { storage: '50Gi' } },
            },
          },
        },
      },
      additionalPodMonitors: podMonitors(cluster),
    },
    alertmanager: {
      alertmanagerSpec: {
        replicas: copiesOf(alertmanager),
        resources: requesting(without(alertmanager, CONFIG_RELOADER)),
        ...placeOf(cluster),
      },
      ...(copiesOf(alertmanager) >= 2 ? { podDisruptionBudget: { enabled: true } } : {}),
    },
    grafana: grafana(platform, cluster, pods('grafana')),
  };
}

function grafana(platform: Platform, cluster: ClusterPlan, pod: PlannedPods): YamlMap {
  const fromCsi = {
    serviceAccount: because('The name that its federated credential trusts (C4).', {
      name: 'kube-prometheus-stack-grafana',
    }),
    extraSecretMounts: because('The volume brings the Secret into being.', [
      {
        name: 'vault',
        mountPath: '/mnt/vault',
        readOnly: true,
        csi: {
          driver: 'secrets-store.csi.k8s.io',
          readOnly: true,
          volumeAttributes: { secretProviderClass: GRAFANA_ADMIN },
        },
      },
    ]),
  };
  return {
    replicas: copiesOf(pod),
    resources: requesting(without(pod, DASHBOARD_SIDECAR)),
    ...placeOf(cluster),
    admin: because('From the vault. The chart would make a new password at every render.', {
      existingSecret: GRAFANA_ADMIN,
    }),
    ...(platform.fleet.secrets.sync === 'csi' ? fromCsi : {}),
    sidecar: {
      resources: requesting(DASHBOARD_SIDECAR),
      datasources: because('There is one, and it is below: a sidecar less.', { enabled: false }),
    },
    datasources: {
      'datasources.yaml': {
        apiVersion: 1,
        datasources: [
          {
            name: 'Prometheus',
            uid: 'prometheus',
            type: 'prometheus',
            url: `http://kube-prometheus-stack-prometheus.${MONITORING_NAMESPACE}:${PROMETHEUS_PORT}`,
            isDefault: true,
          },
        ],
      },
    },
    testFramework: { enabled: false },
  };
}

function spoke(platform: Platform, cluster: ClusterPlan, pods: (name: string) => PlannedPods): YamlMap {
  const spec = prometheusSpec(platform, cluster, pods('prometheus-agent'));
  const url = `http://${REMOTE_WRITE_SERVICE}.${MONITORING_NAMESPACE}.svc:${PROMETHEUS_PORT}/api/v1/write`;
  return {
    prometheus: {
      agentMode: because('Keeps nothing but what is still to be sent.', true),
      prometheusSpec: forwardsToMgmt(platform, cluster)
        ? { ...spec, remoteWrite: because('A global Service of the mesh: its pods are on mgmt.', [{ url }]) }
        : {
            ...spec,
            remoteWrite: because(
              'Nowhere to write to: without a mesh between this cluster and mgmt the Prometheus there ' +
                'is out of reach.',
              [],
            ),
          },
      additionalPodMonitors: podMonitors(cluster),
    },
    defaultRules: because('An agent evaluates no rules; mgmt does.', { create: false }),
    alertmanager: { enabled: false },
    grafana: { enabled: false },
  };
}
