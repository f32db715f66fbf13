import { type Answer, errorCode, type LabRequest } from './answer.ts';

/** One request that the lab has answered. */
export type ArmRequest = {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly method: string;
  readonly host: string;
  readonly path: string;
  readonly apiVersion?: string;
  /** 0 for a connection that was cut. */
  readonly status: number;
  /** The error's, as Azure calls it. */
  readonly code?: string;
  /** PUT, PATCH, DELETE, and a POST that starts an operation. */
  readonly isWrite?: true;
  /** A fault made this answer. */
  readonly isFault?: true;
  /** The lab does not know what was asked for. */
  readonly isUnknown?: true;
};

export function logged(request: LabRequest, answer: Answer, isFault: boolean, now: number): ArmRequest {
  const { method, host, path, query } = request;
  const apiVersion = query.get('api-version');
  const code = errorCode(answer);
  return {
    at: now,
    method,
    host,
    path,
    ...(apiVersion === null ? {} : { apiVersion }),
    status: answer.isDropped ? 0 : answer.status,
    ...(code === undefined ? {} : { code }),
    ...(isWriteOf(method, answer) ? { isWrite: true as const } : {}),
    ...(isFault ? { isFault: true as const } : {}),
    ...(answer.isUnknown ? { isUnknown: true as const } : {}),
  };
}

function isWriteOf(method: string, { headers }: Answer): boolean {
  if (method === 'POST') return headers?.['azure-asyncoperation'] !== undefined;
  return method === 'PUT' || method === 'PATCH' || method === 'DELETE';
}
