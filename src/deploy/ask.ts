import { StepError } from '../base/step-error.ts';
import type { Change } from './world.ts';

/** What is known of a root before anything is done. */
export type RootOutlook =
  | { readonly root: string; readonly kind: 'planned'; readonly changes: readonly Change[] }
  /** It needs what another root will give: what its files declare is all that can be said. */
  | { readonly root: string; readonly kind: 'expected'; readonly resources: number }
  /** There is a state, which the signed-in person may not read yet. */
  | { readonly root: string; readonly kind: 'unknown' };

/** A change that takes something away: for good, or to make it anew. */
export type Loss = { readonly root: string; readonly change: Change };

/** What `down` takes away. */
export type Farewell = {
  readonly roots: readonly RootOutlook[];
  /** Data that nobody gets back, in words. */
  readonly dies: readonly string[];
  /** What stays, or stays taken, in words. */
  readonly remains: readonly string[];
};

/** A person said no. Nothing is wrong: what needs a yes is left undone. */
export class Declined extends StepError {
  constructor() {
    super('not agreed to');
    this.name = 'Declined';
  }
}

/** What a person decides about a root's changes. Rejects when they say no. */
export type Approve = (root: string, changes: readonly Change[], signal: AbortSignal) => Promise<void>;

/** What a person is asked. Each rejects: Declined where they say no, a StepError where nobody can be asked. */
export type Ask = {
  /** Once, before anything is done, and only where there is something to do. */
  readonly begin: (outlook: readonly RootOutlook[], signal: AbortSignal) => Promise<void>;
  /** Before anything is destroyed or replaced; never answered by a yes to the first question. */
  readonly lose: (losses: readonly Loss[], signal: AbortSignal) => Promise<void>;
  /** Before a fleet, or some clusters of it, are taken down: answered by its name. */
  readonly end: (farewell: Farewell, signal: AbortSignal) => Promise<void>;
};

/** What an outlook takes away. */
export function lossesIn(outlook: readonly RootOutlook[]): readonly Loss[] {
  return outlook.flatMap((of) => (of.kind === 'planned' ? lossesOf(of.root, of.changes) : []));
}

/**
 * Asks about what a root loses, unless it was agreed to already. `agreed` grows with every yes. What several roots ask
 * at once is asked one after the other: there is one person.
 */
export function askingApproval(ask: Pick<Ask, 'lose'>, agreed: Set<string>): Approve {
  let before: Promise<unknown> = Promise.resolve();
  return async (root, changes, signal) => {
    const losses = lossesOf(root, changes).filter((loss) => !agreed.has(keyOf(loss)));
    if (losses.length === 0) return;
    const asked = before.then(() => {
      signal.throwIfAborted();
      return ask.lose(losses, signal);
    });
    before = asked.catch(() => undefined);
    await asked;
    agree(losses, agreed);
  };
}

export function agree(losses: readonly Loss[], agreed: Set<string>): void {
  for (const loss of losses) agreed.add(keyOf(loss));
}

function lossesOf(root: string, changes: readonly Change[]): readonly Loss[] {
  return changes
    .filter(({ action }) => action === 'delete' || action === 'replace')
    .map((change) => ({ root, change }));
}

function keyOf({ root, change }: Loss): string {
  return `${root} ${change.action} ${change.address}`;
}
