import { StepError } from '../../base/step-error.ts';
import type { Run } from '../run.ts';
import type { ExistingCluster } from './existing-clusters.ts';
import type { Grant } from './permissions.ts';

/** Something that a deployment would come to a bad end at, told before anything is done. */
export type Refusal = {
  /** What was looked at, in kebab-case: `vcpu-quota`. */
  readonly id: string;
  /** An error ends the run before it begins; a warning is told, and the run goes on. */
  readonly severity: 'error' | 'warning';
  /** What is wrong, and why: one sentence without a full stop. */
  readonly message: string;
  /** What the person can do about it. */
  readonly advice: string;
};

/** What checks ask with. What several of them need is asked once. */
export type Inquiry = {
  readonly run: Run;
  readonly signal: AbortSignal;
  /** The fleet's clusters that Azure has already. */
  readonly clusters: () => Promise<readonly ExistingCluster[]>;
  /** Clusters that carry the fleet's tags and that its file no longer names. */
  readonly forgotten: () => Promise<readonly string[]>;
  /** What the caller may do in the subscription. */
  readonly grants: () => Promise<readonly Grant[]>;
};

/** One thing that is looked at. What it throws as a StepError could not be asked, and becomes a warning. */
export type Check = {
  readonly id: string;
  /** What nobody knows where it cannot be asked: `the vCPU quota`. */
  readonly subject: string;
  readonly look: (inquiry: Inquiry) => Promise<readonly Refusal[]>;
};

/** `/subscriptions/<id>/providers/Microsoft.Compute/skus`, from what comes after `providers/`. */
export function inSubscription({ deployment }: Pick<Run, 'deployment'>, path: string): string {
  return `/subscriptions/${deployment.subscription}/providers/${path}`;
}

/** The id of something in the group of the foundation, from what comes after `providers/`. */
export function inFleetGroup({ deployment }: Pick<Run, 'deployment'>, path: string): string {
  const { subscription, platform } = deployment;
  return `/subscriptions/${subscription}/resourceGroups/${platform.names.resourceGroup}/providers/${path}`;
}

/**
 * What a list answers, or nothing where the subscription has not even registered the resource provider: a fresh one has
 * nothing of that kind, and Azure refuses to say so (409 MissingSubscriptionRegistration).
 */
export async function orNothing(asked: Promise<readonly unknown[]>): Promise<readonly unknown[]> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof StepError && /MissingSubscriptionRegistration/.test(error.message)) return [];
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
