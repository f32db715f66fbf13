import { setTimeout as wait } from 'node:timers/promises';
import { retry, type RetryPolicy } from '../../base/retry.ts';
import { StepError } from '../../base/step-error.ts';
import { discoverKinds, kubePath, type ServedKind, type ServedKinds } from './discovery.ts';
import { refusalError } from './refusal.ts';
import {
  type KubeAnswer,
  type KubeConnection,
  type KubeRequest,
  type KubeRequestOptions,
  openKubeRequest,
} from './request.ts';

/** What stands in a manifest, as in a deployment. */
type KubeObject = Readonly<Record<string, unknown>> & {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>> & {
    readonly name: string;
    readonly namespace?: string;
  };
};
type Kind = Pick<KubeObject, 'apiVersion' | 'kind'>;
type KubeRef = Kind & { readonly name: string; readonly namespace?: string };

export type KubeOptions = {
  /** How refused and failing requests are tried again. */
  readonly retry?: RetryPolicy;
  /** Waits, and ends early, rejected, when the signal is aborted. */
  readonly sleep?: (ms: number, signal: AbortSignal) => Promise<void>;
};

/** Argo CD's own name (a constant there): it goes on owning what is applied before it runs. */
const FIELD_MANAGER = 'argocd-controller';

/** About a minute in all: an API server that restarts, or throttles. */
const RETRY: RetryPolicy = { tries: 7, waitMs: 1000, maxWaitMs: 20_000 };
/** A kind that is asked for right after its CRD was accepted is served within seconds. */
const KIND_TRIES = 8;
const KIND_WAIT_MS = 1000;
const PAGE_OBJECTS = 500;

/** What an API server, or what stands before it, says when it is not ready: the same request may succeed later. */
const PASSING_STATUSES = new Set([429, 502, 503, 504]);
const PASSING_CODES = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  // The name of a new cluster takes a moment to be known everywhere.
  'ENOTFOUND',
  'EAI_AGAIN',
]);

/** An answer that may be another one later. */
class PassingRefusal extends Error {
  readonly answer: KubeAnswer;

  constructor(answer: KubeAnswer) {
    super(`status ${answer.status}`);
    this.answer = answer;
  }
}

/** {@link kubeOver} a connection of its own, which `close` ends. */
export function openKube(connection: KubeConnection, options: KubeOptions = {}) {
  const { request, close } = openKubeRequest(connection);
  const { server, ca } = connection;
  return { ...kubeOver(request, server, options), ...(ca === undefined ? {} : { ca }), close };
}

/**
 * One API server. Writes are server-side applies with strict field validation, as the field manager that Argo CD has.
 * Every request is safe to repeat and is repeated within bounds.
 */
