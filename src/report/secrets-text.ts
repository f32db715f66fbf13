import { compareText } from '../base/order.ts';
import type { Environment } from '../fleet/fleet.ts';
import { vaultSecrets, type VaultSecretNeed } from '../model/vault-secrets.ts';
import type { EnvironmentPlan } from '../plan/plan.ts';
import type { Style } from './style.ts';
import { type Cell, renderTable } from './table.ts';

/** More rows than this fill a screen without telling more; JSON has them all. */
export const ROWS_SHOWN = 24;
export const READERS_COLUMNS = 60;

/** A secret, and the environments that need it just so. */
type SecretRow = { readonly need: VaultSecretNeed; readonly environments: readonly Environment[] };

/** What the platform reads from its vaults: names, readers, who makes each. Empty where it reads nothing. */
export function renderSecrets(environments: readonly EnvironmentPlan[], style: Style): string {
  const rows = secretRows(environments);
  if (rows.length === 0) return '';
  const isSame = rows.every((row) => row.environments.length === environments.length);
  const columns = [
    left('name'),
    { ...left('read by'), maxWidth: READERS_COLUMNS },
    left('made by'),
    ...(isSame ? [] : [left('only in')]),
  ];
  const cells = rows
    .slice(0, ROWS_SHOWN)
    .map((row): Cell[] => [
      row.need.name,
      row.need.readBy.join(', '),
      makerText(row.need),
      ...(isSame ? [] : [onlyIn(row, environments)]),
    ]);
  const hidden = rows.length - cells.length;
  const more = hidden > 0 ? `  ... and ${hidden} more; --format json has them all\n` : '';
  const names = environments.length === 1 ? environments[0]!.environment : 'ENVIRONMENT';
  const hint = hasPerson(rows)
    ? `\n  \`bulkhead secrets set NAME -e ${names}\` sets what a person makes\n`
    : '';
  const table = renderTable({ columns, rows: cells, indent: 2 }, style);
  return `${style.bold('Secrets in the vault')}\n\n${table}${more}${hint}`;
}

/** Who makes it, in words. */
export function makerText(need: VaultSecretNeed): string {
  switch (need.source) {
    case 'generated':
      return `up, at random, ${need.length} characters`;
    case 'fixed':
      return `up, always ${need.value}`;
    case 'mesh-ca':
      return 'up, once for all clusters';
    default:
      return 'a person';
  }
}

/** The secrets of the environments by name; one that they need in different ways has a row for each. */
export function secretRows(environments: readonly EnvironmentPlan[]): readonly SecretRow[] {
  const rows = new Map<string, { readonly need: VaultSecretNeed; readonly environments: Environment[] }>();
  for (const { environment, platform } of environments) {
    for (const need of vaultSecrets(platform)) {
      const key = JSON.stringify(need);
      const row = rows.get(key) ?? { need, environments: [] };
      row.environments.push(environment);
      rows.set(key, row);
    }
  }
  return [...rows.values()].toSorted((a, b) =>
    compareText(a.need.name.toLowerCase(), b.need.name.toLowerCase()),
  );
}

function hasPerson(rows: readonly SecretRow[]): boolean {
  return rows.some(({ need }) => need.source === 'person');
}

/** The environments of a row that not all have. */
export function onlyIn(row: SecretRow, environments: readonly EnvironmentPlan[]): string {
  return row.environments.length === environments.length ? '' : row.environments.join(', ');
}

function left(title: string) {
  return { title, align: 'left' as const };
}
