import {
  discoverKinds,
  kubePath,
  type ServedKind,
  type ServedKinds,
} from '../../src/adapters/kube/discovery.ts';
import { type KubeCause, refusalOf } from '../../src/adapters/kube/refusal.ts';
import type { ApiServer } from './api-server.ts';

/** The part of any Kubernetes object that says what and where it is. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [field: string]: unknown;
}

interface ApplyOptions {
  /** Who owns the fields; by default Argo CD's own name, so that it adopts what was applied before it ran. */
  readonly fieldManager?: string;
  /** Takes fields that another manager owns. */
  readonly force?: boolean;
  /** Runs schema, admission and storage checks without storing, so that nothing applied before interferes. */
  readonly dryRun?: boolean;
  /** For a namespaced object that names no namespace, as an Argo CD destination does. */
  readonly namespace?: string;
  /** The namespace has to be there: the server refuses what has none, as it does in a cluster. */
  readonly needsNamespace?: boolean;
}

/** The API server's verdict on one object; its words are kept. Status is that of HTTP. */
export type Applied =
  | { readonly ok: true; readonly object: KubernetesObject }
  | {
      readonly ok: false;
      readonly status: number;
      readonly message: string;
      readonly causes: readonly KubeCause[];
    };

interface Knowledge {
  kinds: ServedKinds;
  readonly namespaces: Map<string, Promise<void>>;
}

const knowledgeByServer = new WeakMap<ApiServer, Knowledge>();

/**
 * Server-side apply with strict field validation: a field that the schema lacks is refused. The namespace
 * is made first, unless it has to be there. An apiVersion and kind that the server does not serve is a refusal with status 404.
 */
export async function applyObject(
  server: ApiServer,
  object: KubernetesObject,
  options: ApplyOptions = {},
): Promise<Applied> {
  const served = await findKind(server, object);
  if (!served) {
    const { apiVersion, kind } = object;
    const message = `the server has no kind ${kind} in apiVersion ${apiVersion}; is its CRD loaded?`;
    return { ok: false, status: 404, message, causes: [] };
  }
  const namespace = served.isNamespaced
    ? (object.metadata.namespace ?? options.namespace ?? 'default')
    : undefined;
  if (namespace !== undefined && !options.needsNamespace) await ensureNamespace(server, namespace);
  return patch(server, kubePath({ ...object, ...object.metadata, namespace }, served), object, options);
}

/** Makes a namespace unless it is there. One request for each name and server. */
export async function ensureNamespace(server: ApiServer, name: string): Promise<void> {
  const { namespaces } = await knowledgeOf(server);
  const known = namespaces.get(name);
  if (known) return known;
  const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
  const made = patch(server, `/api/v1/namespaces/${name}`, object, { fieldManager: 'prove' }).then(
    (applied) => {
      if (!applied.ok) throw new Error(`namespace ${name}: ${applied.message}`);
    },
  );
  namespaces.set(name, made);
  return made;
}

async function knowledgeOf(server: ApiServer): Promise<Knowledge> {
  const known = knowledgeByServer.get(server);
  if (known) return known;
  const fresh: Knowledge = { kinds: await discoverKinds(server.request), namespaces: new Map() };
  // Another caller may have come first while this one waited; its namespaces must not be lost.
  const winner = knowledgeByServer.get(server) ?? fresh;
  knowledgeByServer.set(server, winner);
  return winner;
}

async function findKind(server: ApiServer, object: KubernetesObject): Promise<ServedKind | undefined> {
  const knowledge = await knowledgeOf(server);
  const key = `${object.apiVersion}/${object.kind}`;
  // Asked again for an unknown kind: CRDs may have been loaded since.
  if (!knowledge.kinds.has(key)) knowledge.kinds = await discoverKinds(server.request);
  return knowledge.kinds.get(key);
}

async function patch(
  server: ApiServer,
  path: string,
  object: KubernetesObject,
  options: ApplyOptions,
): Promise<Applied> {
  const query = new URLSearchParams({
    fieldManager: options.fieldManager ?? 'argocd-controller',
    fieldValidation: 'Strict',
    force: String(options.force ?? true),
    ...(options.dryRun ? { dryRun: 'All' } : {}),
  });
  const answer = await server.request('PATCH', `${path}?${query}`, {
    contentType: 'application/apply-patch+yaml',
    body: JSON.stringify(object),
  });
  if (answer.status < 300) return { ok: true, object: answer.body as KubernetesObject };
  return { ok: false, status: answer.status, ...refusalOf(answer) };
}
