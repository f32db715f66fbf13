import type { Answer, LabRequest } from './answer.ts';

/** Who holds a blob. Plain data; on a blob that was never held, or was given back, there is none. */
export type BlobLease = {
  readonly id: string;
  /** Seconds that each renewal is good for; absent for one without end, as Terraform takes it. */
  readonly seconds?: number;
  /** Milliseconds since 1970, when it ends unless it is renewed; absent for one without end. */
  readonly until?: number;
  /** Somebody broke it: it ends, and is never renewed. */
  readonly isBroken?: true;
};

export type LeaseState = 'available' | 'leased' | 'expired' | 'breaking' | 'broken';

/** What a request for a lease comes to: the lease from now on, none for one that was given back, or a refusal. */
export type LeaseOutcome =
  | { readonly kind: 'held'; readonly lease: BlobLease; readonly answer: Answer }
  | { readonly kind: 'free'; readonly answer: Answer }
  | { readonly kind: 'refused'; readonly status: number; readonly code: string; readonly message: string };

/** A lease that ends by itself is good for so long (learn.microsoft.com, storageservices/lease-blob). */
const SECONDS_MIN = 15;
const SECONDS_MAX = 60;

const MISMATCH = {
  kind: 'refused',
  status: 409,
  code: 'LeaseIdMismatchWithLeaseOperation',
  message: 'The lease ID specified did not match the lease ID for the blob.',
} as const;
const ABSENT = {
  kind: 'refused',
  status: 409,
  code: 'LeaseNotPresentWithLeaseOperation',
  message: 'There is currently no lease on the blob.',
} as const;

export function leaseState(lease: BlobLease | undefined, now: number): LeaseState {
  if (!lease) return 'available';
  const isOver = lease.until !== undefined && lease.until <= now;
  if (lease.isBroken) return isOver ? 'broken' : 'breaking';
  return isOver ? 'expired' : 'leased';
}

/** Whether it keeps others from writing. */
export function isLocked(lease: BlobLease | undefined, now: number): boolean {
  const state = leaseState(lease, now);
  return state === 'leased' || state === 'breaking';
}

/**
 * Acquire, renew, release and break, as Azure's table of outcomes has them (learn.microsoft.com,
 * storageservices/lease-blob). `isModified` says whether the blob was written after its lease
 * had ended, `newId` is for whoever proposes none.
 */
export function leaseOutcome(
  lease: BlobLease | undefined,
  { headers }: LabRequest,
  { now, isModified, newId }: { readonly now: number; readonly isModified: boolean; readonly newId: string },
): LeaseOutcome {
  const own = headers['x-ms-lease-id'];
  switch (headers['x-ms-lease-action']?.toLowerCase()) {
    case 'acquire':
      return acquired(lease, headers, now, newId);
    case 'renew': {
      if (lease?.id !== own || lease === undefined) return MISMATCH;
      const state = leaseState(lease, now);
      if (state === 'breaking' || state === 'broken') {
        const message =
          'The lease ID matched, but the lease has been broken explicitly and cannot be renewed.';
        return { kind: 'refused', status: 409, code: 'LeaseIsBrokenAndCannotBeRenewed', message };
      }
      if (state === 'expired' && isModified) return MISMATCH;
      const answer = { status: 200, headers: { 'x-ms-lease-id': lease.id } };
      return { kind: 'held', lease: started(lease.id, lease.seconds, now), answer };
    }
    case 'release':
      if (lease?.id !== own || lease === undefined) return MISMATCH;
      return { kind: 'free', answer: { status: 200 } };
    case 'break':
      return lease ? broken(lease, headers, now) : ABSENT;
    default:
      return unreadable('x-ms-lease-action');
  }
}

function acquired(
  lease: BlobLease | undefined,
  headers: LabRequest['headers'],
  now: number,
  newId: string,
): LeaseOutcome {
  const seconds = Number(headers['x-ms-lease-duration'] ?? -1);
  const isFinite = Number.isInteger(seconds) && seconds >= SECONDS_MIN && seconds <= SECONDS_MAX;
  if (seconds !== -1 && !isFinite) return unreadable('x-ms-lease-duration');
  const id = headers['x-ms-proposed-lease-id'] ?? newId;
  const state = leaseState(lease, now);
  if (state === 'breaking' && lease?.id === id) {
    const message =
      'The lease ID matched, but the lease is currently in breaking state and cannot be acquired.';
    return { kind: 'refused', status: 409, code: 'LeaseIsBreakingAndCannotBeAcquired', message };
  }
  if ((state === 'leased' || state === 'breaking') && lease?.id !== id) {
    const message = 'There is already a lease present.';
    return { kind: 'refused', status: 409, code: 'LeaseAlreadyPresent', message };
  }
  const answer = { status: 201, headers: { 'x-ms-lease-id': id } };
  return { kind: 'held', lease: started(id, isFinite ? seconds : undefined, now), answer };
}

/** Without a wish, one that ends by itself ends when it would have, and one without end at once. */
function broken(lease: BlobLease, headers: LabRequest['headers'], now: number): LeaseOutcome {
  const leftMs = lease.until === undefined ? 0 : Math.max(0, lease.until - now);
  const period = headers['x-ms-lease-break-period'];
  const wishedMs = period === undefined ? leftMs : Number(period) * 1000;
  const ms = lease.until === undefined ? wishedMs : Math.min(wishedMs, leftMs);
  const answer = { status: 202, headers: { 'x-ms-lease-time': String(Math.ceil(ms / 1000)) } };
  return { kind: 'held', lease: { id: lease.id, until: now + ms, isBroken: true }, answer };
}

function started(id: string, seconds: number | undefined, now: number): BlobLease {
  return { id, ...(seconds === undefined ? {} : { seconds, until: now + seconds * 1000 }) };
}

function unreadable(header: string): LeaseOutcome {
  const message = `The value for one of the HTTP headers is not in the correct format: ${header}.`;
  return { kind: 'refused', status: 400, code: 'InvalidHeaderValue', message };
}
