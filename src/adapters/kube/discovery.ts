import type { KubeRequest } from './request.ts';

/** How the REST path of a kind is made. */
export type ServedKind = { readonly plural: string; readonly isNamespaced: boolean };

/** Kinds by `<apiVersion>/<kind>`, for example `apps/v1/Deployment` or `v1/ConfigMap`. */
export type ServedKinds = ReadonlyMap<string, ServedKind>;

type DiscoveredGroup = {
  readonly metadata: { readonly name?: string };
  readonly versions: readonly {
    readonly version: string;
    readonly resources?: readonly {
      readonly resource: string;
      readonly responseKind: { readonly kind: string };
      readonly scope: 'Namespaced' | 'Cluster';
      readonly verbs: readonly string[];
    }[];
  }[];
};

/** One answer for all groups (Kubernetes KEP-3352, stable since 1.30) instead of one request for each. */
const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

/** Every kind that can be read or applied now. A custom one is listed once its CRD is Established. */
export async function discoverKinds(request: KubeRequest): Promise<ServedKinds> {
  const kinds = new Map<string, ServedKind>();
  for (const path of ['/api', '/apis']) {
    const answer = await request('GET', path, { accept: AGGREGATED });
    if (answer.status !== 200) throw new Error(`GET ${path}: status ${answer.status}`);
    for (const group of (answer.body as { items: readonly DiscoveredGroup[] }).items) addKinds(kinds, group);
  }
  return kinds;
}

function addKinds(kinds: Map<string, ServedKind>, group: DiscoveredGroup): void {
  for (const { version, resources = [] } of group.versions) {
    const apiVersion = group.metadata.name ? `${group.metadata.name}/${version}` : version;
    for (const { resource, responseKind, scope, verbs } of resources) {
      if (!verbs.includes('patch')) continue;
      const served = { plural: resource, isNamespaced: scope === 'Namespaced' };
      kinds.set(`${apiVersion}/${responseKind.kind}`, served);
    }
  }
}

/** The path of one object, or of all objects of its kind. */
export function kubePath(
  ref: { readonly apiVersion: string; readonly namespace?: string | undefined; readonly name?: string },
  { plural, isNamespaced }: ServedKind,
): string {
  const root = ref.apiVersion.includes('/') ? '/apis' : '/api';
  const scope =
    isNamespaced && ref.namespace !== undefined ? `/namespaces/${encodeURIComponent(ref.namespace)}` : '';
  const name = ref.name === undefined ? '' : `/${encodeURIComponent(ref.name)}`;
  return `${root}/${ref.apiVersion}${scope}/${plural}${name}`;
}
