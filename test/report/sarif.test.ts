import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import schema from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' };
import Ajv from 'ajv-draft-04';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import type { Finding, Span } from '../../src/base/finding.ts';
import { invariants } from '../../src/contract/invariants/index.ts';
import { renderSarif } from '../../src/report/sarif.ts';
import { anyFinding } from './any-finding.ts';
import { planned } from './planned.ts';

/**
 * The schema is the one that OASIS published with the standard, as SchemaStore and Microsoft's package carry it. Errata
 * 01 adds to it that enumerations are strings, and mends a pattern, of a property that we do not write, which is no
 * regular expression in Unicode mode.
 */
const ajv = new Ajv.default({ strict: false, allErrors: true, unicodeRegExp: false });
addFormats.default(ajv);
const isValid = ajv.compile(schema);

type Message = { readonly text: string };
type Location = {
  readonly physicalLocation?: {
    readonly artifactLocation: { readonly uri: string };
    readonly region?: object;
  };
  readonly logicalLocations?: readonly { readonly fullyQualifiedName: string }[];
  readonly message?: Message;
};
type Result = {
  readonly ruleId: string;
  readonly ruleIndex: number;
  readonly kind: string;
  readonly level: string;
  readonly message: Message;
  readonly locations: readonly Location[];
  readonly relatedLocations?: readonly Location[];
  readonly suppressions: readonly Record<string, unknown>[];
  readonly partialFingerprints: Record<string, string>;
  readonly properties: Record<string, unknown>;
};
type Run = {
  readonly tool: { readonly driver: { readonly rules: readonly Record<string, unknown>[] } };
  readonly invocations: readonly Record<string, unknown>[];
  readonly columnKind: string;
  readonly results: readonly Result[];
};

/** The run of a log that keeps the schema and what the standard says beyond it. */
function sarif(findings: readonly Finding[], isComplete = true): Run {
  const text = renderSarif(findings, { version: '0.1.0', exitCode: isComplete ? 0 : 2, isComplete });
  const log = JSON.parse(text) as { runs: [Run] };
  assert.ok(isValid(log), JSON.stringify(isValid.errors, null, 2));
  const [run] = log.runs;
  assert.equal(run.results.length, findings.length);
  for (const result of run.results) {
    assert.equal(run.tool.driver.rules[result.ruleIndex]!.id, result.ruleId);
    if (result.kind !== 'fail') assert.equal(result.level, 'none', '3.27.10');
    assert.ok(Array.isArray(result.suppressions), '3.27.23');
    for (const { text: message } of [result.message, ...(result.relatedLocations ?? []).map(messageOf)]) {
      assert.doesNotMatch(message.replaceAll(/\{\{|\}\}/g, ''), /[{}]/, '3.11.5');
    }
  }
  const prints = run.results.map(({ partialFingerprints }) => JSON.stringify(partialFingerprints));
  assert.equal(new Set(prints).size, prints.length, 'no two results share a fingerprint');
  return run;
}

function messageOf({ message }: Location): Message {
  return message!;
}

function span(line: number, column: number, length: number, file = 'fleets/atlas.yaml'): Span {
  return { file, start: { line, column }, end: { line, column: column + length } };
}

const overlap: Finding = {
  id: 'ranges-are-disjoint',
  severity: 'error',
  message: 'app1 lies in mgmt',
  path: ['network', 'subnets', 'app1'],
  span: span(5, 39, 13),
  related: [
    {
      message: 'mgmt is here',
      path: ['network', 'subnets', 'mgmt'],
      span: span(5, 20, 11),
    },
  ],
  help: 'write `{ app1: 10.2.0.0/16 }`',
  adr: 'ADR-A02',
  environment: 'demo',
};

test('every fleet of the corpus that something is said of becomes a valid log', () => {
  const corpus = fileURLToPath(new URL('../../../corpus/findings', import.meta.url));
  const cases = readdirSync(corpus, { recursive: true, encoding: 'utf8' }).filter((path) =>
    path.endsWith('.out'),
  );
  assert.ok(cases.length > 10);
  for (const path of cases) {
    const text = readFileSync(join(corpus, path.replace(/out$/, 'yaml')), 'utf8');
    assert.ok(sarif(planned(text).plan.findings).results.length > 0, path);
  }
});

