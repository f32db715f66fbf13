import assert from 'node:assert/strict';
import test from 'node:test';
import { parseAllDocuments } from 'yaml';
import { clusterFacts } from '../../src/gitops/cluster-facts.ts';
import type { Platform } from '../../src/model/platform.ts';
import { atlas, fleetWithApps, platformOf } from '../support/fleets.ts';
import { forEachPlatform, type Loose, objectsOf, objectsOfKind, selected, treeOf } from './any-platform.ts';

function labelsOf(platform: Platform): ReadonlyMap<string, Record<string, string>> {
  return new Map(
    platform.clusters.map((cluster) => {
      const labels = clusterFacts(platform, cluster).flatMap((fact) =>
        fact.kind === 'label' ? [[fact.key, fact.value]] : [],
      );
      return [cluster.name, Object.fromEntries(labels)];
    }),
  );
}

test('every YAML file reads the same under YAML 1.1 and 1.2, and the same fleet gives the same bytes', () => {
  forEachPlatform((platform) => {
    const tree = treeOf(platform);
    assert.deepEqual([...treeOf(platform)], [...tree]);
    for (const [path, text] of tree) {
      assert.ok(text.endsWith('\n') && !text.endsWith('\n\n'), path);
      if (!path.endsWith('.yaml')) continue;
      const [old, current] = (['1.1', '1.2'] as const).map((version) => parseAllDocuments(text, { version }));
      assert.deepEqual(
        old!.map((document) => document.toJS()),
        current!.map((document) => document.toJS()),
        path,
      );
      for (const document of current!) assert.deepEqual(document.errors, [], path);
    }
  });
});

test('objects open with apiVersion, kind and metadata, none twice, none a Secret (C4)', () => {
  forEachPlatform((platform) => {
    const ids = objectsOf(platform).map(({ path, object }) => {
      assert.deepEqual(Object.keys(object).slice(0, 3), ['apiVersion', 'kind', 'metadata'], path);
      assert.notEqual(object.kind, 'Secret', path);
      const folder = path.slice(0, path.lastIndexOf('/'));
      return [folder, object.kind, object.metadata.namespace, object.metadata.name].join(' ');
    });
    assert.deepEqual(
      ids.filter((id, index) => ids.indexOf(id) !== index),
      [],
    );
  });
});

test('what Argo CD loses sight of stays: no set, Application, store, namespace or secret is deleted', () => {
  forEachPlatform((platform) => {
    for (const { path, object } of objectsOf(platform)) {
      const { annotations, finalizers } = object.metadata;
      const options = annotations?.['argocd.argoproj.io/sync-options'];
      const carriesOthers = [
        'ApplicationSet',
        'AppProject',
        'Application',
        'Namespace',
        'ClusterSecretStore',
      ];
      const guards = ['ResourceQuota', 'LimitRange'];
      if ([...carriesOthers, ...guards, 'ExternalSecret'].includes(object.kind)) {
        assert.equal(options, 'Prune=false,Delete=false', path);
        // Else an Application that keeps one would never be in sync again.
        assert.equal(annotations['argocd.argoproj.io/compare-options'], 'IgnoreExtraneous', path);
      }
      if (object.kind !== 'ApplicationSet') continue;
      assert.deepEqual(object.spec.syncPolicy, {
        applicationsSync: 'create-update',
        preserveResourcesOnDeletion: true,
      });
      assert.deepEqual(finalizers, ['resources-finalizer.argocd.argoproj.io']);
      assert.deepEqual(object.spec.goTemplateOptions, ['missingkey=error']);
      const { metadata, spec } = object.spec.template;
      assert.equal(metadata.finalizers, undefined);
      assert.ok(spec.syncPolicy.syncOptions.includes('ServerSideApply=true'));
      const holdsCrdsOrNetwork = spec.sources.some(({ chart }: Loose) => chart !== undefined);
      if (holdsCrdsOrNetwork) assert.equal(spec.syncPolicy.automated.prune, false);
    }
  });
});

test('every set finds exactly the clusters that run what it installs, and the files it names exist', () => {
  forEachPlatform((platform) => {
    const tree = treeOf(platform);
    const labels = labelsOf(platform);
    const root = platform.fleet.gitops?.path ?? '';
    const inTree = `${root === '' ? '' : `${root}/`}${platform.fleet.environment}/`;
    const names: string[] = [];
    for (const set of objectsOfKind(platform, 'ApplicationSet')) {
      const clusters = selected(set, labels);
      const { sources } = set.spec.template.spec;
      for (const cluster of clusters) {
        const fill = (text: string): string => text.replaceAll('{{.name}}', cluster);
        names.push(fill(set.spec.template.metadata.name));
        for (const { path, helm } of sources) {
          if (path !== undefined) {
            const folder = fill(path).replace(inTree, '');
            assert.ok(
              [...tree.keys()].some((file) => file.startsWith(`${folder}/`)),
              folder,
            );
          }
          for (const file of helm?.valueFiles ?? []) {
            assert.ok(tree.has(fill(file).replace(`$values/${inTree}`, '')), fill(file));
          }
        }
      }
      assert.ok(clusters.length > 0, set.metadata.name);
      const [{ chart }] = sources;
      const running = platform.clusters.filter(({ components }) => components.some(({ id }) => id === chart));
      if (chart)
        assert.deepEqual(
          clusters,
          running.map(({ name }) => name),
        );
    }
    assert.equal(new Set(names).size, names.length, 'Applications have names of their own');
    const installed = platform.clusters.flatMap(
      (cluster) => cluster.components.length + cluster.workloads.length,
    );
    assert.ok(names.length >= installed.reduce((sum, count) => sum + count, 0));
  });
});

