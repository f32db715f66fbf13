import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { discoverKinds, kubePath, type ServedKinds } from '../src/adapters/kube/discovery.ts';
import { type Environment, environments } from '../src/fleet/fleet.ts';
import { synthesize } from '../src/plan/synthesize.ts';
import type { Loose } from '../test/gitops/any-platform.ts';
import { atlas, type FleetData, platformOf } from '../test/support/fleets.ts';
import { type ApiServer, startApiServer } from './support/api-server.ts';
import { loadCrds } from './support/crds.ts';
import { exampleFleets, randomFleets, seed } from './support/example-fleets.ts';
import { cascadedObjects, identityOf, prunedObjects } from './support/prune.ts';
import { applyObject, type KubernetesObject } from './support/server-side-apply.ts';
import { pathOf, provenBy } from './support/tools.ts';
import { objectsBelow } from './support/tree-objects.ts';

const examples: readonly FleetData[] = [...exampleFleets.values()];
const random: readonly FleetData[] = randomFleets(5);

type Workloads = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Everything that a fleet file may say of a workload and that it may do without. */
const BOTH: Workloads = {
  storefront: {
    clusters: ['app1'],
    image: 'ghcr.io/acme/storefront:1.4.2',
    replicas: 3,
    env: { LOG_LEVEL: 'info', COLOUR: 'blue' },
    secrets: ['db-password', 'api-key-1'],
    callers: ['basket'],
  },
  basket: { clusters: ['app2'], image: 'ghcr.io/acme/basket:1.0.0' },
};
const OF_STOREFRONT = 'app1/workloads/storefront/';
const PEERED = {
  peers: [
    ['mgmt', 'app1'],
    ['mgmt', 'app2'],
    ['app1', 'app2'],
  ],
};

const TOOLS = provenBy('etcd', 'kube-apiserver', 'crds');