test('a finding is a result with its rule, its place and the places beside it', () => {
  const { results, tool, columnKind, invocations } = sarif([overlap]);
  assert.equal(columnKind, 'utf16CodeUnits');
  assert.deepEqual(invocations, [{ executionSuccessful: true, exitCode: 0 }]);
  const [result] = results;
  assert.deepEqual(
    { ...result, ruleIndex: 0, partialFingerprints: {} },
    {
      ruleId: 'ranges-are-disjoint',
      ruleIndex: 0,
      kind: 'fail',
      level: 'error',
      message: { text: 'app1 lies in mgmt (demo).\nhelp: write `{{ app1: 10.2.0.0/16 }}`' },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: 'fleets/atlas.yaml' },
            region: { startLine: 5, startColumn: 39, endLine: 5, endColumn: 52 },
          },
          logicalLocations: [{ fullyQualifiedName: 'network.subnets.app1' }],
        },
      ],
      relatedLocations: [
        {
          id: 1,
          physicalLocation: {
            artifactLocation: { uri: 'fleets/atlas.yaml' },
            region: { startLine: 5, startColumn: 20, endLine: 5, endColumn: 31 },
          },
          logicalLocations: [{ fullyQualifiedName: 'network.subnets.mgmt' }],
          message: { text: 'mgmt is here' },
        },
      ],
      suppressions: [],
      partialFingerprints: {},
      properties: { environment: 'demo', path: 'network.subnets.app1' },
    },
  );
  const rule = tool.driver.rules[result!.ruleIndex]!;
  assert.equal(rule.helpUri, 'https://bulkhead.dev/invariants/ranges-are-disjoint');
  assert.deepEqual(rule.defaultConfiguration, { level: 'error' });
});

test('there is a rule for every invariant, and for each other id that occurs, once', () => {
  const other = { severity: 'error', message: 'x', path: [] } as const;
  const found = ['waiver-unused', 'fleet/type', 'fleet/type', 'something-new'].map((id) => ({
    ...other,
    id,
  }));
  const ids = sarif(found).tool.driver.rules.map(({ id }) => id);
  assert.deepEqual(ids, [...invariants.map(({ id }) => id), 'fleet/type', 'something-new', 'waiver-unused']);
  for (const rule of sarif(found).tool.driver.rules) assert.ok(rule.shortDescription, `${String(rule.id)}`);
  assert.equal(sarif([]).tool.driver.rules.length, invariants.length);
});

test('a waived finding is suppressed, an undetermined one is open, an unsound file incomplete', () => {
  const waivedBy = { owner: 'platform', reason: 'until the move', expires: '2027-01-31' };
  const [waived, open] = sarif([
    { ...overlap, waivedBy },
    { ...overlap, severity: 'note', isUndetermined: true },
  ]).results;
  assert.deepEqual(waived!.suppressions, [
    {
      kind: 'external',
      status: 'accepted',
      justification: 'until the move',
      properties: { owner: 'platform', expires: '2027-01-31' },
    },
  ]);
  assert.equal(waived!.level, 'error');
  assert.deepEqual([open!.kind, open!.level, open!.suppressions], ['open', 'none', []]);
  assert.deepEqual(sarif([overlap], false).invocations, [{ executionSuccessful: false, exitCode: 2 }]);
});

test('a fingerprint stays when lines move and words change, and differs by rule, place and environment', () => {
  const printOf = (change: Partial<Finding>): string =>
    Object.values(sarif([{ ...overlap, ...change }]).results[0]!.partialFingerprints)[0]!;
  const print = printOf({});
  assert.equal(printOf({ span: span(90, 1, 2) }), print);
  assert.equal(printOf({ message: 'other words', help: 'other help', severity: 'warning' }), print);
  const others = [
    { id: 'subnets-lie-in-the-vnet' },
    { environment: 'production' },
    { path: ['network', 'subnets', 'app2'] },
    { related: [{ message: 'app2 is here', path: ['network', 'subnets', 'app2'] }] },
  ].map(printOf);
  assert.equal(new Set([print, ...others]).size, 5);
});

test('file names become URIs; what has no line still has its file', () => {
  const uriOf = (file: string): string =>
    sarif([{ ...overlap, span: span(1, 1, 1, file) }]).results[0]!.locations[0]!.physicalLocation!
      .artifactLocation.uri;
  assert.equal(uriOf('./fleet.yaml'), 'fleet.yaml');
  assert.equal(uriOf('../a b/플릿#1.yaml'), '../a%20b/%ED%94%8C%EB%A6%BF%231.yaml');
  assert.equal(uriOf('/srv/x:y.yaml'), 'file:///srv/x%3Ay.yaml');
  assert.equal(uriOf('fleets\\atlas.yaml'), 'fleets/atlas.yaml');
  assert.equal(uriOf('C:\\fleets\\atlas.yaml'), 'file:///C:/fleets/atlas.yaml');
  const inPlan: Finding = {
    id: 'ranges-are-disjoint',
    severity: 'error',
    message: 'x',
    path: ['azurerm_subnet.nodes', 'address_prefixes'],
    file: 'plan.json',
  };
  assert.deepEqual(sarif([inPlan]).results[0]!.locations, [
    {
      physicalLocation: { artifactLocation: { uri: 'plan.json' } },
      logicalLocations: [{ fullyQualifiedName: 'azurerm_subnet.nodes.address_prefixes' }],
    },
  ]);
});

test('a text in brackets is no link', () => {
  const [result] = sarif([{ ...overlap, message: 'see [here](https://evil.example)', help: '{0}' }]).results;
  assert.equal(result!.message.text, 'see [here\\](https://evil.example) (demo).\nhelp: {{0}}');
});

test('any findings make a valid log', () => {
  fc.assert(
    fc.property(fc.array(anyFinding, { maxLength: 6 }), fc.boolean(), (findings, isComplete) => {
      sarif(findings, isComplete);
    }),
    { numRuns: 100 },
  );
});
