import { identityLimits } from '../../../catalog/limits.ts';
import type { ArmRecentWrite, ArmRule, ArmWorld, Refusal } from '../rule.ts';
import { CLUSTER, POOL } from './pool-profiles.ts';
import { type Bucket, secondsToWait } from './token-bucket.ts';
import { CODE_ASSUMED, learn, sources, troubleshoot } from './sources.ts';

const IDENTITY = 'microsoft.managedidentity/userassignedidentities';

/** Of one cluster or one pool (learn.microsoft.com, aks/quotas-skus-regions, 2026-08). */
const CLUSTER_PUTS: Bucket = { size: 20, perSecond: 1 / 60 };

/** Of one subscription, for writes and for deletes (learn.microsoft.com, request-limits-and-throttling). */
const SUBSCRIPTION_WRITES: Bucket = { size: 200, perSecond: 10 };

const { source: FEDERATION, writesPerSecond } = identityLimits.federatedCredentials;
const IDENTITY_WRITES: Bucket = { size: 1, perSecond: writesPerSecond };

const clusterPutsAreThrottled: ArmRule = {
  id: 'cluster-writes-are-throttled',
  source: sources(troubleshoot('throttled-error'), learn('aks/quotas-skus-regions', '2026-08')),
  types: [CLUSTER, POOL],
  check: ({ id, method }, world) => {
    if (method !== 'PUT') return undefined;
    const wait = waitFor(CLUSTER_PUTS, world, (recent) => recent.method === 'PUT' && recent.key === id.key);
    return wait === 0 ? undefined : throttled('Throttled', `the writes of ${id.text}`, wait);
  },
};

const subscriptionIsThrottled: ArmRule = {
  id: 'subscription-writes-are-throttled',
  source: sources(
    troubleshoot('subscriptionrequeststhrottled-error'),
    learn('azure-resource-manager/management/request-limits-and-throttling', '2026-08'),
  ),
  types: ['*'],
  check: ({ id, method }, world) => {
    if (id.subscription === undefined) return undefined;
    const prefix = `/subscriptions/${id.subscription.toLowerCase()}/`;
    const isLike = (recent: ArmRecentWrite): boolean =>
      recent.key.startsWith(prefix) && (recent.method === 'DELETE') === (method === 'DELETE');
    const wait = waitFor(SUBSCRIPTION_WRITES, world, isLike);
    const what = `the ${method === 'DELETE' ? 'deletes' : 'writes'} of the subscription ${id.subscription}`;
    return wait === 0 ? undefined : throttled('SubscriptionRequestsThrottled', what, wait);
  },
};

const identityIsThrottled: ArmRule = {
  id: 'identity-writes-are-throttled',
  source: sources(FEDERATION, CODE_ASSUMED, 'that there are no bursts is an assumption too'),
  types: [IDENTITY, `${IDENTITY}/federatedidentitycredentials`],
  check: ({ id, method }, world) => {
    if (method === 'POST') return undefined;
    const identity = (id.type === IDENTITY ? id.key : id.parent?.toLowerCase()) ?? '';
    const isLike = ({ key, method: other }: ArmRecentWrite): boolean =>
      (key === identity || key.startsWith(`${identity}/federatedidentitycredentials/`)) &&
      (other === 'DELETE') === (method === 'DELETE');
    const wait = waitFor(IDENTITY_WRITES, world, isLike);
    return wait === 0 ? undefined : throttled('TooManyRequests', `the writes of ${identity}`, wait);
  },
};

export const throttlingRules: readonly ArmRule[] = [
  subscriptionIsThrottled,
  clusterPutsAreThrottled,
  identityIsThrottled,
];

function waitFor(
  bucket: Bucket,
  { recentWrites = [], now }: ArmWorld,
  counts: (recent: ArmRecentWrite) => boolean,
): number {
  return secondsToWait(
    bucket,
    recentWrites.filter(counts).map(({ at }) => at),
    now,
  );
}

function throttled(code: string, what: string, waitSeconds: number): Refusal {
  // Rounded first: 40.000000001 seconds are 40.
  const seconds = Math.ceil(Number(waitSeconds.toFixed(3)));
  const message = `The request limit for ${what} has been exceeded; try again in ${seconds} seconds.`;
  return { status: 429, code, message, headers: { 'retry-after': String(seconds) } };
}
