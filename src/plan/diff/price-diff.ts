import type { Money } from '../../base/money.ts';
import type { CostComponent } from '../../cost/component.ts';
import type { Estimate } from '../../cost/estimate.ts';
import { pairs } from './pairs.ts';

/** What a change costs a month, around the clock. */
export type PriceDiff = {
  readonly before: Money;
  readonly after: Money;
  /** False when some line has no amount on either side: then the two are sums of what is known. */
  readonly isComplete: boolean;
  /** The lines whose amount, rate or quantity differs. */
  readonly lines: readonly LineDiff[];
};

export type LineDiff = {
  readonly id: string;
  readonly name: string;
  readonly cluster?: string;
  /** Absent where the line is, or where it has no amount. */
  readonly before?: Money;
  readonly after?: Money;
  /** How the quantity comes about, on the side where the line is; the newer one of both. */
  readonly basis: string;
  /** The most that the line can cost, where something caps it. */
  readonly ceilingBefore?: Money;
  readonly ceilingAfter?: Money;
};

const EMPTY: Pick<Estimate, 'components' | 'total'> = {
  components: [],
  total: { known: 0, low: 0, high: 0, isComplete: true },
};

/** Compares two estimates, either of which may be missing where its fleet is. */
export function diffPrice(base: Estimate | undefined, head: Estimate | undefined): PriceDiff | undefined {
  if (!base && !head) return undefined;
  const [old, now] = [base ?? EMPTY, head ?? EMPTY];
  return {
    before: old.total.known,
    after: now.total.known,
    isComplete: old.total.isComplete && now.total.isComplete,
    lines: pairs(old.components, now.components, ({ id }) => id).flatMap(([before, after]): LineDiff[] => {
      if (before && after && isSame(before, after)) return [];
      const { id, name, cluster, basis } = (after ?? before)!;
      return [
        {
          id,
          name,
          basis,
          ...(cluster === undefined ? {} : { cluster }),
          ...(before?.monthly === undefined ? {} : { before: before.monthly }),
          ...(after?.monthly === undefined ? {} : { after: after.monthly }),
          ...(before?.ceiling === undefined ? {} : { ceilingBefore: before.ceiling }),
          ...(after?.ceiling === undefined ? {} : { ceilingAfter: after.ceiling }),
        },
      ];
    }),
  };
}

function isSame(before: CostComponent, after: CostComponent): boolean {
  return (
    before.monthly === after.monthly &&
    before.quantity === after.quantity &&
    before.rate === after.rate &&
    before.ceiling === after.ceiling
  );
}
