import type { Finding, Severity } from '../base/finding.ts';
import { failsAt, type InvariantResult } from '../contract/check.ts';
import type { Environment } from '../fleet/fleet.ts';
import type { Plan } from '../plan/plan.ts';
import { docsUrl } from './docs-url.ts';
import { oneLine } from './findings-text.ts';
import { placeText } from './place-text.ts';
import { printable } from './style.ts';

type Outcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed'; readonly findings: readonly Finding[] }
  | { readonly kind: 'skipped'; readonly reason: string };

type TestCase = {
  readonly classname: string;
  readonly name: string;
  readonly outcome: Outcome;
  /** What is said of it and does not fail it. */
  readonly notes: readonly Finding[];
};

type Suite = { readonly name: string; readonly cases: readonly TestCase[] };

/**
 * The contract as JUnit XML, as test reporters of CI systems read it: a suite for each environment, in it a test for each
 * invariant, and a suite for the file itself. A test fails on what fails the run at this threshold, and on an unsound
 * file; what is undetermined, waived or has no place to hold is skipped, never passed. Milder findings are its output.
 */
export function renderJunit(plan: Plan, failOn: Severity, isSound: boolean): string {
  const contracts = [...plan.environments, ...(plan.evidence ?? [])].map(({ contract }) => contract);
  const ofContract = new Set(
    contracts.flatMap(({ results }) => results.map(({ invariant }) => invariant.id)),
  );
  const others = plan.findings.filter(({ id }) => !ofContract.has(id));
  // What other evidence says names the file that it says it of.
  const ofFleet = plan.findings.filter(({ file }) => file === undefined);
  const suites: Suite[] = [
    { name: 'fleet file', cases: [fileCase(others, isSound ? failOn : 'note')] },
    ...plan.environments.map((one) => ({
      name: one.environment,
      cases: one.contract.results.map((result) => invariantCase(result, one, ofFleet, failOn)),
    })),
    ...(plan.evidence ?? []).map((one) => ({
      name: one.title,
      cases: one.contract.results.map((result) => invariantCase(result, {}, one.findings, failOn)),
    })),
  ];
  const totals = countsOf(suites.flatMap(({ cases }) => cases));
  const text = suites.map(suiteXml).join('');
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="bulkhead" ${totals}>\n${text}</testsuites>\n`;
}

function fileCase(findings: readonly Finding[], failOn: Severity): TestCase {
  const [failing, notes] = split(findings, failOn);
  return {
    classname: 'fleet file',
    name: 'The file, its waivers and its decisions are in order',
    outcome: failing.length > 0 ? { kind: 'failed', findings: failing } : { kind: 'passed' },
    notes,
  };
}

/** The plan's findings are those of the result, with spans; one of both environments is told in each. */
function invariantCase(
  { invariant, verdict }: InvariantResult,
  { environment }: { readonly environment?: Environment },
  all: readonly Finding[],
  failOn: Severity,
): TestCase {
  const { id, alias, adr, title } = invariant;
  const own = all.filter(
    (finding) =>
      finding.id === id &&
      (finding.environment === undefined || environment === undefined || finding.environment === environment),
  );
  const [failing, notes] = split(own, failOn);
  return {
    classname: alias ?? adr,
    name: `${id}: ${title}`,
    outcome: outcomeOf(verdict, failing, own),
    notes,
  };
}

function outcomeOf(
  verdict: InvariantResult['verdict'],
  failing: readonly Finding[],
  own: readonly Finding[],
): Outcome {
  if (failing.length > 0) return { kind: 'failed', findings: failing };
  if (verdict === 'undetermined' || verdict === 'not applicable') return { kind: 'skipped', reason: verdict };
  const isWaived = own.length > 0 && own.every(({ waivedBy }) => waivedBy !== undefined);
  return isWaived ? { kind: 'skipped', reason: 'waived' } : { kind: 'passed' };
}

function split(findings: readonly Finding[], failOn: Severity): readonly [Finding[], Finding[]] {
  const isFailing = (finding: Finding): boolean => failsAt([finding], failOn);
  return [findings.filter(isFailing), findings.filter((finding) => !isFailing(finding))];
}

function suiteXml({ name, cases }: Suite): string {
  return `  <testsuite name=${quoted(name)} ${countsOf(cases)}>\n${cases.map(caseXml).join('')}  </testsuite>\n`;
}

function countsOf(cases: readonly TestCase[]): string {
  const count = (kind: Outcome['kind']): number =>
    cases.filter(({ outcome }) => outcome.kind === kind).length;
  return `tests="${cases.length}" failures="${count('failed')}" errors="0" skipped="${count('skipped')}"`;
}

function caseXml({ classname, name, outcome, notes }: TestCase): string {
  const start = `    <testcase classname=${quoted(classname)} name=${quoted(name)}`;
  const inside = outcomeXml(outcome) + notesXml(notes);
  return inside === '' ? `${start}/>\n` : `${start}>\n${inside}    </testcase>\n`;
}

function outcomeXml(outcome: Outcome): string {
  if (outcome.kind === 'passed') return '';
  if (outcome.kind === 'skipped') return `      <skipped message=${quoted(outcome.reason)}/>\n`;
  const { findings } = outcome;
  const [first] = findings;
  const more = findings.length === 1 ? '' : ` (and ${findings.length - 1} more)`;
  const message = quoted(`${first!.message}${more}`);
  return `      <failure type=${quoted(first!.severity)} message=${message}>${bodyXml(findings)}</failure>\n`;
}

function notesXml(notes: readonly Finding[]): string {
  return notes.length === 0 ? '' : `      <system-out>${bodyXml(notes)}</system-out>\n`;
}

/** Without the line of the file: a report is kept longer than a secret in it should live. */
function bodyXml(findings: readonly Finding[]): string {
  return escaped(findings.map(findingText).join('\n\n'));
}

function findingText(finding: Finding): string {
  const { severity, message, help, adr, waivedBy, related } = finding;
  const page = docsUrl(finding.id);
  const lines = [
    `${waivedBy === undefined ? severity : 'waived'}: ${oneLine(message)}`,
    `  at ${placeText(finding)}`,
    ...(related ?? []).map((other) => `  ${oneLine(other.message)}: ${placeText(other)}`),
    ...(waivedBy === undefined
      ? []
      : [`  waived by ${oneLine(waivedBy.owner)} until ${waivedBy.expires}: ${oneLine(waivedBy.reason)}`]),
    ...(help === undefined ? [] : [`  help: ${help.trim().replaceAll(/\r?\n/g, '\n        ')}`]),
    ...(adr === undefined ? [] : [`  decided in ${adr}`]),
    ...(page === undefined ? [] : [`  more: ${page}`]),
  ];
  return lines.join('\n');
}

function quoted(text: string): string {
  return `"${escaped(oneLine(text))}"`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
};

/**
 * Text for XML 1.0, line by line printable. Its two characters that no XML 1.0 document may hold and that are not
 * controls, U+FFFE and U+FFFF, are written as escapes too.
 */
function escaped(text: string): string {
  return text
    .split('\n')
    .map(printable)
    .join('\n')
    .replace(/[&<>"]/g, (sign) => ENTITIES[sign]!)
    .replace(/[\ufffe\uffff]/g, (sign) => `\\u{${sign.charCodeAt(0).toString(16)}}`);
}
