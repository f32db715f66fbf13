import { type Command, InvalidArgumentError } from 'commander';
import type { LabArmOptions } from './options.ts';
import type { Terminal } from './terminal.ts';

const PORT_MAX = 65_535;
/** Two hours and three quarters: longer than anything that Azure does to a fleet. */
const LATENCY_MAX_MS = 9_999_999;

/** The commands that stand in for something of Azure's. */
export function addLabCommands(program: Command, terminal: Terminal, exit: (code: number) => void): void {
  program
    .command('lab')
    .description('stand-ins for Azure, on this machine')
    .command('arm')
    .description('stand in for Azure Resource Manager, to try `terraform apply` without a subscription')
    .option('--port <number>', 'where to listen, on loopback', wholeNumber(PORT_MAX), 4443)
    .option('--state <file>', 'go on from this file, and keep everything in it')
    .option(
      '--latency <milliseconds>',
      'how long a create, change or delete takes',
      wholeNumber(LATENCY_MAX_MS),
      0,
    )
    .option('--faults <file>', 'what is to go wrong: a JSON list, see docs/lab-arm.md')
    .option('--throttle', 'refuse what comes too often, as Azure does')
    .option('--subscription <id>', 'the subscription that it answers for, where its own will not do', uuid)
    .option('--tenant <id>', 'the tenant of that subscription', uuid)
    .action(async (options: LabArmOptions) => {
      const { labArmCommand } = await import('./commands/lab.ts');
      exit(await labArmCommand(options, terminal));
    });
}

function wholeNumber(max: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,7}$/.test(text) ? Number(text) : Number.NaN;
    if (number <= max) return number;
    throw new InvalidArgumentError(`it is no whole number from 0 to ${max}.`);
  };
}

function uuid(text: string): string {
  if (/^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i.test(text)) return text;
  throw new InvalidArgumentError('it is no UUID; write it as `az account show` prints it.');
}
