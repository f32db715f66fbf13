import type { Span } from '../base/finding.ts';
import { builtInPriceBook } from '../catalog/price-book.ts';
import { failsAt } from '../contract/check.ts';
import { startOf } from '../fleet/document.ts';
import { type Plan, planFleet, planWithoutFleet } from '../plan/plan.ts';
import { readFleet } from './fleet-source.ts';
import type { CommonOptions, EvidenceOptions } from './options.ts';
import type { OtherEvidence } from './other-evidence.ts';
import { redacted } from '../base/redaction.ts';
import { type RecordFiles, readRecordsOf } from './record-files.ts';
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
  } & EvidenceOptions,
  terminal: Terminal,
): Promise<PlannedFile> {
  const load = await readFleet(options.file, terminal);
  const others = await othersAsked(options);
  const recordFiles = options.recordFiles ?? readRecordsOf(options.file);
  const plan = planFleet(load, {
    environments: options.environment,
    today: terminal.today,
    priceBook: builtInPriceBook,
    ...(recordFiles ? { records: recordFiles.records } : {}),
    ...(others ? { checkOthers: others.check } : {}),
  });
  const isSound = load.findings.length === 0;
  return {
    plan,
    sources: redacted(
      new Map([
        [options.file, load.document.text],
        ...(recordFiles?.sources ?? []),
        ...(others?.sourcesOf(plan.findings) ?? []),
      ]),
      plan.findings,
    ),
    isSound,
    start: startOf(load.document),
    exitCode: exitCodeOf(isSound && others?.isEachRead !== false, plan, options),
  };
}

/** Checks other evidence alone: no fleet file says what it was to be. */
export async function planEvidence(
  options: CommonOptions & EvidenceOptions,
  terminal: Terminal,
): Promise<Omit<PlannedFile, 'start'>> {
  const { readOtherEvidence } = await import('./other-evidence.ts');
  const others = readOtherEvidence(options);
  const plan = planWithoutFleet(others.check, {
    environments: options.environment,
    today: terminal.today,
    priceBook: builtInPriceBook,
  });
  return {
    plan,
    sources: redacted(others.sourcesOf(plan.findings), plan.findings),
    isSound: true,
    exitCode: exitCodeOf(others.isEachRead, plan, options),
  };
}

/** Its readers and what they need are loaded here: most runs have a fleet file alone. */
async function othersAsked(options: EvidenceOptions): Promise<OtherEvidence | undefined> {
  if ((options.terraformPlan ?? options.gitops ?? options.snapshot) === undefined) return undefined;
  const { readOtherEvidence } = await import('./other-evidence.ts');
  return readOtherEvidence(options);
}

function exitCodeOf(isRead: boolean, plan: Plan, { failOn }: CommonOptions): number {
  if (!isRead) return EXIT.usage;
  return failsAt(plan.findings, failOn) ? EXIT.findings : EXIT.fine;
}
