import assert from 'node:assert/strict';
import test from 'node:test';
import { directoryFilter, includedFolder } from '../../../src/contract/gitops/directory-filter.ts';
import { evidenceFromTree } from '../../../src/contract/gitops/evidence-from-tree.ts';
import { soon } from '../../support/cpu.ts';
import { treeOf } from './tree-under-test.ts';

const paths = ['a.yaml', 'a/b.yaml', 'a/b/c.yaml', 'ab/c.json'];

function taken(directory: object): readonly string[] | undefined {
  const takes = directoryFilter({ directory });
  return takes('') === undefined ? undefined : paths.filter((path) => takes(path));
}

test('a source of plain manifests takes what it includes, and not what it excludes', () => {
  assert.deepEqual(taken({}), paths);
  assert.deepEqual(taken({ include: 'a/*' }), ['a/b.yaml', 'a/b/c.yaml'], 'a star stands for slashes, too');
  assert.deepEqual(taken({ include: '*.yaml', exclude: 'a/b/**' }), ['a.yaml', 'a/b.yaml']);
  assert.deepEqual(taken({ include: '{a?/*,a.{yaml,json}}' }), ['a.yaml', 'ab/c.json']);
  assert.deepEqual(taken({ include: 'nowhere/*' }), []);
  assert.deepEqual(taken({ exclude: '*' }), []);
});

test('a pattern that is not read leaves open what is taken', () => {
  for (const include of ['[ab].yaml', String.raw`a\*`, '{a', 'a}', '{a,b}'.repeat(20), 'a'.repeat(1000)]) {
    assert.equal(taken({ include }), undefined, include);
  }
  soon('stars', () => directoryFilter({ directory: { include: '*a'.repeat(200) } })('a'.repeat(100_000)));
});

test('the folder that a pattern begins with', () => {
  const folder = (include: string): string | undefined => includedFolder({ directory: { include } });
  assert.equal(folder('workloads/shop/*'), 'workloads/shop');
  assert.equal(folder('workloads/{a,b}/*'), 'workloads');
  assert.equal(folder('workloads/shop'), undefined, 'the name of a file');
  assert.equal(folder('*.yaml'), undefined);
  assert.equal(includedFolder({}), undefined);
});

const set = (name: string): string => `
apiVersion: argoproj.io/v1alpha1
kind: ApplicationSet
metadata: { name: ${name} }
spec:
  generators: [{ clusters: { selector: { matchLabels: { role: app } } } }]
  template:
    metadata: { name: '{{.name}}-${name}' }
    spec:
      sources:
        - path: tree/clusters/{{.name}}
          directory: { recurse: true, include: '${name}/*' }
      destination: { name: '{{.name}}', namespace: ${name} }
`;
const deployment = (name: string): string => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name} }
spec:
  replicas: 2
  template: { spec: { containers: [{ name: ${name}, image: ${name} }] } }
`;

test('Applications that share the folder of a cluster bring what each includes, to the clusters that have some', () => {
  const { evidence } = evidenceFromTree(
    treeOf({
      'argocd/shop.yaml': set('shop'),
      'argocd/web.yaml': set('web'),
      'clusters/east/shop/deployment.yaml': deployment('shop'),
      'clusters/east/web/deployment.yaml': deployment('web'),
      'clusters/west/web/deployment.yaml': deployment('web'),
    }),
    'production',
  );
  const found = (evidence.workloads ?? []).map(({ name, clusters }) => `${name} ${clusters?.join()}`);
  assert.deepEqual(found.toSorted(), [
    'Deployment shop/shop east',
    'Deployment web/web east',
    'Deployment web/web west',
  ]);
});
