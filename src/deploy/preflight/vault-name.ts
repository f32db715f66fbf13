import type { Run } from '../run.ts';
import { taken, vaultOf } from './global-names.ts';
import { inSubscription, isSame, orNothing, regionName } from './arm-answers.ts';
import type { Check, Refusal } from './refusal.ts';

type DeletedVault = {
  readonly name?: string;
  readonly properties?: {
    readonly vaultId?: string;
    readonly location?: string;
    readonly scheduledPurgeDate?: string;
    readonly purgeProtectionEnabled?: boolean;
  };
};

/**
 * Whether the vault can have its name. A deleted one keeps it until its retention has passed. Ours, in the same group
 * and region, is brought back by Terraform with all its secrets, which is told; any other is in the way (azurerm 5.2.0
 * looks among the deleted vaults of its own region alone).
 */
export const vaultName: Check = {
  id: 'vault-name',
  subject: 'whether the name of the vault is free',
  look: async ({ run, signal }) => {
    const vault = vaultOf(run);
    const { azure } = run.world;
    if ((await azure.get(vault.own, vault.apiVersion, signal)) !== undefined) return [];
    const path = inSubscription(run, 'Microsoft.KeyVault/deletedVaults');
    const deleted = (await orNothing(
      azure.list(path, vault.apiVersion, signal),
      [],
    )) as readonly DeletedVault[];
    const found = deleted.find(({ name }) => isSame(name, vault.name));
    if (found === undefined) return taken(run, vault, signal);
    return [judge(run, vault.name, vault.own, found)];
  },
};

function judge(run: Run, name: string, own: string, { properties = {} }: DeletedVault): Refusal {
  const { fleet } = run.deployment.platform;
  const { vaultId, location, scheduledPurgeDate, purgeProtectionEnabled } = properties;
  const isHere = regionName(location) === fleet.region;
  if (isHere && isSame(vaultId, own)) {
    return {
      id: 'vault-name',
      severity: 'warning',
      message: `the vault ${name} was deleted and comes back with the secrets and the mesh CA that it held`,
      advice: `to begin with an empty one, first run: ${purge(name, location)}`,
    };
  }
  const day = scheduledPurgeDate?.slice(0, 10) ?? 'its retention has passed';
  const where = isHere
    ? `from another resource group (${vaultId ?? 'unknown'})`
    : `in ${location ?? 'another region'}`;
  return {
    id: 'vault-name',
    severity: 'error',
    message: `a vault ${name} was deleted ${where} and keeps the name until ${day}`,
    advice:
      purgeProtectionEnabled === true
        ? `it has purge protection: wait until ${day}, or give the fleet another \`name\``
        : `if nobody misses its secrets, run: ${purge(name, location)}`,
  };
}

function purge(name: string, location: string | undefined): string {
  return `az keyvault purge --name ${name} --location ${regionName(location)}`;
}
