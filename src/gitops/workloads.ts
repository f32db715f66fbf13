import { formatCpu, formatMemory } from '../base/quantity.ts';
import type { Fleet, Workload } from '../fleet/fleet.ts';
import { isGlobal } from '../model/calls.ts';
import type { ClusterPlan, Platform } from '../model/platform.ts';
import { variableName } from '../model/workload-variables.ts';
import type { Manifest } from './manifest.ts';
import { SPREAD, workloadPlacement } from './placement.ts';
import type { VaultSecret } from './vault-access.ts';
import type { YamlMap } from './yaml.ts';

/**
 * Azure announces an eviction 30 seconds ahead at best (learn.microsoft.com, scheduled-events, Preempt); a
 * pod that needs longer is cut off.
 */
const GRACE_SECONDS = 25;
/** The pod leaves the Services before it is told to stop. */
const LEAVE_SECONDS = 5;
const VAULT_MOUNT = '/mnt/vault';
/** What a workload's Service listens on, whatever its pods do. */
export const SERVICE_PORT = 80;
/** Peers may call it. Who has pods of it beside himself asks those, and others only while there is none. */
const OVER_THE_MESH = { 'service.cilium.io/global': 'true', 'service.cilium.io/affinity': 'local' } as const;

/** The clusters of the plan that a workload runs on. */
export function clustersOf(platform: Platform, workload: Workload): readonly ClusterPlan[] {
  return platform.clusters.filter((cluster) => cluster.workloads.includes(workload));
}

/** The Secret of the workload, or undefined when it reads none. */
export function workloadSecret({ name, secrets }: Workload): VaultSecret | undefined {
  if (secrets.length === 0) return undefined;
  const keys = secrets.map((secret) => ({ key: secret, vaultSecret: secret }));
  return { name: `${name}-vault`, namespace: name, keys };
}

/** What runs a workload: the same on each of its clusters. */
export function workloadObjects(platform: Platform, workload: Workload): readonly Manifest[] {
  const labels = { 'app.kubernetes.io/name': workload.name };
  const metadata = { name: workload.name, namespace: workload.name, labels };
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata, automountServiceAccountToken: false },
    deployment(platform, workload, labels),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: isGlobal(platform.fleet, workload) ? { ...metadata, annotations: OVER_THE_MESH } : metadata,
      spec: { selector: labels, ports: [{ name: 'http', port: SERVICE_PORT, targetPort: 'http' }] },
    },
    ...budget(workload, labels),
  ];
}

/** One replica gets no budget: it would forbid every drain. Broken pods never hold one up. */
function budget({ name, replicas }: Workload, labels: YamlMap): readonly Manifest[] {
  if (replicas < 2) return [];
  return [
    {
      apiVersion: 'policy/v1',
      kind: 'PodDisruptionBudget',
      metadata: { name, namespace: name, labels },
      spec: {
        maxUnavailable: 1,
        unhealthyPodEvictionPolicy: 'AlwaysAllow',
        selector: { matchLabels: labels },
      },
    },
  ];
}

function deployment(platform: Platform, workload: Workload, labels: YamlMap): Manifest {
  const { fleet } = platform;
  const clusters = clustersOf(platform, workload);
  // In demo there is nothing but Spot to stand on (C2).
  const needsOnDemand = workload.critical && fleet.environment === 'production';
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: workload.name, namespace: workload.name, labels },
    spec: {
      replicas: workload.replicas,
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
      selector: { matchLabels: labels },
      template: {
        metadata: {
          labels,
          // Else the autoscaler would never empty a node on which a pod with this scratch volume stands.
          annotations: { 'cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes': 'tmp' },
        },
        spec: {
          serviceAccountName: workload.name,
          automountServiceAccountToken: false,
          terminationGracePeriodSeconds: GRACE_SECONDS,
          ...workloadPlacement(clusters, needsOnDemand),
          topologySpreadConstraints: SPREAD.map((constraint) => ({
            ...constraint,
            labelSelector: { matchLabels: labels },
            matchLabelKeys: ['pod-template-hash'],
          })),
          securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
          containers: [container(fleet, workload)],
          volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '64Mi' } }, ...vaultVolumes(fleet, workload)],
        },
      },
    },
  };
}

function container(fleet: Fleet, workload: Workload): YamlMap {
  const probe = { tcpSocket: { port: 'http' } };
  const memory = formatMemory(workload.requests.memoryMiB);
  const mountsVault = vaultVolumes(fleet, workload).length > 0;
  return {
    name: workload.name,
    image: workload.image,
    ports: [{ name: 'http', containerPort: workload.port }],
    env: environment(workload),
    resources: { requests: { cpu: formatCpu(workload.requests.cpuMillis), memory }, limits: { memory } },
    startupProbe: { ...probe, periodSeconds: 2, failureThreshold: 60 },
    readinessProbe: { ...probe, periodSeconds: 5 },
    livenessProbe: { ...probe, periodSeconds: 10 },
    lifecycle: { preStop: { sleep: { seconds: LEAVE_SECONDS } } },
    securityContext: {
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    },
    volumeMounts: [
      { name: 'tmp', mountPath: '/tmp' },
      ...(mountsVault ? [{ name: 'vault', mountPath: VAULT_MOUNT, readOnly: true }] : []),
    ],
  };
}

/** Plain settings, then secrets: `db-password` becomes `DB_PASSWORD`. A setting of the same name stands. */
function environment(workload: Workload): readonly YamlMap[] {
  const secret = workloadSecret(workload);
  const variables = new Map<string, YamlMap>();
  for (const [name, value] of Object.entries(workload.env)) variables.set(name, { name, value });
  for (const { key } of secret?.keys ?? []) {
    const name = variableName(key);
    const valueFrom = { secretKeyRef: { name: secret!.name, key } };
    if (!variables.has(name)) variables.set(name, { name, valueFrom });
  }
  return [...variables.values()];
}

/** With CSI a pod gets its Secret by mounting it, and starts only while the vault answers. */
function vaultVolumes(fleet: Fleet, workload: Workload): readonly YamlMap[] {
  const secret = workloadSecret(workload);
  if (fleet.secrets.sync !== 'csi' || !secret) return [];
  return [
    {
      name: 'vault',
      csi: {
        driver: 'secrets-store.csi.k8s.io',
        readOnly: true,
        volumeAttributes: { secretProviderClass: secret.name },
      },
    },
  ];
}
