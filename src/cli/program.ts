import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { type Environment, environments } from '../fleet/fleet.ts';
import { printable } from '../report/style.ts';
import type { CommonOptions, PlanOptions } from './options.ts';
import { EXIT, type Terminal, UsageError } from './terminal.ts';

const FLEET_DEFAULT = 'fleet.yaml';

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
    return failure(error, terminal);
  }
}

function failure(error: unknown, terminal: Terminal): number {
  // Commander has printed its own message; 0 is --help and --version.
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.fine : EXIT.usage;
  if (error instanceof UsageError) {
    terminal.stderr.write(`bulkhead: ${printable(error.message)}\n`);
    return EXIT.usage;
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
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
    .option('-o, --out <folder>', 'write <folder>/<environment>/{terraform,bootstrap,gitops}')
    .option('--explain', 'say of each default which rule and which inputs made it')
    .action(async (file: string, options: PlanOptions) => {
      const { planCommand } = await import('./commands/plan.ts');
      exit(await planCommand({ file, ...options }, terminal));
    });
  fleetCommand(program, 'check', 'hold the contract against the fleet file').action(
    async (file: string, options: CommonOptions) => {
      const { checkCommand } = await import('./commands/check.ts');
      exit(checkCommand({ file, ...options }, terminal));
    },
  );
  fleetCommand(program, 'cost', 'price the fleet, line by line').action(
    async (file: string, options: CommonOptions) => {
      const { costCommand } = await import('./commands/cost.ts');
      exit(costCommand({ file, ...options }, terminal));
    },
  );
  program
    .command('schema')
    .description('print the JSON Schema of the fleet file, for completion in an editor')
    .action(async () => {
      const { schemaCommand } = await import('./commands/schema.ts');
      exit(schemaCommand(terminal));
    });
  return program;
}

function fleetCommand(program: Command, name: string, description: string): Command {
  return program
    .command(name)
    .description(description)
    .argument('[file]', 'the fleet file', FLEET_DEFAULT)
    .addOption(
      new Option('-e, --environment <names>', 'demo, production, or both with a comma')
        .argParser(environmentList)
        .default([...environments], 'demo,production'),
    )
    .addOption(
      new Option('-f, --format <format>', 'how to write the answer')
        .choices(['text', 'json'])
        .default('text'),
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

/** Kept equal to package.json by a test. */
export const VERSION = '0.1.0';
