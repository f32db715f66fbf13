import { clusterRole } from '../../catalog/cluster-roles.ts';
import type { AccessGrantEvidence, RoleAssignmentEvidence } from '../access-evidence.ts';
import { clusterScopeOf, grantsOfRoles, type HeldClusterRole } from '../cluster-scope.ts';
import { azureId } from './azure-id.ts';
import type { Instance } from './shown-file.ts';
import { CLUSTER, known, lastStep, place, type Terms } from './terms.ts';
import { textAt, textsAt } from './values.ts';

const ASSIGNMENT = 'azurerm_role_assignment';
const IDENTITY = 'azurerm_user_assigned_identity';
const ENTRA = 'azure_active_directory_role_based_access_control';
/** What roles are given on, of what is read of a plan. */
const SCOPES = [
  CLUSTER,
  IDENTITY,
  'azurerm_resource_group',
  'azurerm_virtual_network',
  'azurerm_subnet',
  'azurerm_public_ip',
  'azurerm_nat_gateway',
  'azurerm_key_vault',
  'azurerm_container_registry',
  'azurerm_log_analytics_workspace',
];

/** Every role that somebody gets. */
export function roleAssignmentsOf(terms: Terms): RoleAssignmentEvidence[] {
  return terms.graph.managed(ASSIGNMENT).map((assignment) =>
    known<RoleAssignmentEvidence>({
      path: place(assignment),
      role: roleOf(assignment),
      scope: scopeOf(terms, assignment),
      principal: principalOf(terms, assignment),
    }),
  );
}

/** The roles that count inside clusters. */
export function accessGrantsOf(terms: Terms): readonly AccessGrantEvidence[] {
  const roles = terms.graph.managed(ASSIGNMENT).flatMap((assignment) => clusterRoleOf(terms, assignment));
  return grantsOfRoles(roles, adminGroupsOf(terms));
}

function clusterRoleOf(terms: Terms, assignment: Instance): HeldClusterRole[] {
  const written = roleOf(assignment);
  const role = written === undefined ? undefined : clusterRole(written);
  const text = textAt(assignment.values, 'scope');
  const scope = text === undefined ? undefined : clusterScopeOf(text);
  if (role === undefined || scope?.kind === 'elsewhere') return [];
  const isProgram = identityOf(terms, assignment) !== undefined;
  return [
    {
      path: place(assignment),
      role,
      principal: principalOf(terms, assignment),
      principalType: isProgram ? 'ServicePrincipal' : textAt(assignment.values, 'principal_type'),
      cluster: clusterOf(terms, assignment, scope?.kind === 'cluster' ? scope.clusterId : undefined),
      scope,
    },
  ];
}

/** The cluster as the other evidence calls it; of an unknown scope, the one that its references lead to. */
function clusterOf(
  { graph, labelOf }: Terms,
  assignment: Instance,
  id: string | undefined,
): string | undefined {
  if (id === undefined) {
    const link = graph.link(assignment, ['scope'], CLUSTER);
    return link.kind === 'resource' ? labelOf(link.to) : undefined;
  }
  const own = azureId(id);
  const cluster = own && graph.find(own, CLUSTER);
  return cluster ? labelOf(cluster) : lastStep(id);
}

function roleOf({ values }: Instance): string | undefined {
  const name = textAt(values, 'role_definition_name');
  const id = textAt(values, 'role_definition_id');
  return name ?? (id === undefined ? undefined : (clusterRole(id) ?? lastStep(id)));
}

/**
 * The id of the scope. Of one that is not known yet, the configuration shows what it refers to and no text around it:
 * behind a cluster's id, the name of a namespace may follow.
 */
function scopeOf({ graph }: Terms, assignment: Instance): string | undefined {
  const text = textAt(assignment.values, 'scope');
  if (text !== undefined) return azureId(text)?.key ?? text.toLowerCase();
  const link = graph.link(assignment, ['scope'], ...SCOPES);
  if (link.kind !== 'resource') return undefined;
  const role = roleOf(assignment);
  if (link.to.type === CLUSTER && (role === undefined || clusterRole(role) !== undefined)) return undefined;
  return graph.idOf(link.to)?.key ?? `${link.to.file} ${link.to.address}`;
}

function principalOf(terms: Terms, assignment: Instance): string | undefined {
  return identityOf(terms, assignment) ?? textAt(assignment.values, 'principal_id');
}

/** A cluster has two identities, which no reference tells apart. */
function identityOf({ graph, labelOf }: Terms, assignment: Instance): string | undefined {
  const link = graph.link(assignment, ['principal_id'], IDENTITY);
  if (link.kind === 'resource') return labelOf(link.to);
  const id = textAt(assignment.values, 'principal_id');
  const own =
    id && graph.managed(IDENTITY).find((identity) => textAt(identity.values, 'principal_id') === id);
  return own ? labelOf(own) : undefined;
}

function adminGroupsOf({ graph }: Terms): readonly string[] {
  return graph
    .managed(CLUSTER)
    .flatMap((cluster) => textsAt(cluster.values, ENTRA, 0, 'admin_group_object_ids') ?? []);
}
