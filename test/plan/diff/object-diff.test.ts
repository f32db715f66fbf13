import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { diffObjects } from '../../../src/plan/diff/object-diff.ts';

const deployment = (replicas: number, env: string): string =>
  `apiVersion: apps/v1\nkind: Deployment\nmetadata: { name: shop, namespace: store }\nspec:\n  replicas: ${replicas}\n  containers: [{ name: shop, env: ${env} }]\n`;

describe('what differs between trees', () => {
  it('tells objects and their fields, entries of lists by name', () => {
    const file = 'gitops/clusters/app1/workloads/shop/deployment.yaml';
    const changes = diffObjects(
      new Map([[file, deployment(2, '[]')]]),
      new Map([[file, `${deployment(3, '[{ name: A, value: b }]')}`]]),
    );
    assert.deepEqual(changes, [
      {
        file,
        object: 'Deployment store/shop',
        action: 'update',
        fields: [
          { path: 'spec.replicas', before: '2', after: '3' },
          { path: 'spec.containers[shop].env', before: '[]' },
          { path: 'spec.containers[shop].env[A].name', after: 'A' },
          { path: 'spec.containers[shop].env[A].value', after: 'b' },
        ],
      },
    ]);
  });

  it('tells what comes and goes within one file, and says nothing of comments and READMEs', () => {
    const namespace = (name: string): string => `kind: Namespace\nmetadata: { name: ${name} }\n`;
    const changes = diffObjects(
      new Map([
        ['a.yaml', `# one\n${namespace('x')}---\n${namespace('y')}`],
        ['README.md', 'old'],
      ]),
      new Map([
        ['a.yaml', `# two\n${namespace('x')}---\n${namespace('z')}`],
        ['README.md', 'new'],
      ]),
    );
    assert.deepEqual(
      changes.map(({ object, action }) => [object, action]),
      [
        ['Namespace y', 'delete'],
        ['Namespace z', 'create'],
      ],
    );
  });

  it('tells what Argo CD leaves in a cluster, as long as there is the cluster', () => {
    const kept = `kind: Namespace\nmetadata:\n  name: shop\n  annotations: { argocd.argoproj.io/sync-options: "Delete=false,Prune=false" }\n`;
    const pruned = 'kind: Namespace\nmetadata: { name: shop }\n';
    const [file, other] = ['gitops/clusters/app1/namespaces.yaml', 'gitops/clusters/app1/quotas.yaml'];
    const actions = (base: string, ...head: readonly string[]): readonly string[] =>
      diffObjects(new Map([[file, base]]), new Map(head.map((path) => [path, '']))).map(
        ({ action }) => action,
      );
    assert.deepEqual(actions(kept, other), ['forget']);
    assert.deepEqual(actions(pruned, other), ['delete']);
    assert.deepEqual(actions(kept), ['delete']);
    assert.deepEqual(actions(kept, 'gitops/clusters/app10/namespaces.yaml'), ['delete']);
  });

  it('knows the rules of Prometheus by what they are called', () => {
    const file = 'gitops/observability/alert-rules.yaml';
    const rules = (...names: readonly string[]): string =>
      `rules: [${names.map((name) => `{ ${name}, expr: x }`).join(', ')}]`;
    const [change] = diffObjects(
      new Map([[file, rules('alert: A', 'alert: B', 'alert: B', 'record: c')]]),
      new Map([[file, rules('alert: B', 'record: c')]]),
    );
    assert.deepEqual(change?.fields, [
      { path: 'rules[A].alert', before: 'A' },
      { path: 'rules[A].expr', before: 'x' },
      { path: 'rules[B#2].alert', before: 'B' },
      { path: 'rules[B#2].expr', before: 'x' },
    ]);
  });

  it('names a values file by itself', () => {
    const file = 'bootstrap/app1/cilium.values.yaml';
    const [change] = diffObjects(
      new Map([[file, 'cluster: { id: 1 }']]),
      new Map([[file, 'cluster: { id: 2 }']]),
    );
    assert.equal(change?.object, 'cilium.values.yaml');
    assert.deepEqual(change.fields, [{ path: 'cluster.id', before: '1', after: '2' }]);
  });
});
