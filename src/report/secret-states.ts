import { compact } from '../base/record.ts';
import type { Environment } from '../fleet/fleet.ts';
import type { SecretState } from '../model/vault-secrets.ts';
import { makerText } from './secrets-text.ts';
import { printable, type Style, type Tone } from './style.ts';
import { type Cell, renderTable } from './table.ts';

/** Raised when a field changes its meaning or goes; new fields come without notice. */
const VERSION = 1;

/** Whose vault it is. */
type Subject = { readonly fleet: string; readonly environment: Environment; readonly vaultUri: string };

const TONES: Readonly<Record<SecretState['state'], Tone>> = {
  set: 'green',
  missing: 'red',
  disabled: 'yellow',
};
/** What brings a missing secret, by who makes it. */
const COMMANDS = [
  { sources: ['person'], text: '`bulkhead secrets set NAME` sets what a person makes' },
  { sources: ['generated', 'fixed'], text: '`bulkhead secrets generate` makes what is missing at random' },
  { sources: ['mesh-ca'], text: '`bulkhead up` makes the CA of the mesh' },
] as const;

/** What a fleet reads from its vault, and what the vault has of it. No value is among it. */
export function renderSecretStates(states: readonly SecretState[], subject: Subject, style: Style): string {
  const { fleet, environment, vaultUri } = subject;
  const title = style.bold(`Secrets of ${printable(fleet)} in ${environment}`);
  if (states.length === 0) return `${title}\n\n  none\n`;
  const columns = ['name', 'read by', 'made by', 'state', 'updated'].map((name) => ({
    title: name,
    align: 'left' as const,
    ...(name === 'read by' ? { maxWidth: 60 } : {}),
  }));
  const rows = states.map(({ need, state, updated }): Cell[] => [
    need.name,
    need.readBy.join(', '),
    makerText(need),
    { text: state, tone: TONES[state] },
    updated?.slice(0, 'YYYY-MM-DD'.length) ?? '',
  ]);
  return [
    `${title}, ${printable(vaultUri)}\n\n`,
    renderTable({ columns, rows, indent: 2 }, style),
    `\n${countsText(states)}\n`,
    ...hints(states).map((text) => `  ${text}\n`),
  ].join('');
}

/** The same for machines. */
export function secretStatesJson(
  states: readonly SecretState[],
  { fleet, environment, vaultUri }: Subject,
): string {
  const secrets = states.map(({ need, state, updated }) => compact({ ...need, state, updated }));
  return `${JSON.stringify({ version: VERSION, fleet, environment, vaultUri, secrets }, null, 2)}\n`;
}

function countsText(states: readonly SecretState[]): string {
  const counts = (['missing', 'disabled'] as const).flatMap((state) => {
    const count = states.filter((one) => one.state === state).length;
    return count === 0 ? [] : [`${count} ${state}`];
  });
  return counts.length === 0 ? 'all there' : counts.join(', ');
}

function hints(states: readonly SecretState[]): readonly string[] {
  const missing = new Set<string>(
    states.filter(({ state }) => state === 'missing').map(({ need }) => need.source),
  );
  return COMMANDS.flatMap(({ sources, text }) =>
    sources.some((source) => missing.has(source)) ? [text] : [],
  );
}
