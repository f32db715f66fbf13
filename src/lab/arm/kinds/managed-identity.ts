import { objectAt, withProperties } from '../body.ts';
import type { ArmKind } from '../kind.ts';
import type { Lab } from '../lab.ts';
import type { ArmBody, ArmId } from '../resource.ts';
import { uuidOf } from '../uuid.ts';

export const managedIdentity: readonly ArmKind[] = [
  {
    type: 'microsoft.managedidentity/userassignedidentities',
    isStateless: true,
    complete: ({ id, body }, lab) =>
      withProperties(body, { ...identityOf(id), tenantId: lab.settings.tenantId }),
  },
  {
    type: 'microsoft.managedidentity/userassignedidentities/federatedidentitycredentials',
    isStateless: true,
  },
];

/** Who an identity is to Entra. Without these azurerm raises no error, and roles are given to nobody. */
export function identityOf(id: Pick<ArmId, 'key'>): {
  readonly clientId: string;
  readonly principalId: string;
} {
  return { clientId: uuidOf(`client of ${id.key}`), principalId: uuidOf(`principal of ${id.key}`) };
}

/** The body with what Entra knows of the identities that it asks for, whatever its type. */
export function withIdentity(body: ArmBody, id: ArmId, lab: Lab): ArmBody {
  const identity = objectAt(body, 'identity');
  const type = typeof identity['type'] === 'string' ? identity['type'].toLowerCase() : '';
  const system = type.includes('systemassigned')
    ? { principalId: identityOf(id).principalId, tenantId: lab.settings.tenantId }
    : {};
  const user = Object.keys(objectAt(identity, 'userAssignedIdentities')).map(
    (key) => [key, identityOf({ key: key.toLowerCase() })] as const,
  );
  if (type === '') return body;
  const users = user.length === 0 ? {} : { userAssignedIdentities: Object.fromEntries(user) };
  return { ...body, identity: { type: identity['type'], ...system, ...users } };
}
