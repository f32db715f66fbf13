import { createHash } from 'node:crypto';
import type { Fleet } from '../fleet/fleet.ts';
import type { PlatformNames } from './platform.ts';

/** Longest stem parts that leave room for prefix, environment and suffix in the tightest name, a vault's 24. */
const VAULT_NAME_PART_MAX = 9;
/** The same for a storage account's 24 letters and digits. */
const ACCOUNT_NAME_PART_MAX = 12;
const ENVIRONMENT_SHORT = { demo: 'demo', production: 'prod' } as const;

/** Names after Microsoft's resource abbreviations (Cloud Adoption Framework), with fleet and environment in each. */
export function platformNames(fleet: Fleet): PlatformNames {
  const short = ENVIRONMENT_SHORT[fleet.environment];
  const stem = `${fleet.name}-${short}`;
  const part = fleet.name.slice(0, VAULT_NAME_PART_MAX).replace(/-+$/, '');
  return {
    stem,
    resourceGroup: `rg-${stem}`,
    virtualNetwork: `vnet-${stem}`,
    logWorkspace: `log-${stem}`,
    actionGroup: `ag-${stem}`,
    keeper: `keeper-${stem}`,
    vaultPrefix: `kv-${part}-${short}-`,
    registryPrefix: `cr${fleet.name.replaceAll('-', '')}${short}`,
    stateResourceGroup: `rg-${stem}-state`,
    statePrefix: `st${fleet.name.replaceAll('-', '').slice(0, ACCOUNT_NAME_PART_MAX)}${short}`,
    suffixSeed: `/${fleet.name}/${fleet.environment}`,
  };
}

/**
 * The six hex digits that make a global name ours: SHA-256 of subscription, fleet and environment. Terraform computes
 * the same from `var.subscription_id`.
 */
export function suffixOf(names: PlatformNames, subscription: string): string {
  return createHash('sha256').update(`${subscription}${names.suffixSeed}`).digest('hex').slice(0, 6);
}
