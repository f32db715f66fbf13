import assert from 'node:assert/strict';
import test from 'node:test';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { clusterFacts } from '../../src/gitops/cluster-facts.ts';
import { pathInCheckout } from '../../src/gitops/checkout.ts';
import type { Platform } from '../../src/model/platform.ts';
import { anyFleet } from '../support/any-fleet.ts';
import {
  type ArgoCd,
  type Commit,
  identity,
  listedResources,
  memoryStore,
  type Outcome,
  reconcile,
  type Store,
} from '../support/argo-cd.ts';
import { atlas, type FleetData, platformOf } from '../support/fleets.ts';
import { type Loose, objectsOf, selected, treeOf } from './any-platform.ts';

const SEED = 20_261_122;
const GROUP = '22222222-2222-2222-2222-222222222222';
const FLEETS = 30;
/** A few rounds bring anything to rest: what needs a namespace comes after it. */
const ROUNDS = 3;

/** Kinds that stay in a cluster when nothing speaks of them any more. */
const STAYING = /^(?:Namespace|ResourceQuota|LimitRange|\S+\/CiliumNetworkPolicy|\S+\/ExternalSecret) /;

type Workloads = Readonly<Record<string, { readonly clusters: readonly string[] }>>;
type Teams = Readonly<Record<string, { readonly workloads?: readonly string[] }>>;

/** The fleet with a third of its workloads gone, a third on fewer clusters, and its first team gone. */
function less(data: FleetData): FleetData {
  const all = Object.entries((data['workloads'] ?? {}) as Workloads);
  const kept = all.flatMap(([name, workload], index) => {
    if (index % 3 === 0) return [];
    const clusters = index % 3 === 1 ? workload.clusters.slice(0, 1) : workload.clusters;
    // Whom it calls may be gone.
    return [[name, { ...workload, clusters, callers: [], reaches: [] }] as const];
  });
  const names = new Set(kept.map(([name]) => name));
  const teams = Object.entries((data['teams'] ?? {}) as Teams).map(
    ([name, team]) =>
      [name, { ...team, workloads: (team.workloads ?? []).filter((own) => names.has(own)) }] as const,
  );
  return { ...data, workloads: Object.fromEntries(kept), teams: Object.fromEntries(teams.slice(1)) };
}

function commitOf(platform: Platform): Commit {
  const files = [...treeOf(platform)].map(
    ([path, text]) => [pathInCheckout(platform.fleet, path), text] as const,
  );
  return { files: new Map(files) };
}

type Argo = ArgoCd & { readonly removed: string[]; readonly lost: Set<string> };

/** Argo CD as bootstrap leaves it: with its root, its projects and a Secret of each cluster. */
async function bootstrapped(platform: Platform): Promise<Argo> {
  const removed: string[] = [];
  const lost = new Set<string>();
  const labels = new Map(
    platform.clusters.map((cluster) => {
      const facts = clusterFacts(platform, cluster);
      return [
        cluster.name,
        Object.fromEntries(facts.flatMap((fact) => (fact.kind === 'label' ? [[fact.key, fact.value]] : []))),
      ] as const;
    }),
  );
  const clusters = new Map(
    platform.clusters.map(({ name }): [string, Store] => {
      const store = memoryStore(['kube-system']);
      const remove = (object: Loose): Promise<void> => {
        removed.push(`${name}: ${identity(object)}`);
        return store.remove(object);
      };
      return [name, { ...store, remove }];
    }),
  );
  const argo: Argo = {
    own: memoryStore(['argocd']),
    clusters,
    removed,
    lost,
    kustomize: listedResources,
    generate: async (set, cluster) => {
      if (lost.has(cluster) || !selected(set, labels).includes(cluster)) return [];
      const { metadata, spec } = JSON.parse(
        JSON.stringify(set.spec.template).replaceAll('{{.name}}', cluster),
      ) as Loose;
      return [{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata, spec }];
    },
  };
  const tree = treeOf(platform);
  for (const name of ['projects.yaml', 'root.yaml']) {
    for (const document of parseAllDocuments(tree.get(`gitops/argocd/${name}`)!)) {
      await argo.own.apply(document.toJS() as Loose);
    }
  }
  return argo;
}

async function settle(
  argo: Argo,
  commit: Commit,
  isReversed: boolean,
): Promise<ReadonlyMap<string, Outcome>> {
  let outcomes: ReadonlyMap<string, Outcome> = new Map();
  for (let round = 0; round < ROUNDS; round++) {
    outcomes = await reconcile(argo, commit, { isReversed, after: () => assertGuarded(argo) });
  }
  return outcomes;
}

