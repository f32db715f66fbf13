import { suffixOf } from '../../model/names.ts';
import { resourceGroupPath } from '../resource-group.ts';
import type { Run } from '../run.ts';
import { inFleetGroup, inSubscription } from './arm-answers.ts';
import type { Check, Refusal } from './refusal.ts';

/** A name that all of Azure shares. */
type GlobalName = {
  /** `registry-name` */
  readonly id: string;
  /** `the registry` */
  readonly title: string;
  readonly name: string;
  /** The id of our own. */
  readonly own: string;
  /** `Microsoft.ContainerRegistry/registries` */
  readonly type: string;
  readonly apiVersion: string;
};

/** api-versions as azurerm 5.2.0 asks for them. */
const VAULT_API = '2026-02-01';
const REGISTRY_API = '2025-11-01';
const STORAGE_API = '2025-08-01';

export const registryName: Check = {
  id: 'registry-name',
  subject: 'whether the name of the registry is free',
  look: ({ run, signal }) => {
    const { names } = run.deployment.platform;
    const name = `${names.registryPrefix}${suffixOf(names, run.deployment.subscription)}`;
    const type = 'Microsoft.ContainerRegistry/registries';
    const own = inFleetGroup(run, `${type}/${name}`);
    const title = 'the registry';
    return taken(run, { id: 'registry-name', title, name, own, type, apiVersion: REGISTRY_API }, signal);
  },
};

export const stateAccountName: Check = {
  id: 'state-account-name',
  subject: 'whether the name of the storage account for the state is free',
  look: async ({ run, signal }) => {
    const { stateStore } = run.deployment;
    if (stateStore.kind === 'local') return [];
    const { resourceGroup, account: name } = stateStore;
    const type = 'Microsoft.Storage/storageAccounts';
    const own = `${resourceGroupPath(run.deployment, resourceGroup)}/providers/${type}/${name}`;
    const title = 'the storage account for the state';
    return taken(run, { id: 'state-account-name', title, name, own, type, apiVersion: STORAGE_API }, signal);
  },
};

/** The fleet's vault: its name and its id. */
export function vaultOf(run: Run): GlobalName {
  const { names } = run.deployment.platform;
  const name = `${names.vaultPrefix}${suffixOf(names, run.deployment.subscription)}`;
  const type = 'Microsoft.KeyVault/vaults';
  const own = inFleetGroup(run, `${type}/${name}`);
  return { id: 'vault-name', title: 'the vault', name, own, type, apiVersion: VAULT_API };
}

/** Refused where somebody else has the name; silent where it is free, or our own has it. */
export async function taken(
  run: Run,
  { id, title, name, own, type, apiVersion }: GlobalName,
  signal: AbortSignal,
): Promise<readonly Refusal[]> {
  const { azure } = run.world;
  if ((await azure.get(own, apiVersion, signal)) !== undefined) return [];
  const path = inSubscription(run, `${type.split('/')[0]}/checkNameAvailability`);
  const answer = (await azure.post(path, apiVersion, { name, type }, signal)) as
    | { readonly nameAvailable?: boolean; readonly message?: string }
    | undefined;
  if (answer?.nameAvailable !== false) return [];
  const said = answer.message === undefined ? '' : `: ${answer.message.trim().replace(/\.$/, '')}`;
  return [
    {
      id,
      severity: 'error',
      message: `the name ${name} of ${title} is taken by somebody else${said}`,
      advice:
        'delete or move what has it, if it is yours; else give the fleet another `name`, which all names come from',
    },
  ];
}
