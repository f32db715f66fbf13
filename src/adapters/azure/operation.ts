import { StepError } from '../../base/step-error.ts';
import { type Patience, retryAfterMs } from './http.ts';
import { refusalError, refusalIn, refusalOf } from './refusal.ts';
import { type AzureAnswer, jsonIn, type Send } from './transport.ts';

/** A request that Azure has accepted, with the answer that it gave. */
export type Accepted = {
  readonly method: 'PUT' | 'POST' | 'DELETE';
  readonly url: string;
  /** For people: `writing Microsoft.Network/natGateways/app1`. */
  readonly what: string;
  readonly answer: AzureAnswer;
  readonly signal: AbortSignal;
};

type Asking = { readonly send: Send; readonly patience: Patience };

/** How often to look where Azure does not say, and the bounds of what it says. */
const LOOK_MS = 5_000;
const LOOK_MIN_MS = 200;
const LOOK_MAX_MS = 60_000;
/** A resource that was just made is not known everywhere at once. */
const MISSES_MAX = 12;
/** azurerm gives a cluster as long (timeouts of azurerm_kubernetes_cluster). */
const OPERATION_MAX_MS = 90 * 60_000;

/**
 * Follows a long-running operation to its end: by Azure-AsyncOperation, by Location, or by the resource's own
 * provisioningState (ARM RPC, Addendum: asynchronous operations). Answers what the resource is then, or what an action
 * gave; undefined where nothing is told. Rejects with a StepError in Azure's words where it fails, and after 90 minutes.
 */
export async function settled(accepted: Accepted, asking: Asking): Promise<unknown> {
  const { answer, method } = accepted;
  const status = trusted(answer.header('azure-asyncoperation') ?? answer.header('operation-location'));
  const location = trusted(answer.header('location'));
  const end = asking.patience.now() + OPERATION_MAX_MS;
  if (status !== undefined) {
    const isKnown = await followStatus(status, accepted, asking, end);
    if (!isKnown || method === 'PUT') return followResource(accepted, asking, end);
    const isTold = method === 'POST' && location !== undefined;
    return isTold ? followLocation(location, accepted, asking, end) : undefined;
  }
  if (location !== undefined && (answer.status === 202 || answer.status === 201)) {
    const result = await followLocation(location, accepted, asking, end);
    return method === 'PUT' ? followResource(accepted, asking, end) : result;
  }
  if (method === 'DELETE') return answer.status === 202 ? followResource(accepted, asking, end) : undefined;
  const body = jsonIn(answer);
  if (method === 'PUT' && (answer.status === 202 || isRunning(body)))
    return followResource(accepted, asking, end);
  return body;
}

/** True when it succeeded, false where Azure no longer knows the operation. */
async function followStatus(url: string, accepted: Accepted, asking: Asking, end: number): Promise<boolean> {
  let last = accepted.answer;
  for (;;) {
    await pause(last, accepted, asking, end);
    last = await look(url, accepted, asking);
    if (last.status === 404 && accepted.method !== 'POST') return false;
    if (last.status >= 400) throw refusalError(accepted.what, refusalIn(last));
    const { status, error } = (jsonIn(last) ?? {}) as { readonly status?: string; readonly error?: unknown };
    // Some answer without a word once it is over.
    if (status === undefined && last.status !== 202) return true;
    if (/^succeeded$/i.test(status ?? '')) return true;
    if (/^(failed|cancell?ed)$/i.test(status ?? '')) throw failed(accepted, status!, error);
  }
}

async function followLocation(
  url: string,
  accepted: Accepted,
  asking: Asking,
  end: number,
): Promise<unknown> {
  let last = accepted.answer;
  let next = url;
  for (;;) {
    await pause(last, accepted, asking, end);
    last = await look(next, accepted, asking);
    if (last.status === 404 && accepted.method === 'DELETE') return undefined;
    if (last.status >= 400) throw refusalError(accepted.what, refusalIn(last));
    if (last.status !== 202) return jsonIn(last);
    next = trusted(last.header('location')) ?? next;
  }
}

/** Until the resource is there as it should be, or, deleted, is gone. */
async function followResource(accepted: Accepted, asking: Asking, end: number): Promise<unknown> {
  const isDelete = accepted.method === 'DELETE';
  for (let misses = 0; ;) {
    const last = await look(accepted.url, accepted, asking);
    const body = jsonIn(last);
    if (last.status === 404 && isDelete) return undefined;
    misses += last.status === 404 ? 1 : 0;
    if (last.status >= 400 && (last.status !== 404 || misses > MISSES_MAX)) {
      throw refusalError(accepted.what, refusalIn(last));
    }
    if (last.status < 400 && !isDelete && !isRunning(body)) {
      const state = stateOf(body);
      if (/^(failed|cancell?ed)$/i.test(state ?? '')) throw failed(accepted, state!, undefined);
      return body;
    }
    await pause(last, accepted, asking, end);
  }
}

function look(url: string, { signal }: Accepted, { send }: Asking): Promise<AzureAnswer> {
  return send({ method: 'GET', url, signal });
}

async function pause(
  last: AzureAnswer,
  { what, signal }: Accepted,
  { patience: { now, sleep } }: Asking,
  end: number,
): Promise<void> {
  const left = end - now();
  if (left <= 0) {
    throw new StepError(`${what} has not ended after ${OPERATION_MAX_MS / 60_000} minutes`, {
      advice: 'Azure still works on it: run the same command again, which goes on from there',
    });
  }
  const asked = retryAfterMs(last, now) ?? LOOK_MS;
  await sleep(Math.min(Math.max(asked, LOOK_MIN_MS), LOOK_MAX_MS, left), signal);
}

function failed({ what }: Accepted, state: string, error: unknown): StepError {
  return refusalError(what, refusalOf(error ?? { code: state, message: `it ended as ${state}` }, 200));
}

function isRunning(body: unknown): boolean {
  const state = stateOf(body);
  return state !== undefined && !/^(succeeded|failed|cancell?ed)$/i.test(state);
}

function stateOf(body: unknown): string | undefined {
  const { properties } = (body ?? {}) as {
    readonly properties?: { readonly provisioningState?: unknown } | null;
  };
  const state = properties?.provisioningState;
  return typeof state === 'string' ? state : undefined;
}

/** The token goes to Resource Manager's own hosts alone, whatever an answer says. */
function trusted(url: string | undefined): string | undefined {
  if (url === undefined || !URL.canParse(url)) return undefined;
  const { protocol, hostname } = new URL(url);
  const isOwn = hostname === 'management.azure.com' || hostname.endsWith('.management.azure.com');
  return protocol === 'https:' && isOwn ? url : undefined;
}
