import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { discoverKinds } from '../src/adapters/kube/discovery.ts';
import { pathInCheckout } from '../src/gitops/checkout.ts';
import type { Platform } from '../src/model/platform.ts';
import { synthesize } from '../src/plan/synthesize.ts';
import { type ArgoCd, identity, type Loose, type Outcome, reconcile } from '../test/support/argo-cd.ts';
import { atlas, type FleetData, platformOf } from '../test/support/fleets.ts';
import { type ApiServer, startApiServer } from './support/api-server.ts';
import { argoOn } from './support/argo-cluster.ts';
import { forgetClusters, registerCluster } from './support/cluster-secrets.ts';
import { loadCrds } from './support/crds.ts';
import { type Kubectl, openKubectl } from './support/kubectl.ts';
import { temporaryFolder } from './support/processes.ts';
import { applyObject, ensureNamespace } from './support/server-side-apply.ts';
import { pathOf, provenBy } from './support/tools.ts';
import { objectsBelow } from './support/tree-objects.ts';

/** The cluster that is looked at; what happens on the others is the same, seen from there. */
const CLUSTER = 'app1';
const ROUNDS = 3;

const PEERED = {
  peers: [
    ['mgmt', 'app1'],
    ['mgmt', 'app2'],
    ['app1', 'app2'],
  ],
};
const shop = {
  clusters: ['app1', 'app2'],
  image: 'ghcr.io/acme/shop:1',
  replicas: 2,
  secrets: ['db-password'],
  callers: ['web', 'internet'],
};
const web = { clusters: ['app1'], image: 'ghcr.io/acme/web:1' };
const sales = {
  group: '22222222-2222-2222-2222-222222222222',
  workloads: ['shop'],
  namespaces: ['lab'],
};

/** What runs a workload: nothing of it stays. */
const RUNNING = ['Deployment', 'PodDisruptionBudget', 'Service', 'ServiceAccount', 'SecretProviderClass'];
const TOOLS = provenBy('etcd', 'kube-apiserver', 'crds', 'kubectl');

