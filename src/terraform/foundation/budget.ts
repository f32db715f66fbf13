import { toUsd } from '../../base/money.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import { type BudgetNotice, BUDGET_NOTICES } from '../../model/alerts/budget-notices.ts';
import type { Platform } from '../../model/platform.ts';
import { type Block, attr, block, ref, template } from '../block.ts';
import type { Input } from '../inputs.ts';

export function budgetStart({ budget }: Fleet): readonly Input[] {
  if (!budget) return [];
  return [
    {
      name: 'budget_start',
      type: ref('string'),
      description:
        'First day of the month in which the budget begins. Chosen once: another day makes ' +
        'another budget.',
      check: {
        condition: 'can(regex("^20[0-9]{2}-(0[1-9]|1[0-2])-01T00:00:00Z$", var.budget_start))',
        message: 'Write the first day of a month, like 2026-12-01T00:00:00Z.',
      },
    },
  ];
}

/** A warning when the bill comes near what the fleet file allows. Azure stops nothing when it is passed. */
export function budgetBlocks({ fleet, names }: Platform): readonly Block[] {
  if (!fleet.budget) return [];
  const contact =
    fleet.alerts.email === undefined
      ? attr('contact_roles', ['Owner'])
      : attr('contact_emails', [ref('var.alert_email')]);
  const notification = ({ percent, basis }: BudgetNotice): Block =>
    block(
      'notification',
      [],
      [
        attr('operator', 'GreaterThanOrEqualTo'),
        attr('threshold', percent),
        attr('threshold_type', basis),
        contact,
      ],
    );
  return [
    block(
      'resource',
      ['azurerm_consumption_budget_subscription', 'fleet'],
      [
        attr('name', `budget-${names.stem}`),
        attr('subscription_id', template`/subscriptions/${ref('var.subscription_id')}`),
        attr('amount', toUsd(fleet.budget.monthlyUsd), {
          beside: 'in the currency that the subscription is billed in',
        }),
        attr('time_grain', 'Monthly'),
        block('time_period', [], [attr('start_date', ref('var.budget_start'))]),
        block(
          'filter',
          [],
          [tagFilter('fleet', fleet.name), tagFilter('environment', fleet.environment)],
          'By tag, which AKS hands down to the machines, disks and addresses that it makes in groups of its own.',
        ),
        ...BUDGET_NOTICES.map(notification),
      ],
    ),
  ];
}

function tagFilter(name: string, value: string): Block {
  return block('tag', [], [attr('name', name), attr('values', [value])]);
}
