import { CLUSTER_ADMIN_ROLE, isReadingRole } from '../catalog/cluster-roles.ts';
import type { Path } from '../base/finding.ts';
import { compact } from '../base/record.ts';
import type { AccessGrantEvidence } from './access-evidence.ts';

/** What a scope of Azure's roles means inside clusters. */
type ClusterScope =
  /** One cluster, or one namespace of it. */
  | { readonly kind: 'cluster'; readonly clusterId: string; readonly namespace: string | undefined }
  /** A group, a subscription or more: whatever clusters it holds. */
  | { readonly kind: 'above' }
  | { readonly kind: 'elsewhere' };

/** Reads the id of a scope; without regard to case, as Azure compares ids. */
export function clusterScopeOf(scope: string): ClusterScope {
  const id = scope.toLowerCase().replace(/\/+$/, '');
  const match =
    /^(.+\/providers\/microsoft\.containerservice\/managedclusters\/[^/]+)(?:\/(?:managed)?namespaces\/([^/]+))?$/.exec(
      id,
    );
  if (match) return { kind: 'cluster', clusterId: match[1]!, namespace: match[2] };
  const isAbove =
    /^\/subscriptions\/[^/]+(?:\/resourcegroups\/[^/]+)?$/.test(id) ||
    id.startsWith('/providers/microsoft.management/');
  return { kind: isAbove ? 'above' : 'elsewhere' };
}

/** A role that counts inside clusters, as far as it is known. */
export type HeldClusterRole = {
  readonly path: Path;
  readonly role: string;
  readonly principal: string | undefined;
  /** As Azure writes it: `User`, `Group`, `ServicePrincipal`. */
  readonly principalType: string | undefined;
  readonly cluster: string | undefined;
  /** Undefined where it is not known. */
  readonly scope: ClusterScope | undefined;
};

/** What roles let their holders do inside clusters. `adminGroups` are the groups that clusters name themselves. */
export function grantsOfRoles(
  roles: readonly HeldClusterRole[],
  adminGroups: readonly string[],
): readonly AccessGrantEvidence[] {
  const isTeam = teamTest(roles, adminGroups);
  return roles.map((held) =>
    compact({
      path: held.path,
      principal: held.principal,
      isTeam: isTeam(held),
      right: held.role,
      isReading: isReadingRole(held.role),
      cluster: held.cluster,
      isWhole: isWhole(held),
      namespace: held.scope?.kind === 'cluster' ? held.scope.namespace : undefined,
    }),
  );
}

function isWhole({ scope }: HeldClusterRole): boolean | undefined {
  return scope && (scope.kind === 'above' || (scope.kind === 'cluster' && scope.namespace === undefined));
}

/**
 * Answers whether a role makes its holder a team: people who administer no cluster. Administrators are the groups that
 * clusters name, and whoever may do everything in all of a cluster.
 */
function teamTest(
  roles: readonly HeldClusterRole[],
  adminGroups: readonly string[],
): (role: HeldClusterRole) => boolean | undefined {
  const admins = new Set([
    ...adminGroups.map((group) => group.toLowerCase()),
    ...roles
      .filter((held) => held.role === CLUSTER_ADMIN_ROLE && isWhole(held) !== false)
      .flatMap(({ principal }) => principal?.toLowerCase() ?? []),
  ]);
  return ({ principal, principalType }) => {
    if (principalType === 'ServicePrincipal' || principalType === 'Device') return false;
    if (principal === undefined) return undefined;
    if (admins.has(principal.toLowerCase())) return false;
    return principalType === undefined ? undefined : true;
  };
}
