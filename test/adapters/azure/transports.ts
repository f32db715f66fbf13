import {
  createHttpHeaders,
  type HttpClient,
  type PipelineRequest,
  type PipelineResponse,
  RestError,
} from '@azure/core-rest-pipeline';
import type { AzureLogin } from '../../../src/adapters/azure/credential.ts';
import type { LabUnderTest } from '../../lab/arm/lab-under-test.ts';

export const SIGNAL: AbortSignal = new AbortController().signal;

/** What a test says that Azure answers; an Error for a connection that brings no answer. */
export type Told =
  | Error
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: unknown };

export const cut = (code = 'ECONNRESET'): Error => Object.assign(new Error(`connect ${code}`), { code });

function answered(
  request: PipelineRequest,
  status: number,
  headers: object,
  body: unknown,
): PipelineResponse {
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  return { request, status, headers: createHttpHeaders({ ...headers }), bodyAsText: text };
}

/** Gives the answers in turn, and keeps what was asked. */
export function scripted(...answers: readonly Told[]) {
  const left = [...answers];
  const asked: string[] = [];
  const requests: PipelineRequest[] = [];
  const transport: HttpClient = {
    sendRequest: async (request) => {
      asked.push(`${request.method} ${request.url}`);
      requests.push(request);
      const answer = left.shift();
      if (answer === undefined) throw new Error(`nothing was to be asked after ${asked.join(', ')}`);
      if (answer instanceof Error) throw answer;
      return answered(request, answer.status, answer.headers ?? {}, answer.body);
    },
  };
  return { transport, asked, requests };
}

/** Leads every host of Azure into a lab without a port. */
export function intoLab(lab: LabUnderTest): HttpClient {
  return {
    sendRequest: async (request) => {
      if (request.abortSignal?.aborted) throw Object.assign(new Error('aborted'), { name: 'AbortError' });
      const { method, url, body } = request;
      const text = body === undefined || body === null ? {} : { body: String(body) };
      const {
        status,
        headers,
        body: told,
        isDropped,
      } = lab.ask(method, url, { headers: request.headers.toJSON(), ...text });
      if (isDropped) throw new RestError('socket hang up', { code: 'ECONNRESET', request });
      return answered(request, status, headers ?? {}, Buffer.isBuffer(told) ? told.toString('utf8') : told);
    },
  };
}

/** Somebody who has a token without asking for it. */
export function signedIn(): AzureLogin & { readonly refused: readonly string[] } {
  const refused: string[] = [];
  return {
    refused,
    token: async () => `token-${refused.length + 1}`,
    renew: (token) => void refused.push(token),
  };
}

/** Somebody to whom the lab's directory gives a token; another one after a refusal. */
export function signedInto(lab: LabUnderTest): AzureLogin {
  const kept = new Map<string, string>();
  return {
    token: async (scope) => {
      const form = `client_id=me&scope=${encodeURIComponent(scope)}`;
      const address = 'https://login.microsoftonline.com/common/oauth2/v2.0/token';
      const token = kept.get(scope) ?? String(lab.told(200, 'POST', address, form)['access_token']);
      kept.set(scope, token);
      return token;
    },
    renew: () => kept.clear(),
  };
}

/** Waits by moving the lab's clock, and says how long. */
export function clockOf(lab: Pick<LabUnderTest, 'clock'>) {
  const waits: number[] = [];
  return {
    waits,
    now: (): number => lab.clock.now,
    sleep: async (ms: number, signal: AbortSignal): Promise<void> => {
      signal.throwIfAborted();
      waits.push(ms);
      lab.clock.now += ms;
    },
  };
}
