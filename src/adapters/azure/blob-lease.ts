import { randomUUID } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { retry, type RetryPolicy } from '../../base/retry.ts';
import { StepError } from '../../base/step-error.ts';
import type { AzureLogin } from './credential.ts';
import { type AzureHttpOptions, openAzureHttp, patienceOf } from './http.ts';
import { type AzureRefusal, refusalError, refusalIn } from './refusal.ts';
import type { AzureAnswer, AzureRequest, Send } from './transport.ts';

export type LeasePlace = {
  readonly account: string;
  readonly container: string;
  /** Of the blob that is held; it has no content. */
  readonly name: string;
  /**
   * Under which id it is taken: a run that was killed is then followed at once by one of the same id, where another waits
   * for the lease to end. One for a place where no two runs can be at work; a new one each time unless told.
   */
  readonly id?: string;
};

const SCOPE = 'https://storage.azure.com/.default';
/** Any version from 2017-11-09 takes tokens of Entra. */
const API_VERSION = '2023-11-03';

/** The longest that Azure gives (learn.microsoft.com, storageservices/lease-blob): so long a killed run bars the next. */
const LEASE_MS = 60_000;
const RENEW_MS = 20_000;
/** After a renewal that failed: it still has some tries before the lease ends. */
const RENEW_AGAIN_MS = 5_000;
const TIMEOUT_MS = 15_000;
/** Of reachability and of taking it: half a minute. A renewal has a rhythm of its own. */
const RETRY: RetryPolicy = { tries: 6, waitMs: 1000, maxWaitMs: 15_000 };
/** Of giving it back, which a person waits for. */
const RELEASE_MAX_MS = 20_000;
const ONCE: RetryPolicy = { tries: 1, waitMs: 0, maxWaitMs: 0 };
/** A lease that a killed run of the same person left behind is waited for: it ends within {@link LEASE_MS}. */
const OWN_RETRY: RetryPolicy = { tries: 15, waitMs: 5_000, maxWaitMs: 5_000 };

type Lease = { readonly id: string; readonly since: number };

/**
 * The lock of a fleet: a blob leased for 60 s and renewed every 20 s, so that nobody is barred for long by a run that was
 * killed. Who holds it, and since when, is in the blob's metadata.
 */
export function openLease(login: AzureLogin, place: LeasePlace, options: AzureHttpOptions = {}) {
  const { now, sleep } = patienceOf(options);
  const url = `https://${place.account}.blob.core.windows.net/${place.container}/${place.name}`;
  const patient = openAzureHttp(login, SCOPE, { retry: RETRY, ...options });
  const single = openAzureHttp(login, SCOPE, { ...options, retry: ONCE });
  // No timer of ours keeps the process.
  const idle = options.sleep ?? ((ms, signal) => wait(ms, undefined, { signal, ref: false }));
  const blob: LeasedBlob = { url, place, now };

  return {
    /** False while the caller's role, or the account's name, has not reached the data plane. */
    isReachable: async (signal: AbortSignal): Promise<boolean> => {
      try {
        await makeBlob(blob, single, signal);
        return true;
      } catch (error) {
        signal.throwIfAborted();
        const { cause } = error as { readonly cause?: AzureRefusal };
        const isNew =
          cause?.status === 403 || cause?.status === 404 || /ENOTFOUND|EAI_AGAIN/.test(String(error));
        if (isNew) return false;
        throw error;
      }
    },
    /**
     * Takes it and keeps it until `release`. Rejects with a StepError that names the holder, and since when, where
     * somebody else has it. `onLost` is told, once, when it could not be renewed before it ended, or was broken.
     */
    acquire: async (
      holder: string,
      onLost: (error: Error) => void,
      signal: AbortSignal,
    ): Promise<{ readonly release: () => Promise<void> }> => {
      await makeBlob(blob, patient, signal);
      const lease = await take(blob, holder, patient, { signal, sleep });
      const stop = new AbortController();
      const kept = keep({ blob, lease, send: single }, idle, stop.signal).then(onLost, (error: Error) => {
        if (!stop.signal.aborted) onLost(error);
      });
      let released: Promise<void> | undefined;
      const release = async (): Promise<void> => {
        stop.abort();
        await kept;
        await giveBack(blob, lease, patient);
      };
      return { release: () => (released ??= release()) };
    },
  };
}

type LeasedBlob = { readonly url: string; readonly place: LeasePlace; readonly now: () => number };
type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** The blob, empty, where there is none. */
async function makeBlob(blob: LeasedBlob, send: Send, signal: AbortSignal): Promise<void> {
  const headers = { 'if-none-match': '*', 'x-ms-blob-type': 'BlockBlob', 'content-length': '0' };
  const answer = await put(blob, '', headers, send, { signal });
  // It is there, or there and leased.
  const isThere = /^(BlobAlreadyExists|LeaseIdMissing|ConditionNotMet)$/.test(refusalIn(answer).code);
  if (answer.status < 400 || isThere) return;
  throw storageError(blob, 'making the lease of the fleet', answer);
}

