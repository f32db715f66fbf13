import { CLUSTER_ADMIN_ROLE, clusterRole } from '../catalog/cluster-roles.ts';

/** A role that somebody holds somewhere; what is not known is undefined. */
export type HeldRole = {
  /** Its name, its id, or the last step of its id. */
  readonly role: string | undefined;
  /** As Azure writes it: `User`, `Group`, `ServicePrincipal`. */
  readonly holder: string | undefined;
  /** Whether the cluster lies in its scope. */
  readonly coversCluster: boolean | undefined;
};

/**
 * How many people and groups these roles make admins of a cluster; undefined where one of them may and none is known
 * to. Programs do not count: nobody asks Argo CD for help.
 */
export function roleHoldersIn(roles: readonly HeldRole[]): number | undefined {
  const answers = roles.map(isAdmin);
  const sure = answers.filter((answer) => answer === true).length;
  return sure === 0 && answers.includes(undefined) ? undefined : sure;
}

function isAdmin({ role, holder, coversCluster }: HeldRole): boolean | undefined {
  // Owner and Contributor have rights on the resource alone, and none inside the cluster.
  const isRole = role === undefined ? undefined : clusterRole(role) === CLUSTER_ADMIN_ROLE;
  const isPerson = holder === undefined ? undefined : holder === 'User' || holder.endsWith('Group');
  const parts = [isRole, isPerson, coversCluster];
  if (parts.includes(false)) return false;
  return parts.includes(undefined) ? undefined : true;
}
