import type { Run } from '../run.ts';
import { existingClusters, forgottenClusters, listClusters } from './existing-clusters.ts';
import { grantsOf } from './grants.ts';
import type { Inquiry } from './refusal.ts';

/** What checks of this run ask with. */
export function inquiryOf(run: Run, signal: AbortSignal): Inquiry {
  const listed = once(() => listClusters(run, signal));
  return {
    run,
    signal,
    clusters: once(async () => existingClusters(run, await listed())),
    forgotten: once(async () => forgottenClusters(run, await listed())),
    grants: once(() => grantsOf(run, signal)),
  };
}

/** Asks when first asked, and never again. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => (answer ??= ask());
}
