/**
 * Built-in roles of Azure that count inside a cluster which takes them, by id (learn.microsoft.com, aks/manage-azure-rbac
 * and role-based-access-control/built-in-roles/containers, 2026-08).
 */
const CLUSTER_ROLES = {
  '7f6c6a51-bcf8-42ba-9220-52d62157d7db': 'Azure Kubernetes Service RBAC Reader',
  'a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb': 'Azure Kubernetes Service RBAC Writer',
  '3498e952-d568-435e-9b2c-8d77e338d7f7': 'Azure Kubernetes Service RBAC Admin',
  'b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b': 'Azure Kubernetes Service RBAC Cluster Admin',
} as const satisfies Record<string, string>;

export const CLUSTER_ADMIN_ROLE = CLUSTER_ROLES['b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b'];

/** Whether a role reads alone: that of readers shows no Secrets, whose content would let them act as others. */
export function isReadingRole(role: string): boolean {
  return role === CLUSTER_ROLES['7f6c6a51-bcf8-42ba-9220-52d62157d7db'];
}

/** The name of such a role, of its name or its id, whatever stands before that; undefined for every other role. */
export function clusterRole(nameOrId: string): string | undefined {
  const last = nameOrId.slice(nameOrId.lastIndexOf('/') + 1).toLowerCase();
  const found = Object.entries(CLUSTER_ROLES).find(
    ([id, name]) => id === last || name.toLowerCase() === last,
  );
  return found?.[1];
}