/** Wherever something runs, nothing reaches it but by a rule, and it takes no more than its share. */
async function assertGuarded({ clusters }: Argo): Promise<void> {
  for (const [name, store] of clusters) {
    const objects = await store.list();
    const names = new Set(objects.map(identity));
    for (const { kind, metadata } of objects) {
      if (kind !== 'Deployment') continue;
      const { namespace } = metadata;
      for (const guard of [
        `cilium.io/CiliumNetworkPolicy ${namespace}/default-deny`,
        `ResourceQuota ${namespace}/share`,
        `LimitRange ${namespace}/unasked`,
      ]) {
        assert.ok(names.has(guard), `${name}: ${namespace} runs without ${guard}`);
      }
    }
  }
}

/** What of a kind stands in a cluster, or in the folder of one. */
async function standing(store: Store, kind: string): Promise<string[]> {
  return (await store.list())
    .filter((object) => object.kind === kind)
    .map(identity)
    .toSorted();
}

function written(platform: Platform, cluster: string, kind: string): string[] {
  return objectsOf(platform)
    .filter(({ path, object }) => path.startsWith(`gitops/clusters/${cluster}/`) && object.kind === kind)
    .map(({ object }) => identity(object))
    .toSorted();
}

function assertSynced(outcomes: ReadonlyMap<string, Outcome>): void {
  const others = [...outcomes].filter(([, { status }]) => status !== 'Synced');
  assert.deepEqual(others, []);
}

test('what leaves a fleet file leaves its clusters, but for secrets and what closes a namespace', async () => {
  const fleets = fc.sample(anyFleet, { seed: SEED, numRuns: FLEETS });
  let gone = 0;
  for (const [index, data] of fleets.entries()) {
    const environment = index % 2 === 0 ? 'demo' : 'production';
    const [was, is] = [platformOf(data, environment), platformOf(less(data), environment)];
    const argo = await bootstrapped(was);
    assertSynced(await settle(argo, commitOf(was), index % 4 > 1));
    const secrets = new Map<string, string[]>();
    for (const [name, store] of argo.clusters) secrets.set(name, await standing(store, 'ExternalSecret'));
    argo.removed.length = 0;
    assertSynced(await settle(argo, commitOf(is), index % 4 > 1));
    for (const [name, store] of argo.clusters) {
      for (const kind of ['Deployment', 'Service', 'PodDisruptionBudget', 'SecretProviderClass']) {
        if (name === 'mgmt' && kind === 'SecretProviderClass') continue;
        assert.deepEqual(await standing(store, kind), written(is, name, kind), `${name}: ${kind}`);
      }
      const kept = await standing(store, 'ExternalSecret');
      for (const secret of secrets.get(name) ?? []) assert.ok(kept.includes(secret), secret);
      await assertNothingElse(store, is, name);
      const running = written(is, name, 'Deployment').map((each) => `${name}: ${each}`);
      for (const each of running) assert.ok(!argo.removed.includes(each), `${each} was deleted in passing`);
    }
    gone += argo.removed.filter((each) => each.includes('/Deployment ')).length;
  }
  assert.ok(gone > 20, `${gone} Deployments`);
});

/** What closes a namespace stays; what opens it, and all else, is in the tree. */
async function assertNothingElse(store: Store, is: Platform, cluster: string): Promise<void> {
  const known = new Set(objectsOf(is).map(({ object }) => identity(object)));
  for (const object of await store.list()) {
    const name = identity(object);
    if (known.has(name) || !STAYING.test(name)) {
      assert.ok(known.has(name), `${cluster}: ${name}`);
      continue;
    }
    if (object.kind === 'CiliumNetworkPolicy') assert.equal(object.metadata.name, 'default-deny', name);
  }
}

const shop = { clusters: ['app1', 'app2'], image: 'shop:1', secrets: ['key'], callers: ['web'] };
const web = { clusters: ['app1'], image: 'web:1' };
const both = { shop, web };
const PEERS = {
  peers: [
    ['mgmt', 'app1'],
    ['mgmt', 'app2'],
    ['app1', 'app2'],
  ],
};

