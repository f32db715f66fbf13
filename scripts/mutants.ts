import { baseFleetText, mutatedKinds } from '../test/mutants/bases.ts';
import { reviewFile } from '../test/mutants/file-review.ts';
import { fixedMutants, judgeFixed } from '../test/mutants/fixed-set.ts';
import { review } from '../test/mutants/review.ts';
import { fileSurvivorGroups, ownersByLeaf, survivorGroups } from '../test/mutants/reviewed.ts';
import { scoreText } from '../test/mutants/scores.ts';

/**
 * Judges every mutant, where the tests judge a sample, and prints the scores. Names what the reviewed files below
 * corpus/mutants do not explain, and the rows of theirs that explain nothing.
 */
const problems: string[] = [];
for (const { kind, bases, survivors } of mutatedKinds) {
  const found = review(bases(), ownersByLeaf(), survivorGroups(survivors));
  console.log(`${kind} evidence: ${scoreText(found.scores)}`);
  problems.push(...found.problems);
  // An owner may speak of another kind of evidence only.
  const idle = mutatedKinds.length === 1 ? found.idle : found.idle.filter((row) => !row.startsWith('owners'));
  problems.push(...idle.map((row) => `${kind}: nothing needs ${row}`));
}
const file = reviewFile(baseFleetText('atlas'), fileSurvivorGroups());
const counts = `${file.caught} of ${file.mutants} caught at their place, ${file.elsewhere} elsewhere`;
console.log(`fleet file: ${counts}, ${file.survived} reviewed survivors`);
problems.push(...file.problems, ...file.idle.map((row) => `fleet file: nothing needs ${row}`));

const fixed = fixedMutants();
const missed = fixed.filter((mutant) => judgeFixed(mutant).missed.length > 0);
console.log(`fixed set: ${fixed.length - missed.length} of ${fixed.length} caught`);
for (const { name, open } of missed)
  console.log(`  not caught: ${name}${open === undefined ? '' : ` (${open})`}`);

for (const problem of problems) console.log(problem);
console.log(`${problems.length} unreviewed`);
process.exitCode = problems.length === 0 ? 0 : 1;
