import { StepError } from '../../base/step-error.ts';
import { resourceGroupPath } from '../resource-group.ts';
import type { Run } from '../run.ts';

/** `/subscriptions/<id>/providers/Microsoft.Compute/skus`, from what comes after `providers/`. */
export function inSubscription({ deployment }: Pick<Run, 'deployment'>, path: string): string {
  return `/subscriptions/${deployment.subscription}/providers/${path}`;
}

/** The id of something in the group of the foundation, from what comes after `providers/`. */
export function inFleetGroup({ deployment }: Pick<Run, 'deployment'>, path: string): string {
  return `${resourceGroupPath(deployment, deployment.platform.names.resourceGroup)}/providers/${path}`;
}

/**
 * What is answered, or nothing where the subscription has not even registered the resource provider: a fresh one has
 * nothing of that kind, and Azure refuses to say so (409 MissingSubscriptionRegistration).
 */
export async function orNothing<T>(asked: Promise<T>, nothing: T): Promise<T> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof StepError && /MissingSubscriptionRegistration/.test(error.message)) return nothing;
    throw error;
  }
}

/** Azure compares names and ids without regard to case. */
export function isSame(a: string | undefined, b: string | undefined): boolean {
  return a?.toLowerCase() === b?.toLowerCase();
}

/** A region as ids write it: `koreacentral`, where some answers say `Korea Central`. */
export function regionName(location: string | undefined): string {
  return (location ?? '').toLowerCase().replaceAll(' ', '');
}
