import { StepError } from '../../base/step-error.ts';
import type { AzureLogin } from './credential.ts';
import { type AzureHttpOptions, openAzureHttp, patienceOf } from './http.ts';
import { settled } from './operation.ts';
import { refusalError, refusalIn } from './refusal.ts';
import { type AzureAnswer, jsonIn } from './transport.ts';

/** As in a deployment. */
type Caller = {
  readonly tenant: string;
  readonly objectId: string;
  readonly kind: 'User' | 'ServicePrincipal';
};

const ROOT = 'https://management.azure.com';
const SCOPE = `${ROOT}/.default`;
/** A collection of 500 a page would have half a million entries. */
const PAGES_MAX = 1000;

/**
 * Azure Resource Manager by its paths and api-versions. Each call is tried again within bounds where a refusal passes, and a
 * write is followed to the end of its operation. Rejects with a StepError in Azure's words whose cause is the refusal:
 * status, code and message.
 */
export function openArm(login: AzureLogin, options: AzureHttpOptions = {}) {
  const send = openAzureHttp(login, SCOPE, options);
  const asking = { send, patience: patienceOf(options) };

  const write = async (call: ArmWrite, signal: AbortSignal): Promise<unknown> => {
    const { method, path, apiVersion, body } = call;
    const url = urlOf(path, apiVersion);
    const what = `${VERBS[method]} ${shortPath(path)}`;
    const text = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await send({ method, url, signal, ...text });
    if (answer.status === 404 && method === 'DELETE') return undefined;
    if (answer.status >= 400) throw refusalError(what, refusalIn(answer));
    return settled({ method, url, what, answer, signal }, asking);
  };

  return {
    caller: async (signal: AbortSignal): Promise<Caller> => callerIn(await login.token(SCOPE, signal)),
    get: async (path: string, apiVersion: string, signal: AbortSignal): Promise<unknown> => {
      const answer = await send({ method: 'GET', url: urlOf(path, apiVersion), signal });
      if (answer.status === 404) return undefined;
      return read(answer, path);
    },
    /** Nothing below what is not there. */
    list: async (path: string, apiVersion: string, signal: AbortSignal): Promise<readonly unknown[]> => {
      const entries: unknown[] = [];
      let url: string | undefined = urlOf(path, apiVersion);
      for (let pages = 1; url !== undefined; pages += 1) {
        if (pages > PAGES_MAX) throw new StepError(`reading ${shortPath(path)} does not end`);
        const answer = await send({ method: 'GET', url, signal });
        if (answer.status === 404 && pages === 1) return [];
        const page = read(answer, path) as {
          readonly value?: readonly unknown[];
          readonly nextLink?: string;
        };
        entries.push(...(page.value ?? []));
        url = page.nextLink ? ownUrl(page.nextLink, path) : undefined;
      }
      return entries;
    },
    /** What the resource is once its operation has ended. */
    put: (path: string, apiVersion: string, body: object, signal: AbortSignal): Promise<unknown> =>
      write({ method: 'PUT', path, apiVersion, body }, signal),
    post: (
      path: string,
      apiVersion: string,
      body: object | undefined,
      signal: AbortSignal,
    ): Promise<unknown> => write({ method: 'POST', path, apiVersion, body }, signal),
    /** Until it is gone. What is not there is gone. */
    delete: async (path: string, apiVersion: string, signal: AbortSignal): Promise<void> => {
      await write({ method: 'DELETE', path, apiVersion, body: undefined }, signal);
    },
  };
}

export type AzureArm = ReturnType<typeof openArm>;

type ArmWrite = {
  readonly method: 'PUT' | 'POST' | 'DELETE';
  readonly path: string;
  readonly apiVersion: string;
  readonly body: object | undefined;
};

const VERBS = { PUT: 'writing', POST: 'calling', DELETE: 'deleting' } as const;

function read(answer: AzureAnswer, path: string): unknown {
  const what = `reading ${shortPath(path)}`;
  if (answer.status >= 400) throw refusalError(what, refusalIn(answer));
  const body = jsonIn(answer);
  if (body === undefined) throw new StepError(`${what}: the answer is no JSON`);
  return body;
}

function urlOf(path: string, apiVersion: string): string {
  if (!path.startsWith('/')) throw new Error(`${path} is no path of Azure Resource Manager`);
  return `${ROOT}${path}${path.includes('?') ? '&' : '?'}api-version=${apiVersion}`;
}

/** The next page is asked for with our token: of Resource Manager alone. */
function ownUrl(link: string, path: string): string {
  if (!link.startsWith(`${ROOT}/`) && !link.startsWith(`${ROOT}:443/`)) {
    throw new StepError(`reading ${shortPath(path)}: its next page is at a strange address, ${link}`);
  }
  return link;
}

/** `Microsoft.Storage/storageAccounts/st1`, `resourceGroups/rg`: what a person needs of an id. */
function shortPath(path: string): string {
  const [plain = ''] = path.split('?');
  const provider = plain.split('/providers/').at(-1)!;
  if (provider !== plain) return provider;
  return plain.replace(/^\/subscriptions\/[^/]+\/(?=.)/, '').replace(/^\//, '');
}

/** Entra's claims, which are ours to read: who asks Resource Manager is told by the token alone. */
function callerIn(token: string): Caller {
  const claims = claimsIn(token);
  const { tid, oid, idtyp, scp } = claims;
  if (typeof tid !== 'string' || typeof oid !== 'string') {
    throw new StepError('the token of this sign-in does not say who is signed in', {
      advice: 'sign in as a user or an application of a tenant: az login',
    });
  }
  // A user's token says on whose behalf it speaks; `idtyp` is an optional claim.
  const isApplication = idtyp === 'app' || scp === undefined;
  return { tenant: tid, objectId: oid, kind: isApplication ? 'ServicePrincipal' : 'User' };
}

function claimsIn(token: string): Readonly<Record<string, unknown>> {
  try {
    const claims: unknown = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8'));
    return typeof claims === 'object' && claims !== null ? (claims as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
