import { Agent, request as httpsRequest } from 'node:https';
import { StepError } from '../../base/step-error.ts';

export type KubeAnswer = {
  readonly status: number;
  /** Parsed where it is JSON, else text. */
  readonly body: unknown;
  readonly retryAfterSeconds?: number;
};

export type KubeRequestOptions = {
  readonly body?: string | Buffer;
  readonly contentType?: string;
  readonly accept?: string;
  readonly signal?: AbortSignal;
};

/** One request to an API server. Rejects where no answer comes; a refusal is an answer. */
export type KubeRequest = (method: string, path: string, options?: KubeRequestOptions) => Promise<KubeAnswer>;

export type KubeConnection = {
  /** `https://<host>[:<port>]`. */
  readonly server: string;
  /** PEM of the authority that signed the server's certificate; without it, those that Node knows. */
  readonly ca?: string;
  /** The name in the server's certificate where it is not the host. */
  readonly serverName?: string;
  /** A bearer token for each request, so that one that ends is renewed by its giver. */
  readonly token?: (signal: AbortSignal) => Promise<string>;
  /** PEMs of a client certificate. */
  readonly certificate?: { readonly cert: string; readonly key: string };
};

const TIMEOUT_MS = 60_000;
/** A page of 500 objects; 1.5 MiB is etcd's limit for one. */
const ANSWER_MAX_BYTES = 256 * 1024 * 1024;
const NEVER = new AbortController().signal;

/** Requests over a few kept connections. `close` ends those. */
export function openKubeRequest(connection: KubeConnection): {
  readonly request: KubeRequest;
  readonly close: () => void;
} {
  const { server, ca, serverName, token, certificate } = connection;
  if (!server.startsWith('https://')) {
    throw new StepError(`${server} is not the address of an API server: it begins with https://`);
  }
  const agent = new Agent({
    keepAlive: true,
    maxSockets: 8,
    ...(ca === undefined ? {} : { ca }),
    ...(serverName === undefined ? {} : { servername: serverName }),
    ...certificate,
  });
  const request: KubeRequest = async (method, path, options = {}) => {
    const bearer = token && (await token(options.signal ?? NEVER));
    return send(agent, server.replace(/\/$/, '') + path, method, bearer, options);
  };
  return { request, close: () => agent.destroy() };
}

function send(
  agent: Agent,
  url: string,
  method: string,
  bearer: string | undefined,
  { body, contentType, accept, signal }: KubeRequestOptions,
): Promise<KubeAnswer> {
  const headers = {
    accept: accept ?? 'application/json',
    ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
    ...(body === undefined
      ? {}
      : { 'content-type': contentType ?? 'application/json', 'content-length': Buffer.byteLength(body) }),
  };
  const options = { method, agent, headers, timeout: TIMEOUT_MS, ...(signal ? { signal } : {}) };
  return new Promise((resolve, reject) => {
    const request = httpsRequest(url, options, (response) => {
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > ANSWER_MAX_BYTES) request.destroy(new Error('the answer is too large'));
        else chunks.push(chunk);
      });
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const retryAfter = Number(response.headers['retry-after']);
        resolve({
          status: response.statusCode ?? 0,
          body: parsed(text, response.headers['content-type'] ?? ''),
          ...(retryAfter > 0 ? { retryAfterSeconds: retryAfter } : {}),
        });
      });
    });
    request.on('timeout', () => {
      const late = new Error(`no answer within ${TIMEOUT_MS / 1000} s`) as NodeJS.ErrnoException;
      late.code = 'ETIMEDOUT';
      request.destroy(late);
    });
    request.on('error', reject);
    request.end(body);
  });
}

function parsed(text: string, contentType: string): unknown {
  if (!contentType.includes('json')) return text;
  try {
    return JSON.parse(text);
  } catch {
    // Cut off by a proxy: its status says enough.
    return text;
  }
}
