import { randomBytes } from 'node:crypto';
import { nearest } from '../../base/nearest.ts';
import { quote } from '../../base/quote.ts';
import { StepError } from '../../base/step-error.ts';
import { generatedValue, madeValue, secretStates } from '../../deploy/generate-secrets.ts';
import type { World } from '../../deploy/world.ts';
import { type Fleet, GENERATED_LENGTH } from '../../fleet/fleet.ts';
import { suffixOf } from '../../model/names.ts';
import { needNamed, vaultSecrets, type VaultSecretNeed } from '../../model/vault-secrets.ts';
import { renderSecretStates, secretStatesJson } from '../../report/secret-states.ts';
import { printable } from '../../report/style.ts';
import { openVaultHere } from '../azure-world.ts';
import { readSubscribedFleet } from '../subscribed-fleet.ts';
import type {
  SecretsGenerateOptions,
  SecretsListOptions,
  SecretsSetOptions,
  VaultOptions,
} from '../options.ts';
import { readSecretValue, type ValueInput } from '../secret-value.ts';
import { EXIT, styleFor, type Terminal, UsageError } from '../terminal.ts';

/** The outside of these commands, so that a test can give another. */
export type SecretTools = {
  readonly openVault: (env: Terminal['env']) => Promise<World['vault']>;
  readonly random: World['random'];
  readonly input: ValueInput;
};

const HERE: SecretTools = { openVault: openVaultHere, random: randomBytes, input: process.stdin };

/** All calls of one command together; each is retried within bounds of its own. */
const PATIENCE_SECONDS = 300;

/** A fleet in one environment, and the address of its vault. */
type Target = {
  readonly fleet: Fleet;
  readonly needs: readonly VaultSecretNeed[];
  readonly vaultUri: string;
};

/** `bulkhead secrets list`: exit 1 where something is missing, so that a pipeline may ask before it deploys. */
export async function secretsListCommand(
  options: SecretsListOptions,
  terminal: Terminal,
  tools: SecretTools = HERE,
): Promise<number> {
  const target = await targetOf(options, terminal);
  if (target === undefined) return EXIT.usage;
  const { fleet, needs, vaultUri } = target;
  return asking(vaultUri, { terminal, tools }, async (vault, signal) => {
    const states = await secretStates(needs, { vault, vaultUri }, signal);
    const subject = { fleet: fleet.name, environment: fleet.environment, vaultUri };
    terminal.stdout.write(
      options.format === 'json'
        ? secretStatesJson(states, subject)
        : renderSecretStates(states, subject, styleFor(terminal.stdout, terminal.env)),
    );
    return states.every(({ state }) => state === 'set') ? EXIT.fine : EXIT.findings;
  });
}

/** `bulkhead secrets set`: the value goes from the keyboard, a pipe or a file to the vault, and nowhere else. */
export async function secretsSetCommand(
  options: SecretsSetOptions,
  terminal: Terminal,
  tools: SecretTools = HERE,
): Promise<number> {
  // Not quoted: it may well be the value.
  if (!/\.(?:ya?ml|m?ts)$/i.test(options.file)) {
    throw new UsageError(
      'after the name comes the fleet file, which ends in .yaml, .yml, .ts or .mts; a value is never an ' +
        'argument, where others can read it: it is typed, or comes by a pipe or with --from-file',
    );
  }
  const target = await targetOf(options, terminal);
  if (target === undefined) return EXIT.usage;
  const { fleet, needs, vaultUri } = target;
  const name = options.any ? anyName(needs, options.name) : neededOne(target, options.name, 'set').name;
  const value = await readSecretValue(name, options.fromFile, tools.input, terminal);
  return asking(vaultUri, { terminal, tools }, async (vault, signal) => {
    const earlier = needNamed(await vault.list(vaultUri, signal), name);
    await vault.set(vaultUri, name, value, signal);
    const what = earlier === undefined ? 'is set' : 'has a new value';
    terminal.stdout.write(`${name} ${what} in ${vaultUri}\n`);
    if (needNamed(needs, name) !== undefined) terminal.stdout.write(arrivalText(fleet));
    return EXIT.fine;
  });
}

/** `bulkhead secrets generate`: at random, and only what the vault has not. */
export async function secretsGenerateCommand(
  options: SecretsGenerateOptions,
  terminal: Terminal,
  tools: SecretTools = HERE,
): Promise<number> {
  const target = await targetOf(options, terminal);
  if (target === undefined) return EXIT.usage;
  const { needs, vaultUri } = target;
  const isOurs = ({ source }: VaultSecretNeed): boolean => source === 'generated' || source === 'fixed';
  const wanted =
    options.names.length === 0
      ? needs.filter(isOurs)
      : [...new Set(options.names.map((name) => neededOne(target, name, 'generate')))];
  if (wanted.length === 0) {
    terminal.stdout.write('nothing of this fleet is generated; name a secret to make one at random\n');
    return EXIT.fine;
  }
  return asking(vaultUri, { terminal, tools }, async (vault, signal) => {
    for (const { need, state } of await secretStates(wanted, { vault, vaultUri }, signal)) {
      if (state === 'missing') {
        const value = madeValue(need, tools.random) ?? generatedValue(GENERATED_LENGTH, tools.random);
        await vault.set(vaultUri, need.name, value, signal);
      }
      terminal.stdout.write(`${need.name}: ${GENERATE_WORDS[state]}\n`);
    }
    return EXIT.fine;
  });
}

