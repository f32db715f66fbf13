import { type FileMutant, fileMutantsOf } from './file-mutants.ts';
import { type FileVerdict, judgeFileOf } from './file-verdict.ts';
import { type SurvivorGroup, survivorList } from './reviewed.ts';
import { sampled } from './sampled.ts';

export type FileReview = {
  readonly mutants: number;
  /** Something is said at the mutant's place, or at one related to it. */
  readonly caught: number;
  readonly elsewhere: number;
  readonly survived: number;
  readonly problems: readonly string[];
  readonly idle: readonly string[];
};

type Groups = { readonly survive: readonly SurvivorGroup[]; readonly elsewhere: readonly SurvivorGroup[] };

/** Judges the mutants of a fleet file against the reviewed ones; `most` of each leaf and change. */
export function reviewFile(text: string, groups: Groups, most = Number.POSITIVE_INFINITY): FileReview {
  const judge = judgeFileOf(text);
  const survive = survivorList(groups.survive);
  const elsewhere = survivorList(groups.elsewhere);
  const problems: string[] = [];
  const count = { here: 0, elsewhere: 0, nowhere: 0 };
  for (const mutant of sampled(fileMutantsOf(text), most)) {
    const verdict = judge(mutant);
    const where = whereOf(verdict);
    count[where] += 1;
    const isReviewed =
      where === 'here' || (where === 'elsewhere' ? elsewhere : survive).find(mutant) !== undefined;
    if (!isReviewed) problems.push(problemText(mutant, verdict));
  }
  return {
    mutants: count.here + count.elsewhere + count.nowhere,
    caught: count.here,
    elsewhere: count.elsewhere,
    survived: count.nowhere,
    problems,
    idle: [...survive.idle(), ...elsewhere.idle()],
  };
}

function whereOf({ here, elsewhere }: FileVerdict): 'here' | 'elsewhere' | 'nowhere' {
  if (here.length > 0) return 'here';
  return elsewhere.length > 0 ? 'elsewhere' : 'nowhere';
}

function problemText({ change, text }: FileMutant, { elsewhere }: FileVerdict): string {
  const said = elsewhere.length > 0 ? `only elsewhere: ${elsewhere.join(', ')}` : 'nobody says anything';
  return `${text} (${change}): ${said}`;
}