describe('a change of the fleet file', TOOLS, () => {
  let server: ApiServer;
  let kinds: ServedKinds;
  let count = 0;
  before(async () => {
    console.log(`${examples.length} examples and ${random.length} random fleets, BULKHEAD_SEED=${seed}`);
    server = await startApiServer();
    const components = ['argo-cd', 'external-secrets', 'cilium'];
    await loadCrds(server, pathOf('crds'), new Set(components));
    kinds = await discoverKinds(server.request);
  });
  after(() => server?.stop());

  test('takes a setting, a secret and an annotation from the live objects', async () => {
    const { storefront, basket } = BOTH;
    const less = { ...storefront!, callers: [], env: { COLOUR: 'blue' }, secrets: ['api-key-1'] };
    const was = objectsOf({ storefront: storefront!, basket: basket! });
    const is = objectsOf({ storefront: less, basket: basket! });
    for (const objects of [was, is]) for (const object of objects) await applied(object);
    const live = async (kind: string): Promise<Loose> =>
      (await read(
        is.find((object) => object.kind === kind && object.metadata.name.startsWith('storefront'))!,
      ))!;
    const [container] = (await live('Deployment')).spec.template.spec.containers;
    assert.deepEqual(container.env.map(({ name }: Loose) => name).toSorted(), ['API_KEY_1', 'COLOUR']);
    assert.deepEqual(
      (await live('ExternalSecret')).spec.data.map(({ secretKey }: Loose) => secretKey),
      ['api-key-1'],
    );
    const annotated = was.find(({ kind, metadata }) => kind === 'Service' && metadata.name === 'storefront')!;
    assert.ok('annotations' in annotated.metadata);
    assert.equal((await live('Service')).metadata.annotations, undefined);
  });

  for (const [index, data] of [...examples, ...random].entries()) {
    for (const environment of environments) {
      const name = examples[index] ? String(data['name']) : `random-${index - examples.length}`;
      test(`${name} in ${environment}: nothing stays of what the file no longer says`, async () => {
        const is = treeOf(bare(data), environment);
        const changed = [...treeOf(data, environment)].flatMap(([key, before]) => {
          const next = is.get(key);
          return next && !isDeepStrictEqual(before, next) ? [[before, next] as const] : [];
        });
        for (const [before, next] of changed) {
          await applied(before);
          assert.deepEqual(essence(await applied(next)), essence(await afresh(next)), identityOf(next));
        }
        count += changed.length;
      });
    }
  }

  test('some objects did change', () => {
    assert.ok(count > 20, String(count));
    console.log(`${count} changed objects`);
  });

  test('leaves behind what was applied under another name: so the README applies under that of Argo CD', async () => {
    const object = (data: object): KubernetesObject => ({
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'bootstrapped', namespace: 'default' },
      data,
    });
    const first = await applyObject(server, object({ old: '1', kept: '1' }), { fieldManager: 'helm' });
    assert.ok(first.ok);
    const second = object({ kept: '1' });
    const live = await applied(second);
    assert.deepEqual(live['data'], { old: '1', kept: '1' });
    assert.notDeepEqual(essence(live), essence(await afresh(second)), 'the comparison above would notice');
    const readmes = [...synthesize(platformOf(atlas()))].filter(([path]) => path.endsWith('README.md'));
    const lines = readmes.flatMap(([, text]) => text.match(/.*kubectl apply .*/g) ?? []);
    assert.ok(lines.length > 5);
    for (const line of lines)
      assert.match(line, /--server-side --force-conflicts --field-manager=argocd-controller/);
  });

  test('that takes the last secret and all but one replica prunes the budget and keeps the Secret', async () => {
    const { storefront } = BOTH;
    const was = objectsOf({ storefront: { ...storefront!, callers: [] } }, OF_STOREFRONT);
    const is = objectsOf(
      { storefront: { ...storefront!, callers: [], secrets: [], replicas: 1 } },
      OF_STOREFRONT,
    );
    for (const object of was) await applied(object);
    const secret = await makeSecret(was);
    const pruned = prunedObjects(was, is);
    assert.deepEqual(
      pruned.map(({ kind }) => kind),
      ['PodDisruptionBudget'],
    );
    for (const object of pruned) await remove(object);
    await assertKept(was, secret);
  });

  test('that takes a workload away leaves its Secret, whoever deletes the rest', async () => {
    const { storefront } = BOTH;
    const all = objectsOf({ storefront: { ...storefront!, callers: [] } }, OF_STOREFRONT);
    for (const object of all) await applied(object);
    const secret = await makeSecret(all);
    // By a prune, and by an Application that is deleted with its objects.
    const gone = prunedObjects(all, []);
    assert.deepEqual(gone, cascadedObjects(all));
    assert.deepEqual(gone.map(({ kind }) => kind).toSorted(), [
      'Deployment',
      'PodDisruptionBudget',
      'Service',
      'ServiceAccount',
    ]);
    for (const object of gone) {
      await remove(object);
      assert.equal(await read(object), undefined);
    }
    await assertKept(all, secret);
    // Then by hand, which no annotation forbids: nobody is left that the garbage collector could miss.
    await remove(all.find(({ kind }) => kind === 'ExternalSecret')!);
    const left = await read(secret);
    assert.deepEqual([left?.metadata.ownerReferences, left?.data], [undefined, secret['data']]);
  });

  test('would take the Secret along, if External Secrets owned it', async () => {
    const { storefront } = BOTH;
    const sync = objectsOf({ storefront: { ...storefront!, callers: [] } }).find(
      ({ kind }) => kind === 'ExternalSecret',
    )!;
    const owned = JSON.parse(JSON.stringify(sync).replace('"Orphan"', '"Owner"')) as KubernetesObject;
    const { metadata } = (await applied(owned)) as Loose;
    const secret = (await read(await makeSecret([owned])))!;
    const [owner] = secret.metadata.ownerReferences;
    assert.deepEqual([owner.kind, owner.uid, owner.controller], ['ExternalSecret', metadata.uid, true]);
  });

  async function applied(object: KubernetesObject): Promise<KubernetesObject> {
    const answer = await applyObject(server, object);
    assert.ok(answer.ok, `${identityOf(object)}: ${JSON.stringify(answer)}`);
    return answer.object;
  }

  /** What the API server would store of an object that was never there: a dry run under another name. */
  async function afresh(object: KubernetesObject): Promise<KubernetesObject> {
    const metadata = { ...object.metadata, name: `${object.metadata.name}-afresh` };
    const answer = await applyObject(server, { ...object, metadata }, { dryRun: true });
    assert.ok(answer.ok, `${identityOf(object)}: ${JSON.stringify(answer)}`);
    return answer.object;
  }

  const pathTo = ({ apiVersion, kind, metadata }: KubernetesObject): string =>
    kubePath({ apiVersion, ...metadata }, kinds.get(`${apiVersion}/${kind}`)!);

  /** Undefined where it is not, or is on its way out. */
  async function read(object: KubernetesObject): Promise<Loose | undefined> {
    const { status, body } = await server.request('GET', pathTo(object));
    assert.ok(status === 200 || status === 404, `${identityOf(object)}: ${JSON.stringify(body)}`);
    return status === 404 ? undefined : (body as Loose);
  }

  /** In the background: in the foreground the API server would wait for a garbage collector that does not run here. */
  async function remove(object: KubernetesObject): Promise<void> {
    const { status, body } = await server.request('DELETE', `${pathTo(object)}?propagationPolicy=Background`);
    assert.equal(status, 200, JSON.stringify(body));
  }

  /** The Secret that External Secrets makes of an ExternalSecret: an owner it names for the policy `Owner` alone. */
  async function makeSecret(objects: readonly KubernetesObject[]): Promise<KubernetesObject> {
    const sync = (await read(objects.find(({ kind }) => kind === 'ExternalSecret')!))!;
    const { name, creationPolicy } = sync.spec.target;
    const { apiVersion, kind } = sync;
    const owner = { apiVersion, kind, name: sync.metadata.name, uid: sync.metadata.uid, controller: true };
    const secret = {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: {
        name,
        namespace: sync.metadata.namespace,
        ...(creationPolicy === 'Owner' ? { ownerReferences: [owner] } : {}),
      },
      data: Object.fromEntries(sync.spec.data.map(({ secretKey }: Loose) => [secretKey, 'dmFsdWU='])),
    };
    const made = await applyObject(server, secret, { fieldManager: 'externalsecrets.external-secrets.io' });
    assert.ok(made.ok, JSON.stringify(made));
    return secret;
  }

  /** C5: the ExternalSecret stays, and its Secret with all its keys, owned by nobody with whom it could go. */
  async function assertKept(objects: readonly KubernetesObject[], secret: KubernetesObject): Promise<void> {
    assert.ok(await read(objects.find(({ kind }) => kind === 'ExternalSecret')!));
    const left = await read(secret);
    assert.deepEqual([left?.metadata.ownerReferences, left?.data], [undefined, secret['data']]);
  }
});

