import type { Platform } from '../model/platform.ts';
import { vaultSecrets } from '../model/vault-secrets.ts';
import type { VaultMarkEvidence, VaultReadEvidence } from './evidence.ts';

/** What the fleet file says of single secrets of the vault. */
export function vaultMarksOf({ fleet }: Platform): VaultMarkEvidence[] {
  return fleet.secrets.vault.map(({ name, length }) => ({
    path: ['secrets', 'vault', name],
    name,
    hasLength: length !== undefined,
  }));
}

/** What the platform reads from the vault. */
export function vaultReadsOf(platform: Platform): VaultReadEvidence[] {
  return vaultSecrets(platform).map(({ name, source }) => ({ path: ['secrets'], name, maker: source }));
}
