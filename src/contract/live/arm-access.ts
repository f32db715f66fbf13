import { clusterRole } from '../../catalog/cluster-roles.ts';
import type { AccessGrantEvidence } from '../access-evidence.ts';
import { clusterScopeOf, grantsOfRoles, type HeldClusterRole } from '../cluster-scope.ts';
import { textOf, textsOf, valueAt } from '../kubernetes/value-at.ts';
import type { ClusterNames } from './arm-clusters.ts';
import { type ArmResource, type ArmResources, CLUSTER, lastStep } from './arm-resources.ts';

const ASSIGNMENT = 'microsoft.authorization/roleassignments';
const IDENTITY = 'microsoft.managedidentity/userassignedidentities';

/** The roles of Azure that count inside clusters. */
export function accessGrantsOf(
  resources: ArmResources,
  nameOf: ClusterNames,
): readonly AccessGrantEvidence[] {
  const roles = resources.ofType(ASSIGNMENT).flatMap((assignment) => clusterRoleOf(assignment, nameOf));
  return grantsOfRoles(roles, adminGroupsOf(resources));
}

/** Entra groups that a cluster names as its administrators. */
function adminGroupsOf(resources: ArmResources): readonly string[] {
  return resources
    .ofType(CLUSTER)
    .flatMap(({ value }) => textsOf(valueAt(value, 'properties', 'aadProfile', 'adminGroupObjectIDs')) ?? []);
}

/** Names of managed identities by the client ids by which ServiceAccounts name them. */
export function identitiesByClient(resources: ArmResources): ReadonlyMap<string, string> {
  return new Map(
    resources.ofType(IDENTITY).flatMap(({ id, value }) => {
      const client = textOf(valueAt(value, 'properties', 'clientId'));
      return client === undefined ? [] : [[client.toLowerCase(), lastStep(id)] as const];
    }),
  );
}

/** Azure wraps what it says of an assignment into properties; `az` does not. */
function clusterRoleOf({ path, value }: ArmResource, nameOf: ClusterNames): HeldClusterRole[] {
  const at = (key: string): string | undefined =>
    textOf(valueAt(value, 'properties', key)) ?? textOf(valueAt(value, key));
  const written = at('roleDefinitionName') ?? at('roleDefinitionId');
  const role = written === undefined ? undefined : clusterRole(written);
  const text = at('scope');
  const scope = text === undefined ? undefined : clusterScopeOf(text);
  if (role === undefined || scope?.kind === 'elsewhere') return [];
  return [
    {
      path: [...path, 'name'],
      role,
      principal: at('principalId'),
      principalType: at('principalType'),
      cluster: scope?.kind === 'cluster' ? nameOf(scope.clusterId) : undefined,
      scope,
    },
  ];
}