const GENERATE_WORDS = {
  missing: 'made',
  set: 'in the vault already',
  disabled: 'in the vault already, and disabled: nothing can read it',
} as const;

/** Undefined for a fleet that is not sound: what is wrong with it has been told. */
async function targetOf(options: VaultOptions, terminal: Terminal): Promise<Target | undefined> {
  const why = 'the name of the vault is made of it';
  const found = await readSubscribedFleet(options, why, terminal);
  if (found === undefined) return undefined;
  const { platform, subscription } = found;
  const vault = `${platform.names.vaultPrefix}${suffixOf(platform.names, subscription)}`;
  return {
    fleet: platform.fleet,
    needs: vaultSecrets(platform),
    vaultUri: `https://${vault}.vault.azure.net/`,
  };
}

/** The secret of that name that the fleet reads and that is not made in a way of its own. */
function neededOne({ needs }: Target, name: string, verb: 'set' | 'generate'): VaultSecretNeed {
  const need = needNamed(needs, name);
  if (need === undefined) {
    const near = nearest(
      name,
      needs.map((one) => one.name),
    );
    throw new UsageError(
      `the fleet reads no secret ${quote(name)} from its vault` +
        (near === undefined ? '' : `; did you mean ${near}?`) +
        (verb === 'set' ? ' --any sets it all the same' : ''),
    );
  }
  if (need.source === 'mesh-ca') {
    throw new UsageError(
      `\`up\` makes ${need.name}, once for all clusters: a second CA splits the mesh` +
        (verb === 'set' ? '. --any sets it all the same' : ''),
    );
  }
  return need;
}

function anyName(needs: readonly VaultSecretNeed[], name: string): string {
  if (!/^[A-Za-z0-9-]{1,127}$/.test(name)) {
    throw new UsageError(`${quote(name)} is no Key Vault secret name; use 1 to 127 of A-Z, a-z, 0-9 and -`);
  }
  return needNamed(needs, name)?.name ?? name;
}

/** When those who read it get it: the tree has External Secrets look once an hour. */
function arrivalText({ secrets }: Fleet): string {
  const copied =
    secrets.sync === 'external-secrets' ? 'its copy in the clusters follows within an hour, and ' : '';
  return `${copied}a pod that has started keeps the value that it started with\n`;
}

/** Opens the vault and asks it; what it refuses is told in its words, with what to do. */
async function asking(
  vaultUri: string,
  { terminal, tools }: { readonly terminal: Terminal; readonly tools: SecretTools },
  ask: (vault: World['vault'], signal: AbortSignal) => Promise<number>,
): Promise<number> {
  const signal = AbortSignal.timeout(PATIENCE_SECONDS * 1000);
  // A sign-in and a name that is not there yet take their time.
  if (terminal.stderr.isTTY === true) terminal.stderr.write(`asking ${vaultUri}\n`);
  try {
    return await ask(await tools.openVault(terminal.env), signal);
  } catch (error) {
    if (signal.aborted) throw new UsageError(`the vault has not answered within ${PATIENCE_SECONDS} s`);
    if (!(error instanceof StepError)) throw error;
    const { message, advice: told } = absentVault(vaultUri, error) ?? error;
    const advice = told === undefined ? '' : `  ${printable(told)}\n`;
    terminal.stderr.write(`bulkhead: ${printable(message)}\n${advice}`);
    return EXIT.usage;
  }
}

/**
 * What a refusal says where the fleet is not up yet. A vault has a name in DNS from its first day to its last; where a
 * proxy or the stand-in for Azure answers in its place, it is 404 for a list, which every command asks for first.
 */
function absentVault(
  vaultUri: string,
  { message, advice, cause }: StepError,
): Pick<StepError, 'message' | 'advice'> | undefined {
  const { hostname } = new URL(vaultUri);
  const brings = '`bulkhead up` brings it about';
  if ((cause as { readonly status?: unknown } | undefined)?.status === 404) {
    return { message: `there is no vault ${hostname.split('.')[0]!} yet`, advice: brings };
  }
  if (!message.startsWith(hostname) || !message.includes('ENOTFOUND')) return undefined;
  return {
    message: `there is no vault ${hostname.split('.')[0]!} yet, or no way to it: ${message}`,
    advice: [`where the fleet is not up yet, ${brings}`, advice].filter(Boolean).join('; else '),
  };
}
