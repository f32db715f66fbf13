import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Finding, Severity } from '../../src/base/finding.ts';
import { builtInPriceBook } from '../../src/catalog/price-book.ts';
import { environments } from '../../src/fleet/fleet.ts';
import { loadFleetFile } from '../../src/fleet/load.ts';
import { planFleet } from '../../src/plan/plan.ts';

/**
 * Fleets that an engineer would write and that Azure refuses, or that fail in silence. Each is written from a public
 * fact, not from a check. The comment on top of a file names the fact and its source, then
 *
 *   # expect: [error|warning|note] ID [in demo|in production]    a finding that must be there
 *   # also: ID                                                   one that follows from it and may be there
 *   # open: REASON                                               nothing catches it yet
 *
 * and `# wrong` ends the lines that a finding must point at, itself or by a related place.
 */
export type FixedMutant = {
  readonly name: string;
  readonly text: string;
  readonly source: string;
  readonly expectations: readonly Expectation[];
  readonly mayFollow: readonly string[];
  /** Why nothing catches it yet. */
  readonly open: string | undefined;
  /** Lines that end in `# wrong`, from 1. */
  readonly wrongLines: readonly number[];
};

type Expectation = {
  readonly text: string;
  readonly severity: Severity | undefined;
  readonly id: string;
  readonly environment: string | undefined;
};

export type FixedVerdict = {
  /** What was expected and not found, in words. */
  readonly missed: readonly string[];
  /** Ids that neither the base fleet nor the file's comment explains. */
  readonly unrelated: readonly string[];
};

const FOLDER = fileURLToPath(new URL('../../../corpus/mutants/fixed', import.meta.url));
/** A demo that leaves its system pools to the defaults saves on them, and is told so. */
const OF_EVERY_DEMO = new Set(['system-pool-size', 'system-pool-has-two-nodes']);

export function fixedMutants(): readonly FixedMutant[] {
  return readdirSync(FOLDER)
    .filter((file) => file.endsWith('.yaml'))
    .toSorted()
    .map((file) => readFixedMutant(file.slice(0, -'.yaml'.length), readFileSync(join(FOLDER, file), 'utf8')));
}

/** Reads the comment and the marked lines of one file. Throws where the comment says nothing: a bug of ours. */
export function readFixedMutant(name: string, text: string): FixedMutant {
  const said = (key: string): string[] =>
    [...text.matchAll(new RegExp(`^# ${key}: (.+)$`, 'gm'))].map((match) => match[1]!);
  const [source] = said('source');
  const expectations = said('expect').map(parseExpectation);
  if (source === undefined || expectations.length === 0 || !/^# \S/.test(text)) {
    throw new Error(`${name} says not what it expects, or whence`);
  }
  const wrongLines = text
    .split('\n')
    .flatMap((line, index) => (line.endsWith(' # wrong') ? [index + 1] : []));
  return { name, text, source, expectations, mayFollow: said('also'), open: said('open')[0], wrongLines };
}

function parseExpectation(text: string): Expectation {
  const match = /^(?:(error|warning|note) )?(\S+)(?: in (demo|production))?$/.exec(text);
  if (!match) throw new Error(`no expectation: ${text}`);
  return { text, severity: match[1] as Severity | undefined, id: match[2]!, environment: match[3] };
}

/** Plans the fleet in both environments and holds what is said of it against the comment. */
export function judgeFixed(mutant: FixedMutant): FixedVerdict {
  const findings = findingsOf(mutant);
  const missed = mutant.expectations
    .filter((expected) => !findings.some((finding) => meets(finding, expected, mutant.wrongLines)))
    .map(({ text }) => text);
  const explained = new Set([
    ...OF_EVERY_DEMO,
    ...mutant.expectations.map(({ id }) => id),
    ...mutant.mayFollow,
  ]);
  const unrelated = [...new Set(findings.map(({ id }) => id))].filter((id) => !explained.has(id)).toSorted();
  return { missed, unrelated };
}

export function findingsOf({ name, text }: FixedMutant): readonly Finding[] {
  const load = loadFleetFile(`${name}.yaml`, Buffer.from(text));
  return planFleet(load, { environments, today: '2026-11-22', priceBook: builtInPriceBook }).findings;
}

function meets(finding: Finding, expected: Expectation, wrongLines: readonly number[]): boolean {
  if (finding.id !== expected.id || finding.isUndetermined) return false;
  if (expected.severity !== undefined && finding.severity !== expected.severity) return false;
  if (!isSeenIn(finding, expected.environment)) return false;
  const spans = [finding.span, ...(finding.related ?? []).map(({ span }) => span)];
  return (
    wrongLines.length === 0 ||
    spans.some((span) => span && wrongLines.some((line) => span.start.line <= line && line <= span.end.line))
  );
}

/** A finding without an environment holds in both. */
function isSeenIn(finding: Finding, environment: string | undefined): boolean {
  return environment === undefined || (finding.environment ?? environment) === environment;
}
