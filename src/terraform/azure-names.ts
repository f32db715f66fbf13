import type { Fleet } from '../fleet/fleet.ts';
import type { ClusterPlan } from '../model/platform.ts';

/** `MSCI-koreacentral-aks-atlas-demo-mgmt`, as the portal names them, within the 64 characters that Azure takes. */
export function collectionRuleName(prefix: string, fleet: Fleet, cluster: ClusterPlan): string {
  return `${prefix}-${fleet.region}-${cluster.resourceName}`.slice(0, 64).replace(/-+$/, '');
}

/** Azure Monitor workspace and Managed Grafana of a fleet that has its metrics kept by Azure. */
export function managedMetricsNames(stem: string): { readonly workspace: string; readonly grafana: string } {
  // Grafana takes 23 characters (azurerm 5.2), one less than the longest fleet name would need.
  return { workspace: `amw-${stem}`, grafana: `amg-${stem}`.slice(0, 23).replace(/-+$/, '') };
}
