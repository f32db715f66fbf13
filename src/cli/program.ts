import { Argument, Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { type Scanner, scanners } from '../contract/suppressions/known-alarm.ts';
import { type Environment, environments } from '../fleet/fleet.ts';
import { printable } from '../report/style.ts';
import { fleetFileHere } from './fleet-choice.ts';
import {
  type CheckOptions,
  type CommonOptions,
  type DiffOptions,
  FLEET_DEFAULT,
  FORMATS,
  type PlanOptions,
} from './options.ts';
import { addDeployCommands } from './deploy-commands.ts';
import { addLabCommands } from './lab-commands.ts';
import { addOpenCommand } from './open-commands.ts';
import { addRecordCommands } from './record-commands.ts';
import { addSecretsCommands } from './secrets-commands.ts';
import { EXIT, type Terminal, UsageError } from './terminal.ts';
import { VERSION } from './version.ts';

/**
 * Runs the command line. Answers the exit code, never throws. Commands are loaded when they are called, so that
 * `--help` loads none.
 */
export async function run(argv: readonly string[], terminal: Terminal): Promise<number> {
  let exitCode: number = EXIT.fine;
  const program = commands(terminal, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(argv, { from: 'user' });
    return exitCode;
  } catch (error) {
    return await failure(error, terminal);
  }
}

async function failure(error: unknown, terminal: Terminal): Promise<number> {
  // Commander has printed its own message; 0 is --help and --version.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.usage;
  if (error instanceof UsageError) {
    terminal.stderr.write(`bulkhead: ${printable(error.message)}\n`);
    return EXIT.usage;
  }
  const { sourceStack } = await import('./source-stack.ts');
  const detail = error instanceof Error ? sourceStack(error.stack ?? error.message) : String(error);
  terminal.stderr.write(`bulkhead: this is a bug of ours, please report it\n${detail}\n`);
  return EXIT.bug;
}

function commands(terminal: Terminal, exit: (code: number) => void): Command {
  const program = new Command('bulkhead')
    .description('From one fleet file to an AKS platform that is checked, priced and ready to deploy.')
    .version(VERSION, '--version')
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
    });

  fleetCommand(program, 'plan', 'check, price and synthesise the fleet; writes nothing without --out')
    .addOption(
      new Option('-o, --out <folder>', 'write <folder>/<environment>/{terraform,bootstrap,gitops}').argParser(
        folderName,
      ),
    )
    .option('--explain', 'say of each default which rule and which inputs made it')
    .action(async (file: string, options: PlanOptions) => {
      const { planCommand } = await import('./commands/plan.ts');
      exit(await planCommand({ file, ...options }, terminal));
    });
  fleetCommand(program, 'check', 'hold the contract against the fleet file')
    .addOption(
      new Option('--suppressions <scanner>', 'write what a scanner is to be silent about, with the reasons')
        .choices(Object.keys(scanners))
        .conflicts('format'),
    )
    .addOption(
      new Option(
        '--terraform-plan <file>',
        'what `terraform show -json` prints of a plan or a state; repeat it for each root',
      ).argParser(oneMore),
    )
    .addOption(
      new Option(
        '--gitops <folder>',
        "one environment's GitOps tree: manifests, Kustomize, Applications, chart values; repeatable",
      ).argParser(oneMore),
    )
    .addOption(
      new Option(
        '--snapshot <folder>',
        'the running fleet: arm/*.json as Azure, kubernetes/<cluster>/* as API servers give it; repeatable',
      ).argParser(oneMore),
    )
    .action(
      async (named: string, options: CheckOptions & { readonly suppressions?: Scanner }, self: Command) => {
        const { suppressions } = options;
        if (suppressions === undefined) {
          const { checkCommand } = await import('./commands/check.ts');
          // Plans can be checked without a fleet file: the one that lies here is read only when it is named.
          const { terraformPlan, gitops, snapshot } = options;
          const isNamed = self.args.length > 0 || (terraformPlan ?? gitops ?? snapshot) === undefined;
          exit(await checkCommand({ ...(isNamed ? { file: named } : {}), ...options }, terminal));
        } else {
          const { suppressionsCommand } = await import('./commands/suppressions.ts');
          exit(await suppressionsCommand({ file: named, ...options, suppressions }, terminal));
        }
      },
    );
  fleetCommand(program, 'cost', 'price the fleet, line by line').action(
    async (file: string, options: CommonOptions) => {
      const { costCommand } = await import('./commands/cost.ts');
      exit(await costCommand({ file, ...options }, terminal));
    },
  );
  fleetCommand(program, 'diff', 'what a change does: resources, objects, price and findings', (command) =>
    command.argument(
      '<base>',
      'what to compare with: a fleet file, a folder that has one, or a revision of git',
    ),
  ).action(async (base: string, file: string, options: DiffOptions) => {
    const { diffCommand } = await import('./commands/diff.ts');
    exit(await diffCommand({ base, file, ...options }, terminal));
  });
  addDeployCommands(program, terminal, exit);
  addRecordCommands(program, terminal, exit);
  addSecretsCommands(program, terminal, exit);
  addOpenCommand(program, terminal, exit);
  addLabCommands(program, terminal, exit);
  program
    .command('schema')
    .description('print the JSON Schema of the fleet file, for completion in an editor')
    .action(async () => {
      const { schemaCommand } = await import('./commands/schema.ts');
      exit(schemaCommand(terminal));
    });
  return program;
}

function fleetCommand(
  program: Command,
  name: 'plan' | 'check' | 'cost' | 'diff',
  description: string,
  withArguments: (command: Command) => Command = (command) => command,
): Command {
  return withArguments(program.command(name).description(description))
    .addArgument(
      new Argument(
        '[file]',
        'the fleet file; one in TypeScript is run, unless BULKHEAD_NO_CODE is set',
      ).default(fleetFileHere() ?? FLEET_DEFAULT, '"fleet.yaml", else "fleet.ts"'),
    )
    .addOption(
      new Option('-e, --environment <names>', 'demo, production, or both with a comma')
        .argParser(environmentList)
        .default([...environments], 'demo,production'),
    )
    .addOption(
      new Option('-f, --format <format>', 'how to write the answer')
        .choices(FORMATS[name])
        .default(FORMATS[name][0]),
    )
    .addOption(
      new Option('--fail-on <severity>', 'exit 1 from this severity up')
        .choices(['error', 'warning', 'note'])
        .default('error'),
    );
}

function environmentList(text: string): readonly Environment[] {
  const names = text.split(',').map((name) => name.trim());
  const unknown = names.find((name) => !environments.some((environment) => environment === name));
  if (unknown !== undefined) {
    throw new InvalidArgumentError(
      `${JSON.stringify(printable(unknown))} is no environment; there are demo and production.`,
    );
  }
  return environments.filter((environment) => names.includes(environment));
}

/** An option that is given several times. */
function oneMore(text: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, text];
}

/** An unset variable in a script must not mean the current folder. */
function folderName(text: string): string {
  if (text.trim() === '') throw new InvalidArgumentError('it names no folder.');
  return text;
}
