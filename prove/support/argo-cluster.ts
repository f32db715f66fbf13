import assert from 'node:assert/strict';
import { join } from 'node:path';
import { parse } from 'yaml';
import { kubePath, type ServedKinds } from '../../src/adapters/kube/discovery.ts';
import type { ArgoCd, Loose, Store } from '../../test/support/argo-cd.ts';
import type { ApiServer } from './api-server.ts';
import { chosenClusters } from './cluster-secrets.ts';
import { type ApplicationSet, generate } from './generated-applications.ts';
import { type Kubectl, kustomize } from './kubectl.ts';
import { waitFor } from './processes.ts';
import { applyObject } from './server-side-apply.ts';
import { objectsIn } from './tree-objects.ts';

const OF_ARGO_CD = ['AppProject', 'Application', 'ApplicationSet'].map(
  (kind) => `argoproj.io/v1alpha1/${kind}`,
);
/** What a tree has beside these is brought by charts. */
const OF_CLUSTERS = [
  ...['Namespace', 'ConfigMap', 'LimitRange', 'ResourceQuota', 'Service', 'ServiceAccount'].map(
    (kind) => `v1/${kind}`,
  ),
  'apps/v1/Deployment',
  'policy/v1/PodDisruptionBudget',
  'cilium.io/v2/CiliumNetworkPolicy',
  'external-secrets.io/v1/ClusterSecretStore',
  'external-secrets.io/v1/ExternalSecret',
  'secrets-store.csi.x-k8s.io/v1/SecretProviderClass',
];

/**
 * Argo CD as the tests know it, on a real API server: it stores Argo CD's own objects and those of one cluster, chooses
 * clusters by selectors, and refuses what it does not take. Templates are Go's, and Kustomize is Kustomize.
 */
export function argoOn(
  server: ApiServer,
  kinds: ServedKinds,
  cluster: string,
  kubectl: Kubectl,
  folder: string,
): ArgoCd {
  const rendered = new Map<string, readonly Loose[]>();
  let folders = 0;
  return {
    own: storeOf(server, kinds, OF_ARGO_CD),
    clusters: new Map([[cluster, storeOf(server, kinds, OF_CLUSTERS)]]),
    generate: async (set: ApplicationSet, name) => {
      const [generator] = set.spec.generators;
      const secrets = await chosenClusters(server, generator!.clusters.selector);
      const secret = secrets.find((one) => one.name === name);
      if (!secret) return [];
      const key = JSON.stringify([set.spec.template, secret]);
      const known = rendered.get(key);
      if (known) return known;
      const generated = await generate([set], secret, kubectl, folder);
      // A set of before, which wants a fact that nobody writes any more, changes nothing.
      const applications = generated.ok ? generated.applications : [];
      rendered.set(key, applications);
      return applications;
    },
    kustomize: async (files, patches) => {
      const list = parse(files.get('kustomization.yaml') ?? '') as object;
      const changed = new Map([...files, ['kustomization.yaml', JSON.stringify({ ...list, patches })]]);
      const text = await kustomize(kubectl, join(folder, `kustomize-${folders++}`), changed);
      return objectsIn(text).filter(Boolean);
    },
  };
}

function storeOf(server: ApiServer, kinds: ServedKinds, names: readonly string[]): Store {
  const pathOf = (
    kind: string,
    metadata: { readonly name?: string; readonly namespace?: string } = {},
  ): string => {
    const served = kinds.get(kind);
    assert.ok(served, `no API server without ${kind}`);
    return kubePath({ apiVersion: kind.slice(0, kind.lastIndexOf('/')), ...metadata }, served);
  };
  return {
    list: async () => {
      const lists = names.map(async (name): Promise<readonly Loose[]> => {
        const { status, body } = await listed(server, pathOf(name));
        assert.equal(status, 200, name);
        const kind = name.slice(name.lastIndexOf('/') + 1);
        const apiVersion = name.slice(0, name.lastIndexOf('/'));
        return (body as { items: readonly Loose[] }).items.map((item) => ({ apiVersion, kind, ...item }));
      });
      return (await Promise.all(lists)).flat();
    },
    apply: async (object) => {
      const { resourceVersion: _, managedFields: __, ...metadata } = object.metadata;
      const answer = await applyObject(server, { ...object, metadata }, { needsNamespace: true });
      return answer.ok ? undefined : `${answer.message} ${JSON.stringify(answer.causes)}`;
    },
    // In the background: nobody collects here what goes in the foreground.
    remove: async ({ apiVersion, kind, metadata }) => {
      const path = pathOf(`${apiVersion}/${kind}`, metadata);
      const { status, body } = await server.request('DELETE', `${path}?propagationPolicy=Background`);
      assert.equal(status, 200, JSON.stringify(body));
    },
  };
}

/** A kind that was just defined answers 429 until its storage is there. */
async function listed(server: ApiServer, path: string): Promise<Awaited<ReturnType<ApiServer['request']>>> {
  return waitFor(
    path,
    async () => {
      const answer = await server.request('GET', path);
      return answer.status === 429 ? undefined : answer;
    },
    { timeoutSeconds: 30 },
  );
}
