import assert from 'node:assert/strict';
import test from 'node:test';
import type { Platform } from '../../src/model/platform.ts';
import { atlas, type FleetData, platformOf } from '../support/fleets.ts';
import { forEachPlatform, objectsOf, treeOf } from './any-platform.ts';

/** Text of every file, less comments: a reason may name what is not there. */
function textOf(platform: Platform): string {
  const lines = [...treeOf(platform)]
    .filter(([path]) => path.endsWith('.yaml'))
    .flatMap(([path, text]) => [path, ...text.split('\n')]);
  return lines.map((line) => line.replace(/(^|\s)#.*$/, '')).join('\n');
}

function kinds(platform: Platform): Set<string> {
  return new Set(objectsOf(platform).map(({ object }) => object.kind));
}

const both = (change: FleetData): Platform[] =>
  (['demo', 'production'] as const).map((environment) => platformOf(atlas(change), environment));

test('a fleet on the network of Azure has neither Cilium nor a mesh, and no object that only Cilium reads', () => {
  const overlay = both({ network: { cni: 'azure-overlay', clusterMesh: false } });
  for (const platform of overlay) {
    const text = textOf(platform);
    assert.doesNotMatch(text, /helm\.cilium\.io|clustermesh|hubble|cilium-ca|service\.cilium\.io/);
    assert.doesNotMatch(text, /cilium\.values\.yaml|argocd\/cilium\.yaml|prometheus-mgmt/);
  }
  forEachPlatform((platform) => {
    const isOverlay = platform.fleet.network.cni === 'azure-overlay';
    const runsCilium = platform.clusters.some(({ components }) =>
      components.some(({ id }) => id === 'cilium'),
    );
    assert.equal(runsCilium, !isOverlay);
    assert.equal(/helm\.cilium\.io/.test(textOf(platform)), !isOverlay);
  });
});

test('a fleet that Azure observes has no Prometheus, no Grafana and none of their accounts', () => {
  for (const platform of both({ observability: { stack: 'azure' } })) {
    const text = textOf(platform);
    assert.doesNotMatch(text, /prometheus-community|kube-prometheus-stack|grafana-admin|prometheus-mgmt/);
    assert.doesNotMatch(text, /additionalPodMonitors|remoteWrite/);
    const names = objectsOf(platform).flatMap(({ object }) =>
      object.kind === 'Namespace' ? [object.metadata.name] : [],
    );
    assert.ok(!names.includes('monitoring'));
  }
});

test('a fleet that mounts its secrets has no External Secrets, no store, and a class for each reader', () => {
  for (const platform of both({ secrets: { sync: 'csi' } })) {
    const found = kinds(platform);
    assert.ok(!found.has('ExternalSecret') && !found.has('ClusterSecretStore'));
    assert.ok(found.has('SecretProviderClass'));
    const text = textOf(platform);
    assert.doesNotMatch(text, /charts\.external-secrets\.io|external-secrets\.values|eso-kv/);
    assert.doesNotMatch(text, /bulkhead_vault_url|bulkhead\.dev\/vault/);
  }
  forEachPlatform((platform) => {
    const isCsi = platform.fleet.secrets.sync === 'csi';
    assert.equal(kinds(platform).has('ClusterSecretStore'), !isCsi);
    if (!isCsi) assert.ok(!kinds(platform).has('SecretProviderClass'));
  });
});

test('a fleet without a mesh has no peers, no load balancer of the mesh and no global Service', () => {
  for (const platform of both({ network: { clusterMesh: false } })) {
    const text = textOf(platform);
    assert.doesNotMatch(text, /useAPIServer|maxConnectedClusters|azure-load-balancer-internal/);
    assert.doesNotMatch(text, /service\.cilium\.io\/global/);
  }
});

test('an app cluster has no Argo CD, no Grafana and no Alertmanager', () => {
  forEachPlatform((platform) => {
    for (const { role, components } of platform.clusters) {
      const pods = components.flatMap((component) => component.pods.map(({ name }) => name));
      if (role === 'app') {
        for (const name of ['argocd-server', 'grafana', 'alertmanager', 'prometheus']) {
          assert.ok(!pods.includes(name), name);
        }
      } else assert.ok(!pods.includes('prometheus-agent'));
    }
  });
});
