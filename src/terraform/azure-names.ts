import { sharedServiceLimits } from '../catalog/limits.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { ClusterPlan } from '../model/platform.ts';

/** `MSCI-koreacentral-aks-atlas-demo-mgmt`, as the portal names rules and their associations. */
export function collectionRuleName(prefix: string, fleet: Fleet, cluster: ClusterPlan): string {
  const { maxLength } = sharedServiceLimits.collectionRuleName;
  return shortened(`${prefix}-${fleet.region}-${cluster.resourceName}`, maxLength);
}

/** As the rule's, and shorter; it stands in the group of its cluster, so that a cut name meets no other. */
export function collectionEndpointName(prefix: string, fleet: Fleet, cluster: ClusterPlan): string {
  const { maxLength } = sharedServiceLimits.collectionEndpointName;
  return shortened(`${prefix}-${fleet.region}-${cluster.resourceName}`, maxLength);
}

/** Azure Monitor workspace and Managed Grafana of a fleet that has its metrics kept by Azure. */
export function managedMetricsNames(stem: string): { readonly workspace: string; readonly grafana: string } {
  // One less than the longest fleet name would need.
  return {
    workspace: `amw-${stem}`,
    grafana: shortened(`amg-${stem}`, sharedServiceLimits.grafanaName.maxLength),
  };
}

function shortened(name: string, maxLength: number): string {
  return name.slice(0, maxLength).replace(/-+$/, '');
}