export function kubeOver(request: KubeRequest, server: string, options: KubeOptions = {}) {
  const policy = options.retry ?? RETRY;
  const sleep = options.sleep ?? ((ms, signal) => wait(ms, undefined, { signal }));

  /** The last answer, whatever it says. */
  const ask = async (
    method: string,
    path: string,
    signal: AbortSignal,
    more: KubeRequestOptions = {},
  ): Promise<KubeAnswer> => {
    const once = async (): Promise<KubeAnswer> => {
      const answer = await request(method, path, { ...more, signal });
      if (isPassing(answer)) throw new PassingRefusal(answer);
      return answer;
    };
    try {
      return await retry(once, policy, retryAfterMs, { signal, sleep });
    } catch (error) {
      if (signal.aborted) throw error;
      if (error instanceof PassingRefusal) return error.answer;
      if (error instanceof StepError) throw error;
      throw unreachable(server, error as Error);
    }
  };

  const kinds = servedKinds((signal) =>
    discoverKinds(async (method, path, more) => {
      const answer = await ask(method, path, signal, more);
      if (answer.status < 300) return answer;
      throw refusalError(answer, { text: 'asking for the kinds', server, isSecret: false });
    }),
  );

  const call = async (
    what: { readonly method: string; readonly path: string; readonly ref: Kind & { readonly name?: string } },
    signal: AbortSignal,
    more: KubeRequestOptions = {},
  ): Promise<KubeAnswer> => {
    const answer = await ask(what.method, what.path, signal, more);
    if (answer.status < 300 || answer.status === 404) return answer;
    throw refusalError(answer, subjectOf(server, what.method, what.ref));
  };

  const get = async (ref: KubeRef, signal: AbortSignal): Promise<KubeObject | undefined> => {
    const served = await kinds.find(ref, signal);
    if (!served) return undefined;
    const answer = await call({ method: 'GET', path: kubePath(inScope(ref), served), ref }, signal);
    return answer.status === 404 ? undefined : (answer.body as KubeObject);
  };

  return {
    server,
    get,
    /**
     * Waits some seconds for a kind that is not served yet, and rejects where another manager owns a field unless
     * forced.
     */
    apply: async (
      object: KubeObject,
      { isForced }: { readonly isForced: boolean },
      signal: AbortSignal,
    ): Promise<{ readonly isChanged: boolean; readonly object: KubeObject }> => {
      const served = await kinds.await(object, signal, sleep);
      const body = scoped(object, served);
      const { apiVersion, kind } = object;
      const ref = inScope({ apiVersion, kind, ...body.metadata });
      const before = await get(ref, signal);
      const query = new URLSearchParams({
        fieldManager: FIELD_MANAGER,
        fieldValidation: 'Strict',
        force: String(isForced),
      });
      const answer = await call({ method: 'PATCH', path: `${kubePath(ref, served)}?${query}`, ref }, signal, {
        contentType: 'application/apply-patch+yaml',
        body: JSON.stringify(body),
      });
      if (answer.status === 404) throw notFound(server, ref);
      const applied = answer.body as KubeObject;
      return { isChanged: !before || isOtherThan(before, applied), object: applied };
    },
    /** All pages; of a kind that is not served there are none. */
    list: async (
      kind: Kind & { readonly namespace?: string; readonly labels?: string },
      signal: AbortSignal,
    ): Promise<readonly KubeObject[]> => {
      const served = await kinds.find(kind, signal);
      if (!served) return [];
      const { apiVersion, kind: name, namespace, labels } = kind;
      const path = kubePath({ apiVersion, namespace }, served);
      const objects: KubeObject[] = [];
      let next: string | undefined = '';
      do {
        const query = new URLSearchParams({
          limit: String(PAGE_OBJECTS),
          ...(labels === undefined ? {} : { labelSelector: labels }),
          ...(next === '' ? {} : { continue: next }),
        });
        const answer = await call({ method: 'GET', path: `${path}?${query}`, ref: kind }, signal);
        if (answer.status === 404) return objects;
        const page = answer.body as {
          readonly items?: readonly KubeObject[];
          readonly metadata?: { readonly continue?: string };
        };
        // Items of a list do not repeat what they are.
        for (const item of page.items ?? []) objects.push({ ...item, apiVersion, kind: name });
        next = page.metadata?.continue;
      } while (next);
      return objects;
    },
    /** False where there was nothing. What the object owns goes with it, later. */
    delete: async (ref: KubeRef, signal: AbortSignal): Promise<boolean> => {
      const served = await kinds.find(ref, signal);
      if (!served) return false;
      const path = `${kubePath(inScope(ref), served)}?propagationPolicy=Background`;
      return (await call({ method: 'DELETE', path, ref }, signal)).status !== 404;
    },
    isAdmin: async (signal: AbortSignal): Promise<boolean> => {
      const [apiVersion, kind] = ['authorization.k8s.io/v1', 'SelfSubjectAccessReview'];
      const path = `/apis/${apiVersion}/selfsubjectaccessreviews`;
      const spec = { resourceAttributes: { verb: '*', group: '*', resource: '*' } };
      const body = JSON.stringify({ apiVersion, kind, spec });
      const answer = await call({ method: 'POST', path, ref: { apiVersion, kind } }, signal, { body });
      return (answer.body as { readonly status?: { readonly allowed?: boolean } }).status?.allowed === true;
    },
  };
}