/** What was applied and what the API server adds by default, without what it makes up for each object. */
function essence({ metadata, ...fields }: Loose): Loose {
  const labels = { ...metadata.labels, 'kubernetes.io/metadata.name': undefined };
  const spec = { ...fields.spec, clusterIP: undefined, clusterIPs: undefined };
  return { ...fields, status: undefined, spec, metadata: { labels, annotations: metadata.annotations } };
}

/** The objects of a tree by their files: clusters have objects of one name. */
function treeOf(data: FleetData, environment: Environment): ReadonlyMap<string, KubernetesObject> {
  const tree = synthesize(platformOf(data, environment));
  const paths = [...tree.keys()].filter((path) => path.startsWith('gitops/'));
  return new Map(
    paths.flatMap((path) =>
      objectsBelow(tree, path).map((object) => [`${path} ${identityOf(object)}`, object] as const),
    ),
  );
}

/** The fleet without teams, its workloads without anything that they may do without. */
function bare(data: FleetData): FleetData {
  const workloads = Object.entries((data['workloads'] ?? {}) as Workloads);
  const least = workloads.map(([name, { clusters, image }]) => [name, { clusters, image }]);
  return { ...data, teams: {}, workloads: Object.fromEntries(least) };
}

/** What the tree has for these workloads of atlas, whose app clusters are peers here. */
function objectsOf(workloads: Workloads, folder?: string): readonly KubernetesObject[] {
  const tree = synthesize(platformOf(atlas({ network: PEERED, workloads })));
  const folders = folder === undefined ? ['app1/workloads/', 'app2/workloads/'] : [folder];
  return folders.flatMap((path) => objectsBelow(tree, `gitops/clusters/${path}`));
}
