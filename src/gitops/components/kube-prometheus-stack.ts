import type { ClusterPlan, PlannedPods, Platform } from '../../model/platform.ts';
import { copiesOf, onUserNodes, podsOf, prefersOnDemand, resourcesOf } from '../placement.ts';
import { because, type YamlMap } from '../yaml.ts';
import { podMonitors } from './pod-monitors.ts';

export const MONITORING_NAMESPACE = 'monitoring';
/** The Secret that holds `admin-user` and `admin-password`. */
export const GRAFANA_ADMIN = 'grafana-admin';
/** The Service on mgmt that takes remote writes, and its twins on the app clusters. */
export const REMOTE_WRITE_SERVICE = 'prometheus-mgmt';
export const PROMETHEUS_PORT = 9090;

/** Scratch of Grafana and of its side-car: with a read-only root neither starts without a folder to write to. */
const SCRATCH = { name: 'tmp', mountPath: '/tmp' };
const READ_ONLY_ROOT = { readOnlyRootFilesystem: true };

/** Rules of the chart for what the tree watches in its own way. */
const REPLACED_RULES = [
  'KubeClientErrors',
  'KubePodNotReady',
  'PrometheusRemoteStorageFailures',
  'PrometheusRemoteWriteBehind',
] as const;

/** Values of the Prometheus stack: the whole of it on mgmt, an agent that forwards on app clusters. */
export function kubePrometheusStackValues(platform: Platform, cluster: ClusterPlan): YamlMap {
  const pods = (name: string): PlannedPods => podsOf(cluster, 'kube-prometheus-stack', name)!;
  const place = placeOf(cluster);
  return {
    ...managedByAks(),
    prometheusOperator: {
      resources: resourcesOf('prometheus-operator', 'kube-prometheus-stack'),
      ...place,
      // One setting for the side-cars, and init containers, of Prometheus, agents and Alertmanager.
      prometheusConfigReloader: {
        resources: resourcesOf('prometheus', 'config-reloader'),
        enableProbe: true,
      },
      admissionWebhooks: because(
        'They would fail open anyway, and need hook Jobs and a certificate. Rules are checked before ' +
          'they are committed.',
        { enabled: false },
      ),
      tls: because('Else the operator waits for the certificate of the webhooks.', { enabled: false }),
    },
    'kube-state-metrics': { resources: resourcesOf('kube-state-metrics', 'kube-state-metrics'), ...place },
    'prometheus-node-exporter': nodeExporter(),
    ...(cluster.role === 'mgmt' ? hub(platform, cluster, pods) : spoke(platform, cluster)),
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

/** It reads the node as nobody: what the chart leaves open is not needed for that. */
function nodeExporter(): YamlMap {
  return {
    resources: resourcesOf('node-exporter', 'node-exporter'),
    securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
    containerSecurityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
  };
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
function prometheusSpec(
  platform: Platform,
  cluster: ClusterPlan,
  name: 'prometheus' | 'prometheus-agent',
): YamlMap {
  const { name: fleet, environment } = platform.fleet;
  return {
    replicas: copiesOf(podsOf(cluster, 'kube-prometheus-stack', name)!),
    resources: resourcesOf(name, 'prometheus'),
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
        ...prometheusSpec(platform, cluster, 'prometheus'),
        scrapeClasses: because(
          'What it stores of its own cluster says so, too. External labels go only on what leaves Prometheus.',
          [
            {
              name: 'own-cluster',
              default: true,
              relabelings: [{ targetLabel: 'cluster', replacement: cluster.name }],
            },
          ],
        ),
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
        resources: resourcesOf('alertmanager', 'alertmanager'),
        ...placeOf(cluster),
      },
      ...(copiesOf(alertmanager) >= 2 ? { podDisruptionBudget: { enabled: true } } : {}),
    },
    grafana: grafana(platform, cluster, pods('grafana')),
    defaultRules: because('The tree has a rule of its own for each.', {
      disabled: Object.fromEntries(REPLACED_RULES.map((name) => [name, true])),
    }),
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
    resources: resourcesOf('grafana', 'grafana'),
    containerSecurityContext: READ_ONLY_ROOT,
    extraEmptyDirMounts: because('The root is read-only.', [SCRATCH]),
    'grafana.ini': {
      // grafana/grafana issue 132528, seen on 13.2 with a read-only root.
      plugins: because(
        'Else it looks for newer plugins at every start, unloads the Prometheus one that is in the image, ' +
          'and cannot replace it.',
        { preinstall_disabled: true },
      ),
    },
    ...placeOf(cluster),
    admin: because('From the vault. The chart would make a new password at every render.', {
      existingSecret: GRAFANA_ADMIN,
    }),
    ...(platform.fleet.secrets.sync === 'csi' ? fromCsi : {}),
    sidecar: {
      resources: resourcesOf('grafana', 'grafana-sc-dashboard'),
      securityContext: READ_ONLY_ROOT,
      dashboards: { extraMounts: [SCRATCH] },
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

function spoke(platform: Platform, cluster: ClusterPlan): YamlMap {
  const spec = prometheusSpec(platform, cluster, 'prometheus-agent');
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
