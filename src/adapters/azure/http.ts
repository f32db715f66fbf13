import { setTimeout as wait } from 'node:timers/promises';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { retry, type RetryPolicy } from '../../base/retry.ts';
import type { AzureLogin } from './credential.ts';
import {
  type AzureAnswer,
  type AzureRequest,
  codeOf,
  openSend,
  type Send,
  unreachable,
} from './transport.ts';

export type AzureHttpOptions = {
  /** Carries requests; over the network unless told. */
  readonly transport?: HttpClient;
  /** How refused and failing requests are tried again. */
  readonly retry?: RetryPolicy;
  /** Waits, and ends early, rejected, when the signal is aborted. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
};

/** What every adapter of Azure waits with. */
export type Patience = Required<Omit<AzureHttpOptions, 'transport'>>;

/** Some two minutes in all; six or so where Azure asks for a minute each time, as it does when it throttles. */
const RETRY: RetryPolicy = { tries: 8, waitMs: 1000, maxWaitMs: 60_000 };

/** The same request may succeed later (learn.microsoft.com, architecture/best-practices/retry-service-specific). */
const PASSING_STATUSES = new Set([408, 429, 500, 502, 503, 504]);

/** No connection was made: whatever was asked for has not begun. */
const UNSENT_CODES = new Set(['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EAI_AGAIN']);
/** It may have begun. The last two are the pipeline's own words for a connection that was cut. */
const CUT_CODES = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT', 'REQUEST_SEND_ERROR', 'PARSE_ERROR']);

/** An answer that may be another one later. */
class PassingAnswer extends Error {
  readonly answer: AzureAnswer;

  constructor(answer: AzureAnswer) {
    super(`status ${answer.status}`);
    this.answer = answer;
  }
}

export function patienceOf(options: AzureHttpOptions): Patience {
  return {
    retry: options.retry ?? RETRY,
    sleep: options.sleep ?? ((ms, signal) => wait(ms, undefined, { signal })),
    now: options.now ?? Date.now,
  };
}

/**
 * Requests with a token for this scope. What is passing is tried again within bounds, as Azure asks; a connection that was
 * cut only where asking twice does no harm. A token that is refused is replaced once. Answers the last answer, whatever
 * it says; rejects with a StepError where none came.
 */
export function openAzureHttp(login: AzureLogin, scope: string, options: AzureHttpOptions = {}): Send {
  const { retry: policy, sleep, now } = patienceOf(options);
  const send = openSend(options.transport);

  const withToken = async (request: AzureRequest): Promise<AzureAnswer> => {
    const token = await login.token(scope, request.signal);
    const once = (bearer: string): Promise<AzureAnswer> =>
      send({ ...request, headers: { ...request.headers, authorization: `Bearer ${bearer}` } });
    const answer = await once(token);
    if (answer.status !== 401) return answer;
    login.renew(token);
    return once(await login.token(scope, request.signal));
  };

  return async (request) => {
    const { signal, method } = request;
    const attempt = async (): Promise<AzureAnswer> => {
      const answer = await withToken(request);
      if (PASSING_STATUSES.has(answer.status)) throw new PassingAnswer(answer);
      return answer;
    };
    const passing = (error: unknown): number | undefined => {
      if (error instanceof PassingAnswer) return retryAfterMs(error.answer, now) ?? 0;
      const code = codeOf(error);
      const isHarmless = UNSENT_CODES.has(code) || (method !== 'POST' && CUT_CODES.has(code));
      return isHarmless ? 0 : undefined;
    };
    try {
      return await retry(attempt, policy, passing, { signal, sleep });
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof PassingAnswer) return error.answer;
      throw codeOf(error) === '' ? error : unreachable(new URL(request.url).host, error);
    }
  };
}

/** How long an answer asks to wait; undefined where it does not say. */
export function retryAfterMs({ header }: Pick<AzureAnswer, 'header'>, now: () => number): number | undefined {
  const text = header('retry-after')?.trim();
  if (!text) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now();
  return Number.isNaN(ms) ? undefined : Math.max(0, ms);
}

/** Whether an answer, or an error of a connection, may be another one later, though it may have had its effect. */
export function isPassing(what: { readonly status?: number | undefined; readonly error?: unknown }): boolean {
  if (what.status !== undefined) return PASSING_STATUSES.has(what.status);
  const code = codeOf(what.error);
  return UNSENT_CODES.has(code) || CUT_CODES.has(code);
}
