import { compareText } from '../base/order.ts';
import type { Workload } from '../fleet/fleet.ts';
import { calledElsewhere } from '../model/calls.ts';
import type { ClusterPlan, NodePool, Platform } from '../model/platform.ts';
import {
  forwardsToMgmt,
  MONITORING_NAMESPACE,
  PROMETHEUS_PORT,
  REMOTE_WRITE_SERVICE,
} from './components/kube-prometheus-stack.ts';
import { KEPT, type Manifest } from './manifest.ts';
import { isMixed } from './placement.ts';
import { closedNamespaces } from './policies/namespaces.ts';
import { networkPolicies } from './policies/network-policies.ts';
import { quotas } from './quotas.ts';
import { VAULT_LABEL } from './vault-access.ts';
import { SERVICE_PORT } from './workloads.ts';

const POD_SECURITY = 'pod-security.kubernetes.io/enforce';

/** What a cluster has that no chart brings, by file name. */
export function clusterBase(
  platform: Platform,
  cluster: ClusterPlan,
): readonly (readonly [string, readonly Manifest[]])[] {
  const files: (readonly [string, readonly Manifest[]])[] = [
    ['namespaces.yaml', namespaces(platform, cluster)],
    ['autoscaler.yaml', isMixed(cluster) ? [priorityExpander(cluster)] : []],
    ['monitoring.yaml', remoteWriteService(platform, cluster)],
    ['calls.yaml', calledElsewhere(platform.fleet, cluster.name).map(serviceOfPeers)],
    ['policies.yaml', networkPolicies(platform, cluster)],
    ['quotas.yaml', quotas(platform, cluster)],
  ];
  return files.filter(([, objects]) => objects.length > 0);
}

/**
 * Namespaces of components, of workloads and of teams. A workload's is the platform's: its owner must not relax its own
 * rules.
 */
function namespaces(platform: Platform, cluster: ClusterPlan): Manifest[] {
  const byName = new Map<string, Record<string, string>>();
  // Of a workload that is called here and runs elsewhere, and of a team: nothing of the platform stands there.
  for (const { name } of closedNamespaces(platform, cluster))
    byName.set(name, { [POD_SECURITY]: 'restricted' });
  for (const { name, secrets } of cluster.workloads) {
    byName.set(name, { [POD_SECURITY]: 'restricted', ...(secrets.length > 0 ? vaultLabel(platform) : {}) });
  }
  for (const { namespace } of cluster.components) {
    if (namespace === 'kube-system') continue;
    // node-exporter looks at the node itself, which no profile below privileged allows.
    const isMonitoring = namespace === MONITORING_NAMESPACE;
    byName.set(namespace, {
      [POD_SECURITY]: isMonitoring ? 'privileged' : 'baseline',
      ...(isMonitoring && cluster.role === 'mgmt' ? vaultLabel(platform) : {}),
    });
  }
  return [...byName]
    .toSorted(([a], [b]) => compareText(a, b))
    .map(([name, labels]) => ({
      apiVersion: 'v1',
      kind: 'Namespace',
      // In no wave of its own: namespaces are made first in any (Argo CD 3.4, gitops-engine, kindOrder), and between waves
      // Argo CD waits two seconds, in which a workload could come before what closes the namespace.
      metadata: { name, labels, annotations: KEPT },
    }));
}

function vaultLabel({ fleet }: Platform): Record<string, string> {
  return fleet.secrets.sync === 'external-secrets' ? VAULT_LABEL : {};
}

/**
 * Spot first, the preferred size before the others, On-Demand when there is no Spot to be had (ADR-A01). The
 * highest number wins (cluster-autoscaler, priority expander); a pool's scale set is called
 * `aks-<pool>-<number>-vmss`.
 */
function priorityExpander({ pools }: ClusterPlan): Manifest {
  const spot = pools.filter(({ mode, capacityType }) => mode === 'User' && capacityType === 'Spot');
  const named = (pool: NodePool): string => `.*-${pool.name}-.*`;
  const levels: readonly (readonly [number, readonly string[]])[] = [
    [10, ['.*']],
    [40, spot.filter(({ use }) => use !== 'preferred').map(named)],
    [50, spot.filter(({ use }) => use === 'preferred').map(named)],
  ];
  const text = levels
    .filter(([, patterns]) => patterns.length > 0)
    .map(([level, patterns]) => `${level}:\n${patterns.map((pattern) => `  - ${pattern}\n`).join('')}`);
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'cluster-autoscaler-priority-expander', namespace: 'kube-system' },
    data: { priorities: text.join('') },
  };
}

/**
 * The Service of remote writes: the same name on both sides makes it one over the mesh. Not the chart's own
 * Service, which exists under one name on mgmt and on every agent: made global, it would mix them up.
 */
function remoteWriteService(platform: Platform, cluster: ClusterPlan): Manifest[] {
  if (platform.fleet.observability.stack !== 'self' || !cluster.mesh) return [];
  const isHub = cluster.role === 'mgmt';
  const isUsed = isHub
    ? platform.clusters.some((other) => other.role === 'app' && forwardsToMgmt(platform, other))
    : forwardsToMgmt(platform, cluster);
  if (!isUsed) return [];
  const selector = {
    'app.kubernetes.io/name': 'prometheus',
    'operator.prometheus.io/name': 'kube-prometheus-stack-prometheus',
  };
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: {
        name: REMOTE_WRITE_SERVICE,
        namespace: MONITORING_NAMESPACE,
        annotations: {
          'service.cilium.io/global': 'true',
          ...(isHub ? {} : { 'service.cilium.io/shared': 'false' }),
        },
      },
      spec: {
        // No selector on the agents' side: all its pods are on mgmt.
        ...(isHub ? { selector } : {}),
        ports: [{ name: 'http', port: PROMETHEUS_PORT, targetPort: PROMETHEUS_PORT }],
      },
    },
  ];
}

/** A Service without pods of its own: those of the peers stand behind it. */
function serviceOfPeers({ name }: Workload): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: {
      name,
      namespace: name,
      annotations: { 'service.cilium.io/global': 'true', 'service.cilium.io/shared': 'false' },
    },
    spec: { ports: [{ name: 'http', port: SERVICE_PORT }] },
  };
}
