import type { Change } from './world.ts';

/** What is known of a root before anything is done. */
export type RootOutlook =
  | { readonly root: string; readonly kind: 'planned'; readonly changes: readonly Change[] }
  /** It needs what another root will give: what its files declare is all that can be said. */
  | { readonly root: string; readonly kind: 'expected'; readonly resources: number };

/** A change that takes something away: for good, or to make it anew. */
export type Loss = { readonly root: string; readonly change: Change };

/** What a person is asked. Each rejects with a StepError where they say no. */
export type Ask = {
  /** Once, before anything is done, and only where there is something to do. */
  readonly begin: (outlook: readonly RootOutlook[], signal: AbortSignal) => Promise<void>;
  /** Before anything is destroyed or replaced; never answered by a yes to the first question. */
  readonly lose: (losses: readonly Loss[], signal: AbortSignal) => Promise<void>;
};