test('projects allow what the Applications need: repositories, namespaces and kinds', () => {
  forEachPlatform((platform) => {
    const labels = labelsOf(platform);
    const projects = new Map(
      objectsOfKind(platform, 'AppProject').map((each) => [each.metadata.name, each.spec]),
    );
    const allows = (project: Loose, cluster: string, namespace: string): boolean =>
      project.destinations.some(
        ({ name, server, namespace: allowed }: Loose) =>
          (allowed === '*' && server === '*') || (allowed === namespace && name === cluster),
      );
    for (const set of objectsOfKind(platform, 'ApplicationSet')) {
      const { project: name, sources, destination } = set.spec.template.spec;
      for (const cluster of selected(set, labels)) {
        const project = projects.get(name.replace('{{.name}}', cluster));
        for (const { repoURL } of sources) assert.ok(project.sourceRepos.includes(repoURL), repoURL);
        assert.ok(allows(project, cluster, destination.namespace), `${set.metadata.name} on ${cluster}`);
      }
    }
    for (const { path, object } of objectsOf(platform)) {
      const [, cluster, name] = /^gitops\/clusters\/([^/]+)\/workloads\/([^/]+)\//.exec(path) ?? [];
      if (cluster === undefined) continue;
      const { namespaceResourceWhitelist: kinds } = projects.get(`workloads.${cluster}.${name}`);
      const isAllowed = kinds.some(
        ({ group, kind }: Loose) => kind === object.kind && object.apiVersion.startsWith(group),
      );
      assert.ok(isAllowed, object.kind);
      assert.ok(!kinds.some(({ kind }: Loose) => kind === 'Secret'));
      assert.equal(object.metadata.namespace, name);
    }
  });
});

test('there is something in the folder of every cluster, whatever it runs: Argo CD stops where a folder is gone', () => {
  forEachPlatform((platform) => {
    const paths = [...treeOf(platform).keys()];
    for (const { name } of platform.clusters) {
      assert.ok(
        paths.some((path) => path.startsWith(`gitops/clusters/${name}/`)),
        name,
      );
    }
  });
  const nothing = {
    network: { cni: 'azure-overlay', clusterMesh: false },
    observability: { stack: 'azure' },
    workloads: {},
  };
  for (const sync of ['external-secrets', 'csi']) {
    const tree = treeOf(platformOf(atlas({ ...nothing, secrets: { sync } })));
    for (const name of ['mgmt', 'app1', 'app2']) {
      const hasOne = [...tree.keys()].some((path) => path.startsWith(`gitops/clusters/${name}/`));
      assert.ok(hasOne, `${name} with ${sync}`);
    }
  }
});

test('without a repository the tree names a placeholder that resolves nowhere', () => {
  const [root] = objectsOfKind(platformOf(atlas({ gitops: undefined })), 'Application');
  assert.equal(root.spec.source.repoURL, 'https://example.invalid/replace-me.git');
  assert.equal(root.spec.source.path, 'demo/gitops/argocd');
});

test('Spot comes before On-Demand where a cluster has both, and the preferred size before the others', () => {
  const user = { vmSizes: ['Standard_D2s_v3', 'Standard_D2ds_v5'] };
  const data = { ...fleetWithApps(1), clusters: { mgmt: {}, app1: { user } } };
  const expander = (environment: 'demo' | 'production'): Loose =>
    objectsOfKind(platformOf(data, environment), 'ConfigMap').flatMap(({ metadata, data: { priorities } }) =>
      metadata.name === 'cluster-autoscaler-priority-expander' ? [priorities] : [],
    );
  assert.deepEqual(expander('demo'), []);
  assert.deepEqual(expander('production'), [
    '10:\n  - .*\n40:\n  - .*-spotd2dsv5-.*\n50:\n  - .*-spotd2sv3-.*\n',
  ]);
});

test('the tree grows with the clusters and with nothing else', () => {
  const files = (count: number): number => treeOf(platformOf(fleetWithApps(count))).size;
  assert.equal(files(12) - files(11), files(3) - files(2));
});
