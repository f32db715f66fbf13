import { type Command, Option } from 'commander';
import { environmentOption, fleetArgument } from './fleet-arguments.ts';
import { fleetFileHere } from './fleet-choice.ts';
import {
  FLEET_DEFAULT,
  FORMATS,
  type SecretsGenerateOptions,
  type SecretsListOptions,
  type SecretsSetOptions,
} from './options.ts';
import type { Terminal } from './terminal.ts';

/** The commands that bring values into the vault of a fleet, and say which are there. None of them shows one. */
export function addSecretsCommands(program: Command, terminal: Terminal, exit: (code: number) => void): void {
  const secrets = program
    .command('secrets')
    .description("list, set and generate the secrets of a fleet's vault");
  secrets
    .command('list')
    .description('what the fleet reads from its vault, who makes it, and whether it is there')
    .addArgument(fleetArgument())
    .addOption(environmentOption('whose vault'))
    .addOption(
      new Option('-f, --format <format>', 'how to write the answer')
        .choices(FORMATS['secrets list'])
        .default(FORMATS['secrets list'][0]),
    )
    .action(async (file: string, options: Omit<SecretsListOptions, 'file'>) => {
      const { secretsListCommand } = await import('./commands/secrets.ts');
      exit(await secretsListCommand({ file, ...options }, terminal));
    });
  secrets
    .command('set')
    // `--value=…` is no option, and what stands behind it is not to be repeated in a log.
    .configureOutput({ outputError: (text, write) => write(text.replace(/(--[\w-]+)=.*'/s, "$1'")) })
    .description(
      'set a secret to what is typed unseen, comes by a pipe, or stands in a file; never an argument',
    )
    .argument('<name>', 'the secret')
    .addArgument(fleetArgument())
    .addOption(environmentOption('whose vault'))
    .option('--from-file <path>', 'take the value from a file; one line break at its end is left out')
    .option('--any', 'even a secret that the fleet does not read, or the CA of the mesh, which `up` makes')
    .action(async (name: string, file: string, options: Omit<SecretsSetOptions, 'file' | 'name'>) => {
      const { secretsSetCommand } = await import('./commands/secrets.ts');
      exit(await secretsSetCommand({ name, file, ...options }, terminal));
    });
  secrets
    .command('generate')
    .description('make at random what is marked so and is missing, or the secrets named; replaces none')
    .argument('[names...]', 'secrets; the fleet file may come last: names have no dot and no slash')
    .addOption(environmentOption('whose vault'))
    .action(async (words: readonly string[], options: Pick<SecretsGenerateOptions, 'environment'>) => {
      const { secretsGenerateCommand } = await import('./commands/secrets.ts');
      exit(await secretsGenerateCommand({ ...namesAndFile(words), ...options }, terminal));
    });
}

/** `session-key db-password fleet.yaml`: what has a dot or a slash is no name of a secret. */
function namesAndFile(words: readonly string[]): Pick<SecretsGenerateOptions, 'names' | 'file'> {
  const last = words.at(-1);
  const isFile = last !== undefined && /[./\\]/.test(last);
  const file = isFile ? last : (fleetFileHere() ?? FLEET_DEFAULT);
  return { names: isFile ? words.slice(0, -1) : words, file };
}
