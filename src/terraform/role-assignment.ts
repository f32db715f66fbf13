import { type Block, type Expression, attr, block, call, ref } from './block.ts';

export type RoleAssignment = {
  readonly label: string;
  /** One for each of these; `scope` and `principal` may name `each.value`. */
  readonly forEach?: Expression;
  readonly scope: Expression;
  /** The name of a built-in role. */
  readonly role: string;
  /** Its object id. */
  readonly principal: Expression;
  readonly principalType: 'Group' | 'ServicePrincipal';
};

/**
 * Who may do what, where. Its name follows from these three, as Bicep's `guid()` has it. Under azurerm's own random name
 * a run after a lost state would look for another assignment than the one that is there, and Azure, which takes the
 * three only once, would refuse it for ever (409 RoleAssignmentExists). A name that is known is found and imported.
 */
export function roleAssignmentBlock(assignment: RoleAssignment, why?: string): Block {
  const { label, forEach, scope, role, principal, principalType } = assignment;
  return block(
    'resource',
    ['azurerm_role_assignment', label],
    [
      attr('for_each', forEach),
      attr('name', call('uuidv5', 'url', call('join', '|', [scope, principal, role]))),
      attr('scope', scope),
      attr('role_definition_name', role),
      attr('principal_id', principal),
      attr('principal_type', principalType),
      principalType === 'ServicePrincipal' && attr('skip_service_principal_aad_check', true),
    ],
    why,
  );
}

/** What each group of administrators may do. */
export function adminsRoleBlock(
  assignment: Pick<RoleAssignment, 'label' | 'scope' | 'role'>,
  why?: string,
): Block {
  const groups = {
    forEach: call('toset', ref('var.admin_group_ids')),
    principal: ref('each.value'),
    principalType: 'Group',
  } as const;
  return roleAssignmentBlock({ ...assignment, ...groups }, why);
}
