import type { HttpClient, Pipeline } from '@azure/core-rest-pipeline';
import { StepError } from '../../base/step-error.ts';
import { within } from './deadline.ts';

export type AzureRequest = {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly signal: AbortSignal;
  /** Until the whole answer is here. 100 s unless told. */
  readonly timeoutMs?: number;
};

export type AzureAnswer = {
  readonly status: number;
  /** By name, whatever its case. */
  readonly header: (name: string) => string | undefined;
  readonly text: string;
};

/** One request, sent once. Rejects where no answer comes, with a `code` where the system gives one. */
export type Send = (request: AzureRequest) => Promise<AzureAnswer>;

/** Azure Resource Manager itself gives up on a resource provider after 60 s. */
const TIMEOUT_MS = 100_000;

/**
 * Requests over Microsoft's own pipeline: HTTPS_PROXY, NO_PROXY and NODE_EXTRA_CA_CERTS hold as for its libraries, and
 * AZURE_LOG_LEVEL shows requests without what is secret. It is loaded with the first request.
 */
export function openSend(transport?: HttpClient): Send {
  let opened: Promise<{ readonly pipeline: Pipeline; readonly client: HttpClient }> | undefined;
  return async ({ method, url, headers = {}, body, signal, timeoutMs }) => {
    opened ??= openPipeline(transport);
    const { pipeline, client } = await opened;
    const { createHttpHeaders, createPipelineRequest } = await import('@azure/core-rest-pipeline');
    return within(timeoutMs ?? TIMEOUT_MS, signal, async (abortSignal) => {
      const type = body === undefined ? {} : { 'content-type': 'application/json' };
      const request = createPipelineRequest({
        method,
        url,
        headers: createHttpHeaders({ ...headers, ...type }),
        abortSignal,
        ...(body === undefined ? {} : { body }),
      });
      const answer = await pipeline.sendRequest(client, request);
      return {
        status: answer.status,
        header: (name) => answer.headers.get(name),
        text: answer.bodyAsText ?? '',
      };
    });
  };
}

/** Carries requests as this one does, over the network unless told, and remembers the last one that brought no answer. */
export function watch(transport: HttpClient | undefined): {
  readonly transport: HttpClient;
  readonly failure: () => { readonly host: string; readonly error: unknown } | undefined;
} {
  let client = transport;
  let failure: { readonly host: string; readonly error: unknown } | undefined;
  const sendRequest: HttpClient['sendRequest'] = async (request) => {
    client ??= (await import('@azure/core-rest-pipeline')).createDefaultHttpClient();
    try {
      const answer = await client.sendRequest(request);
      failure = undefined;
      return answer;
    } catch (error) {
      failure = { host: new URL(request.url).host, error };
      throw error;
    }
  };
  return { transport: { sendRequest }, failure: () => failure };
}

async function openPipeline(
  transport: HttpClient | undefined,
): Promise<{ readonly pipeline: Pipeline; readonly client: HttpClient }> {
  const core = await import('@azure/core-rest-pipeline');
  const pipeline = core.createEmptyPipeline();
  pipeline.addPolicy(core.proxyPolicy());
  pipeline.addPolicy(core.userAgentPolicy({ userAgentPrefix: 'bulkhead' }));
  pipeline.addPolicy(core.decompressResponsePolicy());
  pipeline.addPolicy(core.logPolicy());
  return { pipeline, client: transport ?? core.createDefaultHttpClient() };
}

/** The JSON of an answer; undefined where it has none. */
export function jsonIn({ text }: AzureAnswer): unknown {
  if (text.trim() === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** A host of Azure's that gives no answer, told without the request, whose headers hold a token. */
export function unreachable(host: string, error: unknown): StepError {
  const { message } = error as Error;
  const isTrust = /CERT|SIGNATURE|ALTNAME/.test(codeOf(error));
  const advice = isTrust
    ? 'where a proxy opens TLS, name its certificate in NODE_EXTRA_CA_CERTS'
    : 'look at the network, HTTPS_PROXY and NO_PROXY';
  return new StepError(`${host} cannot be reached: ${message}`, { advice });
}

/** What the system calls an error; empty where it has no name for it. */
export function codeOf(error: unknown): string {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' ? code : '';
}
