import { type Money, toUsd } from '../base/money.ts';
import { compact } from '../base/record.ts';
import type { PriceDiff } from '../plan/diff/price-diff.ts';
import type { PlanDiff } from '../plan/diff/plan-diff.ts';
import { findingJson } from './plan-json.ts';

/** Raised when a field changes its meaning or goes; new fields come without notice. */
const VERSION = 1;

/** The diff for machines, whole: nothing is cut. Money is in US dollars a month. */
export function diffJson({ environments, newFindings, goneFindings }: PlanDiff): string {
  const answer = {
    version: VERSION,
    environments: environments.map(({ environment, resources, objects, price }) =>
      compact({ environment, resources, objects, price: price && priceJson(price) }),
    ),
    newFindings: newFindings.map(findingJson),
    goneFindings: goneFindings.map(findingJson),
  };
  return `${JSON.stringify(answer, null, 2)}\n`;
}

function priceJson({ before, after, isComplete, lines }: PriceDiff): object {
  return {
    before: toUsd(before),
    after: toUsd(after),
    isComplete,
    lines: lines.map((line) =>
      compact({
        ...line,
        before: amount(line.before),
        after: amount(line.after),
        ceilingBefore: amount(line.ceilingBefore),
        ceilingAfter: amount(line.ceilingAfter),
      }),
    ),
  };
}

function amount(money: Money | undefined): number | undefined {
  return money === undefined ? undefined : toUsd(money);
}
