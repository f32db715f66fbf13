import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { chart, CHART_NAMES } from '../../src/catalog/charts.ts';

describe('charts', () => {
  it('are pinned to one version each', () => {
    assert.deepEqual(
      CHART_NAMES.map((name) => [name, chart(name).version, chart(name).appVersion]),
      [
        ['argo-cd', '10.1.1', 'v3.4.4'],
        ['argo-rollouts', '2.41.0', 'v1.9.0'],
        ['cilium', '1.20.0', '1.20.0'],
        ['crossplane', '2.3.4', '2.3.4'],
        ['external-secrets', '2.9.0', 'v2.9.0'],
        ['kube-prometheus-stack', '88.5.3', 'v0.93.1'],
      ],
    );
  });

  it('have the digest of their archive, where an index lists it', () => {
    const digests = CHART_NAMES.flatMap((name) => chart(name).digest ?? []);
    for (const digest of digests) assert.match(digest, /^sha256:[0-9a-f]{64}$/);
    assert.equal(new Set(digests).size, digests.length);
    const without = CHART_NAMES.filter((name) => chart(name).digest === undefined);
    assert.deepEqual(without, ['crossplane', 'kube-prometheus-stack']);
  });

  it('say where they come from and what they are called in a cluster', () => {
    for (const name of CHART_NAMES) {
      const { repo, release, namespace, date, source } = chart(name);
      assert.match(repo, /^https:\/\//);
      assert.match(release, /^[a-z][a-z-]*$/);
      assert.match(namespace, /^[a-z][a-z-]*$/);
      assert.match(date, /^20\d\d-\d\d-\d\d$/);
      assert.notEqual(source, '');
    }
    assert.deepEqual([chart('argo-cd').release, chart('argo-cd').namespace], ['argocd', 'argocd']);
    assert.equal(chart('cilium').namespace, 'kube-system');
  });
});