/** Argo CD after a first commit, and what it says of the second. */
async function changed(
  before: FleetData,
  after: FleetData,
  isReversed: boolean,
): Promise<{ argo: Argo; outcomes: ReadonlyMap<string, Outcome> }> {
  const [was, is] = [before, after].map((data) => platformOf(atlas({ network: PEERS, ...data })));
  const argo = await bootstrapped(was!);
  assertSynced(await settle(argo, commitOf(was!), isReversed));
  argo.removed.length = 0;
  return { argo, outcomes: await settle(argo, commitOf(is!), isReversed) };
}

const DEPLOYMENT = 'apps/Deployment shop/shop';

for (const isReversed of [false, true]) {
  const order = isReversed ? 'the workloads first' : 'the platform first';

  test(`the last workload leaves, ${order}`, async () => {
    const { argo, outcomes } = await changed({ workloads: both }, { workloads: {} }, isReversed);
    assertSynced(outcomes);
    for (const name of ['app1', 'app2']) {
      assert.deepEqual(await standing(argo.clusters.get(name)!, 'Deployment'), [], name);
      const secrets = await standing(argo.clusters.get(name)!, 'ExternalSecret');
      assert.deepEqual(secrets, ['external-secrets.io/ExternalSecret shop/shop-vault']);
    }
  });

  test(`a workload leaves one of its clusters, where it is still called: ${order}`, async () => {
    const there = { ...shop, clusters: ['app2'] };
    const { argo, outcomes } = await changed(
      { workloads: both },
      { workloads: { shop: there, web } },
      isReversed,
    );
    assertSynced(outcomes);
    const app1 = argo.clusters.get('app1')!;
    assert.deepEqual(await standing(app1, 'Deployment'), ['apps/Deployment web/web']);
    const service = (await app1.list()).find((one) => identity(one) === 'Service shop/shop')!;
    assert.equal(service.spec.selector, undefined, 'the pods of the peer stand behind it');
    assert.ok(!argo.removed.some((each) => each === `app2: ${DEPLOYMENT}`));
  });

  test(`a workload changes hands, and none of it is deleted: ${order}`, async () => {
    const teams = { sales: { group: GROUP, workloads: ['shop'] } };
    for (const [before, after] of [
      [{}, teams],
      [teams, {}],
    ] as const) {
      const { argo, outcomes } = await changed(
        { workloads: both, teams: before },
        { workloads: both, teams: after },
        isReversed,
      );
      assertSynced(outcomes);
      assert.deepEqual(argo.removed, []);
    }
  });

  test(`a team leaves with its workload: ${order}`, async () => {
    const teams = { sales: { group: GROUP, workloads: ['shop'], namespaces: ['lab'] } };
    const { argo, outcomes } = await changed(
      { workloads: both, teams },
      { workloads: { web }, teams: {} },
      isReversed,
    );
    assertSynced(outcomes);
    const app2 = argo.clusters.get('app2')!;
    assert.deepEqual(await standing(app2, 'Deployment'), []);
    const quotas = await standing(app2, 'ResourceQuota');
    assert.deepEqual(quotas, ['ResourceQuota lab/share', 'ResourceQuota shop/share']);
  });

  test(`a workload that comes back is made again: ${order}`, async () => {
    const { argo } = await changed({ workloads: both }, { workloads: { web } }, isReversed);
    const is = platformOf(atlas({ network: PEERS, workloads: both }));
    assertSynced(await settle(argo, commitOf(is), isReversed));
    assert.ok((await standing(argo.clusters.get('app2')!, 'Deployment')).includes(DEPLOYMENT));
  });

  test(`a cluster that leaves the file is left alone: ${order}`, async () => {
    const clusters = { mgmt: {}, app1: {}, app2: {} };
    const { app2: _, ...others } = clusters;
    const { argo, outcomes } = await changed(
      { clusters, workloads: both },
      { clusters: others, network: {}, workloads: { web } },
      isReversed,
    );
    assert.ok((await standing(argo.clusters.get('app2')!, 'Deployment')).includes(DEPLOYMENT));
    assert.match(JSON.stringify(outcomes.get('workloads.app2.shop')), /app path does not exist/);
    assert.ok(!argo.removed.some((each) => each.startsWith('app2: ')));
    assert.ok(argo.removed.includes(`app1: ${DEPLOYMENT}`));
  });

  test(`a cluster whose Secret is lost keeps what it has: ${order}`, async () => {
    const is = platformOf(atlas({ workloads: both }));
    const argo = await bootstrapped(is);
    await settle(argo, commitOf(is), isReversed);
    argo.lost.add('app1');
    await settle(argo, commitOf(is), isReversed);
    assert.deepEqual(argo.removed, []);
  });
}
