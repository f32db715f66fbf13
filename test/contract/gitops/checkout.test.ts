import assert from 'node:assert/strict';
import test from 'node:test';
import {
  checkoutOf,
  fillPlaceholders,
  pathFor,
  pathFrom,
  pathsFor,
} from '../../../src/contract/gitops/checkout.ts';
import { evidenceFromTree } from '../../../src/contract/gitops/evidence-from-tree.ts';
import { parametersLayer } from '../../../src/contract/gitops/layered-values.ts';
import { treeOf } from './tree-under-test.ts';
import { soon } from '../../support/cpu.ts';

const checkout = checkoutOf(
  treeOf({ 'b/app1/c.yaml': '', 'b/app2/c.yaml': '', 'g/app1/x.yaml': '', 'g/x.yaml': '' }),
);

test('a path of the repository is found where the folder at hand is a part of it', () => {
  assert.equal(pathFor(checkout, 'b/app1/c.yaml'), 'b/app1/c.yaml');
  assert.equal(pathFor(checkout, './b/app1/'), 'b/app1');
  assert.equal(pathFor(checkout, 'platform/production/b/app1/c.yaml'), 'b/app1/c.yaml');
  // One step alone could be anything.
  assert.equal(pathFor(checkout, 'platform/x.yaml'), undefined);
  assert.equal(pathFor(checkout, 'nowhere'), undefined);
});

test('placeholders of a path stand for what fits', () => {
  const found = pathsFor(checkout, 'platform/b/{{ .name }}/c.yaml').map(
    ({ path, bindings }) => `${path} ${bindings.get('.name')}`,
  );
  assert.deepEqual(found, ['b/app1/c.yaml app1', 'b/app2/c.yaml app2']);
  assert.deepEqual(pathsFor(checkout, '{{.a}}/{{.a}}/c.yaml'), []);
  assert.equal(pathsFor(checkout, '{{.a}}/{{.b}}/{{.c}}').length, 3);
  assert.deepEqual(pathsFor(checkout, '{{.a}}{{.b}}{{.c}}{{.d}}{{.e}}/c.yaml'), []);
  assert.deepEqual(pathsFor(checkout, 'b/{{ if .x }}/c.yaml'.replace('{{', '{{{')), []);
});

test('placeholders are filled as far as they are known', () => {
  const fill = (text: string): string =>
    fillPlaceholders(text, (name) => (name === '.name' ? 'app1' : undefined));
  assert.equal(fill('{{.name}}-{{- .name -}}-{{ .other }}'), 'app1-app1-{{ .other }}');
  soon('spaces', () => fill(`{{${' '.repeat(200_000)}`));
  soon('openings', () => fill('{{a'.repeat(100_000)));
});

test('paths never leave the folder', () => {
  assert.equal(pathFrom('a/b', '../c.yaml'), 'a/c.yaml');
  assert.equal(pathFrom('a', './b//c'), 'a/b/c');
  assert.equal(pathFrom('a', '../../etc/passwd'), undefined);
});

test('parameters of Helm are a layer of values', () => {
  assert.deepEqual(
    parametersLayer([
      { name: 'a.b', value: '1' },
      { name: 'a.c', value: '2' },
    ]),
    { a: { b: '1', c: '2' } },
  );
  assert.equal(parametersLayer([{ name: 'a[0].b', value: '1' }]), undefined);
  assert.equal(parametersLayer([{ name: '__proto__.x', value: '1' }]), undefined);
});

const CILIUM = 'cluster: { name: "{{name}}", id: 7 }\n';

