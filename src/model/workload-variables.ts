import type { Workload } from '../fleet/fleet.ts';

/** An environment variable of a workload's pods, and the setting or vault secret that it is made of. */
export type WorkloadVariable = {
  readonly name: string;
  readonly from: 'setting' | 'secret';
  /** Name of the setting or of the secret, as the file writes it. */
  readonly key: string;
};

/** Plain settings, then secrets, in the order of the file's keys. */
export function variablesOf({
  env,
  secrets,
}: Pick<Workload, 'env' | 'secrets'>): readonly WorkloadVariable[] {
  return [
    ...Object.keys(env).map((key): WorkloadVariable => ({ name: key, from: 'setting', key })),
    ...secrets.map((key): WorkloadVariable => ({ name: variableName(key), from: 'secret', key })),
  ];
}

/** `db-password` becomes `DB_PASSWORD`: no variable has a dash, or a digit in front. */
export function variableName(secret: string): string {
  return secret
    .toUpperCase()
    .replaceAll('-', '_')
    .replace(/^(?=\d)/, '_');
}
