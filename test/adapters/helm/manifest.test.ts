import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { templateArguments } from '../../../src/adapters/helm/helm.ts';
import { inInstallOrder } from '../../../src/adapters/helm/kind-order.ts';
import { parseManifest } from '../../../src/adapters/helm/manifest.ts';

describe('the order of kinds', () => {
  it('makes namespaces and definitions first, unknown kinds last', () => {
    const kinds = [
      'Wall',
      'Deployment',
      'ConfigMap',
      'Secret',
      'CustomResourceDefinition',
      'Namespace',
      'Arch',
    ];
    assert.deepEqual(
      inInstallOrder(kinds.map((kind) => ({ kind }))).map(({ kind }) => kind),
      ['Namespace', 'CustomResourceDefinition', 'Secret', 'ConfigMap', 'Deployment', 'Arch', 'Wall'],
    );
  });

  it('keeps the order of the chart within a kind, and loses nothing', () => {
    const kind = fc.constantFrom('Secret', 'Service', 'Wall', 'Arch');
    fc.assert(
      fc.property(fc.array(kind), (kinds) => {
        const objects = kinds.map((kind, index) => ({ kind, index }));
        const ordered = inInstallOrder(objects);
        assert.deepEqual(
          ordered.toSorted((a, b) => a.index - b.index),
          objects,
        );
        for (const one of kinds) {
          const places = ordered.filter(({ kind }) => kind === one).map(({ index }) => index);
          assert.deepEqual(
            places,
            places.toSorted((a, b) => a - b),
          );
        }
      }),
    );
  });
});

describe('a rendered chart', () => {
  const object = (rest: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n${rest}`;

  it('is read as the API machinery reads YAML', () => {
    const text = object('data: {a: on, b: 12:30, c: 2026-11-22, d: 0644, e: "yes", f: ~, g: 1_000}\n');
    const objects = parseManifest(text);
    assert.ok(!('problem' in objects));
    assert.deepEqual(objects[0]?.['data'], {
      a: true,
      b: '12:30',
      c: '2026-11-22',
      d: 420,
      e: 'yes',
      f: null,
      g: 1000,
    });
  });

  it('loses empty documents, and lists are taken apart', () => {
    const item = '{apiVersion: v1, kind: Role, metadata: {name: r}}';
    const text = `# nothing\n---\n---\n${object('')}---\napiVersion: v1\nkind: RoleList\nitems: [${item}]\n`;
    const objects = parseManifest(text);
    assert.ok(!('problem' in objects));
    assert.deepEqual(
      objects.map(({ kind }) => kind),
      ['ConfigMap', 'Role'],
    );
  });

  it('that is no object, or no YAML, is told', () => {
    for (const text of [
      'just: data\n',
      'a: [\n',
      '- 1\n',
      'text\n',
      'kind: A\napiVersion: v1\nmetadata: {}\n',
    ]) {
      assert.ok('problem' in parseManifest(text), text);
    }
  });
});

describe('the arguments of helm', () => {
  const chart = {
    release: 'cilium',
    namespace: 'kube-system',
    name: 'cilium',
    repo: 'https://helm.cilium.io',
    version: '1.19.1',
    valuesFiles: ['/a.yaml'],
    values: { password: 'hunter2hunter2' },
    kubernetesVersion: '1.34.2',
    apiVersions: ['monitoring.coreos.com/v1', 'gateway.networking.k8s.io/v1'],
  };

  it('pin the chart and the cluster, and hold no value', () => {
    assert.deepEqual(templateArguments(chart, '/private/values.json', {}), [
      'template',
      'cilium',
      'cilium',
      '--repo=https://helm.cilium.io',
      '--version=1.19.1',
      '--namespace=kube-system',
      '--values=/a.yaml',
      '--values=/private/values.json',
      '--kube-version=1.34.2',
      '--api-versions=monitoring.coreos.com/v1',
      '--api-versions=gateway.networking.k8s.io/v1',
      '--include-crds',
      '--no-hooks',
    ]);
  });

  it('name an OCI registry as one address, and refuse a folder that lacks the chart', () => {
    const oci = templateArguments({ ...chart, repo: 'oci://quay.io/charts/' }, '/v', {});
    assert.deepEqual(oci.slice(2, 4), ['oci://quay.io/charts/cilium', '--version=1.19.1']);
    assert.throws(() => templateArguments(chart, '/v', { BULKHEAD_CHARTS: '/nowhere' }), {
      message: 'BULKHEAD_CHARTS names /nowhere, which has no chart cilium 1.19.1',
      advice: /cilium-1\.19\.1\.tgz/,
    });
  });
});
