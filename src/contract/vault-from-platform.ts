import type { Platform } from '../model/platform.ts';
import { needNamed, platformReadings, vaultSecrets } from '../model/vault-secrets.ts';
import type { VaultMarkEvidence, VaultReadEvidence, WorkloadSecretEvidence } from './evidence.ts';

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

/** What workloads are given from the vault. */
export function workloadSecretsOf(platform: Platform): WorkloadSecretEvidence[] {
  const own = platformReadings(platform);
  return platform.fleet.workloads.flatMap(({ name: workload, secrets }) =>
    secrets.map((name) => ({
      path: ['workloads', workload, 'secrets'],
      workload,
      name,
      platformReaders: needNamed(own, name)?.readBy ?? [],
    })),
  );
}
