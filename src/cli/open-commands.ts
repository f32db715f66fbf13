import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { environmentOption, fleetArgument } from './fleet-arguments.ts';
import { type OpenOptions, PAGES } from './options.ts';
import type { Terminal } from './terminal.ts';

const PORT_MAX = 65_535;

/** The command that shows what runs on mgmt and is published nowhere. */
export function addOpenCommand(program: Command, terminal: Terminal, exit: (code: number) => void): void {
  program
    .command('open')
    .description('reach Grafana or Argo CD on mgmt at a port of this machine, until Ctrl-C')
    .addArgument(new Argument('<page>', 'whose page').choices(PAGES))
    .addArgument(fleetArgument())
    .addOption(environmentOption('which one'))
    .addOption(
      new Option(
        '--port <number>',
        'the port of this machine, 3000 for grafana and 8080 for argocd unless told; 0 takes any that is free',
      ).argParser(portNumber),
    )
    .option('--no-browser', 'print the address and start no browser')
    .action(async (page: OpenOptions['page'], file: string, options: Omit<OpenOptions, 'page' | 'file'>) => {
      const { openCommand } = await import('./commands/open.ts');
      exit(await openCommand({ page, file, ...options }, terminal));
    });
}

function portNumber(text: string): number {
  const number = /^\d+$/.test(text) ? Number(text) : -1;
  if (number >= 0 && number <= PORT_MAX) return number;
  throw new InvalidArgumentError(`it is a number from 0 to ${PORT_MAX}.`);
}
