import assert from 'node:assert/strict';
import test from 'node:test';
import { formatIpv4, sizeOf } from '../../../src/base/cidr.ts';
import type { ClusterPlan, Platform } from '../../../src/model/platform.ts';
import { dnsServer, passes, type Place, type Policies } from '../../support/cilium-policy.ts';
import { atlas, type FleetData, fleetWithApps, platformOf } from '../../support/fleets.ts';
import { forEachPlatform, type Loose, objectsOf, objectsOfKind, valuesOf } from '../any-platform.ts';
import { forbidden, needed, policiesOf, superfluousParts, wrong } from './flow.ts';

/** Names that the charts give to pods which the model calls otherwise, and pods without an address of their own. */
const NAMES: Readonly<Record<string, string>> = {
  'prometheus-operator': 'kube-prometheus-stack-prometheus-operator',
};
const ON_NODES = ['node-exporter'];
const API_CLIENTS =
  /^(argocd-(application|server|applicationset).*|external-secrets.*|prometheus.*|kube-state-metrics|grafana)$/;

/** The platform's pods of a cluster to which policies apply. */
function platformPods(cluster: ClusterPlan): readonly Extract<Place, { kind: 'pod' }>[] {
  return cluster.components
    .filter(({ namespace }) => namespace !== 'kube-system')
    .flatMap(({ namespace, pods }) =>
      pods
        .filter(({ name }) => !ON_NODES.includes(name))
        .map(({ name }) => ({
          kind: 'pod' as const,
          cluster: cluster.name,
          namespace,
          labels: { 'app.kubernetes.io/name': NAMES[name] ?? name },
        })),
    );
}

function texts(policies: Policies): string {
  return JSON.stringify([...policies]);
}

test('no policy stands in kube-system; every other namespace of the tree is closed, and no other one is', () => {
  forEachPlatform((platform) => {
    for (const { name } of platform.clusters) {
      const folder = `gitops/clusters/${name}/`;
      const own = objectsOf(platform).filter(({ path }) => path.startsWith(folder));
      const namesOf = (kind: string): Loose[] =>
        own.flatMap(({ object }) => (object.kind === kind ? [object.metadata] : []));
      const closed = namesOf('CiliumNetworkPolicy').filter((metadata) => metadata.name === 'default-deny');
      assert.deepEqual(
        closed.map(({ namespace }) => namespace),
        namesOf('Namespace').map((metadata) => metadata.name),
      );
      const policed = namesOf('CiliumNetworkPolicy').map(({ namespace }) => namespace);
      assert.deepEqual([...new Set(policed)], [...new Set(closed.map(({ namespace }) => namespace))]);
      assert.ok(!policed.includes('kube-system'));
    }
  });
});

test('every pod of the platform resolves names, is probed, and reaches its API server where it asks it', () => {
  forEachPlatform((platform) => {
    const policies = policiesOf(platform);
    for (const cluster of platform.clusters) {
      for (const pod of platformPods(cluster)) {
        const name = `${cluster.name} ${JSON.stringify(pod.labels)}`;
        const reaches = (to: Place, port: number, protocol: 'TCP' | 'UDP' = 'TCP'): boolean =>
          passes(policies, { from: pod, to, port, protocol });
        assert.ok(reaches(dnsServer(cluster.name), 53, 'UDP') && reaches(dnsServer(cluster.name), 53), name);
        const node = { kind: 'node', isOwn: true } as const;
        assert.ok(passes(policies, { from: node, to: pod, port: 8080, protocol: 'TCP' }), name);
        const label = pod.labels['app.kubernetes.io/name']!;
        const isClient = API_CLIENTS.test(label.replace('kube-prometheus-stack-', ''));
        const apiServer = { kind: 'outside', address: '20.249.1.1', isApiServer: true } as const;
        const knowsNames = platform.fleet.network.cni === 'cilium';
        // Without names, whoever may call a host of the internet may call them all.
        if (isClient || knowsNames) assert.equal(reaches(apiServer, 443), isClient, name);
      }
    }
  });
});

