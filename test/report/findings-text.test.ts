import assert from 'node:assert/strict';
import { stripVTControlCharacters } from 'node:util';
import test from 'node:test';
import fc from 'fast-check';
import type { Finding, Span } from '../../src/base/finding.ts';
import { renderFindings, renderSummary } from '../../src/report/findings-text.ts';
import { ansiStyle, plainStyle } from '../../src/report/style.ts';
import { anyText, UNCLEAN } from './any-text.ts';
import { golden } from './golden.ts';

const sources = new Map([
  [
    'fleet.yaml',
    `name: atlas
tiers: # 등급
  1: { demo: Spot, production: Spot }
network:
  subnets: { mgmt: 10.1.0.0/16, app1: 10.1.128.0/17 }
clusters: {}
`,
  ],
]);

function span(line: number, column: number, length: number, file = 'fleet.yaml'): Span {
  return { file, start: { line, column }, end: { line, column: column + length } };
}

const tier1: Finding = {
  id: 'tier1-on-demand',
  alias: 'C3',
  severity: 'error',
  message: "mgmt's user pool is Spot in production",
  path: ['tiers', '1', 'production'],
  span: span(3, 32, 4),
  help: 'write `OnDemand`',
  adr: 'ADR-A01',
  environment: 'production',
};

const overlap: Finding = {
  id: 'subnets-disjoint',
  severity: 'warning',
  message: 'app1 lies inside mgmt',
  path: ['network', 'subnets', 'app1'],
  span: span(5, 39, 13),
  related: [
    { message: 'this range holds it', path: ['network', 'subnets', 'mgmt'], span: span(5, 20, 11) },
    { message: 'and this plan', path: [], span: span(7, 1, 2, 'plan.json') },
    { message: 'services is derived', path: ['network', 'subnets', 'services'] },
  ],
};

const noMgmt: Finding = {
  id: 'one-mgmt',
  severity: 'note',
  message: 'no cluster\nhas the role mgmt',
  path: ['clusters', 'app 1'],
  help: 'add one:\n\nclusters:\n  mgmt: { role: mgmt }\n',
};

const waivedBy = { owner: 'platform', reason: 'demo only', expires: '2027-01-31' };

test('a finding shows what is wrong, where, what to do and who decided it', () => {
  assert.equal(
    renderFindings([tier1, overlap, noMgmt], sources, plainStyle),
    golden(`
    error[tier1-on-demand] C3 (production): mgmt's user pool is Spot in production
      --> fleet.yaml:3:32
       |
     3 |   1: { demo: Spot, production: Spot }
       |                                ^^^^
       |
       = help: write \`OnDemand\`
       = decided in ADR-A01

    warning[subnets-disjoint]: app1 lies inside mgmt
      --> fleet.yaml:5:39
       |
     5 |   subnets: { mgmt: 10.1.0.0/16, app1: 10.1.128.0/17 }
       |                    ----------- this range holds it
       |                                       ^^^^^^^^^^^^^
       |
       = note: and this plan (plan.json:7:1)
       = note: services is derived (network.subnets.services)

    note[one-mgmt]: no cluster has the role mgmt
      --> fleet.yaml: clusters["app 1"]
       = help: add one:

               clusters:
                 mgmt: { role: mgmt }
    `),
  );
});

test('a finding of an invariant names its page; one in a file without lines names the file and the path', () => {
  const finding: Finding = {
    id: 'ranges-are-disjoint',
    severity: 'error',
    message: 'app1 lies inside mgmt',
    path: ['azurerm_subnet.app1', 'address_prefixes'],
    file: 'plan.json',
    adr: 'ADR-A02',
    related: [{ message: 'mgmt', path: ['azurerm_subnet.mgmt'], file: 'other.json' }],
  };
  assert.equal(
    renderFindings([finding], sources, plainStyle),
    golden(`
    error[ranges-are-disjoint]: app1 lies inside mgmt
      --> plan.json: azurerm_subnet.app1.address_prefixes
       = note: mgmt (other.json: azurerm_subnet.mgmt)
       = decided in ADR-A02
       = more: https://bulkhead.dev/invariants/ranges-are-disjoint
    `),
  );
});

