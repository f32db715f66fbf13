import { type Command, InvalidArgumentError } from 'commander';
import type { LabArmOptions } from './options.ts';
import type { Terminal } from './terminal.ts';

/** The commands that stand in for something of Azure's. */
export function addLabCommands(program: Command, terminal: Terminal, exit: (code: number) => void): void {
  program
    .command('lab')
    .description('stand-ins for Azure, on this machine')
    .command('arm')
    .description('stand in for Azure Resource Manager, to try `terraform apply` without a subscription')
    .option('--port <number>', 'where to listen, on loopback', wholeNumber, 4443)
    .option('--state <file>', 'go on from this file, and keep everything in it')
    .option('--latency <milliseconds>', 'how long a create, change or delete takes', wholeNumber, 0)
    .option('--faults <file>', 'what is to go wrong: a JSON list, see docs/lab-arm.md')
    .option('--throttle', 'refuse what comes too often, as Azure does')
    .action(async (options: LabArmOptions) => {
      const { labArmCommand } = await import('./commands/lab.ts');
      exit(await labArmCommand(options, terminal));
    });
}

function wholeNumber(text: string): number {
  if (!/^\d{1,7}$/.test(text)) throw new InvalidArgumentError('it is no whole number.');
  return Number(text);
}
