import assert from 'node:assert/strict';
import test from 'node:test';
import { applicationSets, expectedApplications } from '../../../src/deploy/argo-cd/expected-applications.ts';
import { clusterFacts } from '../../../src/gitops/cluster-facts.ts';
import { forEachPlatform, objectsOfKind, selected, treeOf } from '../../gitops/any-platform.ts';

test('the Applications that are waited for are those that the generators make', () => {
  forEachPlatform((platform) => {
    const sets = applicationSets(treeOf(platform));
    const labels = new Map(
      platform.clusters.map((cluster) => [
        cluster.name,
        Object.fromEntries(
          clusterFacts(platform, cluster).flatMap((fact) =>
            fact.kind === 'label' ? [[fact.key, fact.value]] : [],
          ),
        ),
      ]),
    );
    const made = new Map<string, string[]>(
      platform.clusters.map(({ name, role }) => [name, role === 'mgmt' ? ['root'] : []]),
    );
    for (const set of objectsOfKind(platform, 'ApplicationSet')) {
      for (const cluster of selected(set, labels)) {
        made.get(cluster)!.push(set.spec.template.metadata.name.replace('{{.name}}', cluster));
      }
    }
    for (const cluster of platform.clusters) {
      const expected = expectedApplications(sets, platform, cluster);
      assert.deepEqual([...expected].toSorted(), made.get(cluster.name)!.toSorted(), cluster.name);
    }
  });
});