/** The kinds of a server, asked for once, and again for one that was not among them: a CRD may have come. */
function servedKinds(discover: (signal: AbortSignal) => Promise<ServedKinds>) {
  let known: ServedKinds = new Map();
  let asking: Promise<ServedKinds> | undefined;
  const find = async ({ apiVersion, kind }: Kind, signal: AbortSignal): Promise<ServedKind | undefined> => {
    const key = `${apiVersion}/${kind}`;
    const found = known.get(key);
    if (found) return found;
    asking ??= discover(signal).finally(() => (asking = undefined));
    known = await asking;
    return known.get(key);
  };
  return {
    find,
    await: async (
      kind: Kind,
      signal: AbortSignal,
      sleep: NonNullable<KubeOptions['sleep']>,
    ): Promise<ServedKind> => {
      for (let tries = 1; ; tries += 1) {
        const found = await find(kind, signal);
        if (found) return found;
        if (tries === KIND_TRIES) {
          throw new StepError(`the cluster has no kind ${kind.kind} in ${kind.apiVersion}`, {
            advice:
              'apply the CustomResourceDefinition first; the version may be one that it no longer serves',
          });
        }
        await sleep(KIND_WAIT_MS, signal);
      }
    },
  };
}

/** A 500 passes only where a webhook is down: of a schema that does not fit it is the server's last word. */
function isPassing(answer: KubeAnswer): boolean {
  if (PASSING_STATUSES.has(answer.status)) return true;
  const { message = '' } = (answer.body ?? {}) as { readonly message?: string };
  return answer.status === 500 && /failed calling webhook|etcdserver|context deadline exceeded/.test(message);
}

function retryAfterMs(error: unknown): number | undefined {
  if (error instanceof PassingRefusal) return (error.answer.retryAfterSeconds ?? 0) * 1000;
  return PASSING_CODES.has((error as NodeJS.ErrnoException).code ?? '') ? 0 : undefined;
}

function unreachable(server: string, error: Error): StepError {
  const { code = '' } = error as NodeJS.ErrnoException;
  const isCertificate = /CERT|SIGNATURE|ALTNAME|SELF_SIGNED/.test(code);
  return new StepError(`the API server ${server} cannot be reached: ${error.message || code}`, {
    cause: error,
    advice: isCertificate
      ? 'something between here and the cluster answers in its place: a proxy that opens TLS?'
      : "check that the cluster runs and that this machine's address is among the operators' ranges",
  });
}

/** The object as it is sent: without a namespace where its kind has none, with one where it has. */
function scoped(object: KubeObject, { isNamespaced }: ServedKind): KubeObject {
  const { namespace = 'default', ...metadata } = object.metadata;
  return { ...object, metadata: isNamespaced ? { ...metadata, namespace } : metadata } as KubeObject;
}

function inScope(ref: KubeRef): KubeRef {
  const { apiVersion, kind, name, namespace = 'default' } = ref;
  return { apiVersion, kind, name, namespace };
}

/**
 * The version tells at once that nothing changed. Another one may come of what is not ours, a status that was written
 * meanwhile, or of bookkeeping: the second apply of an object without a field of its own gives its fields to
 * `before-first-apply` (kube-apiserver 1.36.3).
 */
function isOtherThan(before: KubeObject, after: KubeObject): boolean {
  if (before.metadata['resourceVersion'] === after.metadata['resourceVersion']) return false;
  return JSON.stringify(ownParts(before)) !== JSON.stringify(ownParts(after));
}

function ownParts({ status: _status, ...object }: KubeObject): object {
  const { resourceVersion: _version, managedFields = [], ...metadata } = object.metadata;
  const entries = managedFields as readonly Readonly<Record<string, unknown>>[];
  const owned = entries.filter(({ manager }) => manager === FIELD_MANAGER).map(({ fieldsV1 }) => fieldsV1);
  return { ...object, metadata, owned };
}

const DOINGS: Readonly<Record<string, string>> = { GET: 'reading', PATCH: 'applying', DELETE: 'deleting' };

function subjectOf(
  server: string,
  method: string,
  { kind, name }: Kind & { readonly name?: string },
): { readonly text: string; readonly server: string; readonly isSecret: boolean } {
  const object = name === undefined ? kind : `${kind} ${name}`;
  return { text: `${DOINGS[method] ?? 'asking for'} ${object}`, server, isSecret: kind === 'Secret' };
}

function notFound(server: string, { kind, name, namespace }: KubeRef): StepError {
  return new StepError(`${kind} ${name} cannot be applied: ${server} has no namespace ${namespace}`, {
    advice: 'apply the namespace first',
  });
}