test('places of several files have a frame for each', () => {
  const both = new Map([...sources, ['plan.json', '{\n"a": 1\n}\n']]);
  const finding: Finding = {
    ...noMgmt,
    help: 'none',
    related: [
      { message: 'from here', path: [], span: span(2, 6, 1, 'plan.json') },
      { message: 'to here', path: [], span: span(6, 1, 8) },
    ],
  };
  assert.equal(
    renderFindings([finding], both, plainStyle),
    golden(`
    note[one-mgmt]: no cluster has the role mgmt
      --> clusters["app 1"]
      ::: plan.json:2:6
       |
     2 | "a": 1
       |      - from here
      ::: fleet.yaml:6:1
       |
     6 | clusters: {}
       | -------- to here
       |
       = help: none
    `),
  );
});

test('a waived finding is dim, without a frame, and names who answers for it', () => {
  const text = renderFindings([{ ...tier1, waivedBy }], sources, ansiStyle);
  assert.equal(
    stripVTControlCharacters(text),
    golden(`
    waived[tier1-on-demand] C3 (production): mgmt's user pool is Spot in production
      --> fleet.yaml:3:32
       = waived by platform until 2027-01-31: demo only
    `),
  );
  for (const line of text.trimEnd().split('\n'))
    assert.ok(line.startsWith('\x1b[2m') && line.endsWith('\x1b[22m'));
});

test('severities have their colours', () => {
  const text = renderFindings([tier1, overlap, noMgmt], sources, ansiStyle);
  assert.ok(text.includes('\x1b[31merror[tier1-on-demand]\x1b[39m'));
  assert.ok(text.includes('\x1b[33mwarning['));
  assert.ok(text.includes('\x1b[36mnote['));
  assert.equal(stripVTControlCharacters(text), renderFindings([tier1, overlap, noMgmt], sources, plainStyle));
});

test('no findings are no text', () => {
  assert.equal(renderFindings([], sources, plainStyle), '');
});

test('the summary counts what is open, and what is waived apart', () => {
  const waived = { ...tier1, waivedBy };
  assert.equal(renderSummary([]), 'no findings');
  assert.equal(renderSummary([waived]), 'no findings (1 waived)');
  assert.equal(renderSummary([tier1]), '1 error');
  assert.equal(
    renderSummary([tier1, tier1, overlap, noMgmt, noMgmt, noMgmt, waived]),
    '2 errors, 1 warning, 3 notes (1 waived)',
  );
});

test('whatever a finding says, the report is lines of printable text', () => {
  const position = fc.record({ line: fc.integer({ min: -1, max: 9 }), column: fc.integer() });
  const file = fc.constantFrom('fleet.yaml', 'other.yaml', '\x1b[1m.yaml');
  const path = fc.array(fc.oneof(anyText, fc.nat()));
  const place = fc.record({ file, start: position, end: position });
  const finding: fc.Arbitrary<Finding> = fc.record(
    {
      id: anyText,
      alias: anyText,
      severity: fc.constantFrom('error', 'warning', 'note'),
      message: anyText,
      path,
      span: place,
      related: fc.array(
        fc.record({ message: anyText, path, span: place }, { requiredKeys: ['message', 'path'] }),
      ),
      help: anyText,
      adr: anyText,
      environment: anyText,
      waivedBy: fc.record({ owner: anyText, reason: anyText, expires: anyText }),
    },
    { requiredKeys: ['id', 'severity', 'message', 'path'] },
  );
  fc.assert(
    fc.property(
      fc.array(finding),
      fc.uniqueArray(fc.tuple(file, anyText), { selector: ([name]) => name }),
      (some, texts) => {
        const shown = renderFindings(some, new Map(texts), plainStyle);
        for (const line of shown.split('\n')) assert.doesNotMatch(line, UNCLEAN);
        assert.equal(stripVTControlCharacters(renderFindings(some, new Map(texts), ansiStyle)), shown);
      },
    ),
  );
});
