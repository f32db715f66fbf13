import type { Evidence } from '../contract/evidence.ts';
import type { Estimate } from '../cost/estimate.ts';

/**
 * The evidence of a fleet with its price beside its budget: a month by the schedule, as far as it is known. Without
 * prices of its region nothing is said of the price, and whether a budget is enough stays undetermined.
 */
export function withPrice(evidence: Evidence, estimate: Estimate | undefined): Evidence {
  if (estimate === undefined || evidence.budgets === undefined) return evidence;
  const price = estimate.offHours?.monthly ?? estimate.total.known;
  return { ...evidence, budgets: evidence.budgets.map((budget) => ({ ...budget, price })) };
}
