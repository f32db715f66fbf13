import { basename, isAbsolute, join, relative, resolve } from 'node:path';
import { type NewFilesReport, writeNewFiles } from '../../adapters/new-files.ts';
import { readShippedRecords, RECORDS_BELOW, repositoryRootOf } from '../../adapters/record-folder.ts';
import { adoptedRecord } from '../../adr/shipped-record.ts';
import type { FileTree } from '../../base/file-tree.ts';
import { nearest } from '../../base/nearest.ts';
import { quote } from '../../base/quote.ts';
import { builtInPriceBook } from '../../catalog/price-book.ts';
import { regions } from '../../catalog/regions.ts';
import { environments } from '../../fleet/fleet.ts';
import { loadFleetFile } from '../../fleet/load.ts';
import { planFleet } from '../../plan/plan.ts';
import { printable, type Style } from '../../report/style.ts';
import { starterFleetFile } from '../../starter/fleet-file.ts';
import { starterWorkflow } from '../../starter/workflow.ts';
import { FLEET_DEFAULT, type InitOptions } from '../options.ts';
import { EXIT, styleFor, type Terminal, UsageError } from '../terminal.ts';
import { VERSION } from '../version.ts';

/** Names go into YAML as they are, so they are plain words; what else they must be, the plan of the file says. */
const PLAIN = /^[a-z][a-z0-9-]*$/;
const FLEET_NAME = /^(?=.{2,15}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const WORKFLOW = '.github/workflows/bulkhead.yaml';

/** `bulkhead init`: the first files of a fleet, all of them or none. */
export function initCommand(options: InitOptions, terminal: Terminal): number {
  const home = resolve(options.folder);
  const root = repositoryRootOf(home) ?? home;
  const below = relative(root, home).replaceAll('\\', '/');
  const tree = starterTree(options, home, below, terminal.today);
  let report;
  try {
    report = writeNewFiles(root, tree);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UsageError(`cannot write below ${options.folder}: ${message}`);
  }
  const shownRoot = isAbsolute(options.folder) ? root : relative(process.cwd(), root);
  const shown = (path: string): string => printable(join(shownRoot, path));
  const style = styleFor(terminal.stdout, terminal.env);
  if ('taken' in report) {
    terminal.stderr.write(takenText(report.taken.map(shown)));
    return EXIT.usage;
  }
  terminal.stdout.write(reportText(report, shown, join(options.folder, FLEET_DEFAULT), style));
  return EXIT.fine;
}

/** Paths count from the repository's root: workflows run from nowhere else. */
function starterTree(options: InitOptions, home: string, below: string, today: string): FileTree {
  const { environment, region, apps } = options;
  const name = options.name ?? (FLEET_NAME.test(basename(home)) ? basename(home) : 'fleet');
  for (const word of [name, region, ...apps]) {
    if (!PLAIN.test(word)) {
      throw new UsageError(`${quote(word)} is no name; use a-z, 0-9 and -, starting with a letter`);
    }
  }
  if (!regions().some((known) => known.name === region)) {
    const near = nearest(
      region,
      regions().map((known) => known.name),
    );
    const meant = near === undefined ? '' : `; did you mean ${near}?`;
    throw new UsageError(
      `the catalogue has no region ${region}, so nothing could be checked or priced${meant}`,
    );
  }
  const fleet = starterFleetFile({ name, region, environment, apps });
  refuseBroken(fleet, today);
  const inHome = (path: string): string => (below === '' ? path : `${below}/${path}`);
  const shipped = readShippedRecords();
  const names = shipped.map((record) => record.name);
  const records = shipped.map((record) => adoptedRecord(record, names, today));
  return new Map([
    [inHome(FLEET_DEFAULT), fleet],
    ...records.map((record) => [inHome(`${RECORDS_BELOW}/${record.name}`), record.text] as const),
    [WORKFLOW, starterWorkflow({ fleetFile: inHome(FLEET_DEFAULT), version: VERSION })],
  ]);
}

/** The template holds for any sound names; the first thing that a plan refuses is therefore what was asked for. */
function refuseBroken(text: string, today: string): void {
  const load = loadFleetFile(FLEET_DEFAULT, new TextEncoder().encode(text));
  const { findings } = planFleet(load, { environments, today, priceBook: builtInPriceBook });
  const refused = findings.find(({ severity }) => severity === 'error');
  if (refused) throw new UsageError(`such a fleet would not hold: ${refused.message}`);
}

function takenText(paths: readonly string[]): string {
  const lines = paths.map((path) => `  ${path}\n`).join('');
  const count = paths.length === 1 ? 'this file is' : 'these files are';
  return `bulkhead: nothing was written: ${count} there already\n${lines}move them away, or name another folder\n`;
}

function reportText(
  report: Extract<NewFilesReport, { written: unknown }>,
  shown: (path: string) => string,
  fleetFile: string,
  style: Style,
): string {
  const files = report.written.map((path) => `  ${shown(path)}\n`).join('');
  const file = fleetFile === FLEET_DEFAULT ? '' : ` ${printable(fleetFile)}`;
  const next = [
    [`bulkhead plan${file}`, 'what this fleet is, what it costs, whether it keeps its contract'],
    [`bulkhead plan${file} --out out`, 'the same, and the Terraform and the GitOps tree that make it'],
    [`bulkhead adr check${file}`, 'whether the decisions behind the contract still stand'],
  ] as const;
  const width = Math.max(...next.map(([command]) => command.length));
  const commands = next.map(([command, purpose]) => `  ${command.padEnd(width)}  ${style.dim(purpose)}\n`);
  return [
    `${style.bold('Written')}\n\n${files}`,
    'Replace the examples that are marked so in the fleet file and the workflow, and read the decisions.\n',
    `${style.bold('Next')}\n\n${commands.join('')}`,
  ].join('\n');
}
