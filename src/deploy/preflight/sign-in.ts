import { StepError } from '../../base/step-error.ts';
import type { Run } from '../run.ts';
import type { Caller } from '../world.ts';
import { isSame } from './arm-answers.ts';
import type { Refusal } from './refusal.ts';

const API = '2022-12-01';

/** What a deployment takes: it makes resources, and gives them roles. */
const ROLES = 'Owner, or Contributor and Role Based Access Control Administrator';

type Subscription = { readonly state?: string; readonly tenantId?: string; readonly displayName?: string };

/**
 * Who is signed in, and whether they reach the fleet's subscription. The states of one are Enabled, PastDue, Warned,
 * Disabled and Deleted (learn.microsoft.com, cost-management-billing/manage/subscription-states): the last three take
 * no new resource.
 */
export async function checkSignIn(run: Run, signal: AbortSignal): Promise<readonly Refusal[]> {
  const { subscription, tenant } = run.deployment;
  try {
    const caller = await run.world.azure.caller(signal);
    if (!isSame(caller.tenant, tenant)) return [wrongTenant(caller, tenant)];
  } catch (error) {
    const { message, advice } = asked(error, signal);
    const login = `az login --tenant ${tenant}`;
    return [refusal('sign-in', `no sign-in to Azure works: ${message}`, advice ?? login)];
  }
  try {
    const found = await run.world.azure.get(`/subscriptions/${subscription}`, API, signal);
    return judge(found as Subscription | undefined, run);
  } catch (error) {
    const { message, advice } = asked(error, signal);
    const text = `the subscription ${subscription} cannot be read: ${message}`;
    return [refusal('subscription', text, advice ?? `ask for a role on it: ${ROLES}`)];
  }
}

function judge(found: Subscription | undefined, { deployment }: Run): readonly Refusal[] {
  const { subscription, tenant } = deployment;
  if (found === undefined) {
    const text = `this sign-in sees no subscription ${subscription}`;
    return [refusal('subscription', text, 'compare azure.subscription with `az account list`')];
  }
  if (found.tenantId !== undefined && !isSame(found.tenantId, tenant)) {
    const owner = `the subscription ${subscription} belongs to the tenant ${found.tenantId}`;
    const text = `${owner}, and azure.tenant is ${tenant}`;
    return [refusal('subscription', text, `write azure.tenant: ${found.tenantId}, or another subscription`)];
  }
  const { state = 'unknown' } = found;
  if (state === 'Enabled') return [];
  const text = `the subscription ${subscription} is ${state}`;
  const advice = 'see to it in the Azure portal, Subscriptions: Cost Management + Billing says why';
  if (state === 'PastDue') return [{ ...refusal('subscription', text, advice), severity: 'warning' }];
  return [refusal('subscription', `${text}: nothing can be made in it`, advice)];
}

function wrongTenant(caller: Caller, tenant: string): Refusal {
  const text = `the sign-in is of the tenant ${caller.tenant}, and azure.tenant is ${tenant}`;
  return refusal('sign-in', text, `az login --tenant ${tenant}`);
}

function refusal(id: 'sign-in' | 'subscription', message: string, advice: string): Refusal {
  return { id, severity: 'error', message, advice };
}

/** What Azure, or the way to it, said. */
function asked(error: unknown, signal: AbortSignal): StepError {
  signal.throwIfAborted();
  if (!(error instanceof StepError)) throw error;
  return error;
}
