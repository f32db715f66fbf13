import { type Command, Option } from 'commander';
import {
  type AdrCheckOptions,
  type AdrListOptions,
  type AdrNewOptions,
  FORMATS,
  type InitOptions,
} from './options.ts';
import type { Terminal } from './terminal.ts';

/** The commands that write and judge what stands beside a fleet file: its first files, and its decisions. */
export function addRecordCommands(program: Command, terminal: Terminal, exit: (code: number) => void): void {
  program
    .command('init')
    .description('write a fleet file, its decision records and a CI workflow; never replaces a file')
    .argument('[folder]', 'where the fleet is to live', '.')
    .addOption(
      new Option('-e, --environment <name>', 'what the fleet is for first')
        .choices(['demo', 'production'])
        .default('demo'),
    )
    .option('--name <name>', "the fleet's name, part of every Azure name (default: the folder's)")
    .option('--region <region>', 'Azure region', 'koreacentral')
    .addOption(
      new Option('--apps <names>', 'app clusters, with commas')
        .argParser((text) => text.split(',').map((name) => name.trim()))
        .default(['app1', 'app2'], 'app1,app2'),
    )
    .action(async (folder: string, options: Omit<InitOptions, 'folder'>) => {
      const { initCommand } = await import('./commands/init.ts');
      exit(initCommand({ folder, ...options }, terminal));
    });
  const adr = program.command('adr').description('list, write and check decision records');
  recordCommand(adr, 'list', 'the decisions, and the invariants that stand on each')
    .addOption(formatOption('adr list'))
    .action(async (options: AdrListOptions) => {
      const { adrListCommand } = await import('./commands/adr.ts');
      exit(adrListCommand(options, terminal));
    });
  recordCommand(adr, 'new', 'write the next record, proposed today')
    .argument('<title>', 'what it decides, or the id of one that comes with Bulkhead, e.g. ADR-A01')
    .action(async (title: string, options: Omit<AdrNewOptions, 'title'>) => {
      const { adrNewCommand } = await import('./commands/adr.ts');
      exit(adrNewCommand({ title, ...options }, terminal));
    });
  recordCommand(adr, 'check', 'hold the records against each other and against what stands on them')
    .argument('[file]', 'the fleet file (default: fleet.yaml or fleet.ts, where one is there)')
    .addOption(formatOption('adr check'))
    .addOption(
      new Option('--fail-on <severity>', 'exit 1 from this severity up')
        .choices(['error', 'warning', 'note'])
        .default('error'),
    )
    .action(async (file: string | undefined, options: Omit<AdrCheckOptions, 'file'>) => {
      const { adrCheckCommand } = await import('./commands/adr.ts');
      exit(await adrCheckCommand({ ...options, ...(file === undefined ? {} : { file }) }, terminal));
    });
}

function recordCommand(adr: Command, name: string, description: string): Command {
  return adr
    .command(name)
    .description(description)
    .option('--dir <folder>', "the records (default: docs/adr, here or at the repository's root)");
}

function formatOption(command: 'adr list' | 'adr check'): Option {
  return new Option('-f, --format <format>', 'how to write the answer')
    .choices(FORMATS[command])
    .default(FORMATS[command][0]);
}
