import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { invariants } from '../src/contract/invariants/index.ts';
import { baseFleetText, mutatedKinds } from '../test/mutants/bases.ts';
import { documentKinds, mutantsToJudge } from '../test/mutants/document-kinds.ts';
import { reviewDocuments, scoresByKind } from '../test/mutants/document-review.ts';
import { reviewFile } from '../test/mutants/file-review.ts';
import { findingsOf, fixedMutants, judgeFixed } from '../test/mutants/fixed-set.ts';
import { idleOwners, review, type Spoke } from '../test/mutants/review.ts';
import {
  documentGroups,
  fileSurvivorGroups,
  ownersByLeaf,
  survivorGroups,
} from '../test/mutants/reviewed.ts';
import { scoreText } from '../test/mutants/scores.ts';

/**
 * Judges every mutant, where the tests judge a sample, and prints the scores. Names what the reviewed files below
 * corpus/mutants do not explain, and the rows of theirs that explain nothing. With BLESS=1 it writes the scores of the
 * files of evidence, which it compares otherwise. Arguments choose kinds: `fleet`, `terraform`, `gitops`, `live`.
 */
const corpus = fileURLToPath(new URL('../../corpus/mutants/', import.meta.url));
const chosen = new Set(process.argv.slice(2));
const isWanted = (kind: string): boolean => chosen.size === 0 || chosen.has(kind);
const problems: string[] = [];
const reviews: { readonly spoke: Spoke; readonly woken: ReadonlySet<string> }[] = [];

for (const { kind, bases, survivors } of mutatedKinds.filter((one) => isWanted(one.kind))) {
  const found = review(bases(), ownersByLeaf(), survivorGroups(survivors));
  console.log(`${kind} evidence: ${scoreText(found.scores)}`);
  problems.push(...found.problems, ...found.idle.map((row) => `${kind}: nothing needs ${row}`));
  reviews.push(found);
}
for (const { kind, bases } of documentKinds.filter((one) => isWanted(one.kind))) {
  const { own, all } = documentGroups(`${kind}.yaml`);
  const found = reviewDocuments(bases(), ownersByLeaf(), all, mutantsToJudge);
  const text = scoreText(scoresByKind(found.scores));
  console.log(`${kind} files: ${scoreText(found.scores)}`);
  const reasons = [...own.unread, ...own.survive].map(({ because }) => `(${because})`);
  const idle = found.idle.filter((row) => reasons.some((reason) => row.endsWith(reason)));
  problems.push(...found.problems, ...idle.map((row) => `${kind}: nothing needs ${row}`));
  reviews.push(found);
  const golden = `${corpus}${kind}.out`;
  if (process.env.BLESS === '1') writeFileSync(golden, text);
  else if (!existsSync(golden) || readFileSync(golden, 'utf8') !== text)
    problems.push(`corpus/mutants/${kind}.out differs: BLESS=1 npm run mutants shows how`);
}
if (isWanted('fleet')) {
  const file = reviewFile(baseFleetText('atlas'), fileSurvivorGroups());
  const counts = `${file.caught} of ${file.mutants} caught at their place, ${file.elsewhere} elsewhere`;
  console.log(`fleet file: ${counts}, ${file.survived} reviewed survivors`);
  problems.push(...file.problems, ...file.idle.map((row) => `fleet file: nothing needs ${row}`));
}

const fixed = fixedMutants();
const missed = fixed.filter((mutant) => judgeFixed(mutant).missed.length > 0);
console.log(`fixed set: ${fixed.length - missed.length} of ${fixed.length} caught`);
for (const { name, open } of missed)
  console.log(`  not caught: ${name}${open === undefined ? '' : ` (${open})`}`);

if (chosen.size === 0) {
  problems.push(...idleOwners(ownersByLeaf(), reviews).map((row) => `nothing needs ${row}`));
  const woken = new Set(reviews.flatMap((one) => [...one.woken]));
  for (const mutant of fixed) for (const { id } of findingsOf(mutant)) woken.add(id);
  const asleep = invariants.filter(({ id }) => !woken.has(id)).map(({ id }) => id);
  if (asleep.length > 0) console.log(`no mutant breaks: ${asleep.join(', ')}`);
}

for (const problem of problems) console.log(problem);
console.log(`${problems.length} unreviewed`);
process.exitCode = problems.length === 0 ? 0 : 1;
