import type { World } from '../deploy/world.ts';
import type { Terminal } from './terminal.ts';

/** The vaults of Azure, as whoever is signed in on this machine. Loaded when it is asked for. */
export async function openVaultHere(env: Terminal['env']): Promise<World['vault']> {
  const { openLogin } = await import('../adapters/azure/credential.ts');
  const { openVault } = await import('../adapters/azure/vault.ts');
  return openVault(openLogin(env));
}
