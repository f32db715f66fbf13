import assert from 'node:assert/strict';
import test from 'node:test';
import { SPOT_TAINT } from '../../src/model/pools.ts';
import { atlas, platformOf } from '../support/fleets.ts';
import { forEachPlatform, type Loose, objectsOfKind, valuesOf } from './any-platform.ts';
import { chartPods, firstAt } from './chart-pods.ts';

test('each pod runs as often as planned, where it may run, and a pair has a budget', () => {
  const [spotKey] = SPOT_TAINT.split('=');
  forEachPlatform((platform) => {
    for (const { cluster, planned, workload, values } of chartPods(platform)) {
      const name = `${cluster.name} ${planned.name}`;
      const { kind, paths } = workload;
      if (planned.replicas === 'each-node') {
        assert.equal(kind, 'DaemonSet', name);
        continue;
      }
      if (kind !== 'Job') {
        assert.equal(firstAt(values, paths.replicas) ?? 1, planned.replicas, name);
        assert.equal(firstAt(values, paths.budget) ?? false, planned.replicas > 1, name);
      }
      const keys = firstAt(values, paths.tolerations).map(({ key }: Loose) => key);
      const selector = firstAt(values, paths.nodeSelector);
      const isSystem = planned.runsOn === 'system';
      assert.equal(keys.includes('CriticalAddonsOnly'), isSystem, name);
      assert.equal(selector?.['kubernetes.azure.com/mode'], isSystem ? 'system' : undefined, name);
      const taints = cluster.pools.flatMap((pool) => (pool.mode === 'User' ? pool.taints : []));
      assert.equal(keys.includes(spotKey), planned.runsOn === 'user' && taints.includes(SPOT_TAINT), name);
    }
  });
});

test('both sides of a mesh pair know each other at the address that the other one takes', () => {
  forEachPlatform((platform) => {
    const mesh = new Map(
      platform.clusters.map(({ name }) => [name, valuesOf(platform, name, 'cilium')?.clustermesh]),
    );
    const pairs = new Set(
      platform.clusters.some(({ mesh: plan }) => plan)
        ? platform.fleet.network.peers.flatMap(([a, b]) => [`${a} ${b}`, `${b} ${a}`])
        : [],
    );
    const rendered = new Set<string>();
    for (const [name, own] of mesh) {
      for (const [peer, { ips, port }] of Object.entries<Loose>(own?.config.clusters ?? {})) {
        rendered.add(`${name} ${peer}`);
        const other = mesh.get(peer);
        const annotations = other.apiserver.service.annotations;
        assert.deepEqual(ips, [annotations['service.beta.kubernetes.io/azure-load-balancer-ipv4']]);
        assert.equal(port, 2379);
        assert.ok(other.config.clusters[name], `${peer} does not know ${name}`);
      }
    }
    assert.deepEqual([...rendered].toSorted(), [...pairs].toSorted());
  });
});

test('Cilium takes its CA from nobody but the fleet, and certificates from a Job', () => {
  const meshed = valuesOf(platformOf(atlas()), 'mgmt', 'cilium');
  assert.equal(meshed.certgen.generateCA, false);
  assert.equal(meshed.clustermesh.apiserver.tls.auto.method, 'cronJob');
  assert.equal(meshed.hubble.tls.auto.method, 'cronJob');
  assert.equal(meshed.clustermesh.cacheTTL, '15m');
  assert.strictEqual(meshed.kubeProxyReplacement, 'false');
  assert.strictEqual(meshed.cluster.id, 1);
  assert.match(meshed.agentNotReadyTaintKey, /^startup-taint\.cluster-autoscaler\.kubernetes\.io\//);
  const alone = valuesOf(platformOf(atlas({ network: { clusterMesh: false } })), 'mgmt', 'cilium');
  assert.equal(alone.clustermesh, undefined);
  assert.equal(alone.certgen.generateCA, true);
  const overlay = platformOf(atlas({ network: { cni: 'azure-overlay', clusterMesh: false } }));
  assert.equal(valuesOf(overlay, 'mgmt', 'cilium'), undefined);
});

test('External Secrets: a pair that fails closed in production, one that fails open in demo', () => {
  const webhook = (environment: 'demo' | 'production'): Loose =>
    valuesOf(platformOf(atlas(), environment), 'app1', 'external-secrets').webhook;
  assert.equal(webhook('demo').failurePolicy, 'Ignore');
  assert.equal(webhook('production').failurePolicy, 'Fail');
  assert.deepEqual(webhook('production').podDisruptionBudget, { enabled: true, minAvailable: 1 });
});

test('agents write to mgmt over one Service of the mesh, where there is a mesh between them', () => {
  forEachPlatform((platform) => {
    const mgmt = platform.clusters.find(({ role }) => role === 'mgmt')!;
    const services = objectsOfKind(platform, 'Service').filter(
      ({ metadata: { namespace, annotations } }) =>
        namespace === 'monitoring' && annotations?.['service.cilium.io/global'] === 'true',
    );
    const writers = platform.clusters.filter((cluster) => {
      const { remoteWrite = [] } =
        valuesOf(platform, cluster.name, 'kube-prometheus-stack')?.prometheus.prometheusSpec ?? {};
      for (const { url } of remoteWrite) {
        assert.equal(url, 'http://prometheus-mgmt.monitoring.svc:9090/api/v1/write');
        assert.ok(mgmt.mesh!.peers.some((peer) => peer.cluster === cluster.name));
      }
      return remoteWrite.length > 0;
    });
    assert.equal(services.length, writers.length === 0 ? 0 : writers.length + 1);
    for (const { metadata } of services) assert.equal(metadata.name, 'prometheus-mgmt');
    assert.equal(services.filter(({ spec }) => spec.selector).length, writers.length === 0 ? 0 : 1);
  });
});

test('Grafana takes its account from the vault, and Prometheus deletes before its disk is full', () => {
  const { grafana, prometheus } = valuesOf(platformOf(atlas()), 'mgmt', 'kube-prometheus-stack');
  assert.equal(grafana.admin.existingSecret, 'grafana-admin');
  const secret = objectsOfKind(platformOf(atlas()), 'ExternalSecret').find(
    ({ metadata }) => metadata.namespace === 'monitoring',
  );
  assert.equal(secret.spec.target.name, 'grafana-admin');
  assert.deepEqual(
    secret.spec.data.map(({ secretKey }: Loose) => secretKey),
    ['admin-user', 'admin-password'],
  );
  assert.equal(prometheus.prometheusSpec.retentionSize, '40GB');
  const { spec } = prometheus.prometheusSpec.storageSpec.volumeClaimTemplate;
  assert.equal(spec.resources.requests.storage, '50Gi');
});
