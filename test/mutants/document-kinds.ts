import fc from 'fast-check';
import { type DocumentBase, type DocumentMutant, documentMutantsOf } from './document-mutants.ts';
import { snapshotBases, treeBases } from './folder-documents.ts';
import { sampled } from './sampled.ts';
import { terraformBases } from './terraform-documents.ts';

/** Evidence that is read from files, whose mutants are made of the files. */
export type DocumentKind = {
  readonly kind: 'terraform' | 'gitops' | 'live';
  readonly bases: () => readonly DocumentBase[];
  /** How many mutants of all bases the tests judge: reading a tree takes ten times as long as reading a plan. */
  readonly sample: number;
};

export const documentKinds: readonly DocumentKind[] = [
  { kind: 'terraform', bases: terraformBases, sample: 150 },
  { kind: 'gitops', bases: treeBases, sample: 30 },
  { kind: 'live', bases: snapshotBases, sample: 150 },
];

/** Every mutant of a base; of one whose files say everything once for each cluster, one of each leaf and change. */
export function mutantsToJudge(base: DocumentBase): readonly DocumentMutant[] {
  const mutants = documentMutantsOf(base);
  return base.isRepetitive ? sampled(mutants, 1) : [...mutants];
}

const SEED = Number(process.env.BULKHEAD_SEED ?? 20261122);

/** So many of them, by the seed of the properties. */
export function fewMutants(base: DocumentBase, count: number): readonly DocumentMutant[] {
  const all = [...documentMutantsOf(base)];
  const size = Math.min(count, all.length);
  const [few] = fc.sample(fc.subarray(all, { minLength: size, maxLength: size }), { seed: SEED, numRuns: 1 });
  return few!;
}