test('what the tree tells Prometheus to read lets it in', () => {
  /** By the name of a monitor: the numbers behind its ports, and whether they are the node's. */
  const ports: Readonly<Record<string, readonly number[]>> = {
    'cilium-agent': [9962, 9965],
    'cilium-operator': [9963],
    'clustermesh-apiserver': [9962, 9964, 9963],
    'hubble-relay': [9966],
    'external-secrets': [8080],
    'external-secrets-webhook': [8080],
    'external-secrets-cert-controller': [8080],
    'argocd-application-controller': [8082],
    'argocd-server': [8083],
    'argocd-repo-server': [8084],
    'argocd-applicationset-controller': [8080],
  };
  forEachPlatform((platform) => {
    const policies = policiesOf(platform);
    for (const cluster of platform.clusters) {
      const monitors = valuesOf(platform, cluster.name, 'kube-prometheus-stack')?.prometheus
        .additionalPodMonitors;
      for (const { name, namespaceSelector, selector, podMetricsEndpoints } of monitors ?? []) {
        assert.equal(podMetricsEndpoints.length, ports[name]?.length, name);
        const isOnNode = name === 'cilium-agent' || name === 'cilium-operator';
        const to: Place = isOnNode
          ? { kind: 'node', isOwn: false }
          : {
              kind: 'pod',
              cluster: cluster.name,
              namespace: namespaceSelector.matchNames[0],
              labels: selector.matchLabels,
            };
        for (const port of ports[name]!) {
          assert.ok(
            passes(policies, { from: prometheusOf(cluster), to, port, protocol: 'TCP' }),
            `${name} ${port}`,
          );
        }
      }
    }
  });
});

function prometheusOf({ name, role }: ClusterPlan): Place {
  const label = role === 'mgmt' ? 'prometheus' : 'prometheus-agent';
  return {
    kind: 'pod',
    cluster: name,
    namespace: 'monitoring',
    labels: { 'app.kubernetes.io/name': label },
  };
}

test('on a network of Azure there are no names, no DNS proxy and no mesh in any rule', () => {
  forEachPlatform((platform) => {
    const text = texts(policiesOf(platform));
    const isMeshed = platform.clusters.some(({ mesh }) => mesh);
    if (!isMeshed) assert.doesNotMatch(text, /policy\.cluster/);
    if (platform.fleet.network.cni === 'azure-overlay') assert.doesNotMatch(text, /toFQDNs|"dns"/);
  });
});

test('without names, hosts are reached as the internet: on their ports, and on no private address', () => {
  const workloads = { cart: { clusters: ['shop'], image: 'cart:1', reaches: ['api.example.com:443'] } };
  const platform = platformOf({
    ...fleetWithApps(0),
    network: { cni: 'azure-overlay' },
    observability: { stack: 'azure' },
    clusters: { mgmt: {}, shop: {} },
    workloads,
  });
  const policies = policiesOf(platform);
  const endpoint = platform.network.subnets.find(({ purpose }) => purpose === 'endpoints')!;
  const { services } = platform.network;
  const [vault, keeper] = [endpoint.range.address + 4, services.address + sizeOf(services) - 10].map(
    formatIpv4,
  );
  const flows = [
    ...['mgmt', 'shop'].flatMap((cluster) => [
      needed(`${cluster}/external-secrets/external-secrets`, 'login.microsoftonline.com', 443),
      needed(`${cluster}/external-secrets/external-secrets`, vault!, 443),
      forbidden(`${cluster}/external-secrets/external-secrets`, keeper!, 443),
      needed(
        `${cluster}/kube-system/konnectivity-agent`,
        `${cluster}/external-secrets/external-secrets-webhook`,
        10_250,
      ),
      forbidden(`${cluster}/external-secrets/external-secrets-webhook`, '20.60.7.8', 443),
    ]),
    needed('mgmt/argocd/argocd-repo-server', 'github.com', 443),
    needed('mgmt/argocd/argocd-server', 'many-demo-shop-1.hcp.koreacentral.azmk8s.io', 443),
    forbidden('mgmt/argocd/argocd-redis', '20.60.7.8', 443),
    needed('shop/cart/cart', 'api.example.com', 443),
    forbidden('shop/cart/cart', 'api.example.com', 80),
    ...['169.254.169.254', '10.4.0.4', '172.20.0.1', '192.168.1.1'].map((private_) =>
      forbidden('shop/cart/cart', private_, 443),
    ),
  ];
  assert.deepEqual(wrong(policies, flows), []);
  assert.deepEqual(
    superfluousParts(policies, flows).filter((part) => part.includes(' cart/cart ')),
    [],
  );
});

function policed(change: FleetData, ...namespaces: readonly string[]): readonly string[] {
  const policies = policiesOf(platformOf(atlas(change), 'production')).get('app1')!;
  return policies
    .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)
    .filter((name) => namespaces.some((namespace) => name.startsWith(`${namespace}/`)));
}

