import assert from 'node:assert/strict';
import test from 'node:test';
import { parseCpuMillis, parseMemoryMiB } from '../../src/base/quantity.ts';
import type { ClusterPlan, ComponentId, Platform } from '../../src/model/platform.ts';
import { SPOT_TAINT } from '../../src/model/pools.ts';
import { atlas, platformOf } from '../support/fleets.ts';
import { forEachPlatform, type Loose, objectsOfKind, valuesOf } from './any-platform.ts';

/** Where the charts take the resources of each long-lived container of a pod. */
const CONTAINERS: Readonly<Record<ComponentId, Readonly<Record<string, readonly string[]>>>> = {
  cilium: {
    'cilium-agent': [''],
    'cilium-operator': ['operator'],
    'clustermesh-apiserver': [
      'clustermesh.apiserver',
      'clustermesh.apiserver.etcd',
      'clustermesh.apiserver.kvstoremesh',
    ],
    'hubble-relay': ['hubble.relay'],
  },
  'external-secrets': {
    'external-secrets': [''],
    'external-secrets-webhook': ['webhook'],
    'external-secrets-cert-controller': ['certController'],
  },
  'argo-cd': {
    'argocd-application-controller': ['controller'],
    'argocd-server': ['server'],
    'argocd-repo-server': ['repoServer'],
    'argocd-applicationset-controller': ['applicationSet'],
    'argocd-redis': ['redis'],
  },
  'kube-prometheus-stack': {
    prometheus: ['prometheus.prometheusSpec', 'prometheusOperator.prometheusConfigReloader'],
    'prometheus-agent': ['prometheus.prometheusSpec', 'prometheusOperator.prometheusConfigReloader'],
    'prometheus-operator': ['prometheusOperator'],
    alertmanager: ['alertmanager.alertmanagerSpec', 'prometheusOperator.prometheusConfigReloader'],
    grafana: ['grafana', 'grafana.sidecar'],
    'kube-state-metrics': ['kube-state-metrics'],
    'node-exporter': ['prometheus-node-exporter'],
  },
};

function at(values: Loose, path: string): Loose {
  return path.split('.').reduce((value, key) => (key === '' ? value : value?.[key]), values);
}

/** Pods that the model plans, each with where its values stand. */
function* planned(
  platform: Platform,
): Generator<{ cluster: ClusterPlan; values: Loose; pods: Loose; paths: readonly string[] }> {
  for (const cluster of platform.clusters) {
    for (const component of cluster.components) {
      const values = valuesOf(platform, cluster.name, component.id);
      for (const pods of component.pods) {
        // A cluster without peers runs no mesh, although the fleet has one.
        if (pods.name === 'clustermesh-apiserver' && cluster.mesh?.peers.length === 0) continue;
        yield { cluster, values, pods, paths: CONTAINERS[component.id][pods.name]! };
      }
    }
  }
}

test('each pod asks for exactly what the model adds up', () => {
  forEachPlatform((platform) => {
    for (const { cluster, values, pods, paths } of planned(platform)) {
      let cpuMillis = 0;
      let memoryMiB = 0;
      for (const path of paths) {
        const { requests } = at(values, path).resources;
        cpuMillis += parseCpuMillis(requests.cpu)!;
        memoryMiB += parseMemoryMiB(requests.memory)!;
      }
      assert.deepEqual(
        { cpuMillis, memoryMiB },
        { cpuMillis: pods.cpuMillis, memoryMiB: pods.memoryMiB },
        `${cluster.name} ${pods.name}`,
      );
    }
  });
});

test('each pod runs as often as planned, where it may run, and a pair has a budget', () => {
  const budgets = { argocd: 'pdb', other: 'podDisruptionBudget' };
  forEachPlatform((platform) => {
    for (const { cluster, values, pods, paths } of planned(platform)) {
      const name = `${cluster.name} ${pods.name}`;
      const place = at(values, paths[0]!);
      if (pods.replicas === 'each-node' || pods.name === 'argocd-redis') continue;
      const replicas = place.replicas ?? place.replicaCount ?? 1;
      assert.equal(replicas, pods.replicas, name);
      const owner = paths[0]!.endsWith('Spec') ? at(values, paths[0]!.split('.')[0]!) : place;
      const budget = owner[pods.name.startsWith('argocd') ? budgets.argocd : budgets.other];
      assert.equal(budget?.enabled ?? false, pods.replicas > 1, name);
      const tolerations = place.tolerations ?? values.global?.tolerations;
      const keys = tolerations.map(({ key }: Loose) => key);
      const selector = place.nodeSelector ?? values.global?.nodeSelector;
      assert.equal(keys.includes('CriticalAddonsOnly'), pods.runsOn === 'system', name);
      assert.equal(
        selector?.['kubernetes.azure.com/mode'],
        pods.runsOn === 'system' ? 'system' : undefined,
        name,
      );
      const taints = cluster.pools.flatMap(({ mode, taints }) => (mode === 'User' ? taints : []));
      const [spotKey] = SPOT_TAINT.split('=');
      assert.equal(keys.includes(spotKey), pods.runsOn === 'user' && taints.includes(SPOT_TAINT), name);
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

test('the ServiceAccounts of tree and values are those that the federated credentials name', () => {
  forEachPlatform((platform) => {
    const federated = platform.identities.flatMap(({ federations }) =>
      federations.map(
        ({ cluster, namespace, serviceAccount }) => `${cluster} ${namespace}/${serviceAccount}`,
      ),
    );
    const stores = objectsOfKind(platform, 'ClusterSecretStore').map(
      ({ spec }) => spec.provider.azurekv.serviceAccountRef,
    );
    const accounts = objectsOfKind(platform, 'ServiceAccount').map(({ metadata }) => metadata);
    const used = stores.flatMap(({ name, namespace }) => {
      assert.ok(accounts.some((account) => account.name === name && account.namespace === namespace));
      return platform.clusters.map((cluster) => `${cluster.name} ${namespace}/${name}`);
    });
    const { controller, server } = valuesOf(platform, 'mgmt', 'argo-cd');
    for (const part of [controller, server]) {
      used.push(`mgmt argocd/${part.serviceAccount.name}`);
      assert.deepEqual(part.podLabels, { 'azure.workload.identity/use': 'true' });
    }
    used.push(...csiReaders(platform));
    assert.deepEqual(used.toSorted(), federated.toSorted());
  });
});

/** Who mounts a volume of the vault: each workload with secrets under its own name, and Grafana. */
function csiReaders(platform: Platform): string[] {
  return objectsOfKind(platform, 'SecretProviderClass').flatMap(({ metadata }) => {
    if (metadata.namespace === 'monitoring') {
      const { grafana } = valuesOf(platform, 'mgmt', 'kube-prometheus-stack');
      return [`mgmt monitoring/${grafana.serviceAccount.name}`];
    }
    const deployment = objectsOfKind(platform, 'Deployment').find(
      (object) => object.metadata.namespace === metadata.namespace,
    );
    const account = deployment.spec.template.spec.serviceAccountName;
    return platform.clusters
      .filter(({ workloads }) => workloads.some(({ name }) => name === metadata.namespace))
      .map((cluster) => `${cluster.name} ${metadata.namespace}/${account}`);
  });
}

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
      ({ metadata }) => metadata.annotations?.['service.cilium.io/global'] === 'true',
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
