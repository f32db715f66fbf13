import { sharedServiceLimits } from '../../catalog/limits.ts';
import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';
import { countText } from '../wording.ts';

const { max } = sharedServiceLimits.budgetNotifications;

export default invariant({
  id: 'budget-tells-five-at-most',
  title: `A budget has one to ${max} notifications`,
  adr: 'ADR-0005',
  severity: 'error',
  why:
    `Azure takes ${max} notifications for a budget, and refuses the sixth; Terraform counts none. Without any, the ` +
    'budget tells nobody.',
  source: 'azurerm 5.2.0, consumption_budget_resource_group, and four gates, 2026-11-22.',
  kinds: ['terraform'],
  needs: ['budgets'],
  *check({ budgets }) {
    for (const budget of budgets) {
      const place = placeOf(budget, 'notifications');
      if (!hasAll(budget, 'notifications')) yield unsaid(budget, 'notifications');
      else if (budget.notifications >= 1 && budget.notifications <= max) yield held(place);
      else {
        yield broken(
          place,
          `the budget has ${countText(budget.notifications, 'notification')}; Azure takes 1 to ${max}`,
          {
            help: 'keep the thresholds that somebody acts on, e.g. 80 and 100 percent',
          },
        );
      }
    }
  },
});
