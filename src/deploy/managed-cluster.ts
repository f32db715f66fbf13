import type { ClusterPlan } from '../model/platform.ts';
import { resourceGroupPath } from './resource-group.ts';
import type { Deployment } from './run.ts';

/** As azurerm 5.2.0 asks for clusters. */
export const MANAGED_CLUSTER_API = '2025-10-01';

/** Azure id of a cluster. */
export function managedClusterPath(
  deployment: Pick<Deployment, 'subscription'>,
  cluster: ClusterPlan,
): string {
  const group = resourceGroupPath(deployment, cluster.resourceGroup);
  return `${group}/providers/Microsoft.ContainerService/managedClusters/${cluster.resourceName}`;
}

/** Whether it has an API server: one whose creation failed may have none. */
export function hasApiServer(cluster: unknown): boolean {
  const { properties = {} } = (cluster ?? {}) as { readonly properties?: Readonly<Record<string, unknown>> };
  return properties['fqdn'] !== undefined || properties['privateFQDN'] !== undefined;
}

/** Whether a cluster, as ARM answers it, is there and runs. */
export function powerOf(cluster: unknown): 'absent' | 'Running' | 'Stopped' {
  if (cluster === undefined) return 'absent';
  const { properties } = cluster as {
    readonly properties?: { readonly powerState?: { readonly code?: string } };
  };
  return properties?.powerState?.code === 'Stopped' ? 'Stopped' : 'Running';
}
