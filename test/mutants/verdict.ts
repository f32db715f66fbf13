import { pathText } from '../../src/base/finding.ts';
import { builtInPriceBook } from '../../src/catalog/price-book.ts';
import { checkContract, type InvariantResult } from '../../src/contract/check.ts';
import type { Evidence } from '../../src/contract/evidence.ts';
import type { Facts, Invariant } from '../../src/contract/invariant.ts';
import { invariants } from '../../src/contract/invariants/index.ts';
import type { EvidenceMutant } from './evidence-mutants.ts';

/** What the contract made of a mutant: ids of invariants that say something they did not say of the base. */
export type Verdict = { readonly broken: readonly string[]; readonly undetermined: readonly string[] };

/** How often an invariant says each thing: `broken error clusters.app1.pods` twice, say. */
type Counts = ReadonlyMap<string, number>;
type Base = { readonly invariant: Invariant; readonly said: Counts; readonly reads: ReadonlySet<string> };

/**
 * Judges mutants of one evidence. An invariant that read nothing of the part that a mutant changes says of it what it
 * said of the base, for its check is a pure function of what it reads: so it is not asked again.
 */
export function judgeOf(evidence: Evidence): (mutant: EvidenceMutant) => Verdict {
  const facts: Facts = { prices: builtInPriceBook(evidence.region?.name ?? '') };
  const bases = invariants.map((invariant): Base => {
    const reads = new Set<string>();
    const watched = new Proxy(evidence, {
      get(target, key) {
        reads.add(String(key));
        return Reflect.get(target, key) as unknown;
      },
    });
    return { invariant, said: saidBy(invariant, watched, facts), reads };
  });
  return (mutant) => {
    const broken: string[] = [];
    const undetermined: string[] = [];
    for (const { invariant, said, reads } of bases) {
      if (!reads.has(mutant.part)) continue;
      const news = [...saidBy(invariant, mutant.evidence, facts)]
        .filter(([key, count]) => count > (said.get(key) ?? 0))
        .map(([key]) => key);
      if (news.some((key) => key.startsWith('broken'))) broken.push(invariant.id);
      else if (news.length > 0) undetermined.push(invariant.id);
    }
    return { broken, undetermined };
  };
}

function saidBy(invariant: Invariant, evidence: Evidence, facts: Facts): Counts {
  const [result] = checkContract([invariant], evidence, facts, { list: [], today: '2026-11-22' }).results;
  return countsOf(result!);
}

/** By verdict, severity and place, not by words: a message may name what the mutant renamed and say nothing new. */
function countsOf({ findings }: InvariantResult): Counts {
  const counts = new Map<string, number>();
  for (const { severity, path, isUndetermined } of findings) {
    const key = `${isUndetermined ? 'undetermined' : `broken ${severity}`} ${pathText(path)}`;
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}
