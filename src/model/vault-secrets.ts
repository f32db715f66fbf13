import { compareText } from '../base/order.ts';
import { GENERATED_LENGTH, type VaultMark } from '../fleet/fleet.ts';
import type { Platform } from './platform.ts';

/** Grafana's account, as the vault calls it. The name of its user is no secret, and is read from the vault like one. */
export const GRAFANA_SECRETS = { user: 'grafana-admin-user', password: 'grafana-admin-password' } as const;
/** The mesh CA in the vault: a certificate and its key, as PEM. */
export const MESH_CA_SECRETS = { certificate: 'mesh-ca-crt', key: 'mesh-ca-key' } as const;

/** Who brings the value of a secret into the vault. */
export type SecretMaker =
  /** `up`, at random, where the vault has none. */
  | { readonly source: 'generated'; readonly length: number }
  /** `up`, always the same: no secret. */
  | { readonly source: 'fixed'; readonly value: string }
  /** `up`, once for all clusters of the mesh. */
  | { readonly source: 'mesh-ca' }
  | { readonly source: 'person' };

/** A secret that the platform reads from its vault. */
export type VaultSecretNeed = {
  readonly name: string;
  /** In words: `Grafana`, `workload storefront`. */
  readonly readBy: readonly string[];
} & SecretMaker;

/** A secret that the platform reads, and whether its vault has it. */
export type SecretState = {
  readonly need: VaultSecretNeed;
  /** A disabled secret is there, and nobody can read it. */
  readonly state: 'set' | 'missing' | 'disabled';
  /** ISO instant of its last change. */
  readonly updated?: string;
};

/**
 * Every secret of the vault that something reads, by name. Key Vault does not tell `DB-Password` from `db-password`
 * (learn.microsoft.com, key-vault/general/about-keys-secrets-certificates: names are case-insensitive), and neither
 * does this: the first spelling stands for both. What the file marks and nothing reads is not among them.
 */
export function vaultSecrets(platform: Platform): readonly VaultSecretNeed[] {
  const { workloads, secrets } = platform.fleet;
  const needs = new Map<string, Reading>();
  for (const reading of platformReadings(platform)) needs.set(keyOf(reading.name), reading);
  for (const workload of workloads) {
    for (const name of workload.secrets) {
      const known = needs.get(keyOf(name));
      const readBy = [...(known?.readBy ?? []), `workload ${workload.name}`];
      needs.set(keyOf(name), { name, ...known, readBy });
    }
  }
  return [...needs.values()]
    .map(({ name, readBy, made }) => ({
      name,
      readBy,
      ...(made === undefined || made === 'generated' ? makerBy(needNamed(secrets.vault, name), made) : made),
    }))
    .toSorted((a, b) => compareText(keyOf(a.name), keyOf(b.name)));
}

/** The one of that name, however its letters are written. */
export function needNamed<One extends { readonly name: string }>(
  ones: readonly One[],
  name: string,
): One | undefined {
  return ones.find((one) => keyOf(one.name) === keyOf(name));
}

/** A secret and its readers; who makes it, where that is not left to the file. */
type Reading = {
  readonly name: string;
  readonly readBy: readonly string[];
  /** `generated` unless the file says otherwise; a person where it is absent. */
  readonly made?: 'generated' | SecretMaker;
};

/** What the platform reads for itself, whatever its workloads read. */
export function platformReadings({ fleet, clusters }: Platform): readonly Reading[] {
  const isMeshed = clusters.some(({ mesh }) => mesh);
  const hasGrafana = fleet.observability.stack === 'self' && clusters.some(({ role }) => role === 'mgmt');
  const ofMesh = { readBy: ['Cilium of every cluster'], made: { source: 'mesh-ca' } } as const;
  const ofGrafana = { readBy: ['Grafana'] } as const;
  return [
    ...(isMeshed ? Object.values(MESH_CA_SECRETS).map((name) => ({ name, ...ofMesh })) : []),
    ...(hasGrafana
      ? [
          { name: GRAFANA_SECRETS.user, ...ofGrafana, made: { source: 'fixed', value: 'admin' } } as const,
          // Nobody has to know it before there is a Grafana.
          { name: GRAFANA_SECRETS.password, ...ofGrafana, made: 'generated' } as const,
        ]
      : []),
  ];
}

function makerBy(mark: VaultMark | undefined, otherwise: 'generated' | undefined): SecretMaker {
  const isGenerated = mark?.isGenerated ?? otherwise === 'generated';
  return isGenerated
    ? { source: 'generated', length: mark?.length ?? GENERATED_LENGTH }
    : { source: 'person' };
}

function keyOf(name: string): string {
  return name.toLowerCase();
}
