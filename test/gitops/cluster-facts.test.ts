import assert from 'node:assert/strict';
import test from 'node:test';
import { synthesizeBootstrap } from '../../src/gitops/bootstrap.ts';
import { clusterFacts, LABELS } from '../../src/gitops/cluster-facts.ts';
import type { Platform } from '../../src/model/platform.ts';
import { atlas, platformOf } from '../support/fleets.ts';
import { forEachPlatform, objectsOfKind, selected } from './any-platform.ts';

/** Annotations that the templates of a cluster's Applications read. */
function annotationsRead(platform: Platform): ReadonlyMap<string, ReadonlySet<string>> {
  const labels = new Map(
    platform.clusters.map((cluster) => [
      cluster.name,
      Object.fromEntries(keysOf(platform, cluster.name, 'label')),
    ]),
  );
  const read = new Map(platform.clusters.map(({ name }) => [name, new Set<string>()]));
  for (const set of objectsOfKind(platform, 'ApplicationSet')) {
    const template = JSON.stringify(set.spec.template);
    for (const cluster of selected(set, labels)) {
      for (const [, key] of template.matchAll(/\{\{\.metadata\.annotations\.(\w+)\}\}/g)) {
        read.get(cluster)!.add(key!);
      }
    }
  }
  return read;
}

function keysOf(platform: Platform, name: string, kind: 'label' | 'annotation'): [string, string][] {
  const cluster = platform.clusters.find((each) => each.name === name)!;
  return clusterFacts(platform, cluster).flatMap((fact) =>
    fact.kind === kind ? [[fact.key, fact.kind === 'label' ? fact.value : '']] : [],
  );
}

test('a cluster Secret carries exactly the annotations that the templates read of it', () => {
  forEachPlatform((platform) => {
    for (const [cluster, read] of annotationsRead(platform)) {
      const written = keysOf(platform, cluster, 'annotation').map(([key]) => key);
      assert.deepEqual(written.toSorted(), [...read].toSorted(), cluster);
    }
  });
});

test('selectors and templates use the labels of the contract, and each label is used', () => {
  const platform = platformOf(atlas({ workloads: { one: { clusters: ['app1'], image: 'a' } } }));
  const used = new Set<string>();
  for (const set of objectsOfKind(platform, 'ApplicationSet')) {
    const { matchLabels, matchExpressions = [] } = set.spec.generators[0].clusters.selector;
    for (const key of Object.keys(matchLabels)) used.add(key);
    for (const { key } of matchExpressions) used.add(key);
  }
  assert.deepEqual([...used].toSorted(), Object.values(LABELS).toSorted());
});

test('templates read facts as fields only: index would turn a missing fact into an empty text', () => {
  forEachPlatform((platform) => {
    for (const set of objectsOfKind(platform, 'ApplicationSet')) {
      for (const [expression] of JSON.stringify(set.spec.template).matchAll(/\{\{.*?\}\}/g)) {
        assert.match(expression, /^\{\{\.(name|metadata\.annotations\.[a-z_]+)\}\}$/);
      }
    }
  });
});

test('the README of a cluster writes every fact into its Secret', () => {
  forEachPlatform((platform) => {
    const files = synthesizeBootstrap(platform);
    for (const cluster of platform.clusters) {
      const readme = files.get(`${cluster.name}/README.md`)!;
      for (const fact of clusterFacts(platform, cluster)) {
        const line = fact.kind === 'label' ? `    ${fact.key}: ${fact.value}\n` : `    ${fact.key}: "$`;
        assert.ok(readme.includes(line), `${cluster.name} ${fact.key}`);
      }
    }
  });
});
