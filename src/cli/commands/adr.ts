import { dirname, join } from 'node:path';
import { writeNewFiles } from '../../adapters/new-files.ts';
import { readShippedRecords, recordFolderOf, RECORDS_BELOW } from '../../adapters/record-folder.ts';
import { judgeRecords } from '../../adr/judge.ts';
import { type NewFile, newRecord } from '../../adr/new-record.ts';
import { idOf, keyOf, type Records } from '../../adr/record.ts';
import { adoptedRecord, shippedRecord } from '../../adr/shipped-record.ts';
import type { Finding } from '../../base/finding.ts';
import { failsAt } from '../../contract/check.ts';
import { invariants } from '../../contract/invariants/index.ts';
import { environments } from '../../fleet/fleet.ts';
import { acceptDecisions, appliedInvariants } from '../../plan/decisions.ts';
import { renderSummary } from '../../report/findings-text.ts';
import { planJson } from '../../report/plan-json.ts';
import { renderFindingSection, sections } from '../../report/plan-text.ts';
import { recordsJson, renderRecords } from '../../report/records-text.ts';
import { printable } from '../../report/style.ts';
import { fleetFileHere } from '../fleet-choice.ts';
import { planFile } from '../fleet-plan.ts';
import { type AdrCheckOptions, type AdrListOptions, type AdrNewOptions } from '../options.ts';
import { readRecordsIn, type RecordFiles, readRecordsOf } from '../record-files.ts';
import { EXIT, styleFor, type Terminal, UsageError } from '../terminal.ts';
import { VERSION } from '../version.ts';

/** `bulkhead adr list`: the decisions, and what stands on each. */
export function adrListCommand(options: AdrListOptions, terminal: Terminal): number {
  const { records } = readRecordsIn(options.dir ?? folderHere());
  const style = styleFor(terminal.stdout, terminal.env);
  const isJson = options.format === 'json';
  terminal.stdout.write(
    isJson ? recordsJson(records, invariants) : renderRecords(records, invariants, style),
  );
  return EXIT.fine;
}

/** `bulkhead adr new`: the next record, or one of those that come with Bulkhead. Never replaces a file. */
export function adrNewCommand(options: AdrNewOptions, terminal: Terminal): number {
  const folder = options.dir ?? folderHere();
  const file = newFileFor(options.title, folder, terminal.today);
  const path = join(folder, file.name);
  let report;
  try {
    report = writeNewFiles(folder, new Map([[file.name, file.text]]));
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === undefined) throw error;
    throw new UsageError(`cannot write ${path}: ${message}`);
  }
  if ('taken' in report) throw new UsageError(`${path} is there already; nothing was written`);
  terminal.stdout.write(`${printable(path)}\n`);
  return EXIT.fine;
}

/** `bulkhead adr check`: every record of the folder, and the decisions that the fleet's invariants stand on. */
export async function adrCheckCommand(options: AdrCheckOptions, terminal: Terminal): Promise<number> {
  const file = options.file ?? fleetFileHere();
  const checked = file === undefined ? checkAlone(options) : await checkWithFleet(file, options, terminal);
  const { findings, exitCode, sources, records } = checked;
  if (options.format === 'json') {
    terminal.stdout.write(planJson({ isSound: true, environments: [], findings }, new Set()));
    return exitCode;
  }
  if (options.format === 'sarif') {
    const { renderSarif } = await import('../../report/sarif.ts');
    const isComplete = exitCode !== EXIT.usage;
    terminal.stdout.write(renderSarif(findings, { version: VERSION, exitCode, isComplete }));
    return exitCode;
  }
  const style = styleFor(terminal.stdout, terminal.env);
  const count = `${records.records.length} ${records.records.length === 1 ? 'record' : 'records'}`;
  const closing = style.bold(`${renderSummary(findings)} in ${count} of ${printable(records.folder)}`);
  terminal.stdout.write(sections([renderFindingSection(findings, sources, style), `${closing}\n`]));
  return exitCode;
}

type Checked = RecordFiles & { readonly findings: readonly Finding[]; readonly exitCode: number };

/** Only what applies to the fleet must stand on something, and the fleet's waivers count. */
async function checkWithFleet(file: string, options: AdrCheckOptions, terminal: Terminal): Promise<Checked> {
  const found = options.dir === undefined ? readRecordsOf(file) : readRecordsIn(options.dir);
  // Where there is none, this says so.
  const recordFiles = found ?? readRecordsIn(join(dirname(file), RECORDS_BELOW));
  const common = { environment: environments, format: 'text', failOn: options.failOn } as const;
  const { plan, sources, isSound, start } = await planFile({ ...common, file, recordFiles }, terminal);
  const standing = appliedInvariants(plan.environments.map(({ contract }) => contract));
  const told = judgeRecords(recordFiles.records, standing, start);
  const list = plan.environments[0]?.platform.fleet.waivers ?? [];
  const accepted = acceptDecisions(told, { list, today: terminal.today }).findings;
  // What applies to a file that is not sound is anybody's guess: its own findings come first.
  const findings = isSound ? accepted : [...plan.findings.filter(isOfFile), ...accepted];
  const exitCode = isSound ? exitFor(findings, options) : EXIT.usage;
  return { records: recordFiles.records, sources, findings, exitCode };
}

function isOfFile({ id }: Finding): boolean {
  return id.startsWith('fleet/');
}

/** Without a fleet every invariant counts, and what is missing is missing from the folder. */
function checkAlone(options: AdrCheckOptions): Checked {
  const { records, sources } = readRecordsIn(options.dir ?? folderHere());
  const start = { line: 1, column: 1 };
  const findings = judgeRecords(records, invariants, { file: records.folder, start, end: start });
  return { records, sources, findings, exitCode: exitFor(findings, options) };
}

function exitFor(findings: readonly Finding[], { failOn }: AdrCheckOptions): number {
  return failsAt(findings, failOn) ? EXIT.findings : EXIT.fine;
}

function newFileFor(title: string, folder: string, today: string): NewFile {
  const existing = existingRecords(folder);
  if (!/^ADR-A\d+$/i.test(title.trim())) {
    const file = newRecord(title, existing?.records ?? [], today);
    if (file) return file;
    throw new UsageError('the title has no letter or digit to name a file after; say what is decided');
  }
  const shipped = readShippedRecords();
  const record = shippedRecord(title.trim(), shipped);
  const names = shipped.map(({ name }) => name);
  if (!record) {
    const ids = names.flatMap((name) => idOf(name) ?? []);
    throw new UsageError(`no ${title.trim()} comes with Bulkhead; there are ${ids.join(', ')}`);
  }
  const taken = existing?.records.find(({ id }) => keyOf(id) === keyOf(title.trim()));
  if (taken) throw new UsageError(`${taken.file} is ${taken.id} already; nothing was written`);
  const siblings = [...names, ...(existing?.records ?? []).map(({ name }) => name)];
  return adoptedRecord(record, siblings, today);
}

/** Undefined where there is no folder yet: a first record makes it. */
function existingRecords(folder: string): Records | undefined {
  try {
    return readRecordsIn(folder).records;
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

function folderHere(): string {
  return recordFolderOf('.') ?? RECORDS_BELOW;
}
