import { textAt } from '../body.ts';
import { roleIds } from '../kinds/built-in-roles.ts';
import type { ArmStore } from '../resource.ts';

/** Who may do something on what. */
type Need = {
  /** Object ids, any of which suffices. */
  readonly principals: readonly string[];
  /** The id of the resource. */
  readonly on: string;
  /** Built-in roles that allow it. */
  readonly roles: readonly string[];
};

/**
 * True when a role assignment on the resource or above it allows it. A role that is not built in, or not
 * known here, may allow anything and counts.
 */
export function isGranted({ principals, on, roles }: Need, store: ArmStore): boolean {
  const target = `${on.toLowerCase()}/`;
  return store.ofType('microsoft.authorization/roleassignments').some(({ id, body }) => {
    const principal = textAt(body, 'properties', 'principalId')?.toLowerCase();
    if (principal === undefined || !principals.some((each) => each.toLowerCase() === principal)) return false;
    const scope = (textAt(body, 'properties', 'scope') ?? id.parent ?? '').toLowerCase();
    const role = roleName(textAt(body, 'properties', 'roleDefinitionId'));
    return (
      target.startsWith(scope.endsWith('/') ? scope : `${scope}/`) &&
      (role === undefined || roles.includes(role))
    );
  });
}

function roleName(roleDefinitionId: string | undefined): string | undefined {
  const guid = roleDefinitionId?.split('/').at(-1)?.toLowerCase();
  return Object.entries(roleIds).find(([, id]) => id === guid)?.[0];
}
