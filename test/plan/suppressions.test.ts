import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { FileTree } from '../../src/base/file-tree.ts';
import { type Scanner, scanners } from '../../src/contract/suppressions/known-alarm.ts';
import { environments } from '../../src/fleet/fleet.ts';
import { suppressionsOf } from '../../src/plan/suppressions.ts';
import { synthesizeTerraform } from '../../src/terraform/tree.ts';
import { anyFleet } from '../support/any-fleet.ts';
import { atlas, platformOf } from '../support/fleets.ts';

const names = Object.keys(scanners) as Scanner[];

function declares(tree: FileTree, file: string, resource: string): boolean {
  const [type, name] = resource.split('.');
  return tree.get(file)?.includes(`\nresource "${type}" "${name}" {\n`) === true;
}

test('every suppression is of a resource that the Terraform declares in that file, and stands once', () => {
  fc.assert(
    fc.property(anyFleet, fc.constantFrom(...environments), (data, environment) => {
      const platform = platformOf(data, environment);
      const tree = synthesizeTerraform(platform);
      for (const scanner of names) {
        const list = suppressionsOf(platform, scanner);
        for (const { file, resource } of list)
          assert.ok(declares(tree, file, resource), `${file} ${resource}`);
        const keys = list.map(({ check, file, resource }) => `${file} ${resource} ${check}`);
        assert.deepEqual(keys, [...new Set(keys)].toSorted());
      }
    }),
    { numRuns: 30 },
  );
});

test('a cluster with a hyphen has an underscore in its address and none in its folder', () => {
  const data = atlas({
    clusters: { mgmt: {}, 'app-eu': {} },
    network: { peers: [['mgmt', 'app-eu']] },
    workloads: {},
    environments: {},
  });
  const places = suppressionsOf(platformOf(data), 'trivy').map(({ file, resource }) => `${file} ${resource}`);
  assert.ok(places.includes('clusters/app-eu/cluster.tf azurerm_kubernetes_cluster.app_eu'));
});

test('what Checkov is to be silent about in atlas is known to the number', () => {
  const counts = environments.map(
    (environment) => suppressionsOf(platformOf(atlas(), environment), 'checkov').length,
  );
  assert.deepEqual(counts, [40, 37]);
});
