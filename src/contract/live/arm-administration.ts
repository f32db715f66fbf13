import { type HeldRole, roleHoldersIn } from '../admin-role.ts';
import type { AdministrationEvidence } from '../evidence.ts';
import { booleanOf, listOf, textOf, valueAt } from '../kubernetes/value-at.ts';
import type { ClusterNames } from './arm-clusters.ts';
import { type ArmResource, type ArmResources, CLUSTER, isSaid, known } from './arm-resources.ts';

const ASSIGNMENT = 'microsoft.authorization/roleassignments';

/** Who administers each cluster that has no local accounts. A snapshot without role assignments knows of none. */
export function administrationOf(
  resources: ArmResources,
  nameOf: ClusterNames,
): readonly AdministrationEvidence[] {
  const assignments = resources.ofType(ASSIGNMENT);
  return resources.ofType(CLUSTER).flatMap((cluster): AdministrationEvidence[] => {
    const at = (...path: readonly string[]): unknown => valueAt(cluster.value, 'properties', ...path);
    const isWithoutLocal = booleanOf(at('disableLocalAccounts'));
    const isEntraSaid = isSaid(cluster.value, 'properties', 'aadProfile');
    if (isWithoutLocal === false || (isEntraSaid && at('aadProfile') === undefined)) return [];
    const path = [...cluster.path, 'properties', 'aadProfile', 'adminGroupObjectIDs'];
    const item = known<AdministrationEvidence>({ path, cluster: nameOf(cluster.id) });
    if (isWithoutLocal === undefined) return [item];
    const groups = listOf(at('aadProfile', 'adminGroupObjectIDs'));
    const takesRoles = booleanOf(at('aadProfile', 'enableAzureRBAC'));
    // Azure leaves an empty list out, `az` writes null: a profile that says the rest has none.
    const isWhole =
      takesRoles !== undefined || isSaid(cluster.value, 'properties', 'aadProfile', 'adminGroupObjectIDs');
    return [
      known<AdministrationEvidence>({
        ...item,
        groups: groups?.length ?? (isWhole ? 0 : undefined),
        takesRoles,
        roleHolders: resources.hasType(ASSIGNMENT)
          ? roleHoldersIn(assignments.map((assignment) => heldRole(assignment, cluster.id)))
          : undefined,
      }),
    ];
  });
}

/** Azure wraps what it says of an assignment into properties; `az` does not. */
function heldRole({ value }: ArmResource, clusterId: string): HeldRole {
  const at = (key: string): string | undefined =>
    textOf(valueAt(value, 'properties', key)) ?? textOf(valueAt(value, key));
  const scope = at('scope');
  return {
    role: at('roleDefinitionId') ?? at('roleDefinitionName'),
    holder: at('principalType'),
    coversCluster: scope === undefined ? undefined : isInScope(clusterId, scope),
  };
}

/**
 * Whether a resource lies in a scope, both as ids of Azure; undefined for a management group, which does not say which
 * subscriptions it holds.
 */
function isInScope(resourceId: string, scope: string): boolean | undefined {
  const [inner, outer] = [resourceId, scope].map((id) => id.toLowerCase().replace(/\/+$/, ''));
  if (outer!.startsWith('/providers/microsoft.management/')) return undefined;
  return inner === outer || inner!.startsWith(`${outer}/`);
}
