import { compareText } from '../../src/base/order.ts';
import type { Base } from './bases.ts';
import { type EvidenceMutant, mutantsOf } from './evidence-mutants.ts';
import { type Owner, type SurvivorGroup, survivorList } from './reviewed.ts';
import { sampled } from './sampled.ts';
import { judgeOf, type Verdict } from './verdict.ts';

/** What became of the mutants of one leaf, in numbers. */
export type LeafScore = {
  readonly leaf: string;
  readonly mutants: number;
  readonly caught: number;
  /** Drops that were answered `undetermined`, as what is not said must be. */
  readonly undetermined: number;
  readonly survived: number;
  readonly by: readonly string[];
};

export type Review = {
  readonly scores: readonly LeafScore[];
  /** Mutants that the reviewed files do not explain, each a sentence. */
  readonly problems: readonly string[];
  /** Rows of the survivors' file that no mutant needed: stale, where every mutant was tried. */
  readonly idle: readonly string[];
  readonly woken: ReadonlySet<string>;
  readonly spoke: Spoke;
};

/** Who spoke when a leaf of the evidence was wrong. */
export type Spoke = ReadonlyMap<string, ReadonlySet<string>>;

/**
 * Judges the mutants of all bases against the reviewed files. `most` takes so many of each base, leaf and change, evenly
 * spread, and leaves the others out.
 */
export function review(
  bases: readonly Base[],
  owners: ReadonlyMap<string, Owner>,
  groups: readonly SurvivorGroup[],
  most = Number.POSITIVE_INFINITY,
): Review {
  const survivors = survivorList(groups);
  const problems: string[] = [];
  const spoke = new Map<string, Set<string>>();
  const scores = new Map<string, LeafScore>();
  for (const { name, evidence } of bases) {
    const judge = judgeOf(evidence);
    for (const mutant of sampled(mutantsOf(evidence), most)) {
      const verdict = judge(mutant);
      const { leaf } = mutant;
      spoke.set(leaf, new Set([...(spoke.get(leaf) ?? []), ...verdict.broken]));
      const outcome = outcomeOf(mutant, verdict);
      if (outcome === 'survived' && survivors.find(mutant) === undefined) {
        const unsure =
          verdict.undetermined.length > 0 ? ` (undetermined: ${verdict.undetermined.join(', ')})` : '';
        problems.push(`${name}: ${mutant.text}: nobody says anything${unsure}`);
      }
      problems.push(...strangersTo(mutant, verdict, owners.get(leaf)).map((said) => `${name}: ${said}`));
      scores.set(leaf, added(scores.get(leaf), leaf, outcome, verdict));
    }
  }
  return {
    scores: [...scores.values()].toSorted((a, b) => compareText(a.leaf, b.leaf)),
    problems,
    idle: survivors.idle(),
    woken: new Set([...spoke.values()].flatMap((ids) => [...ids])),
    spoke,
  };
}

type Outcome = 'caught' | 'undetermined' | 'survived';

/** What is not said is undetermined; what is said wrongly must be called broken. */
function outcomeOf({ change }: EvidenceMutant, { broken, undetermined }: Verdict): Outcome {
  if (broken.length > 0) return 'caught';
  return change === 'dropped' && undetermined.length > 0 ? 'undetermined' : 'survived';
}

function strangersTo(
  mutant: EvidenceMutant,
  { broken }: Verdict,
  owner: Owner | undefined,
): readonly string[] {
  if (broken.length === 0) return [];
  const { text, change, leaf } = mutant;
  if (change === 'dropped') return [`${text}: ${broken.join(', ')} calls broken what is merely not said`];
  const { owners = [], related = [] } = owner ?? {};
  const strangers = broken.filter((id) => !owners.includes(id) && !related.includes(id));
  return [
    ...strangers.map((id) => `${text}: ${id} speaks, which is no business of ${leaf}`),
    ...(broken.some((id) => owners.includes(id)) ? [] : [`${text}: none that owns ${leaf} speaks`]),
  ];
}

function added(
  before: LeafScore | undefined,
  leaf: string,
  outcome: Outcome,
  { broken }: Verdict,
): LeafScore {
  const score = before ?? { leaf, mutants: 0, caught: 0, undetermined: 0, survived: 0, by: [] };
  return {
    ...score,
    mutants: score.mutants + 1,
    [outcome]: score[outcome] + 1,
    by: [...new Set([...score.by, ...broken])].toSorted(compareText),
  };
}

/** Owners who spoke of their leaf in no review. */
export function idleOwners(
  owners: ReadonlyMap<string, Owner>,
  reviews: readonly { readonly spoke: Spoke }[],
): readonly string[] {
  return [...owners].flatMap(([leaf, { owners: own, related = [] }]) =>
    [...own, ...related]
      .filter((id) => !reviews.some(({ spoke }) => spoke.get(leaf)?.has(id)))
      .map((id) => `owners.yaml: ${leaf}: ${id}`),
  );
}