test('what a fleet does not run has no policy', () => {
  assert.deepEqual(policed({ secrets: { sync: 'csi' } }, 'external-secrets'), []);
  assert.deepEqual(policed({ observability: { stack: 'azure' } }, 'monitoring'), []);
  assert.doesNotMatch(
    texts(policiesOf(platformOf(atlas({ observability: { stack: 'azure' } })))),
    /"prometheus"/,
  );
});

test('private API servers are reached at their endpoints in the node subnets', () => {
  const { network } = atlas() as { network: FleetData };
  const policies = policiesOf(platformOf(atlas({ network: { ...network, apiServer: 'private' } })));
  assert.deepEqual(
    wrong(policies, [
      needed('mgmt/argocd/argocd-server', '10.2.0.4', 443),
      needed('mgmt/argocd/argocd-application-controller', '10.3.0.4', 443),
      forbidden('mgmt/argocd/argocd-server', '10.4.0.4', 443),
      forbidden('mgmt/argocd/argocd-server', 'atlas-demo-app1-1.hcp.koreacentral.azmk8s.io', 443),
    ]),
    [],
  );
});

test('Argo CD reaches Git wherever the fleet file says that it is', () => {
  const cases: readonly (readonly [string, string, number])[] = [
    ['https://git.example:8443/a.git', 'git.example', 8443],
    ['ssh://git@git.example:7999/a.git', 'git.example', 7999],
    ['ssh://git.example/a.git', 'git.example', 22],
    ['git@github.com:acme/platform.git', 'github.com', 22],
    ['https://10.9.0.4/a.git', '10.9.0.4', 443],
  ];
  for (const [repo, host, port] of cases) {
    const policies = policiesOf(platformOf(atlas({ gitops: { repo } })));
    const server = 'mgmt/argocd/argocd-repo-server';
    const flows = [
      needed(server, host, port),
      needed(server, 'helm.cilium.io', 443),
      forbidden(server, host, 9),
    ];
    assert.deepEqual(wrong(policies, flows), [], repo);
  }
});

test('a workload that is called where it does not run is a global Service there, and a closed namespace', () => {
  const workloads = {
    web: { clusters: ['app1'], image: 'web:1', reaches: ['mail', 'log'] },
    mail: { clusters: ['app2'], image: 'mail:1' },
    log: { clusters: ['app1', 'app2'], image: 'log:1' },
  };
  const services = (network: FleetData): Record<string, Loose> => {
    const platform: Platform = platformOf(atlas({ workloads, network }));
    return Object.fromEntries(
      objectsOf(platform).flatMap(({ path, object }) =>
        object.kind === 'Service' && object.metadata.namespace !== 'monitoring'
          ? [[path.replace(/\/[^/]*$/, ` ${object.metadata.name}`), object.metadata.annotations]]
          : [],
      ),
    );
  };
  const over = { 'service.cilium.io/global': 'true', 'service.cilium.io/affinity': 'local' };
  assert.deepEqual(services({ peers: [['app1', 'app2']] }), {
    'gitops/clusters/app1 mail': { 'service.cilium.io/global': 'true', 'service.cilium.io/shared': 'false' },
    'gitops/clusters/app1/workloads/log log': undefined,
    'gitops/clusters/app1/workloads/web web': undefined,
    'gitops/clusters/app2/workloads/log log': undefined,
    'gitops/clusters/app2/workloads/mail mail': over,
  });
  // No peers, no mesh: the contract has said so, and the tree does not pretend.
  assert.deepEqual(
    services({ peers: [['mgmt', 'app1']] })['gitops/clusters/app2/workloads/mail mail'],
    undefined,
  );
});

test('no team writes policies through Argo CD; the platform writes them in every namespace', () => {
  forEachPlatform((platform) => {
    for (const { metadata, spec } of objectsOfKind(platform, 'AppProject')) {
      if (metadata.name === 'platform') {
        assert.deepEqual(spec.destinations, [{ server: '*', namespace: '*' }]);
        assert.equal(spec.namespaceResourceWhitelist, undefined, 'every kind');
        continue;
      }
      const kinds = spec.namespaceResourceWhitelist.map(({ kind }: Loose) => kind);
      assert.ok(!kinds.some((kind: string) => kind.endsWith('NetworkPolicy')), metadata.name);
    }
  });
});

test('what closes a namespace stays as long as the namespace, and what opens it does not', () => {
  forEachPlatform((platform) => {
    for (const { object } of objectsOf(platform)) {
      if (object.kind !== 'CiliumNetworkPolicy') continue;
      const { name, annotations } = object.metadata;
      const options = annotations?.['argocd.argoproj.io/sync-options'];
      assert.equal(options, name === 'default-deny' ? 'Prune=false,Delete=false' : undefined, name);
    }
  });
});
