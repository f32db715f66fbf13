import { type HeldRole, roleHoldersIn } from '../admin-role.ts';
import type { AdministrationEvidence } from '../evidence.ts';
import { azureId } from './azure-id.ts';
import type { Instance } from './shown-file.ts';
import { CLUSTER, known, place, type Terms } from './terms.ts';
import { blocksAt, switchAt, textAt } from './values.ts';

const ENTRA = 'azure_active_directory_role_based_access_control';
const ROLE = 'azurerm_role_assignment';
const GROUP = 'azurerm_resource_group';
const IDENTITY = 'azurerm_user_assigned_identity';

/**
 * Who administers each cluster that has no local accounts. Without Entra too, Azure refuses the cluster, which another
 * invariant says.
 */
export function administrationOf(terms: Terms): AdministrationEvidence[] {
  const roles = terms.graph.managed(ROLE);
  return terms.graph.managed(CLUSTER).flatMap((cluster) => {
    const { values } = cluster;
    const isLocal = not(switchAt(values, 'local_account_disabled'));
    const blocks = blocksAt(values, ENTRA);
    if (isLocal === true || blocks?.length === 0) return [];
    const path = place(cluster, ENTRA, 0, 'admin_group_object_ids');
    const name = terms.labelOf(cluster);
    if (isLocal === undefined) return [{ path, cluster: name }];
    return [
      known<AdministrationEvidence>({
        path,
        cluster: name,
        groups: blocksAt(blocks?.[0], 'admin_group_object_ids')?.length,
        takesRoles: switchAt(blocks?.[0], 'azure_rbac_enabled'),
        // Where no file gives any role, those that there are stand elsewhere.
        roleHolders:
          roles.length === 0 ? undefined : roleHoldersIn(roles.map((role) => heldRole(terms, role, cluster))),
      }),
    ];
  });
}

function heldRole(terms: Terms, assignment: Instance, cluster: Instance): HeldRole {
  const { values } = assignment;
  const ofIdentity = terms.graph.link(assignment, ['principal_id'], IDENTITY).kind === 'resource';
  return {
    role: textAt(values, 'role_definition_name') ?? textAt(values, 'role_definition_id'),
    holder: textAt(values, 'principal_type') ?? (ofIdentity ? 'ServicePrincipal' : undefined),
    coversCluster: covers(terms, assignment, cluster),
  };
}

function covers({ graph }: Terms, assignment: Instance, cluster: Instance): boolean | undefined {
  const scope = graph.link(assignment, ['scope'], CLUSTER, GROUP);
  if (scope.kind === 'resource') {
    if (scope.to.type === CLUSTER) return graph.canonical(scope.to) === graph.canonical(cluster);
    const [own, other] = [textAt(cluster.values, 'resource_group_name'), textAt(scope.to.values, 'name')];
    return own === undefined || other === undefined ? undefined : own.toLowerCase() === other.toLowerCase();
  }
  const id = graph.idOf(cluster);
  if (scope.kind !== 'elsewhere' || id === undefined) return undefined;
  const subscription = /^\/subscriptions\/([^/]+)\/?$/i.exec(scope.id)?.[1];
  const outer =
    subscription === undefined ? azureId(scope.id) : { key: '', subscription: subscription.toLowerCase() };
  // A management group does not say which subscriptions it holds.
  if (outer === undefined) return undefined;
  const isInside = id.key === outer.key || id.key.startsWith(`${outer.key}/`);
  if (!isInside || id.subscription === outer.subscription) return isInside;
  return id.subscription === undefined ? undefined : false;
}

function not(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}
