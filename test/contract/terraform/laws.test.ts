import assert from 'node:assert/strict';
import test from 'node:test';
import {
  type Json,
  fixture,
  hide,
  hiding,
  hold,
  lineOf,
  resourcesOf,
  type Shown,
  type Steps,
} from './plan-under-test.ts';

/** Attributes of a resource, those of its first nested blocks among them. */
function* attributesOf(values: Shown): Iterable<Steps> {
  for (const [name, value] of Object.entries(values)) {
    yield [name];
    const [first] = Array.isArray(value) ? value : [];
    if (typeof first !== 'object' || first === null || Array.isArray(first)) continue;
    for (const inner of Object.keys(first)) yield [name, 0, inner];
  }
}

/** Each attribute that the resources of a type have, once. */
function* placesIn(
  plan: Shown,
): Iterable<{ readonly type: string; readonly path: Steps; readonly index: number }> {
  const seen = new Set<string>();
  for (const [index, { type, values }] of resourcesOf(plan).entries()) {
    for (const path of attributesOf(values)) {
      const place = `${type}.${path.join('.')}`;
      if (!seen.has(place)) yield { type, path, index };
      seen.add(place);
    }
  }
}

test('what a plan does not know yet breaks nothing, of one resource or of all of a type', () => {
  const before = new Set(broken(fixture('sound.json')));
  let tried = 0;
  for (const { type, path, index } of placesIn(fixture('sound.json'))) {
    const one = fixture('sound.json');
    hide(one, resourcesOf(one)[index]!, path);
    for (const plan of [one, hiding(fixture('sound.json'), type, path)]) {
      tried += 1;
      const added = broken(plan).filter((line) => !before.has(line));
      assert.deepEqual(added, [], `${type}.${path.join('.')}`);
    }
  }
  assert.ok(tried > 300);
});

test('a resource of another shape breaks no reader', () => {
  const shapes: Json[] = [null, '', 'x', -1, true, [], {}, [null], [[]], [{ name: 1 }], { '': null }];
  for (const [turn, { path, index }] of [...placesIn(fixture('sound.json'))].entries()) {
    if (path.length > 1) continue;
    const plan = fixture('sound.json');
    resourcesOf(plan)[index]!.values[path[0]!] = shapes[turn % shapes.length]!;
    for (const finding of hold(plan).findings)
      assert.doesNotMatch(lineOf(finding), /undefined:|NaN|\[object/);
  }
});

function broken(plan: Shown): string[] {
  return hold(plan)
    .findings.filter(({ isUndetermined }) => !isUndetermined)
    .map(({ id, severity }) => `${severity} ${id}`);
}

test('the order of files and of resources decides nothing', () => {
  const roots = ['foundation', 'clusters-mgmt', 'clusters-app1'].map(
    (root) => `atlas-production/${root}.json`,
  );
  const verdicts = (plans: Shown[]): string[] =>
    hold(...plans).contract.results.map(({ verdict }) => verdict);
  const straight = verdicts(roots.map(fixture));
  const reversed = roots.toReversed().map((name) => {
    const plan = fixture(name);
    const module = (plan.planned_values as Shown).root_module as { resources: Json[] };
    module.resources.reverse();
    return plan;
  });
  assert.deepEqual(verdicts(reversed), straight);
});
