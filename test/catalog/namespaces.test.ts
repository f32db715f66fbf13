import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namespaceOwner } from '../../src/catalog/namespaces.ts';
import { atlas, platformOf } from '../support/fleets.ts';

test('a namespace is of Kubernetes, of Azure, of the platform, or free', () => {
  assert.equal(namespaceOwner('kube-system'), 'Kubernetes');
  assert.equal(namespaceOwner('kube-of-mine'), 'Kubernetes');
  assert.equal(namespaceOwner('aks-command'), 'az aks command invoke');
  assert.equal(namespaceOwner('argocd'), 'Argo CD');
  for (const free of ['shop', 'kubelet', 'argocd-apps', '__proto__', 'constructor', '']) {
    assert.equal(namespaceOwner(free), undefined, free);
  }
});

test('every namespace of the platform is taken, and those of workloads are free', () => {
  for (const environment of ['demo', 'production'] as const) {
    for (const { components, workloads } of platformOf(atlas(), environment).clusters) {
      for (const { namespace } of components)
        assert.notEqual(namespaceOwner(namespace), undefined, namespace);
      for (const { name } of workloads) assert.equal(namespaceOwner(name), undefined, name);
    }
  }
});
