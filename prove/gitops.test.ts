import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { parse } from 'yaml';
import type { FileTree } from '../src/base/file-tree.ts';
import { chartFacts } from '../src/catalog/chart-facts.ts';
import { type Environment, environments } from '../src/fleet/fleet.ts';
import { pathInCheckout } from '../src/gitops/checkout.ts';
import type { Platform } from '../src/model/platform.ts';
import { synthesize } from '../src/plan/synthesize.ts';
import { directoryFiles } from '../test/support/argo-cd.ts';
import { atlas, type FleetData, platformOf } from '../test/support/fleets.ts';
import { type ApiServer, startApiServer } from './support/api-server.ts';
import {
  chosenClusters,
  type ClusterSecret,
  forgetClusters,
  registerCluster,
} from './support/cluster-secrets.ts';
import { loadCrds } from './support/crds.ts';
import { exampleFleets, randomFleets, seed } from './support/example-fleets.ts';
import {
  type Application,
  type ApplicationSet,
  generate,
  strangeActions,
} from './support/generated-applications.ts';
import { type Kubectl, kustomize, openKubectl } from './support/kubectl.ts';
import { openFieldReader } from './support/open-fields.ts';
import { temporaryFolder } from './support/processes.ts';
import { applyObject, ensureNamespace, type KubernetesObject } from './support/server-side-apply.ts';
import { pathOf, provenBy } from './support/tools.ts';
import { filesBelow, objectsBelow, objectsIn } from './support/tree-objects.ts';

type Subject = { readonly name: string; readonly environment: Environment; readonly data: FleetData };

const examples: readonly Subject[] = [...exampleFleets].flatMap(([name, data]) =>
  environments.map((environment) => ({ name, environment, data })),
);
/** A workload for each way of choosing clusters, and the facts that CSI alone reads. */
const variants: readonly Subject[] = [
  {
    name: 'csi',
    environment: 'demo',
    data: atlas({
      secrets: { sync: 'csi' },
      workloads: { one: { clusters: ['app1'], image: 'ghcr.io/acme/one:1', secrets: ['key-1'] } },
    }),
  },
];
const random: readonly Subject[] = randomFleets(5).map((data, index) => ({
  name: `random-${index}`,
  environment: environments[index % environments.length]!,
  data,
}));
const subjects = [...examples, ...variants, ...random];

/** Stands in the tree wherever the fact of a cluster is to come. */
const PLACEHOLDER = 'set-from-the-cluster-secret';
const FACT = /^bulkhead[_.]/;

