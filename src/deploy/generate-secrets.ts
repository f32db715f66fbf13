import { needNamed, type SecretState, vaultSecrets, type VaultSecretNeed } from '../model/vault-secrets.ts';
import type { Run } from './run.ts';
import type { Step, StepContext, StepResult } from './step.ts';
import type { Vault, World } from './world.ts';

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
/** Bytes below the largest multiple of 62: taken modulo 62, they give each letter as often as any other. */
const BYTES_TAKEN = 256 - (256 % LETTERS.length);
/** One byte in 32 is left out: that eight rounds of twice the length are too few, nobody will see. */
const ROUNDS_MAX = 8;
/** Names that one line takes before it counts the rest. */
const NAMES_MAX = 6;

/** Letters and digits, each as likely as any other. `random` must be fit for secrets. */
export function generatedValue(length: number, random: World['random']): string {
  let value = '';
  for (let round = 0; round < ROUNDS_MAX && value.length < length; round += 1) {
    for (const byte of random(2 * length)) {
      if (byte < BYTES_TAKEN && value.length < length) value += LETTERS[byte % LETTERS.length]!;
    }
  }
  if (value.length < length) throw new Error('the source of randomness gives none');
  return value;
}

/** What the vault has of what the fleet reads. Values are not asked for. */
export async function secretStates(
  needs: readonly VaultSecretNeed[],
  { vault, vaultUri }: { readonly vault: Pick<Vault, 'list'>; readonly vaultUri: string },
  signal: AbortSignal,
): Promise<readonly SecretState[]> {
  const listed = await vault.list(vaultUri, signal);
  return needs.map((need) => {
    const found = needNamed(listed, need.name);
    if (found === undefined) return { need, state: 'missing' };
    const state = found.isEnabled ? 'set' : 'disabled';
    return { need, state, ...(found.updated === undefined ? {} : { updated: found.updated }) };
  });
}

/** The value that `up` makes for a secret; undefined for one that it does not make, or not here. */
export function madeValue(need: VaultSecretNeed, random: World['random']): string | undefined {
  if (need.source === 'fixed') return need.value;
  return need.source === 'generated' ? generatedValue(need.length, random) : undefined;
}

/**
 * Makes what the file has generated, where the vault has none: a value that is there is never replaced. What people set
 * is looked for and told of, and stops nothing: only what reads it waits for it. After the step `vault`, which has seen
 * the vault answer.
 */
export function secretSteps(run: Run): readonly Step[] {
  const needs = vaultSecrets(run.deployment.platform);
  const ofPeople = needs.filter(({ source }) => source === 'person');
  const made = needs.filter(({ source }) => source === 'generated' || source === 'fixed');
  return [
    ...made.map((need): Step => ({
      id: `secrets/${need.name}`,
      phase: 'secrets',
      title: `Secret ${need.name}`,
      after: ['vault'],
      run: (context) => makeWhereAbsent(run, need, context),
    })),
    ...(ofPeople.length === 0
      ? []
      : [
          {
            id: 'secrets',
            phase: 'secrets',
            title: 'Secrets that people set',
            after: ['vault'],
            run: (context: StepContext) => lookForOthers(run, ofPeople, context),
          } as const,
        ]),
  ];
}

async function makeWhereAbsent(run: Run, need: VaultSecretNeed, context: StepContext): Promise<StepResult> {
  const { vault, random } = run.world;
  const vaultUri = vaultUriOf(run);
  const [found] = await secretStates([need], { vault, vaultUri }, context.signal);
  if (found?.state === 'set') return { isChanged: false, note: 'in the vault' };
  if (found?.state === 'disabled') {
    return { isChanged: false, note: 'in the vault, and disabled: nothing can read it' };
  }
  const value = madeValue(need, random);
  if (value === undefined) throw new Error(`${need.name} is not ours to make`);
  await vault.set(vaultUri, need.name, value, context.signal);
  return { isChanged: true, note: 'made' };
}

async function lookForOthers(
  run: Run,
  needs: readonly VaultSecretNeed[],
  context: StepContext,
): Promise<StepResult> {
  const { vault } = run.world;
  const states = await secretStates(needs, { vault, vaultUri: vaultUriOf(run) }, context.signal);
  const lacking = states.filter(({ state }) => state !== 'set');
  return { isChanged: false, note: lackText(run, lacking) };
}

function lackText(run: Run, lacking: readonly SecretState[]): string {
  if (lacking.length === 0) return 'all there';
  const { environment } = run.deployment.platform.fleet;
  const what = lacking.some(({ state }) => state === 'disabled') ? 'missing or disabled' : 'missing';
  const rest = lacking.length - NAMES_MAX;
  const names = lacking.slice(0, NAMES_MAX).map(({ need }) => need.name);
  const listed = names.join(', ') + (rest > 0 ? ` and ${rest} more` : '');
  return `${lacking.length} ${what}: ${listed}; \`bulkhead secrets set NAME -e ${environment}\` sets one`;
}

function vaultUriOf({ found }: Run): string {
  if (found.foundation === undefined) throw new Error('the vault comes with the foundation');
  return found.foundation.vaultUri;
}