async function take(
  blob: LeasedBlob,
  holder: string,
  send: Send,
  waiting: { readonly signal: AbortSignal; readonly sleep: Sleep },
): Promise<Lease> {
  const { signal } = waiting;
  const id = blob.place.id ?? randomUUID();
  const acquire = async (): Promise<Lease> => {
    const since = blob.now();
    const headers = leaseHeaders('acquire', { 'x-ms-lease-duration': '60', 'x-ms-proposed-lease-id': id });
    const answer = await put(blob, 'comp=lease', headers, send, { signal });
    if (answer.status < 400) return { id, since };
    if (answer.status !== 409) throw storageError(blob, 'taking the lease of the fleet', answer);
    throw await takenError(blob, holder, send, signal);
  };
  const own = (error: unknown): number | undefined =>
    error instanceof StepError && (error.cause as Holder | undefined)?.isOwn === true ? 0 : undefined;
  const lease = await retry(acquire, OWN_RETRY, own, waiting);
  const headers = {
    'x-ms-lease-id': id,
    'x-ms-meta-holder': encodeURIComponent(holder),
    'x-ms-meta-since': new Date(lease.since).toISOString(),
  };
  const answer = await put(blob, 'comp=metadata', headers, send, { signal }).catch(async (error: Error) => {
    await giveBack(blob, lease, send);
    throw error;
  });
  if (answer.status < 400) return lease;
  await giveBack(blob, lease, send);
  throw storageError(blob, 'writing down who holds the lease of the fleet', answer);
}

type Holder = { readonly holder: string; readonly since: string; readonly isOwn: boolean };

async function takenError(
  blob: LeasedBlob,
  asking: string,
  send: Send,
  signal: AbortSignal,
): Promise<StepError> {
  const request: AzureRequest = { method: 'HEAD', url: blob.url, headers: commonHeaders(blob), signal };
  const { header } = await send({ ...request, timeoutMs: TIMEOUT_MS });
  const holder = decoded(header('x-ms-meta-holder')) ?? 'somebody who did not say who';
  const since = header('x-ms-meta-since') ?? 'an unknown time';
  const { account, container, name } = blob.place;
  const cause: Holder = { holder, since, isOwn: holder === asking };
  return new StepError(`the fleet is being worked on: ${holder} holds its lease since ${since}`, {
    cause,
    advice:
      'wait until that has ended; the lease of a run that was killed ends by itself within a minute. ' +
      `Break it only where nobody is at work: az storage blob lease break --auth-mode login --account-name ${account} --container-name ${container} --blob-name ${name}`,
  });
}

type Renewal =
  | { readonly kind: 'renewed' }
  | { readonly kind: 'failed'; readonly why: string }
  /** Broken, or taken by somebody else. */
  | { readonly kind: 'gone'; readonly why: string };

/** Renews it until it is lost, and answers why that is. Rejects when it is stopped. */
async function keep(
  { blob, lease, send }: { readonly blob: LeasedBlob; readonly lease: Lease; readonly send: Send },
  sleep: Sleep,
  stop: AbortSignal,
): Promise<StepError> {
  let since = lease.since;
  for (let ms = RENEW_MS; ;) {
    await sleep(ms, stop);
    const asked = blob.now();
    const timeoutMs = Math.max(RENEW_AGAIN_MS, Math.min(TIMEOUT_MS, since + LEASE_MS - asked));
    const renewal = await renewed(blob, lease, send, { signal: stop, timeoutMs });
    const isRenewed = renewal.kind === 'renewed';
    if (isRenewed) since = asked;
    ms = isRenewed ? RENEW_MS : RENEW_AGAIN_MS;
    if (!isRenewed && (renewal.kind === 'gone' || blob.now() + ms >= since + LEASE_MS)) {
      return new StepError(`the lease of the fleet was lost: ${renewal.why}`, {
        advice:
          'somebody else may be at work on the fleet: find out who before you run the same command again',
      });
    }
  }
}

async function renewed(
  blob: LeasedBlob,
  { id }: Lease,
  send: Send,
  bounds: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<Renewal> {
  try {
    const answer = await put(
      blob,
      'comp=lease',
      leaseHeaders('renew', { 'x-ms-lease-id': id }),
      send,
      bounds,
    );
    if (answer.status < 400) return { kind: 'renewed' };
    const why = refusalIn(answer).message;
    return { kind: answer.status === 409 || answer.status === 404 ? 'gone' : 'failed', why };
  } catch (error) {
    bounds.signal.throwIfAborted();
    return { kind: 'failed', why: (error as Error).message };
  }
}

/** What cannot be given back ends by itself within {@link LEASE_MS}. */
async function giveBack(blob: LeasedBlob, { id }: Lease, send: Send): Promise<void> {
  const signal = AbortSignal.timeout(RELEASE_MAX_MS);
  const headers = leaseHeaders('release', { 'x-ms-lease-id': id });
  await put(blob, 'comp=lease', headers, send, { signal }).catch(() => undefined);
}

function put(
  blob: LeasedBlob,
  query: string,
  headers: Readonly<Record<string, string>>,
  send: Send,
  bounds: { readonly signal: AbortSignal; readonly timeoutMs?: number },
): Promise<AzureAnswer> {
  const url = query === '' ? blob.url : `${blob.url}?${query}`;
  const all = { ...commonHeaders(blob), ...headers };
  return send({ method: 'PUT', url, headers: all, timeoutMs: TIMEOUT_MS, ...bounds });
}

function commonHeaders({ now }: LeasedBlob): Readonly<Record<string, string>> {
  return { 'x-ms-version': API_VERSION, 'x-ms-date': new Date(now()).toUTCString() };
}

function leaseHeaders(
  action: 'acquire' | 'renew' | 'release',
  more: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return { 'x-ms-lease-action': action, ...more };
}

/** Headers are ASCII, names of people are not. */
function decoded(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function storageError({ place }: LeasedBlob, what: string, answer: AzureAnswer): StepError {
  const refusal = refusalIn(answer);
  const { account, container } = place;
  const advice =
    answer.status === 403
      ? `look at the firewall of ${account}, and that you have the role Storage Blob Data Contributor on it; one that was given a moment ago takes some minutes`
      : answer.status === 404
        ? `there is no container ${container} in ${account}: look at the state store of the fleet`
        : undefined;
  return refusalError(`${what} in ${account}/${container}`, refusal, advice);
}
