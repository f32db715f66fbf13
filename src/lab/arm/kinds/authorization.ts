import { textAt, withProperties } from '../body.ts';
import type { ArmKind } from '../kind.ts';
import type { ArmBody } from '../resource.ts';
import { roleIds, roleNamed } from './built-in-roles.ts';

const ROLE_DEFINITION = 'microsoft.authorization/roledefinitions';

/** azurerm finds a role by its name, with a filter, and reads it again by the id that it got. */
const roleDefinitions: ArmKind = {
  type: ROLE_DEFINITION,
  isStateless: true,
  isListedAnywhere: true,
  virtual: (id) => {
    const name = Object.entries(roleIds).find(([, guid]) => guid === id.name.toLowerCase())?.[0];
    return name === undefined ? undefined : definition(name, id.subscription);
  },
  virtualList: (scope, query) => {
    const subscription = /^\/subscriptions\/([^/]+)/i.exec(scope)?.[1];
    const asked = /roleName eq '((?:[^']|'')*)'/i
      .exec(query.get('$filter') ?? '')?.[1]
      ?.replaceAll("''", "'");
    if (asked === undefined) return Object.keys(roleIds).map((name) => definition(name, subscription));
    const name = roleNamed(asked);
    return name === undefined ? [] : [definition(name, subscription)];
  },
};

/** Without `scope`, which no request says, azurerm reads an empty one and replaces the assignment for ever. */
const roleAssignments: ArmKind = {
  type: 'microsoft.authorization/roleassignments',
  isStateless: true,
  isListedAnywhere: true,
  complete: ({ id, body }) =>
    withProperties(body, {
      scope: id.parent ?? '/',
      principalType: textAt(body, 'properties', 'principalType') ?? 'ServicePrincipal',
    }),
};

/** What the caller may do here: everything, as an owner. */
const permissions: ArmKind = {
  type: 'microsoft.authorization/permissions',
  isListedAnywhere: true,
  virtualList: () => [{ actions: ['*'], notActions: [], dataActions: [], notDataActions: [] }],
};

const locks: ArmKind = { type: 'microsoft.authorization/locks', isStateless: true };

export const authorization: readonly ArmKind[] = [roleDefinitions, roleAssignments, permissions, locks];

function definition(name: string, subscription: string | undefined): ArmBody {
  const scope = subscription === undefined ? '' : `/subscriptions/${subscription}`;
  return {
    id: `${scope}/providers/Microsoft.Authorization/roleDefinitions/${roleIds[name]}`,
    name: roleIds[name],
    type: 'Microsoft.Authorization/roleDefinitions',
    properties: {
      roleName: name,
      type: 'BuiltInRole',
      description: name,
      assignableScopes: ['/'],
      permissions: [],
    },
  };
}
