import type { Span } from '../base/finding.ts';
import { builtInPriceBook } from '../catalog/price-book.ts';
import { failsAt } from '../contract/check.ts';
import type { ShownFileLoad } from '../contract/terraform/shown-file.ts';
import { startOf } from '../fleet/document.ts';
import { type Plan, planFleet, planWithoutFleet } from '../plan/plan.ts';
import { readFleet } from './fleet-source.ts';
import { readFolders, sourcesOf } from './evidence-folders.ts';
import type { CommonOptions, FolderOptions } from './options.ts';
import { redacted } from '../base/redaction.ts';
import { type RecordFiles, readRecordsOf } from './record-files.ts';
import { readPlanFiles } from './plan-files.ts';
import { EXIT, type Terminal } from './terminal.ts';

/** A plan of the file named on the command line. */
export type PlannedFile = {
  readonly plan: Plan;
  readonly sources: ReadonlyMap<string, string>;
  /** Whether the file itself is sound: only then is anything synthesised from it. */
  readonly isSound: boolean;
  readonly exitCode: number;
  /** Where the file begins. */
  readonly start: Span;
};

/** Reads and plans the file. A file that cannot be read is a usage error; an unsound one is a plan with findings. */
export async function planFile(
  options: CommonOptions & {
    readonly file: string;
    readonly recordFiles?: RecordFiles;
    readonly terraformPlan?: readonly string[];
  } & FolderOptions,
  terminal: Terminal,
): Promise<PlannedFile> {
  const load = await readFleet(options.file, terminal);
  const terraform = options.terraformPlan && readPlanFiles(options.terraformPlan);
  const folders = readFolders(options);
  const recordFiles = options.recordFiles ?? readRecordsOf(options.file);
  const plan = planFleet(load, {
    environments: options.environment,
    today: terminal.today,
    priceBook: builtInPriceBook,
    ...(recordFiles ? { records: recordFiles.records } : {}),
    ...(terraform ? { terraform } : {}),
    ...(folders ? { folders } : {}),
  });
  const isSound = load.findings.length === 0;
  return {
    plan,
    sources: redacted(
      new Map([
        [options.file, load.document.text],
        ...(recordFiles?.sources ?? []),
        ...sourcesOf(folders, plan.findings),
      ]),
      plan.findings,
    ),
    isSound,
    start: startOf(load.document),
    exitCode: exitCodeOf(isSound && isEachRead(terraform), plan, options),
  };
}

/** Checks other evidence alone: no fleet file says what it was to be. */
export function planEvidence(
  options: CommonOptions & { readonly terraformPlan?: readonly string[] } & FolderOptions,
  terminal: Terminal,
): Omit<PlannedFile, 'start'> {
  const terraform = options.terraformPlan && readPlanFiles(options.terraformPlan);
  const folders = readFolders(options);
  const plan = planWithoutFleet({
    environments: options.environment,
    today: terminal.today,
    priceBook: builtInPriceBook,
    ...(terraform ? { terraform } : {}),
    ...(folders ? { folders } : {}),
  });
  return {
    plan,
    sources: redacted(sourcesOf(folders, plan.findings), plan.findings),
    isSound: true,
    exitCode: exitCodeOf(isEachRead(terraform), plan, options),
  };
}

function isEachRead(terraform: readonly ShownFileLoad[] | undefined): boolean {
  return terraform === undefined || terraform.every(({ file }) => file !== undefined);
}

function exitCodeOf(isRead: boolean, plan: Plan, { failOn }: CommonOptions): number {
  if (!isRead) return EXIT.usage;
  return failsAt(plan.findings, failOn) ? EXIT.findings : EXIT.fine;
}
