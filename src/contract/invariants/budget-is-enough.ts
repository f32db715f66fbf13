import { formatUsd } from '../../base/money.ts';
import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

export default invariant({
  id: 'budget-is-enough',
  title: 'The budget covers what is known of the price',
  adr: 'ADR-0005',
  severity: 'warning',
  why:
    'A budget below the price sends its messages every month, and nobody reads them when they mean something. ' +
    'It is compared with a month by the schedule, at list prices and the Spot prices on record; logs, traffic ' +
    'and whatever has no price yet come on top.',
  source: 'Source design, section 5.1; Azure Retail Prices of the day that `bulkhead cost` names.',
  // Of all evidence, a fleet file alone has a price.
  kinds: ['fleet'],
  needs: ['budgets'],
  *check({ budgets }) {
    for (const budget of budgets) {
      const place = placeOf(budget, 'amount');
      if (!hasAll(budget, 'amount', 'price')) {
        yield unsaid(budget, 'amount', 'price');
        continue;
      }
      const { amount, price } = budget;
      if (price <= amount) yield held(place);
      else {
        const times = (price / amount).toFixed(1);
        const share = times === '1.0' ? '' : `, ${times} times as much`;
        yield broken(
          place,
          `the budget is ${formatUsd(amount)} a month, the price at least ${formatUsd(price)}${share}`,
          {
            help: 'see `bulkhead cost` for what it is made of; write what you mean to spend, or make the fleet smaller',
          },
        );
      }
    }
  },
});
