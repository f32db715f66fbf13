import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { invariants } from '../../src/contract/invariants/index.ts';
import { baseFleetText, mutatedKinds } from './bases.ts';
import { documentKinds, fewMutants } from './document-kinds.ts';
import { reviewDocuments } from './document-review.ts';
import { reviewFile } from './file-review.ts';
import { findingsOf, fixedMutants, judgeFixed } from './fixed-set.ts';
import { review } from './review.ts';
import { documentGroups, fileSurvivorGroups, ownersByLeaf, survivorGroups } from './reviewed.ts';
import { scoreText } from './scores.ts';

/**
 * Whether the contract catches what it should. `npm test` judges a sample, so many mutants of each place and change,
 * evenly spread, or so many by the seed where each takes longer; `npm run mutants` judges all of them.
 */
const SAMPLE = { evidence: 5, file: 1 };

const isBlessing = process.env.BLESS === '1';
const corpus = fileURLToPath(new URL('../../../corpus/mutants/', import.meta.url));
const woken = new Set<string>();

for (const { kind, bases, survivors } of mutatedKinds) {
  test(`mutants: ${kind} evidence`, (context) => {
    const found = review(bases(), ownersByLeaf(), survivorGroups(survivors), SAMPLE.evidence);
    for (const id of found.woken) woken.add(id);
    const text = scoreText(found.scores);
    context.diagnostic(`${kind} evidence, a sample: ${text.split('\n')[0]}`);
    assert.deepEqual(found.problems, [], 'each is caught by its owner, or reviewed below corpus/mutants');
    const golden = `${corpus}${kind}.out`;
    if (isBlessing) writeFileSync(golden, text);
    assert.ok(existsSync(golden), `${golden} is missing: run npm run bless and read it`);
    assert.equal(text, readFileSync(golden, 'utf8'), 'more or fewer are caught: npm run bless shows which');
  });
}

for (const { kind, bases, sample } of documentKinds) {
  test(`mutants: files of ${kind} evidence`, (context) => {
    const all = bases();
    const count = Math.ceil(sample / all.length);
    const found = reviewDocuments(all, ownersByLeaf(), documentGroups(`${kind}.yaml`).all, (base) =>
      fewMutants(base, count),
    );
    context.diagnostic(`${kind} files, a sample: ${scoreText(found.scores).split('\n')[0]}`);
    assert.deepEqual(found.problems, [], 'each is caught by its owner, or reviewed below corpus/mutants');
  });
}

test('mutants: the fleet file of atlas', (context) => {
  const found = reviewFile(baseFleetText('atlas'), fileSurvivorGroups(), SAMPLE.file);
  const { mutants, caught, elsewhere, survived } = found;
  context.diagnostic(
    `fleet file, a sample: ${caught} of ${mutants} caught, ${elsewhere} elsewhere, ${survived} survive`,
  );
  assert.deepEqual(found.problems, [], 'each is told of at its line, or reviewed below corpus/mutants');
});

test('mutants: the fixed set', (context) => {
  const all = fixedMutants();
  const missed: string[] = [];
  for (const mutant of all) {
    const { name, open } = mutant;
    const verdict = judgeFixed(mutant);
    for (const { id } of findingsOf(mutant)) woken.add(id);
    if (open === undefined) assert.deepEqual(verdict, { missed: [], unrelated: [] }, name);
    else {
      missed.push(name);
      assert.notDeepEqual(verdict.missed, [], `${name} is caught now: remove its # open line`);
    }
  }
  const list = missed.length === 0 ? '' : `; not yet: ${missed.join(', ')}`;
  context.diagnostic(`fixed set: ${all.length - missed.length} of ${all.length} caught${list}`);
  assert.ok(all.length >= 100);
});

test('mutants: every invariant that a fleet file can break is broken by some mutant', () => {
  const asleep = invariants
    .filter(({ id, kinds }) => (!kinds || kinds.includes('fleet')) && !woken.has(id))
    .map(({ id }) => id);
  assert.deepEqual(asleep, []);
});
