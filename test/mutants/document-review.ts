import { compareText } from '../../src/base/order.ts';
import type { DocumentBase, DocumentMutant } from './document-mutants.ts';
import { type DocumentVerdict, judgeDocumentsOf } from './document-verdict.ts';
import type { Difference } from './evidence-differences.ts';
import type { LeafScore, Spoke } from './review.ts';
import { type DocumentGroups, type Owner, type SurvivorList, survivorList } from './reviewed.ts';

/** Of a document's leaf: how many of its mutants change nothing that anybody reads. */
export type DocumentScore = LeafScore & { readonly kind: string; readonly unread: number };

export type DocumentReview = {
  readonly scores: readonly DocumentScore[];
  /** Mutants that the reviewed files do not explain, each a sentence. */
  readonly problems: readonly string[];
  /** Rows of the survivors' file that no mutant needed: stale, where every mutant was tried. */
  readonly idle: readonly string[];
  readonly woken: ReadonlySet<string>;
  readonly spoke: Spoke;
};

type Outcome = 'unread' | 'caught' | 'undetermined' | 'survived';

/** Judges mutants against the reviewed files; `pick` leaves some of a base's out. */
export function reviewDocuments(
  bases: readonly DocumentBase[],
  owners: ReadonlyMap<string, Owner>,
  { unread, survive }: DocumentGroups,
  pick: (base: DocumentBase) => Iterable<DocumentMutant>,
): DocumentReview {
  const lists = { unread: survivorList(unread, { hasStars: true }), survive: survivorList(survive) };
  const problems: string[] = [];
  const woken = new Set<string>();
  const spoke = new Map<string, Set<string>>();
  const scores = new Map<string, DocumentScore>();
  for (const base of bases) {
    const judge = judgeDocumentsOf(base);
    for (const mutant of pick(base)) {
      const verdict = judge(mutant);
      const outcome = outcomeOf(verdict);
      for (const id of verdict.broken) woken.add(id);
      for (const leaf of verdict.differences.flatMap((difference) => upwards(difference.leaf))) {
        spoke.set(leaf, new Set([...(spoke.get(leaf) ?? []), ...verdict.broken]));
      }
      const wrong = problemsWith(mutant, verdict, { outcome, owners, lists });
      problems.push(...wrong.map((problem) => `${base.name}: ${mutant.text}: ${problem}`));
      scores.set(mutant.leaf, added(scores.get(mutant.leaf), mutant, outcome, verdict));
    }
  }
  return {
    scores: [...scores.values()].toSorted((a, b) => compareText(a.leaf, b.leaf)),
    problems,
    idle: [...lists.unread.idle(), ...lists.survive.idle()],
    woken,
    spoke,
  };
}

type Reviewed = {
  readonly outcome: Outcome;
  readonly owners: ReadonlyMap<string, Owner>;
  readonly lists: { readonly unread: SurvivorList; readonly survive: SurvivorList };
};

/** What the reviewed files do not explain. */
function problemsWith(
  mutant: DocumentMutant,
  verdict: DocumentVerdict,
  { outcome, owners, lists }: Reviewed,
): readonly string[] {
  if (outcome === 'unread') return lists.unread.find(mutant) ? [] : ['nobody reads it'];
  if (outcome !== 'survived') return strangersTo(verdict, owners);
  return verdict.differences
    .filter((difference) => !isReviewed(difference, lists.survive))
    .map(({ leaf, text }) => `nobody says anything of ${leaf}: ${text}`);
}

/** A fact that is gone may leave others undetermined; one that is wrong may not. */
function outcomeOf({ differences, broken, undetermined }: DocumentVerdict): Outcome {
  if (differences.length === 0) return 'unread';
  if (broken.length > 0) return 'caught';
  return undetermined.length > 0 && differences.some(isLost) ? 'undetermined' : 'survived';
}

function isLost({ change, text }: Difference): boolean {
  return change === 'dropped' || / (without|emptied)/.test(text);
}

function isReviewed(difference: Difference, list: SurvivorList): boolean {
  return upwards(difference.leaf).some((leaf) => list.find({ ...difference, leaf }) !== undefined);
}

/** A leaf and what holds it: what is said of `nodePools.labels` is said of each label. */
function upwards(leaf: string): readonly string[] {
  const outer = leaf.replace(/(\[\]|\.[^.[\]]*)$/, '');
  return outer === leaf || outer === '' ? [leaf] : [leaf, ...upwards(outer)];
}

/** One of those that own what the evidence says otherwise must speak, and nobody else. */
function strangersTo(
  { differences, broken }: DocumentVerdict,
  owners: ReadonlyMap<string, Owner>,
): readonly string[] {
  if (broken.length === 0) return [];
  const found = differences.flatMap(({ leaf }) => upwards(leaf).flatMap((one) => owners.get(one) ?? []));
  const own = new Set(found.flatMap((owner) => owner.owners));
  const related = new Set(found.flatMap((owner) => owner.related ?? []));
  const leaves = [...new Set(differences.map(({ leaf }) => leaf))].join(', ');
  return [
    ...broken
      .filter((id) => !own.has(id) && !related.has(id))
      .map((id) => `${id} speaks, which is no business of ${leaves}`),
    ...(broken.some((id) => own.has(id)) ? [] : [`none that owns ${leaves} speaks`]),
  ];
}

function added(
  before: DocumentScore | undefined,
  { leaf, kind }: DocumentMutant,
  outcome: Outcome,
  { broken }: DocumentVerdict,
): DocumentScore {
  const none = { leaf, kind, mutants: 0, unread: 0, caught: 0, undetermined: 0, survived: 0, by: [] };
  const score = before ?? none;
  return {
    ...score,
    mutants: score.mutants + 1,
    [outcome]: score[outcome] + 1,
    by: [...new Set([...score.by, ...broken])].toSorted(compareText),
  };
}

/** The scores of documents, each kind in one line. */
export function scoresByKind(scores: readonly DocumentScore[]): readonly DocumentScore[] {
  const sums = new Map<string, DocumentScore>();
  for (const score of scores) {
    const { kind } = score;
    const before = sums.get(kind);
    sums.set(kind, before ? sumOf(before, score) : { ...score, leaf: kind });
  }
  return [...sums.values()].toSorted((a, b) => compareText(a.leaf, b.leaf));
}

function sumOf(a: DocumentScore, b: DocumentScore): DocumentScore {
  return {
    ...a,
    mutants: a.mutants + b.mutants,
    unread: a.unread + b.unread,
    caught: a.caught + b.caught,
    undetermined: a.undetermined + b.undetermined,
    survived: a.survived + b.survived,
    by: [...new Set([...a.by, ...b.by])].toSorted(compareText),
  };
}