function set(generators: string, source: string, extra = ''): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: { name: network, namespace: argocd }
spec:
  ${extra}
  generators: ${generators}
  template:
    spec:
      destination: { name: "{{name}}", namespace: kube-system }
      source: { repoURL: https://x.example, ${source} }
`;
}

const CHART = 'chart: cilium, helm: { valuesObject: { cluster: { name: "{{name}}", id: "{{id}}" } } }';

function clustersIn(files: Readonly<Record<string, string>>): readonly string[] {
  const { evidence, problems } = evidenceFromTree(treeOf(files), 'demo');
  assert.deepEqual(problems, []);
  return evidence.clusters!.map(({ name, id }) => `${name} ${id}`).toSorted();
}

test('rows of a list, of files, of a matrix and of cluster Secrets give the clusters', () => {
  assert.deepEqual(
    clustersIn({
      'a.yaml': set('[{ list: { elements: [{ name: a, id: 1 }, { name: b, id: 2 }] } }]', CHART),
    }),
    ['a 1', 'b 2'],
  );
  assert.deepEqual(
    clustersIn({
      'a.yaml': set('[{ git: { files: [{ path: "clusters/*/facts.json" }] } }]', CHART),
      'clusters/a/facts.json': '{ "name": "a", "id": 3 }',
      'clusters/b/facts.json': '{ "name": "b", "id": 4 }',
    }),
    ['a 3', 'b 4'],
  );
  assert.deepEqual(
    clustersIn({
      'a.yaml': set(
        '[{ matrix: { generators: [{ list: { elements: [{ name: a }, { name: b }] } }, { list: { elements: [{ id: 5 }] } }] } }]',
        CHART,
      ),
    }),
    ['a 5', 'b 5'],
  );
  assert.deepEqual(
    clustersIn({
      'a.yaml': set(
        '[{ clusters: { selector: { matchLabels: { net: cilium } } } }]',
        CHART.replace('"{{id}}"', '"{{metadata.labels.id}}"'),
      ),
      'b.yaml': [
        'apiVersion: v1\nkind: Secret\nmetadata: { name: s, labels: { argocd.argoproj.io/secret-type: cluster, net: cilium, id: "6" } }\nstringData: { name: a }\n',
        'apiVersion: v1\nkind: Secret\nmetadata: { name: t, labels: { argocd.argoproj.io/secret-type: cluster, net: other } }\nstringData: { name: b }\n',
      ].join('---\n'),
    }),
    ['a 6'],
  );
});

test('values of a file, of a text and of parameters lie over each other in the order of Argo CD', () => {
  const source =
    'chart: cilium, helm: { valueFiles: [$v/net/cilium.yaml], values: "cluster: { id: 8 }", parameters: [{ name: cluster.id, value: "9" }] }';
  const files = {
    'a.yaml': set('[{ list: { elements: [{ name: a }] } }]', source),
    'net/cilium.yaml': CILIUM,
  };
  assert.deepEqual(clustersIn(files), ['a 9']);
  const without = { ...files, 'a.yaml': files['a.yaml'].replace(/, parameters: \[.*?\]/, '') };
  assert.deepEqual(clustersIn(without), ['a 8']);
});

test('a values file that is not here leaves open what the chart is rendered with', () => {
  const source =
    'chart: cilium, helm: { valueFiles: [$v/elsewhere/cilium.yaml], valuesObject: { cluster: { name: a } } }';
  const { evidence } = evidenceFromTree(
    treeOf({ 'a.yaml': set('[{ list: { elements: [{ name: a }] } }]', source) }),
    'demo',
  );
  const [cilium] = evidence.ciliums!;
  assert.equal(cilium!.cluster, 'a');
  for (const key of ['generatesCa', 'isMeshed', 'podRanges', 'replacesKubeProxy', 'peers'] as const) {
    assert.equal(cilium![key], undefined, key);
  }
});

test('a patch leaves open what it changes, and nothing else', () => {
  const deployment =
    'apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: d, namespace: n }\nspec: { replicas: 1, template: { spec: { terminationGracePeriodSeconds: 9 } } }\n';
  const app =
    'apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: { name: a }\nspec: { source: { path: live/d }, destination: { name: x } }\n';
  const podSet = (patch: string) => {
    const kustomization = `apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [../../base/d.yaml]\n${patch}`;
    const files = { 'app.yaml': app, 'base/d.yaml': deployment, 'live/d/kustomization.yaml': kustomization };
    return evidenceFromTree(treeOf(files), 'demo').evidence.podSets![0]!;
  };
  const merge = (body: string): string =>
    `patches: [{ patch: "apiVersion: apps/v1\\nkind: Deployment\\nmetadata: { name: d }\\n${body}" }]\n`;
  const known = ({ replicas, graceSeconds }: ReturnType<typeof podSet>) => [replicas, graceSeconds];
  assert.deepEqual(known(podSet('')), [1, 9]);
  assert.deepEqual(known(podSet(merge('spec: { replicas: 3 }'))), [undefined, 9]);
  const json =
    'patches: [{ target: { kind: Deployment }, patch: "[{ op: replace, path: /spec/template/spec/terminationGracePeriodSeconds, value: 60 }]" }]\n';
  assert.deepEqual(known(podSet(json)), [1, undefined]);
  assert.deepEqual(known(podSet(json.replace('Deployment }', 'Service }'))), [1, 9]);
  assert.deepEqual(known(podSet('replicas: [{ name: d, count: 4 }]\n')), [undefined, 9]);
  assert.deepEqual(known(podSet('patches: [{ path: lost.yaml }]\n')), [undefined, undefined]);
  assert.deepEqual(known(podSet('transformers: [x.yaml]\n')), [undefined, undefined]);
});

test('values files without an Application are known by the name of their chart', () => {
  const files = {
    'east/cilium.values.yaml': 'cluster: { id: 3 }\n',
    'east/other.yaml': 'cluster: { id: 4 }\n',
  };
  assert.deepEqual(clustersIn(files), ['east 3']);
  const { evidence } = evidenceFromTree(
    treeOf({ 'a/values-cilium.yaml': 'clustermesh: { useAPIServer: true }\n' }),
    'demo',
  );
  assert.deepEqual(
    evidence.clusters!.map(({ name, id }) => [name, id]),
    [['default', 0]],
  );
});
