import assert from 'node:assert/strict';
import test from 'node:test';
import { checkContract, checkWaivers, failsAt } from '../../src/contract/check.ts';
import type { Evidence } from '../../src/contract/evidence.ts';
import {
  broken,
  held,
  type Invariant,
  invariant,
  type Observation,
  undetermined,
} from '../../src/contract/invariant.ts';
import type { Waiver } from '../../src/fleet/fleet.ts';

const facts = { prices: undefined };
const today = '2026-11-22';
const none = { list: [], today };
const path = ['clusters', 'app1', 'user', 'nodes'];

function rule(...observations: Observation[]): Invariant {
  return invariant({
    id: 'a-rule',
    alias: 'C3',
    title: 'A rule',
    adr: 'ADR-A01',
    severity: 'error',
    why: 'So.',
    source: 'Here.',
    needs: [],
    check: () => observations,
  });
}

function waiver(more: Partial<Waiver> = {}): Waiver {
  return { invariant: 'a-rule', reason: 'because', owner: 'team', expires: '2027-01-31', ...more };
}

const evidence: Evidence = { kind: 'fleet', environment: 'production' };

test('a broken place becomes a finding with the id, the number and the decision of its invariant', () => {
  const { results, findings } = checkContract(
    [rule(held(['name']), broken(path, 'is wrong', { help: 'mend it', at: 'key' }))],
    evidence,
    facts,
    none,
  );
  assert.deepEqual(findings, [
    {
      id: 'a-rule',
      alias: 'C3',
      adr: 'ADR-A01',
      environment: 'production',
      severity: 'error',
      path,
      message: 'is wrong',
      help: 'mend it',
      at: 'key',
    },
  ]);
  assert.equal(results[0]!.verdict, 'broken');
  assert.equal(results[0]!.places, 2);
});

test('verdicts: one broken place breaks, one unknown leaves open, silence is no business of ours', () => {
  const verdict = (...observations: Observation[]) =>
    checkContract([rule(...observations)], evidence, facts, none).results[0]!.verdict;
  assert.equal(verdict(held(path), undetermined(path, 'who knows'), broken(path, 'no')), 'broken');
  assert.equal(verdict(held(path), undetermined(path, 'who knows')), 'undetermined');
  assert.equal(verdict(held(path)), 'held');
  assert.equal(verdict(), 'not applicable');
});

test('an observation may be milder than its invariant, and what is unknown is a note', () => {
  const { findings } = checkContract(
    [rule(broken(path, 'is odd', { severity: 'warning' }), undetermined(path, 'the size', 'look it up'))],
    { kind: 'fleet' },
    facts,
    none,
  );
  assert.deepEqual(
    findings.map(({ severity, message, help }) => [severity, message, help]),
    [
      ['warning', 'is odd', undefined],
      ['note', 'undetermined: the size', 'look it up'],
    ],
  );
  assert.ok(findings.every((finding) => !('environment' in finding)));
});

test('what is said of one place twice is said once', () => {
  const twice = rule(
    broken(path, 'a'),
    broken(path, 'a'),
    broken(path, 'b'),
    broken(['x'], 'a'),
    held(path),
    held(path),
  );
  const [result] = checkContract([twice], evidence, facts, none).results;
  assert.deepEqual(
    result!.findings.map(({ message }) => message),
    ['a', 'b', 'a'],
  );
  assert.equal(result!.places, 5);
});

test('an invariant whose evidence is missing is not asked', () => {
  const asks = invariant({ ...rule(), needs: ['clusters', 'nodePools'], check: () => assert.fail('asked') });
  const { results } = checkContract([asks], { kind: 'fleet', clusters: [] }, facts, none);
  assert.equal(results[0]!.verdict, 'undetermined');
  assert.equal(results[0]!.findings[0]!.message, 'undetermined: the evidence does not hold node pools');
});

test('a waiver accepts by id or number, at its place and below, until its last day', () => {
  const accepts = (more: Partial<Waiver>): boolean => {
    const list = [waiver(more)];
    const { findings, usedWaivers } = checkContract([rule(broken(path, 'no'))], evidence, facts, {
      list,
      today,
    });
    assert.equal(usedWaivers.has(0), findings[0]!.waivedBy !== undefined);
    return usedWaivers.has(0);
  };
  assert.ok(accepts({}));
  assert.ok(accepts({ invariant: 'C3' }));
  assert.ok(accepts({ at: 'clusters.app1' }));
  assert.ok(accepts({ at: 'clusters.app1.user.nodes' }));
  assert.ok(accepts({ expires: today }));
  assert.ok(!accepts({ invariant: 'another-rule' }));
  assert.ok(!accepts({ at: 'clusters.app' }));
  assert.ok(!accepts({ at: 'clusters.app1.user.nodes.more' }));
  assert.ok(!accepts({ expires: '2026-11-21' }));
});

test('an accepted finding is shown with who accepted it, and fails nothing', () => {
  const { findings } = checkContract([rule(broken(path, 'no'))], evidence, facts, {
    list: [waiver()],
    today,
  });
  assert.deepEqual(findings[0]!.waivedBy, { owner: 'team', reason: 'because', expires: '2027-01-31' });
  assert.ok(!failsAt(findings, 'note'));
  const open = checkContract(
    [rule(broken(path, 'no', { severity: 'warning' }))],
    evidence,
    facts,
    none,
  ).findings;
  assert.ok(failsAt(open, 'warning'));
  assert.ok(!failsAt(open, 'error'));
});

test('a waiver for nothing that is known is told the nearest id', () => {
  const help = (invariant: string): string | undefined => {
    const list = [waiver({ invariant })];
    const rules = [rule(), { id: 'spot-has-two-families' }, { id: 'adr-missing' }];
    return [...checkWaivers(rules, { list, today }, undefined)][0]?.help;
  };
  assert.equal(help('spot-has-two-familes'), 'write spot-has-two-families, if that is what you mean');
  assert.equal(help('adr-mising'), 'write adr-missing, if that is what you mean');
  assert.equal(help('C7'), 'the numbers are C1 to C5; all else goes by the id of its finding');
  assert.match(help('everything') ?? '', /^copy the id from the finding/);
});

test('waivers are judged, too', () => {
  const list = [
    waiver(),
    waiver({ invariant: 'C9' }),
    waiver({ expires: '2026-01-01' }),
    waiver({ invariant: 'C3' }),
  ];
  const judge = (used: ReadonlySet<number> | undefined) =>
    [...checkWaivers([rule()], { list, today }, used)].map(({ id, path: at }) => [id, ...at]);
  assert.deepEqual(judge(new Set([0])), [
    ['waiver-unknown', 'waivers', 1, 'invariant'],
    ['waiver-expired', 'waivers', 2, 'expires'],
    ['waiver-unused', 'waivers', 3, 'invariant'],
  ]);
  assert.deepEqual(
    judge(undefined).map(([id]) => id),
    ['waiver-unknown', 'waiver-expired'],
  );
});
