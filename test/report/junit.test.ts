import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Finding } from '../../src/base/finding.ts';
import { invariants } from '../../src/contract/invariants/index.ts';
import { renderJunit } from '../../src/report/junit.ts';
import { anyFinding } from './any-finding.ts';
import { atlasText, planned } from './planned.ts';
import { readXml, type XmlElement } from './read-xml.ts';

type Cases = ReadonlyMap<string, XmlElement>;

/** The suites by name, each with its cases by the id of their invariant; the counts are checked on the way. */
function suites(xml: string): ReadonlyMap<string, Cases> {
  const root = readXml(xml);
  assert.equal(root.name, 'testsuites');
  checkCounts(
    root,
    root.children.flatMap(({ children }) => children),
  );
  return new Map(
    root.children.map((suite) => {
      checkCounts(suite, suite.children);
      return [
        suite.attributes.name!,
        new Map(suite.children.map((one) => [one.attributes.name!.split(':', 1)[0]!, one])),
      ];
    }),
  );
}

function checkCounts({ attributes }: XmlElement, cases: readonly XmlElement[]): void {
  const count = (name: string): string => String(cases.filter((one) => child(one, name)).length);
  assert.deepEqual(
    [attributes.tests, attributes.failures, attributes.skipped, attributes.errors],
    [String(cases.length), count('failure'), count('skipped'), '0'],
  );
}

function child(one: XmlElement, name: string): XmlElement | undefined {
  return one.children.find((element) => element.name === name);
}

test('each environment has a test for every invariant, under the number or decision that it stands on', () => {
  const { plan, isSound } = planned(atlasText);
  const found = suites(renderJunit(plan, 'error', isSound));
  assert.deepEqual([...found.keys()], ['fleet file', 'demo', 'production']);
  for (const environment of ['demo', 'production']) {
    assert.deepEqual(
      [...found.get(environment)!.keys()],
      invariants.map(({ id }) => id),
    );
  }
  const demo = found.get('demo')!;
  assert.equal(demo.get('control-plane-is-managed')!.attributes.classname, 'C1');
  assert.equal(demo.get('mgmt-is-tier-1')!.attributes.classname, 'ADR-A01');
  assert.deepEqual(child(demo.get('production-tier1-is-on-demand')!, 'skipped')!.attributes, {
    message: 'not applicable',
  });
  assert.deepEqual(demo.get('mgmt-is-tier-1')!.children, []);
});

test('the threshold of the run decides between failure and output', () => {
  const { plan } = planned(atlasText);
  const id = 'spot-has-two-families';
  const mild = suites(renderJunit(plan, 'error', true))
    .get('demo')!
    .get(id)!;
  assert.equal(child(mild, 'failure'), undefined);
  assert.match(
    child(mild, 'system-out')!.text,
    /^warning: all Spot nodes of mgmt .*\n {2}at fleet\.yaml:25:50\n/,
  );
  const strict = suites(renderJunit(plan, 'warning', true));
  const failure = child(strict.get('demo')!.get(id)!, 'failure')!;
  assert.equal(failure.attributes.type, 'warning');
  assert.match(failure.attributes.message!, /^all Spot nodes of mgmt .* \(and 2 more\)$/);
  assert.match(failure.text, /more: https:\/\/bulkhead\.dev\/invariants\/spot-has-two-families/);
  assert.deepEqual(strict.get('production')!.get(id)!.children, []);
});

test('what is waived or undetermined is skipped, never passed', () => {
  const { plan } = planned(atlasText);
  const waivedBy = { owner: 'platform', reason: 'a demo', expires: '2027-01-31' };
  const findings = plan.findings.map((finding) => ({ ...finding, waivedBy }));
  const one = suites(renderJunit({ ...plan, findings }, 'note', true))
    .get('demo')!
    .get('system-pool-size')!;
  assert.deepEqual(child(one, 'skipped')!.attributes, { message: 'waived' });
  assert.match(child(one, 'system-out')!.text, /waived by platform until 2027-01-31: a demo/);

  const [environment] = plan.environments;
  const results = environment!.contract.results.map((result) => ({
    ...result,
    verdict: 'undetermined' as const,
  }));
  const unknown = { ...environment!, contract: { ...environment!.contract, results } };
  const cases = suites(
    renderJunit({ isSound: true, environments: [unknown], findings: [] }, 'note', true),
  ).get('demo')!;
  for (const each of cases.values())
    assert.deepEqual(child(each, 'skipped')!.attributes, { message: 'undetermined' });
});

test('the file has a test of its own: it fails on an unsound file whatever the threshold', () => {
  const unsound = planned('nmae: x\nregion: koreacentral\nclusters: { mgmt: {} }\n');
  const [broken] = suites(renderJunit(unsound.plan, 'error', unsound.isSound))
    .get('fleet file')!
    .values();
  assert.match(child(broken!, 'failure')!.text, /fleet\.yaml:1:1/);
  const empty = planned('');
  const found = suites(renderJunit(empty.plan, 'error', empty.isSound));
  assert.deepEqual([...found.keys()], ['fleet file']);

  const waiver: Finding = { id: 'waiver-unused', severity: 'warning', message: 'of no use', path: [] };
  const { plan } = planned(atlasText);
  const told = { ...plan, findings: [...plan.findings, waiver] };
  const outcome = (failOn: 'error' | 'warning'): readonly string[] => {
    const [one] = suites(renderJunit(told, failOn, true))
      .get('fleet file')!
      .values();
    return one!.children.map(({ name }) => name);
  };
  assert.deepEqual(outcome('error'), ['system-out']);
  assert.deepEqual(outcome('warning'), ['failure']);
});

test('no report repeats the line that holds a secret', () => {
  const repo = 'https://ci:hunter2-hunter2@github.com/acme/platform.git';
  const { plan } = planned(
    `name: small\nregion: koreacentral\ngitops: { repo: '${repo}' }\nclusters: { mgmt: {} }\n`,
  );
  const xml = renderJunit(plan, 'error', true);
  assert.ok(child(suites(xml).get('demo')!.get('secrets-in-key-vault')!, 'failure'));
  assert.doesNotMatch(xml, /hunter2/);
});

test('any findings make well-formed XML', () => {
  const { plan } = planned(atlasText);
  const hostile = fc.constantFrom('\u0000\u000b\ufffe\uffff\ud800', ']]>', '<!-- & -->', '"\'\n\t');
  fc.assert(
    fc.property(fc.array(anyFinding, { maxLength: 5 }), hostile, (found, message) => {
      const findings = [...found, { ...found[0], id: 'x', severity: 'error', message, path: [] } as Finding];
      suites(renderJunit({ ...plan, findings }, 'note', true));
    }),
    { numRuns: 60 },
  );
});
