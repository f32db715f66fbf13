import { hasAll } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

export default invariant({
  id: 'budget-needs-a-contact',
  title: 'A budget tells somebody',
  adr: 'ADR-0005',
  severity: 'error',
  why:
    "Azure's budget does not stop anything: all it does is send a message. It refuses one whose " +
    'notification has no e-mail address, role or action group, and Terraform does not notice before.',
  source: 'azurerm 5.2.0, consumption_budget_resource_group; terraform validate, 2026-11-22.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['budgets'],
  *check({ budgets }) {
    for (const budget of budgets) {
      if (!hasAll(budget, 'contacts')) yield unsaid(budget, 'contacts');
      else if (budget.contacts > 0) yield held(budget.path);
      else {
        yield broken(budget.path, 'the budget has nobody to tell', {
          help: 'write who: `alerts: { email: platform@acme.example }`',
        });
      }
    }
  },
});
