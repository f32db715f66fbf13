import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { environments } from '../fleet/fleet.ts';
import { fleetFileHere } from './fleet-choice.ts';
import { type DownOptions, FLEET_DEFAULT, type UpOptions } from './options.ts';
import type { Terminal } from './terminal.ts';

/** Each may be a Terraform, which wants a core and some 300 MB while it plans. */
const PARALLEL_MAX = 64;
const PARALLEL_DEFAULT = 8;

/** The commands that change Azure and clusters. Both can be stopped at any time, and go on when they are run again. */
export function addDeployCommands(program: Command, terminal: Terminal, exit: (code: number) => void): void {
  deployment(program, 'up', 'bring the fleet about: preflight, Terraform, bootstrap, Argo CD; again to go on')
    .option('-y, --yes', 'agree to what is made and changed, and to nothing that is destroyed or replaced')
    .option('--allow-destroy', 'agree to what is destroyed or replaced')
    .addOption(
      new Option('--checkout <folder>', 'the checkout that Argo CD reads from').default(
        undefined,
        'the one around the fleet file',
      ),
    )
    .action(async (file: string, options: Omit<UpOptions, 'file'>) => {
      const { upCommand } = await import('./commands/up.ts');
      exit(await upCommand({ file, ...options }, terminal));
    });
  deployment(program, 'down', 'take the fleet down, or some of its app clusters, or its keeper')
    .addOption(
      new Option('--clusters <names>', 'these app clusters alone, with commas between them').argParser(names),
    )
    .option('--keeper', 'the keeper alone, or with those clusters')
    .option('--allow-destroy', 'agree to all that goes, instead of typing the name of the fleet')
    .action(async (file: string, options: Omit<DownOptions, 'file'>) => {
      const { downCommand } = await import('./commands/up.ts');
      exit(await downCommand({ file, ...options }, terminal));
    });
}

function deployment(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .addArgument(
      new Argument('[file]', 'the fleet file').default(
        fleetFileHere() ?? FLEET_DEFAULT,
        '"fleet.yaml", else "fleet.ts"',
      ),
    )
    .addOption(
      // Without a default: the wrong fleet is changed in a moment.
      new Option('-e, --environment <name>', 'which one').choices(environments).makeOptionMandatory(),
    )
    .addOption(
      new Option('--state <place>', 'where Terraform keeps its states: an account in Azure, or this machine')
        .choices(['azure', 'local'])
        .default('azure'),
    )
    .addOption(
      new Option('--parallel <count>', 'how many Terraforms may run at once')
        .argParser(count)
        .default(PARALLEL_DEFAULT),
    );
}

function count(text: string): number {
  const number = /^\d+$/.test(text) ? Number(text) : 0;
  if (number >= 1 && number <= PARALLEL_MAX) return number;
  throw new InvalidArgumentError(`it is a number from 1 to ${PARALLEL_MAX}.`);
}

function names(text: string): readonly string[] {
  const found = text.split(',').map((name) => name.trim());
  if (found.every((name) => name !== '')) return found;
  throw new InvalidArgumentError('it names no cluster.');
}
