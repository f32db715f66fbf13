import { sharedServiceLimits } from '../../../catalog/limits.ts';
import { objectAt, textAt } from '../body.ts';
import type { ArmBody } from '../resource.ts';
import type { ArmRule, Refusal } from '../rule.ts';
import { textsAt } from './body-values.ts';
import { whenWritten } from './judgement.ts';
import { CODE_ASSUMED, LET_THROUGH, github, sources } from './sources.ts';

const BUDGET = 'microsoft.consumption/budgets';

const DOCUMENTED = sources('azurerm 5.2.0, consumption_budget documentation', CODE_ASSUMED);
const INFERRED = sources(LET_THROUGH, 'that Azure refuses it is inferred', CODE_ASSUMED);

/** Budgets begin in June 2017 or later. */
const FIRST_MONTH = monthOf(2017, 5);

/** Months that a budget is counted over, by its time grain. */
const MONTHS_BY_GRAIN: Readonly<Record<string, number>> = { monthly: 1, quarterly: 3, annually: 12 };

const startIsAMonth: ArmRule = {
  id: 'budget-starts-on-the-first-of-a-month',
  source: DOCUMENTED,
  types: [BUDGET],
  check: whenWritten((body) => {
    const text = textAt(body, 'properties', 'timePeriod', 'startDate');
    const start = startOf(body);
    if (text === undefined) return undefined;
    if (start !== undefined && start.isFirst && start.month >= FIRST_MONTH) return undefined;
    return refused(`The start date ${text} is not the first day of a month from June 2017 on.`);
  }),
};

const startIsInThePeriod: ArmRule = {
  id: 'budget-starts-in-the-current-period-or-later',
  source: sources(DOCUMENTED, github('hashicorp/terraform-provider-azurerm/pull/12121', '2021-06-09')),
  types: [BUDGET],
  check: whenWritten((body, { current }, { now }) => {
    const start = startOf(body);
    const months = MONTHS_BY_GRAIN[(textAt(body, 'properties', 'timeGrain') ?? '').toLowerCase()];
    if (current !== undefined || start === undefined || months === undefined) return undefined;
    const today = new Date(now);
    const month = monthOf(today.getUTCFullYear(), today.getUTCMonth());
    const isPast = start.month < month - (month % months);
    if (!isPast && start.month <= month + 12) return undefined;
    const why = isPast ? 'is before the current period' : 'is more than twelve months ahead';
    return refused(`The start date ${textAt(body, 'properties', 'timePeriod', 'startDate')} ${why}.`);
  }),
};

const startStays: ArmRule = {
  id: 'budget-start-stays',
  source: sources(github('Azure/azure-quickstart-templates/issues/7095', '2020-01-09'), CODE_ASSUMED),
  types: [BUDGET],
  check: whenWritten((body, { current }) => {
    const [before, after] = [current, body].map((of) => of && startOf(of)?.instant);
    if (before === undefined || after === undefined || before === after) return undefined;
    return refused('The start date of a budget cannot be changed; delete the budget and create another.');
  }),
};

const somebodyIsTold: ArmRule = {
  id: 'budget-tells-somebody',
  source: INFERRED,
  types: [BUDGET],
  check: whenWritten((body) => {
    const silent = notifications(body).find(([, notification]) =>
      ['contactEmails', 'contactRoles', 'contactGroups'].every(
        (key) => textsAt(notification, key).length === 0,
      ),
    );
    return (
      silent && refused(`The notification ${silent[0]} has no contact: no address, role or action group.`)
    );
  }),
};

const notificationsAreFew: ArmRule = {
  id: 'budget-has-at-most-five-notifications',
  source: INFERRED,
  types: [BUDGET],
  check: whenWritten((body) => {
    const count = notifications(body).length;
    const { max } = sharedServiceLimits.budgetNotifications;
    return count > max ? refused(`The budget has ${count} notifications; ${max} are possible.`) : undefined;
  }),
};

export const budgetRules: readonly ArmRule[] = [
  startIsAMonth,
  startIsInThePeriod,
  startStays,
  somebodyIsTold,
  notificationsAreFew,
];

type Start = { readonly instant: number; readonly month: number; readonly isFirst: boolean };

function startOf(body: ArmBody): Start | undefined {
  const instant = Date.parse(textAt(body, 'properties', 'timePeriod', 'startDate') ?? '');
  if (Number.isNaN(instant)) return undefined;
  const date = new Date(instant);
  const month = monthOf(date.getUTCFullYear(), date.getUTCMonth());
  return { instant, month, isFirst: date.getUTCDate() === 1 };
}

/** Months since the beginning of our era; the month as JavaScript counts it, from 0. */
function monthOf(year: number, month: number): number {
  return year * 12 + month;
}

function notifications(body: ArmBody): readonly [string, unknown][] {
  return Object.entries(objectAt(body, 'properties', 'notifications'));
}

function refused(message: string): Refusal {
  return { status: 400, code: 'BadRequest', message };
}
