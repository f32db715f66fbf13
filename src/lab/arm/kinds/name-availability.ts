import { armId } from '../id.ts';
import { textAt } from '../body.ts';
import type { ArmKind } from '../kind.ts';
import type { Lab } from '../lab.ts';
import type { ArmBody } from '../resource.ts';
import { STATE_ACCOUNT } from './storage.ts';

const VAULT = 'microsoft.keyvault/vaults';
const REGISTRY = 'microsoft.containerregistry/registries';
const ACCOUNT = 'microsoft.storage/storageaccounts';

/** Whether a global name is free is asked before something is made of that name. One that is deleted softly is not. */
export const nameAvailability: readonly ArmKind[] = [
  checked('microsoft.containerregistry', (name, lab) =>
    hasOne(lab, REGISTRY, name)
      ? { reason: 'AlreadyExists', message: `The registry ${name} is already in use.` }
      : undefined,
  ),
  checked('microsoft.keyvault', (name, lab) => {
    const isHeld = [...lab.softDeleted.keys()].some((key) => {
      const id = armId(key);
      return id.type === VAULT && id.name.toLowerCase() === name;
    });
    if (!isHeld && !hasOne(lab, VAULT, name)) return undefined;
    const message = `The vault name ${name} is in use, or a deleted vault has it.`;
    return { reason: 'AlreadyExists', message };
  }),
  checked('microsoft.storage', (name, lab) =>
    name === STATE_ACCOUNT || hasOne(lab, ACCOUNT, name)
      ? { reason: 'AlreadyExists', message: `The storage account ${name} is already taken.` }
      : undefined,
  ),
];

function checked(namespace: string, whyNot: (name: string, lab: Lab) => ArmBody | undefined): ArmKind {
  return {
    type: `${namespace}/checknameavailability`,
    actions: {
      checknameavailability: ({ sent, lab }) => {
        const why = whyNot(textAt(sent, 'name')?.toLowerCase() ?? '', lab);
        return { status: 200, body: { nameAvailable: why === undefined, ...why } };
      },
    },
  };
}

function hasOne(lab: Lab, type: string, name: string): boolean {
  return lab.store.ofType(type).some(({ id }) => id.name.toLowerCase() === name);
}
