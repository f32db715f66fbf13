/** When a budget tells somebody: at this part of its amount, spent already or foreseen for the month. */
export type BudgetNotice = { readonly percent: number; readonly basis: 'Actual' | 'Forecasted' };

/** Azure takes five at most. What is foreseen comes days earlier than what is spent. */
export const BUDGET_NOTICES: readonly BudgetNotice[] = [
  { percent: 80, basis: 'Actual' },
  { percent: 100, basis: 'Actual' },
  { percent: 100, basis: 'Forecasted' },
];
