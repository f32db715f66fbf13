import assert from 'node:assert/strict';
import test from 'node:test';
import type { Environment } from '../../src/fleet/fleet.ts';
import { SPOT_TAINT } from '../../src/model/pools.ts';
import { atlas, type FleetData, platformOf } from '../support/fleets.ts';
import { forEachPlatform, type Loose, objectsOf, objectsOfKind, treeOf } from './any-platform.ts';

function workload(change: FleetData, environment: Environment = 'demo', fleet: FleetData = {}): Loose {
  const workloads = { shop: { clusters: ['app1', 'app2'], image: 'shop:1', ...change } };
  const platform = platformOf(atlas({ ...fleet, workloads }), environment);
  const objects = objectsOf(platform).filter(({ path }) =>
    /^gitops\/clusters\/app1\/(?:workloads\/shop\/|secret-classes\/)/.test(path),
  );
  return Object.fromEntries(objects.map(({ object }) => [object.kind, object]));
}

test('pods stop within an eviction notice, run as nobody and write nowhere but to scratch', () => {
  forEachPlatform((platform) => {
    for (const { spec } of objectsOfKind(platform, 'Deployment')) {
      const pod = spec.template.spec;
      assert.ok(pod.terminationGracePeriodSeconds <= 25);
      assert.deepEqual(pod.securityContext, {
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      });
      assert.equal(pod.automountServiceAccountToken, false);
      for (const { securityContext, resources, env } of pod.containers) {
        assert.equal(securityContext.readOnlyRootFilesystem, true);
        assert.equal(resources.limits.memory, resources.requests.memory);
        const names = env.map(({ name }: Loose) => name);
        assert.equal(new Set(names).size, names.length, 'the API server refuses a variable given twice');
      }
      const spread = pod.topologySpreadConstraints.map(({ topologyKey }: Loose) => topologyKey);
      assert.deepEqual(spread, ['topology.kubernetes.io/zone', 'kubernetes.io/hostname']);
    }
  });
});

test('a budget lets every drain finish, and a single replica has none', () => {
  assert.equal(workload({ replicas: 1 }).PodDisruptionBudget, undefined);
  const { PodDisruptionBudget: budget } = workload({ replicas: 2 });
  assert.equal(budget.spec.maxUnavailable, 1);
  assert.equal(budget.spec.unhealthyPodEvictionPolicy, 'AlwaysAllow');
});

test('a workload takes Spot first; a critical one in production never does', () => {
  const [key] = SPOT_TAINT.split('=');
  const pod = (change: FleetData, environment: Environment): Loose =>
    workload(change, environment).Deployment.spec.template.spec;
  for (const environment of ['demo', 'production'] as const) {
    const { tolerations, affinity } = pod({}, environment);
    assert.deepEqual(tolerations, [{ key, operator: 'Equal', value: 'spot', effect: 'NoSchedule' }]);
    const [preferred] = affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution;
    assert.deepEqual(preferred.preference.matchExpressions, [{ key, operator: 'In', values: ['spot'] }]);
  }
  const critical = pod({ critical: true }, 'production');
  assert.equal(critical.tolerations, undefined);
  const required = critical.affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution;
  assert.deepEqual(required.nodeSelectorTerms, [
    { matchExpressions: [{ key, operator: 'NotIn', values: ['spot'] }] },
  ]);
  assert.ok(pod({ critical: true }, 'demo').tolerations, 'in demo there is only Spot (C2)');
});

test('secrets outlive the vault, their ExternalSecret and their file (C5), and become variables', () => {
  const { ExternalSecret: secret, Deployment: deployment } = workload({
    env: { DB_PASSWORD: 'set by hand', LOG: 'no' },
    secrets: ['api-key', 'db-password', '2nd'],
  });
  assert.deepEqual(secret.spec.target, {
    name: 'shop-vault',
    creationPolicy: 'Orphan',
    deletionPolicy: 'Retain',
  });
  assert.equal(secret.spec.refreshInterval, '1h0m0s');
  assert.equal(secret.metadata.annotations['argocd.argoproj.io/sync-options'], 'Prune=false,Delete=false');
  const fromSecret = (key: string): object => ({ secretKeyRef: { name: 'shop-vault', key } });
  assert.deepEqual(deployment.spec.template.spec.containers[0].env, [
    { name: 'DB_PASSWORD', value: 'set by hand' },
    { name: 'LOG', value: 'no' },
    { name: '_2ND', valueFrom: fromSecret('2nd') },
    { name: 'API_KEY', valueFrom: fromSecret('api-key') },
  ]);
});

test('a workload is the same on each of its clusters, and in the folder of no other', () => {
  forEachPlatform((platform) => {
    const tree = treeOf(platform);
    for (const { name, clusters } of platform.fleet.workloads) {
      const own = (cluster: string): [string, string][] => {
        const start = `gitops/clusters/${cluster}/workloads/${name}/`;
        return [...tree].flatMap(([path, text]) =>
          path.startsWith(start) ? [[path.slice(start.length), text]] : [],
        );
      };
      // A cluster that there is not, the contract tells of.
      const [first = [], ...others] = platform.clusters
        .filter((cluster) => clusters.includes(cluster.name))
        .map((cluster) => own(cluster.name));
      for (const other of others) assert.deepEqual(other, first);
      for (const cluster of platform.clusters) {
        assert.equal(own(cluster.name).length > 0, clusters.includes(cluster.name), cluster.name);
      }
    }
  });
});

test('with CSI a class for each namespace and a volume take the place of the ExternalSecret', () => {
  const csi = workload({ secrets: ['db-password'] }, 'demo', { secrets: { sync: 'csi' } });
  assert.equal(csi.ExternalSecret, undefined);
  const { spec, metadata } = csi.SecretProviderClass;
  assert.match(spec.parameters.objects, /objectName: db-password/);
  assert.equal(spec.secretObjects[0].secretName, 'shop-vault');
  const { volumes, containers } = csi.Deployment.spec.template.spec;
  assert.equal(volumes[1].csi.volumeAttributes.secretProviderClass, metadata.name);
  assert.ok(containers[0].volumeMounts.some(({ name }: Loose) => name === volumes[1].name));
});

test('only a namespace whose workload reads secrets may use the store', () => {
  forEachPlatform((platform) => {
    const stores = objectsOfKind(platform, 'ClusterSecretStore');
    const users = objectsOf(platform).flatMap(({ object }) =>
      object.kind === 'ExternalSecret' ? [object.metadata.namespace] : [],
    );
    for (const { object } of objectsOf(platform)) {
      if (object.kind !== 'Namespace') continue;
      const label = object.metadata.labels['bulkhead.dev/vault'];
      if (label !== undefined) assert.ok(users.includes(object.metadata.name), object.metadata.name);
    }
    for (const { spec } of stores) {
      assert.deepEqual(spec.conditions, [
        { namespaceSelector: { matchLabels: { 'bulkhead.dev/vault': 'allowed' } } },
      ]);
    }
  });
});
