import { existsSync, readFileSync, statSync } from 'node:fs';
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
import { isWorkflowOf, starterWorkflow, WORKFLOW_NAME } from '../../starter/workflow.ts';
import { FLEET_DEFAULT, type InitOptions } from '../options.ts';
import { shellWord } from '../shell-word.ts';
import { EXIT, styleFor, type Terminal, UsageError } from '../terminal.ts';
import { VERSION } from '../version.ts';

/** Names go into YAML as they are, so they are plain words; what else they must be, the plan of the file says. */
const PLAIN = /^[a-z][a-z0-9-]*$/;
const FLEET_NAME = /^(?=.{2,15}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
/** YAML takes them for something else than names. */
const WORDS_OF_YAML = new Set(['null', 'true', 'false']);
const WORKFLOWS = '.github/workflows';

/** Where the files of a fleet go. */
type Place = {
  /** Of the repository: workflows run from nowhere else. */
  readonly root: string;
  readonly fleetName: string;
  /** The path of a file beside the fleet, seen from the root. */
  readonly inHome: (path: string) => string;
};

/** `bulkhead init`: the first files of a fleet, all of them or none. */
export function initCommand(options: InitOptions, terminal: Terminal): number {
  const place = placeOf(options);
  const { root } = place;
  const workflow = workflowName(place);
  const tree = starterTree(options, place, workflow, terminal.today);
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
  const others =
    workflow === WORKFLOW_NAME
      ? ''
      : `${shown(workflowPath(WORKFLOW_NAME))} is there already and stays as it is; ${workflow}.yaml checks this fleet.\n`;
  terminal.stdout.write(reportText(report, others, shown, join(options.folder, FLEET_DEFAULT), style));
  return EXIT.fine;
}

function placeOf({ folder, name }: InitOptions): Place {
  const home = resolve(folder);
  const root = repositoryRootOf(home) ?? home;
  const below = relative(root, home).replaceAll('\\', '/');
  return {
    root,
    fleetName: name ?? (FLEET_NAME.test(basename(home)) ? basename(home) : 'fleet'),
    inHome: (path) => (below === '' ? path : `${below}/${path}`),
  };
}

/** The first name that no other fleet of the repository has taken. */
function workflowName(place: Place): string {
  let name: string = WORKFLOW_NAME;
  for (let number = 1; isTakenByOther(name, place); number++) {
    name = [WORKFLOW_NAME, place.fleetName, ...(number === 1 ? [] : [number])].join('-');
  }
  return name;
}

function isTakenByOther(name: string, { root, inHome }: Place): boolean {
  const path = join(root, workflowPath(name));
  // What cannot be looked at cannot be written either, and that is told then.
  if (!existsSync(path)) return false;
  try {
    return !(statSync(path).isFile() && isWorkflowOf(readFileSync(path, 'utf8'), inHome(FLEET_DEFAULT)));
  } catch {
    return true;
  }
}

function workflowPath(name: string): string {
  return `${WORKFLOWS}/${name}.yaml`;
}

/** Paths count from the root. */
function starterTree(
  options: InitOptions,
  { fleetName, inHome }: Place,
  workflow: string,
  today: string,
): FileTree {
  const { environment, region, apps } = options;
  refuseWords({ ...options, name: fleetName });
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
  const fleet = starterFleetFile({ name: fleetName, region, environment, apps });
  refuseBroken(fleet, today);
  const shipped = readShippedRecords();
  const names = shipped.map((record) => record.name);
  const records = shipped.map((record) => adoptedRecord(record, names, today));
  return new Map([
    [inHome(FLEET_DEFAULT), fleet],
    ...records.map((record) => [inHome(`${RECORDS_BELOW}/${record.name}`), record.text] as const),
    [
      workflowPath(workflow),
      starterWorkflow({ fleetFile: inHome(FLEET_DEFAULT), version: VERSION, name: workflow }),
    ],
  ]);
}

/** What the file would be refused for in words of YAML, which nobody has written yet. */
function refuseWords({ name, region, apps }: InitOptions & { readonly name: string }): void {
  const words = [
    ['--name', name],
    ['--region', region],
    ...apps.map((app) => ['--apps', app] as const),
  ] as const;
  for (const [option, word] of words) {
    if (!PLAIN.test(word) || WORDS_OF_YAML.has(word)) {
      const but = WORDS_OF_YAML.has(word) ? ', other than null, true and false' : '';
      throw new UsageError(
        `${option}: ${quote(word)} is no name; use a-z, 0-9 and -, starting with a letter${but}`,
      );
    }
  }
  if (apps.includes('mgmt')) {
    throw new UsageError('--apps names mgmt, which every fleet has beside its app clusters; leave it out');
  }
  const twice = apps.find((app, index) => apps.indexOf(app) < index);
  if (twice !== undefined) throw new UsageError(`--apps names ${twice} twice; name each app cluster once`);
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
  others: string,
  shown: (path: string) => string,
  fleetFile: string,
  style: Style,
): string {
  const files = report.written.map((path) => `  ${shown(path)}\n`).join('');
  const file = fleetFile === FLEET_DEFAULT ? '' : ` ${printable(shellWord(fleetFile))}`;
  const next = [
    [`bulkhead plan${file}`, 'what this fleet is, what it costs, whether it keeps its contract'],
    [`bulkhead plan${file} --out out`, 'the same, and the Terraform and the GitOps tree that make it'],
    [`bulkhead adr check${file}`, 'whether the decisions behind the contract still stand'],
  ] as const;
  const width = Math.max(...next.map(([command]) => command.length));
  const commands = next.map(([command, purpose]) => `  ${command.padEnd(width)}  ${style.dim(purpose)}\n`);
  return [
    `${style.bold('Written')}\n\n${files}`,
    ...(others === '' ? [] : [others]),
    'Replace the examples that are marked so in the fleet file and the workflow, and read the decisions.\n',
    `${style.bold('Next')}\n\n${commands.join('')}`,
  ].join('\n');
}