describe('Argo CD gets what the tree says', provenBy('etcd', 'kube-apiserver', 'crds', 'kubectl'), () => {
  let server: ApiServer;
  const read = { labels: new Set<string>(), annotations: new Set<string>() };
  const written = { labels: new Set<string>(), annotations: new Set<string>() };

  before(async () => {
    console.log(
      `${subjects.length - random.length} fleets and ${random.length} random ones, BULKHEAD_SEED=${seed}`,
    );
    server = await startApiServer();
    const components = ['argo-cd', 'external-secrets', 'secrets-store-csi-driver'];
    await loadCrds(server, pathOf('crds'), new Set(components));
    await ensureNamespace(server, 'argocd');
  });
  after(() => server?.stop());

  for (const subject of subjects) {
    test(`${subject.name} in ${subject.environment}: each set makes Applications of the Secrets that bootstrap writes`, async () => {
      const platform = platformOf(subject.data, subject.environment);
      const temporary = temporaryFolder('gitops');
      try {
        await assertGenerated(platform, temporary.path);
      } finally {
        await forgetClusters(server);
        temporary.remove();
      }
    });
  }

  test('over all fleets, each fact that is written is read, and each that is read is written', () => {
    for (const kind of ['labels', 'annotations'] as const) {
      assert.deepEqual([...written[kind]].toSorted(), [...read[kind]].toSorted());
      assert.ok(written[kind].size >= 4, [...written[kind]].join());
    }
  });

  async function assertGenerated(platform: Platform, folder: string): Promise<void> {
    const tree = synthesize(platform);
    const contexts = platform.clusters.map(({ resourceName }) => resourceName);
    const kubectl = openKubectl(folder, server, contexts);
    for (const cluster of platform.clusters) await registerCluster(tree, cluster, kubectl, folder);

    const sets = objectsBelow(tree, 'gitops/argocd/').filter(isApplicationSet);
    assert.deepEqual(strangeActions(sets), []);
    const chosen = await setsByCluster(sets);
    const names: string[] = [];
    for (const secret of await chosenClusters(server)) {
      const own = chosen.get(secret.name) ?? [];
      noteFacts(secret);
      const generated = await generate(own, secret, kubectl, folder);
      assert.ok(generated.ok, JSON.stringify(generated));
      for (const application of generated.applications) {
        names.push(application.metadata.name);
        assert.equal(application.spec.destination.name, secret.name);
        await assertTaken(application);
        await assertSources(platform, tree, application, kubectl, join(folder, application.metadata.name));
      }
      await assertEachIsRead(own, secret, kubectl, folder);
    }
    assert.equal(new Set(names).size, names.length, 'two Applications of one name');
    assert.ok(names.length >= sets.length);
  }

  async function setsByCluster(
    sets: readonly ApplicationSet[],
  ): Promise<ReadonlyMap<string, readonly ApplicationSet[]>> {
    const chosen = new Map<string, ApplicationSet[]>();
    for (const set of sets) {
      assert.deepEqual([set.spec.goTemplate, set.spec.goTemplateOptions], [true, ['missingkey=error']]);
      for (const { clusters } of set.spec.generators) {
        const { matchLabels = {}, matchExpressions = [] } = clusters.selector;
        for (const key of [...Object.keys(matchLabels), ...matchExpressions.map(({ key }) => key)]) {
          read.labels.add(key);
        }
        const found = await chosenClusters(server, clusters.selector);
        assert.ok(found.length > 0, `${set.metadata.name} chooses no cluster`);
        for (const { name } of found) chosen.set(name, [...(chosen.get(name) ?? []), set]);
      }
    }
    return chosen;
  }

  function noteFacts(secret: ClusterSecret): void {
    for (const kind of ['labels', 'annotations'] as const) {
      for (const key of Object.keys(secret[kind])) if (FACT.test(key)) written[kind].add(key);
    }
  }

  /** Without any one of its annotations, and it alone, the Secret gives no Applications: `missingkey=error` names it. */
  async function assertEachIsRead(
    sets: readonly ApplicationSet[],
    secret: ClusterSecret,
    kubectl: Kubectl,
    folder: string,
  ): Promise<void> {
    for (const key of Object.keys(secret.annotations).filter((each) => FACT.test(each))) {
      const { [key]: _, ...annotations } = secret.annotations;
      const generated = await generate(sets, { ...secret, annotations }, kubectl, folder);
      assert.ok(!generated.ok, `${secret.name}: ${key} is written and never read`);
      assert.ok(generated.message.includes(`map has no entry for key "${key}"`), generated.message);
      read.annotations.add(key);
    }
  }

  /** What an Application leads to is in the tree, and kustomize fills in what the cluster's Secret says. */
  async function assertSources(
    { fleet }: Platform,
    tree: FileTree,
    application: Application,
    kubectl: Kubectl,
    folder: string,
  ): Promise<void> {
    const top = pathInCheckout(fleet, '');
    const inTree = (path: string): string => (path.startsWith(top) ? path.slice(top.length) : path);
    for (const source of application.spec.sources) {
      const { path, helm, kustomize: changes } = source;
      for (const file of helm?.valueFiles ?? []) {
        assert.ok(tree.has(inTree(file.replace(/^\$values\//, ''))), `${file} is not in the tree`);
      }
      if (path === undefined) continue;
      const files = filesBelow(tree, `${inTree(path)}/`);
      assert.ok(files.size > 0, `${path} is not in the tree`);
      if (!changes) {
        const texts = [...directoryFiles(files, source).values()];
        assert.ok(texts.length > 0, `${path} has nothing for ${application.metadata.name}`);
        assert.ok(!texts.some((text) => text.includes(PLACEHOLDER)), `${path} needs patches`);
        continue;
      }
      const list = parse(files.get('kustomization.yaml') ?? '') as object;
      const patched = JSON.stringify({ ...list, patches: changes.patches });
      const text = await kustomize(kubectl, folder, new Map([...files, ['kustomization.yaml', patched]]));
      assert.ok(!text.includes(PLACEHOLDER), text);
      assert.ok(text.includes(`-${application.spec.destination.name}-`), text);
      for (const object of objectsIn(text)) await assertTaken(object, application.spec.destination.namespace);
    }
  }

  async function assertTaken(object: KubernetesObject, namespace?: string): Promise<void> {
    const applied = await applyObject(server, object, { dryRun: true, ...(namespace ? { namespace } : {}) });
    assert.ok(applied.ok, `${object.kind} ${object.metadata.name}: ${JSON.stringify(applied)}`);
  }

  test('Go says no: a fact that the Secret lacks, and what is no template', async () => {
    const temporary = temporaryFolder('gitops');
    const kubectl = openKubectl(temporary.path, server, ['only']);
    const tree = synthesize(platformOf(atlas()));
    const set = objectsBelow(tree, 'gitops/argocd/argo-cd.yaml').find(isApplicationSet)!;
    const secret = { name: 'mgmt', server: 'https://kubernetes.default.svc', labels: {}, annotations: {} };
    const bare = await generate([set], secret, kubectl, temporary.path);
    assert.match(JSON.stringify(bare), /map has no entry for key ..bulkhead_argocd_client_id/);
    const broken = JSON.parse(JSON.stringify(set).replace('{{.name}}', '{{.name}')) as ApplicationSet;
    const refused = await generate([broken], secret, kubectl, temporary.path);
    assert.match(JSON.stringify(refused), /template/);
    assert.equal(refused.ok, false);
    temporary.remove();
  });
});

/** The fields of our objects into which the API server does not look, and what is in them. */
const OPEN_FIELDS: Readonly<Record<string, (value: unknown) => void>> = {
  'ApplicationSet.spec.template.spec.sources[].helm.valuesObject': assertAccounts,
};

describe('what the API server does not look into', provenBy('crds'), () => {
  let openFields: ReturnType<typeof openFieldReader>;
  before(() => {
    openFields = openFieldReader(pathOf('crds'));
  });

  test('is this, and has the shape that its reader expects', () => {
    const found = new Set<string>();
    for (const { data, environment } of subjects) {
      for (const object of objectsBelow(synthesize(platformOf(data, environment)), 'gitops/')) {
        for (const { path, value } of openFields(object)) {
          found.add(path);
          assert.ok(OPEN_FIELDS[path], `nobody checks ${path}`);
          OPEN_FIELDS[path](value);
        }
      }
    }
    assert.deepEqual([...found].toSorted(), Object.keys(OPEN_FIELDS).toSorted());
  });

  test('is found where it lies, and nowhere else', () => {
    const object = {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: 'one' },
      spec: { project: 'one', source: { helm: { values: 'a: 1', valuesObject: { a: [1] } } } },
    };
    assert.deepEqual(openFields(object), [
      { path: 'Application.spec.source.helm.valuesObject', value: { a: [1] } },
    ]);
  });
});

/** Values of the chart argo-cd: the annotation of accounts that the chart makes, and nothing beside it. */
function assertAccounts(values: unknown): void {
  const annotations = {
    'azure.workload.identity/client-id': '{{.metadata.annotations.bulkhead_argocd_client_id}}',
  };
  const parts = Object.keys(values as object).toSorted();
  assert.deepEqual(parts, ['controller', 'server']);
  const known = chartFacts('argo-cd').serviceAccounts.map(({ annotationsPath }) => annotationsPath);
  for (const part of parts) assert.ok(known.includes(`${part}.serviceAccount.annotations`), part);
  for (const part of Object.values(values as object))
    assert.deepEqual(part, { serviceAccount: { annotations } });
}

function isApplicationSet(object: KubernetesObject): object is ApplicationSet {
  return object.kind === 'ApplicationSet';
}
