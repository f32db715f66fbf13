import { createHash } from 'node:crypto';
import { type Finding, pathText, type Related, type Span } from '../base/finding.ts';
import { compareText } from '../base/order.ts';
import { compact } from '../base/record.ts';
import type { Invariant } from '../contract/invariant.ts';
import { invariants } from '../contract/invariants/index.ts';
import { docsUrl } from './docs-url.ts';
import { printable } from './style.ts';

/** What the log says of the run itself. */
export type SarifRun = {
  /** Of Bulkhead. */
  readonly version: string;
  readonly exitCode: number;
  /** False for a file that could be read in part only: then a finding that is absent is not one that was mended. */
  readonly isComplete: boolean;
};

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json';

/** A new name whenever what is hashed changes: consumers compare prints of one name only. */
const FINGERPRINT = 'contractPath/v1';

/**
 * Findings as a SARIF 2.1.0 log of one run (OASIS, plus errata 01 of 2023-08-28). It has a rule for every invariant,
 * found broken or not, and for every other id that occurs. What cannot be decided is a result of kind `open`, which has
 * no level; what is waived is a suppressed one.
 */
export function renderSarif(findings: readonly Finding[], run: SarifRun): string {
  const rules = rulesFor(findings);
  const indexById = new Map(rules.map(({ id }, index) => [id, index]));
  const fingerprints = fingerprintsOf(findings);
  const log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [
      {
        tool: {
          driver: {
            name: 'Bulkhead',
            version: run.version,
            semanticVersion: run.version,
            informationUri: 'https://bulkhead.dev',
            rules,
          },
        },
        invocations: [{ executionSuccessful: run.isComplete, exitCode: run.exitCode }],
        columnKind: 'utf16CodeUnits',
        results: findings.map((finding, index) => ({
          ...resultOf(finding, indexById.get(finding.id)!),
          partialFingerprints: { [FINGERPRINT]: fingerprints[index] },
        })),
      },
    ],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function resultOf(finding: Finding, ruleIndex: number): object {
  const { id, alias, environment, related, waivedBy, isUndetermined } = finding;
  return compact({
    ruleId: id,
    ruleIndex,
    kind: isUndetermined ? 'open' : 'fail',
    // 3.27.10: a level is for what failed.
    level: isUndetermined ? 'none' : finding.severity,
    message: { text: messageText(finding) },
    locations: [locationOf(finding)],
    relatedLocations: related?.map((other, index) => ({
      id: index + 1,
      ...locationOf(other),
      message: { text: plainText(other.message) },
    })),
    // 3.27.23: an empty list says that nobody waived it; absent, that nobody knows.
    suppressions:
      waivedBy === undefined
        ? []
        : [
            {
              kind: 'external',
              status: 'accepted',
              justification: waivedBy.reason,
              properties: { owner: waivedBy.owner, expires: waivedBy.expires },
            },
          ],
    properties: compact({ environment, alias, path: pathText(finding.path) }),
  });
}

/** What is wrong comes first, as a sentence of its own: viewers with little room show no more (3.11.3). */
function messageText({ message, environment, help }: Finding): string {
  const what = environment === undefined ? message : `${message} (${environment})`;
  return plainText(help === undefined ? what : `${what}.\nhelp: ${help.trim()}`);
}

/**
 * A plain text message as 3.11.5 and 3.11.6 want it: doubled braces, lest they be placeholders, and no `](`, which would
 * make a link of what somebody wrote in brackets.
 */
function plainText(text: string): string {
  const lines = text.split(/\r?\n/).map(printable).join('\n');
  return lines.replace(/[{}]/g, '$&$&').replaceAll('](', '\\](');
}

function locationOf({ span, file, path }: Finding | Related): object {
  const named = span?.file ?? file;
  return compact({
    physicalLocation:
      named === undefined
        ? undefined
        : compact({ artifactLocation: { uri: artifactUri(named) }, region: span && regionOf(span) }),
    logicalLocations: path.length === 0 ? undefined : [{ fullyQualifiedName: pathText(path) }],
  });
}

/** Both ends are half-open, and both count from 1 in UTF-16 code units. */
function regionOf({ start, end }: Span): object {
  return { startLine: start.line, startColumn: start.column, endLine: end.line, endColumn: end.column };
}

/** A file's name as a URI reference, relative where the name is: consumers resolve it against the checkout. */
function artifactUri(file: string): string {
  const path = file
    .replaceAll(/\p{Cs}/gu, '\ufffd')
    .replaceAll('\\', '/')
    .replace(/^(?:\.\/)+/, '');
  const uri = path.split('/').map(encodeURIComponent).join('/');
  if (/^[A-Za-z]:\//.test(path)) return `file:///${path[0]}:${uri.slice('X%3A'.length)}`;
  return path.startsWith('/') ? `file://${uri}` : uri;
}

/**
 * What makes a finding the same one after lines have moved or words were mended: its rule, the environment and the
 * paths. Where that is not enough to tell two apart, they are numbered in document order.
 */
function fingerprintsOf(findings: readonly Finding[]): readonly string[] {
  const seen = new Map<string, number>();
  return findings.map(({ id, environment, file, path, related }) => {
    const places = [{ file, path }, ...(related ?? [])].map((place) => [place.file ?? '', place.path]);
    const identity = JSON.stringify([id, environment ?? '', places]);
    const print = createHash('sha256').update(identity).digest('hex').slice(0, 32);
    const number = (seen.get(print) ?? 0) + 1;
    seen.set(print, number);
    return `${print}:${number}`;
  });
}

type Rule = { readonly id: string };

function rulesFor(findings: readonly Finding[]): readonly Rule[] {
  const ofContract = new Set(invariants.map(({ id }) => id));
  const others = new Map(findings.filter(({ id }) => !ofContract.has(id)).map((one) => [one.id, one]));
  const sorted = [...others.values()].toSorted((a, b) => compareText(a.id, b.id));
  return [...invariants.map(invariantRule), ...sorted.map(otherRule)];
}

function invariantRule({ id, alias, title, adr, severity, why, source }: Invariant): Rule {
  const url = docsUrl(id)!;
  const text = plainText(`${why}\n\nDecided in ${adr}. Source: ${source}`);
  return compact({
    id,
    name: id,
    shortDescription: { text: plainText(title) },
    fullDescription: { text: plainText(why) },
    help: { text: `${text}\n\n${url}`, markdown: `${text}\n\n[How to mend or waive it](${url})` },
    helpUri: url,
    defaultConfiguration: { level: severity },
    properties: compact({ adr, alias, tags: ['contract', adr, ...(alias === undefined ? [] : [alias])] }),
  });
}

/** Rules that are not about a fleet, but about the texts that describe it: by the first word of their ids. */
const FAMILIES: readonly { readonly prefix: string; readonly title: string; readonly why: string }[] = [
  {
    prefix: 'fleet/',
    title: 'The fleet file can be read, and each of its keys and values means something',
    why: 'What is not understood has no effect, and nobody is told later: nothing is written from such a file.',
  },
  {
    prefix: 'waiver-',
    title: 'A waiver names an invariant, has not ended and accepts something',
    why: 'A waiver that accepts nothing looks like protection, and one that ended is a decision that is due again.',
  },
  {
    prefix: 'adr-',
    title: 'A decision that invariants stand on has a record, and the record stands',
    why: 'An invariant whose decision is gone or taken back is a rule that nobody can argue with.',
  },
];

function otherRule({ id, severity }: Finding): Rule {
  const family = FAMILIES.find(({ prefix }) => id.startsWith(prefix));
  return compact({
    id,
    name: id,
    shortDescription: { text: family?.title ?? id },
    fullDescription: family && { text: family.why },
    help: family && { text: family.why },
    defaultConfiguration: { level: severity },
    properties: { tags: [id.split(/[/-]/, 1)[0]] },
  });
}
