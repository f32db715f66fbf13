import { pathText } from '../../src/base/finding.ts';
import { builtInPriceBook } from '../../src/catalog/price-book.ts';
import { checkContract } from '../../src/contract/check.ts';
import type { Evidence } from '../../src/contract/evidence.ts';
import type { Invariant } from '../../src/contract/invariant.ts';
import { invariants } from '../../src/contract/invariants/index.ts';
import { joinEvidence } from '../../src/contract/joined-evidence.ts';
import { JOINED } from '../../src/plan/folder-check.ts';
import type { DocumentBase, DocumentMutant } from './document-mutants.ts';
import { type Difference, differencesOf } from './evidence-differences.ts';
import type { Verdict } from './verdict.ts';

export type DocumentVerdict = Verdict & {
  /** What the changed files say otherwise; nothing where nobody reads what was changed. */
  readonly differences: readonly Difference[];
};

/** How often something is broken in a place, and how much is undetermined anywhere. */
type Said = { readonly broken: ReadonlyMap<string, number>; readonly undetermined: number };

/** Judges mutants of the files of one base: the evidence is read from them anew. */
export function judgeDocumentsOf(base: DocumentBase): (mutant: DocumentMutant) => DocumentVerdict {
  const own = base.read(0, base.documents[0]!.value);
  const joined = joinedOf(base, own);
  const before = invariants.map((invariant) => {
    const reads = new Set<string>();
    const evidence = watched(JOINED.has(invariant.id) ? joined : own, reads);
    return { invariant, reads, said: saidBy(invariant, evidence) };
  });
  return ({ position, instead }) => {
    const evidence = base.read(position, instead);
    const differences = differencesOf(own, evidence);
    if (differences.length === 0) return { differences, broken: [], undetermined: [] };
    const changed = new Set(differences.map(({ leaf }) => /^\w+/.exec(leaf)![0]));
    let together: Evidence | undefined;
    const broken: string[] = [];
    const undetermined: string[] = [];
    for (const { invariant, reads, said } of before) {
      const { id } = invariant;
      // What it does not read cannot change what it says.
      if (!changed.has('region') && !JOINED.has(id) && [...reads].every((part) => !changed.has(part)))
        continue;
      const after = saidBy(invariant, JOINED.has(id) ? (together ??= joinedOf(base, evidence)) : evidence);
      if ([...after.broken].some(([key, count]) => count > (said.broken.get(key) ?? 0))) broken.push(id);
      else if (after.undetermined > said.undetermined) undetermined.push(id);
    }
    return { differences, broken, undetermined };
  };
}

function joinedOf({ others }: DocumentBase, own: Evidence): Evidence {
  return own.kind === 'terraform' ? own : joinEvidence(own, others);
}

function watched(evidence: Evidence, reads: Set<string>): Evidence {
  return new Proxy(evidence, {
    get(target, key) {
      reads.add(String(key));
      return Reflect.get(target, key) as unknown;
    },
  });
}

function saidBy(invariant: Invariant, evidence: Evidence): Said {
  const facts = { prices: builtInPriceBook(evidence.region?.name ?? '') };
  const { findings } = checkContract([invariant], evidence, facts, { list: [], today: '2026-11-22' });
  const broken = new Map<string, number>();
  let undetermined = 0;
  for (const { isUndetermined, severity, file, path } of findings) {
    if (isUndetermined) undetermined += 1;
    else {
      const key = `${severity} ${file} ${pathText(path)}`;
      broken.set(key, (broken.get(key) ?? 0) + 1);
    }
  }
  return { broken, undetermined };
}
