import { StepError } from '../../base/step-error.ts';
import type { AzureAnswer } from './transport.ts';

/** Azure's no. It is the `cause` of the error that tells it. */
export type AzureRefusal = {
  /** Of an answer; 200 where an operation failed in the end. */
  readonly status: number;
  /** `AuthorizationFailed`; empty where Azure gives none. */
  readonly code: string;
  readonly message: string;
};

type ErrorBody = {
  readonly code?: unknown;
  readonly message?: unknown;
  readonly details?: unknown;
};

/** Of a text that is no error of Azure's: a proxy's page, for example. */
const LOOSE_TEXT_MAX = 300;

/** What to do about a refusal, by its code; the first that fits. */
const BY_CODE: readonly (readonly [RegExp, string])[] = [
  [
    /^(AuthorizationFailed|AuthorizationPermissionMismatch|LinkedAuthorizationFailed)$/,
    'ask for a role that allows it; one that was given a moment ago takes some minutes',
  ],
  [
    /^RequestDisallowedByPolicy$/,
    'a policy of Azure Policy in this subscription forbids it: ask who keeps it',
  ],
  [
    /^(InvalidAuthenticationToken|ExpiredAuthenticationToken|Unauthorized|InvalidAuthenticationTokenTenant)/,
    'sign in again: az login',
  ],
  [
    /^(ScopeLocked|ResourceLocked)$/,
    'take the lock away, az lock list shows it, and run the same command again',
  ],
  [/^MissingSubscriptionRegistration$/, 'register the resource provider, az provider register --namespace …'],
  [
    /^(SubscriptionNotFound|DisabledSubscription|ReadOnlyDisabledSubscription)$/,
    'look at the subscription: az account list',
  ],
  [/Quota/i, 'ask for more in the portal under Quotas, or use less'],
  [
    /(InProgress|BeingDeleted|OperationNotAllowed|Conflict|OperationPreempted)/,
    'something else changes it: wait until that has ended and run the same command again',
  ],
];

const BY_STATUS: Readonly<Record<number, string>> = {
  401: 'sign in again: az login',
  403: 'look at the roles of who is signed in, and at firewalls in between',
  409: 'when what stands in the way is gone, run the same command again',
  429: 'Azure throttles this subscription: wait some minutes and run the same command again',
};

/** The error in an answer: Resource Manager's JSON, Storage's XML, or what a bare status says. */
export function refusalIn({ status, text, header }: AzureAnswer): AzureRefusal {
  const named = header('x-ms-error-code') ?? '';
  const xml = /<Code>([^<]*)<\/Code>\s*<Message>([^<]*)/.exec(text);
  if (xml) return { status, code: xml[1]!, message: firstLine(xml[2]!) };
  try {
    const body = JSON.parse(text) as (ErrorBody & { readonly error?: ErrorBody }) | null;
    const error = body?.error ?? body;
    if (error && (error.code !== undefined || error.message !== undefined)) return refusalOf(error, status);
  } catch {
    // Told as text.
  }
  return {
    status,
    code: named,
    message: text.slice(0, LOOSE_TEXT_MAX).trim() || named || `status ${status}`,
  };
}

/** An `error` object of Azure's, with what it says in detail. */
export function refusalOf(error: unknown, status: number): AzureRefusal {
  const { code, message, details } = (error ?? {}) as ErrorBody;
  const own = typeof code === 'string' ? code : '';
  const more = Array.isArray(details) ? details.map((each) => refusalOf(each, status).message) : [];
  const lines = [typeof message === 'string' ? message.trim() : own || 'no reason is given', ...more];
  return { status, code: own, message: [...new Set(lines.filter((line) => line !== ''))].join('\n') };
}

/** `<what> was refused (409 Conflict): <Azure's words>`, or, of an operation, `<what> failed (<code>): …`. */
export function refusalError(what: string, refusal: AzureRefusal, advice?: string): StepError {
  const { status, code, message } = refusal;
  const isAnswer = status >= 400;
  const name = message === code ? '' : code;
  const told = [...(isAnswer ? [String(status)] : []), ...(name === '' ? [] : [name])].join(' ');
  const known = BY_CODE.find(([pattern]) => pattern.test(code))?.[1] ?? BY_STATUS[status];
  const later = status >= 500 ? 'Azure has a fault there: run the same command again later' : undefined;
  const found = advice ?? known ?? later;
  const verb = isAnswer ? 'was refused' : 'failed';
  return new StepError(`${what} ${verb}${told === '' ? '' : ` (${told})`}: ${message}`, {
    cause: refusal,
    ...(found === undefined ? {} : { advice: found }),
  });
}

/** Storage appends ids and times to its messages, line by line. */
function firstLine(text: string): string {
  return text.split('\n')[0]!.trim();
}