describe('what leaves the fleet file', TOOLS, () => {
  let server: ApiServer;
  let argo: ArgoCd;
  let kubectl: Kubectl;
  const temporary = temporaryFolder('removals');

  before(async () => {
    server = await startApiServer();
    const components = ['argo-cd', 'external-secrets', 'cilium', 'secrets-store-csi-driver'];
    await loadCrds(server, pathOf('crds'), new Set(components));
    await ensureNamespace(server, 'argocd');
    kubectl = openKubectl(temporary.path, server, ['aks-atlas-demo-mgmt', `aks-atlas-demo-${CLUSTER}`]);
    argo = argoOn(server, await discoverKinds(server.request), CLUSTER, kubectl, temporary.path);
  });
  after(async () => {
    await server?.stop();
    temporary.remove();
  });

  test('a team with its workload appears, and what bootstrap applies is enough for it', async () => {
    const platform = fleet({ workloads: { shop, web }, teams: { sales } });
    await bootstrap(platform);
    await commit(platform);
    assert.deepEqual(await running('shop'), RUNNING.slice(0, 4));
    assert.deepEqual(await running('web'), RUNNING.slice(0, 4));
    await applyObject(server, secretOf('shop'), { fieldManager: 'externalsecrets.external-secrets.io' });
  });

  test('the team: its workload stays as it is, and its namespace stays closed', async () => {
    const was = await find('Deployment', 'shop');
    await commit(fleet({ workloads: { shop, web } }));
    const is = await find('Deployment', 'shop');
    assert.equal(is?.metadata.uid, was?.metadata.uid, 'nobody deleted it');
    assert.deepEqual(await closed('lab'), ['default-deny', 'share', 'unasked']);
    const project = (await argo.own.list()).find(
      ({ kind, metadata }) => kind === 'AppProject' && metadata.name === `workloads.${CLUSTER}.shop`,
    );
    assert.equal(project?.spec.roles, undefined, 'nor has the team its role any more');
  });

  test('a workload among others: nothing of it runs, and nothing opens its namespace', async () => {
    await commit(fleet({ workloads: { shop: { ...shop, callers: [] } } }));
    assert.deepEqual(await running('web'), []);
    assert.deepEqual(await closed('web'), ['default-deny', 'share', 'unasked']);
    assert.deepEqual(await running('shop'), RUNNING.slice(0, 4));
  });

  test('a workload that moves to another cluster, and is called from the one that it leaves', async () => {
    const caller = { ...web, reaches: ['shop'] };
    const callers: readonly string[] = [];
    await commit(fleet({ workloads: { shop: { ...shop, callers }, web: caller } }));
    await commit(fleet({ workloads: { shop: { ...shop, clusters: ['app2'], callers }, web: caller } }));
    assert.deepEqual(await running('shop'), ['Service']);
    const service = await find('Service', 'shop');
    assert.equal(service?.spec.selector, undefined, 'the pods of the other cluster stand behind it');
    await assertSecret('shop');
  });

  test('the last workload, after it came back', async () => {
    await commit(fleet({ workloads: { shop: { ...shop, clusters: [CLUSTER], callers: [] } } }));
    assert.deepEqual(await running('shop'), RUNNING.slice(0, 4));
    await commit(fleet({ workloads: {} }));
    assert.deepEqual(await running('shop'), []);
    assert.deepEqual(await closed('shop'), ['default-deny', 'share', 'unasked']);
    await assertSecret('shop');
  });

  test('a cluster: nothing on it is deleted, and its Applications say why', async () => {
    const is = fleet({ workloads: { last: { ...web, clusters: ['app1', 'app2'] } } });
    await bootstrap(is);
    await commit(is);
    const clusters = { mgmt: {}, app2: {} };
    const less = fleet({ clusters, network: {}, workloads: { last: { ...web, clusters: ['app2'] } } });
    const outcomes = await settle(less);
    assert.match(JSON.stringify(outcomes.get(`workloads.${CLUSTER}.last`)), /app path does not exist/);
    assert.deepEqual(await running('last'), RUNNING.slice(0, 4));
  });

  test('with the CSI driver: the last workload goes with what it mounted', async () => {
    const csi = { secrets: { sync: 'csi' } };
    const cart = { ...shop, callers: [] };
    const is = fleet({ ...csi, workloads: { cart } });
    await bootstrap(is);
    // Its folder is gone, and what it has made stays: no commit takes a store away.
    const left = ['platform.app1.secret-store'];
    await commit(is, left);
    assert.deepEqual(await running('cart'), RUNNING);
    const { parameters } = (await find('SecretProviderClass', 'cart'))!.spec;
    assert.equal(parameters.keyvaultName, 'kv-proof');
    await commit(fleet({ ...csi, workloads: {} }), left);
    assert.deepEqual(await running('cart'), []);
  });

  function fleet(data: FleetData): Platform {
    return platformOf(atlas({ network: PEERED, ...data }));
  }

  /** What a person does by the README: registers the clusters, and applies the projects and the root. */
  async function bootstrap(platform: Platform): Promise<void> {
    await forgetClusters(server);
    const tree = synthesize(platform);
    const cluster = platform.clusters.find(({ name }) => name === CLUSTER)!;
    await registerCluster(tree, cluster, kubectl, temporary.path);
    for (const name of ['projects', 'root']) {
      for (const object of objectsBelow(tree, `gitops/argocd/${name}.yaml`)) await argo.own.apply(object);
    }
  }

  /** All is in sync after it, but for these. */
  async function commit(platform: Platform, left: readonly string[] = []): Promise<void> {
    const others = [...(await settle(platform))].filter(([, { status }]) => status !== 'Synced');
    assert.deepEqual(
      others.map(([name]) => name),
      left,
      JSON.stringify(others),
    );
  }

  let isReversed = false;

  async function settle(platform: Platform): Promise<ReadonlyMap<string, Outcome>> {
    const paths = [...synthesize(platform)].filter(([path]) => path.startsWith('gitops/'));
    const files = new Map(paths.map(([path, text]) => [pathInCheckout(platform.fleet, path), text] as const));
    let outcomes: ReadonlyMap<string, Outcome> = new Map();
    for (let round = 0; round < ROUNDS; round++) {
      outcomes = await reconcile(argo, { files }, { isReversed, after: assertGuarded });
    }
    // Nothing says which Application is quicker.
    isReversed = !isReversed;
    return outcomes;
  }

  /** Whatever runs is in a namespace that is closed and has its share. */
  async function assertGuarded(application: string): Promise<void> {
    const names = new Set((await objects()).map(identity));
    for (const name of names) {
      const namespace = /^apps\/Deployment (.*)\//.exec(name)?.[1];
      if (namespace === undefined) continue;
      const isClosed = names.has(`cilium.io/CiliumNetworkPolicy ${namespace}/default-deny`);
      const hasShare = names.has(`ResourceQuota ${namespace}/share`);
      assert.ok(isClosed && hasShare, `${namespace} runs unguarded after ${application}`);
    }
  }

  function objects(): Promise<readonly Loose[]> {
    return argo.clusters.get(CLUSTER)!.list();
  }

  async function running(namespace: string): Promise<string[]> {
    const own = (await objects()).filter(({ metadata }) => metadata.namespace === namespace);
    return RUNNING.filter((kind) => own.some((one) => isOurs(one, kind)));
  }

  /** What closes a namespace; what opens it would stand beside it. */
  async function closed(namespace: string): Promise<string[]> {
    const kinds = new Set(['CiliumNetworkPolicy', 'ResourceQuota', 'LimitRange']);
    return (await objects())
      .filter(({ kind, metadata }) => kinds.has(kind) && metadata.namespace === namespace)
      .map(({ metadata }): string => metadata.name)
      .toSorted();
  }

  async function find(kind: string, namespace: string): Promise<Loose | undefined> {
    return (await objects()).find((one) => one.metadata.namespace === namespace && isOurs(one, kind));
  }

  function isOurs(object: Loose, kind: string): boolean {
    return object.kind === kind && object.metadata.name !== 'default';
  }

  async function assertSecret(name: string): Promise<void> {
    const { metadata, data } = secretOf(name);
    const path = `/api/v1/namespaces/${metadata.namespace}/secrets/${metadata.name}`;
    const { status, body } = await server.request('GET', path);
    assert.equal(status, 200);
    assert.deepEqual((body as Loose).data, data);
    assert.ok(await find('ExternalSecret', name), 'and what keeps it');
  }
});

/** What External Secrets makes, with the policy Orphan owned by nobody. */
function secretOf(workload: string) {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: `${workload}-vault`, namespace: workload },
    data: { 'db-password': 'dmFsdWU=' },
  };
}
