import { textAt } from '../body.ts';
import type { ArmBody, ArmId } from '../resource.ts';
import type { ArmRule } from '../rule.ts';
import { isSame } from './body-values.ts';
import { whenWritten } from './judgement.ts';
import { REPORTS, github } from './sources.ts';

const ASSIGNMENT = 'microsoft.authorization/roleassignments';
const GUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

const principalIsAGuid: ArmRule = {
  id: 'role-goes-to-a-principal',
  source: github('Azure-Samples/azure-search-openai-demo/issues/2848', '2025-11-28'),
  types: [ASSIGNMENT],
  check: whenWritten((body) => {
    const principal = textAt(body, 'properties', 'principalId') ?? '';
    if (GUID.test(principal)) return undefined;
    const message = `The principal id '${principal}' is not valid: it has to be a GUID.`;
    return { status: 400, code: 'InvalidPrincipalId', message };
  }),
};

const assignmentsDiffer: ArmRule = {
  id: 'role-assignments-differ',
  source: REPORTS,
  types: [ASSIGNMENT],
  check: whenWritten((body, { id }, { store }) => {
    const asked = grantOf(id, body);
    const other = store
      .ofType(ASSIGNMENT)
      .find((each) => each.id.key !== id.key && grantOf(each.id, each.body) === asked);
    if (other === undefined) return undefined;
    const message = `The role assignment already exists, as ${other.id.text}.`;
    return { status: 409, code: 'RoleAssignmentExists', message };
  }),
};

const principalIsKnown: ArmRule = {
  id: 'principal-is-in-the-directory',
  source:
    'azurerm 5.2.0, role_assignment: it asks again until its timeout, and principal_type avoids the question',
  types: [ASSIGNMENT],
  check: whenWritten((body, _write, { limits }) => {
    const principal = textAt(body, 'properties', 'principalId');
    const isVouchedFor = isSame(textAt(body, 'properties', 'principalType'), 'ServicePrincipal');
    const isUnknown = limits.unknownPrincipals?.some((unknown) => isSame(unknown, principal));
    if (isVouchedFor || !isUnknown) return undefined;
    const message = `The principal ${principal} does not exist in the directory.`;
    return { status: 400, code: 'PrincipalNotFound', message };
  }),
};

export const roleAssignmentRules: readonly ArmRule[] = [
  principalIsAGuid,
  assignmentsDiffer,
  principalIsKnown,
];

/** Scope, role and principal in one text. A role has an id in every subscription, with the same last word. */
function grantOf(id: ArmId, body: ArmBody): string {
  const role = textAt(body, 'properties', 'roleDefinitionId')?.split('/').at(-1);
  return [id.parent, role, textAt(body, 'properties', 'principalId')].join(' ').toLowerCase();
}
