import type { ArmBody } from './resource.ts';
import type { Refusal } from './rule.ts';

/** A request as every plane of the lab reads it. */
export type LabRequest = {
  readonly method: string;
  /** Without the port: `management.azure.com`, `localhost`. */
  readonly host: string;
  /** Where the client reaches the lab: `https://management.azure.com`. What it is told to ask next begins with it. */
  readonly origin: string;
  /** Not decoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
};

export type Answer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A Buffer is sent as it is, anything else as JSON. */
  readonly body?: ArmBody | Buffer;
  /** Held back for so long. */
  readonly delayMs?: number;
  /** The connection is cut instead of answered. */
  readonly isDropped?: true;
  /** The lab does not know what was asked for: nobody's fault but its own. */
  readonly isUnknown?: true;
};

/** Azure's form of an error. */
export function failed(status: number, code: string, message: string): Answer {
  return { status, body: { error: { code, message } } };
}

/** Azure's no, as a rule said it. */
export function refused({ status, code, message, target, headers }: Refusal): Answer {
  const error = { code, message, ...(target === undefined ? {} : { target }) };
  return { status, body: { error }, ...(headers ? { headers } : {}) };
}

/** What an answer's error calls itself. */
export function errorCode({ body }: Answer): string | undefined {
  if (body === undefined || Buffer.isBuffer(body)) return undefined;
  const error = body['error'] as { readonly code?: unknown } | undefined;
  return typeof error?.code === 'string' ? error.code : undefined;
}

/** The JSON object in a request's body; an empty one where there is none. Undefined when it is no JSON object. */
export function sentBody({ body }: LabRequest): ArmBody | undefined {
  if (body.length === 0) return {};
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    const isBody = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isBody ? (value as ArmBody) : undefined;
  } catch {
    return undefined;
  }
}
