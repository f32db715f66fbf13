import assert from 'node:assert/strict';
import test from 'node:test';
import { chartFacts, INSTALLED_CHARTS } from '../../../src/catalog/chart-facts.ts';
import { chart } from '../../../src/catalog/charts.ts';
import type { ClusterPlan, ComponentId, Platform } from '../../../src/model/platform.ts';
import { atlas, type FleetData, platformOf } from '../../support/fleets.ts';
import { type Loose, objectsOf, objectsOfKind, treeOf, valuesOf } from '../any-platform.ts';
import { chartPods, examplePlatforms, firstAt, problemsOf, valueAt } from '../chart-pods.ts';

/**
 * What a naive set of values of these charts gets wrong, each a measured behaviour of the pinned versions: they render
 * without a complaint, and something is Pending, missing or split afterwards.
 */
type Trap = { readonly name: string; readonly holds: (platform: Platform) => void };

const FLEETS: readonly (readonly [name: string, Platform])[] = [
  ...examplePlatforms().map(({ name, platform }) => [name, platform] as const),
  ...(['demo', 'production'] as const).flatMap((environment) => {
    const of = (name: string, change: FleetData): [string, Platform] => [
      `${name}/${environment}`,
      platformOf(atlas(change), environment),
    ];
    return [
      of('csi', { secrets: { sync: 'csi' } }),
      of('alone', { network: { clusterMesh: false } }),
      of('overlay', { network: { cni: 'azure-overlay', clusterMesh: false } }),
      of('observed-by-azure', { observability: { stack: 'azure' } }),
      of('one-system-node', oneSystemNode()),
    ];
  }),
];

function oneSystemNode(): FleetData {
  const { clusters } = atlas() as { clusters: Record<string, object> };
  const system = { nodes: 1 };
  return {
    clusters: Object.fromEntries(Object.entries(clusters).map(([name, rest]) => [name, { ...rest, system }])),
  };
}

/** Calls with the values of a chart on each cluster that has it. */
function onEach(
  platform: Platform,
  id: ComponentId,
  check: (values: Loose, cluster: ClusterPlan) => void,
): void {
  for (const cluster of platform.clusters) {
    const values = valuesOf(platform, cluster.name, id);
    if (values) check(values, cluster);
  }
}

const TRAPS: readonly Trap[] = [
  {
    name: '1 what is no DaemonSet tolerates the taints of its pool, and the operator keeps its own four',
    holds: (platform) => {
      for (const { cluster, planned, workload, values } of chartPods(platform)) {
        const tolerations: Loose[] =
          firstAt(values, workload.paths.tolerations) ?? workload.tolerations ?? [];
        const isTolerated = (taint: string): boolean =>
          tolerations.some(
            ({ key, operator }) => key === taint.split('=')[0] || (!key && operator === 'Exists'),
          );
        const pools = cluster.pools.filter(
          ({ mode }) =>
            planned.runsOn === 'each-node' || mode === (planned.runsOn === 'system' ? 'System' : 'User'),
        );
        // Where a pool without taints can take it, a tainted one beside it may be out of bounds.
        const reachable = pools.filter(({ taints }) => taints.every(isTolerated));
        const needed = planned.runsOn === 'each-node' ? pools.length : 1;
        assert.ok(reachable.length >= needed, `${cluster.name} ${planned.name}`);
      }
      onEach(platform, 'cilium', ({ operator, agentNotReadyTaintKey }) => {
        const keys = operator.tolerations.map(({ key }: Loose) => key);
        assert.deepEqual(keys.slice(0, 4), [
          'node-role.kubernetes.io/control-plane',
          'node-role.kubernetes.io/master',
          'node.kubernetes.io/not-ready',
          'node.cloudprovider.kubernetes.io/uninitialized',
        ]);
        assert.ok(!keys.includes(agentNotReadyTaintKey), 'the template adds it');
      });
    },
  },
  {
    name: '2 no more operators than system nodes: two never share a host',
    holds: (platform) =>
      onEach(platform, 'cilium', ({ operator }, { pools }) => {
        const nodes = pools.find(({ mode }) => mode === 'System')!.nodesUsual;
        assert.ok(operator.replicas <= nodes);
      }),
  },
  {
    name: '3 Cilium brings no ServiceMonitor: their CRD comes with a later chart',
    holds: (platform) =>
      onEach(platform, 'cilium', (values) => assert.doesNotMatch(JSON.stringify(values), /serviceMonitor/)),
  },
  {
    name: '4 no chart is relied on for a monitor that it may drop in silence',
    holds: (platform) => {
      onEach(platform, 'argo-cd', (values) => assert.doesNotMatch(JSON.stringify(values), /serviceMonitor/));
      onEach(platform, 'external-secrets', ({ serviceMonitor }) =>
        assert.equal(serviceMonitor.enabled, false),
      );
      onEach(platform, 'kube-prometheus-stack', ({ prometheus }, { components }) => {
        const scraped = prometheus.additionalPodMonitors.flatMap(
          ({ namespaceSelector }: Loose) => namespaceSelector.matchNames,
        );
        for (const { id, namespace } of components) {
          if (id !== 'kube-prometheus-stack') assert.ok(scraped.includes(namespace), id);
        }
      });
    },
  },
  {
    name: "5 Prometheus takes every monitor, not those of its own chart's label",
    holds: (platform) =>
      onEach(platform, 'kube-prometheus-stack', ({ prometheus: { prometheusSpec: spec } }) => {
        for (const kind of ['serviceMonitor', 'podMonitor', 'probe', 'rule', 'scrapeConfig']) {
          assert.equal(spec[`${kind}SelectorNilUsesHelmValues`], false, kind);
        }
      }),
  },
  {
    name: '6 in a mesh the certificate Jobs fail rather than make a CA of their own',
    holds: (platform) =>
      onEach(platform, 'cilium', ({ certgen, tls, clustermesh }) => {
        assert.equal(certgen.generateCA, clustermesh === undefined);
        assert.equal(tls, undefined, 'no key in Git');
      }),
  },
  {
    name: '7 certificates are made in the cluster, by the exact name of the method, on both paths',
    holds: (platform) =>
      onEach(platform, 'cilium', ({ hubble, clustermesh }) => {
        assert.equal(hubble.tls.auto.method, 'cronJob');
        if (clustermesh) assert.equal(clustermesh.apiserver.tls.auto.method, 'cronJob');
      }),
  },
  {
    name: '8 a mesh has peers with port and address, itself not among them, sound ids, and a pool of its own',
    holds: (platform) =>
      onEach(platform, 'cilium', ({ cluster, clustermesh, ipam, aksbyocni }, { name }) => {
        assert.ok(Number.isInteger(cluster.id) && cluster.id >= 1 && cluster.id <= 255);
        assert.equal(cluster.name, name);
        assert.equal(aksbyocni.enabled, true);
        assert.equal(ipam.mode, 'cluster-pool');
        assert.equal(ipam.operator.clusterPoolIPv4PodCIDRList.length, 1);
        assert.notEqual(ipam.operator.clusterPoolIPv4PodCIDRList[0], '10.0.0.0/8');
        if (!clustermesh) return;
        assert.equal(clustermesh.config.enabled, clustermesh.useAPIServer);
        assert.equal(clustermesh.config.domain, undefined, 'the certificate names mesh.cilium.io');
        assert.equal(clustermesh.maxConnectedClusters, 255);
        for (const [peer, { ips, port, address }] of Object.entries<Loose>(clustermesh.config.clusters)) {
          assert.notEqual(peer, name);
          assert.equal(port, 2379);
          assert.equal(ips.length, 1);
          assert.equal(address, undefined, 'ips beat it');
        }
      }),
  },
  {
    name: '9 the Secret of redis is made by bootstrap, not by a hook, and the README says how',
    holds: (platform) =>
      onEach(platform, 'argo-cd', ({ redisSecretInit }, { name }) => {
        assert.equal(redisSecretInit.enabled, false);
        const readme = treeOf(platform).get(`bootstrap/${name}/README.md`)!;
        assert.match(
          readme,
          /openssl rand .*create secret generic argocd-redis --from-file=auth=\/dev\/stdin/,
        );
      }),
  },
  {
    name: '10 Argo CD is asked for nothing that its 3.4.4 lacks, and its own five network policies are off',
    holds: (platform) => {
      const lacking = ['sourceHydrator', 'tagPrefix', 'sourceIntegrity'];
      for (const kind of ['ApplicationSet', 'Application', 'AppProject']) {
        const text = JSON.stringify(objectsOfKind(platform, kind));
        for (const field of lacking) assert.ok(!text.includes(`"${field}"`), field);
      }
      onEach(platform, 'argo-cd', ({ global }) => {
        assert.equal(global.networkPolicy.create, false, 'the tree has narrower ones');
      });
    },
  },
  {
    name: "11 Grafana's account is a Secret of ours: the chart would make another one at every render",
    holds: (platform) =>
      onEach(platform, 'kube-prometheus-stack', ({ grafana }, { role }) => {
        if (role !== 'mgmt') {
          assert.equal(grafana.enabled, false);
          return;
        }
        assert.equal(grafana.admin.existingSecret, 'grafana-admin');
        assert.equal(grafana.adminPassword, undefined);
        assert.equal(grafana.testFramework.enabled, false);
      }),
  },
  {
    name: '12 webhooks: the pair of External Secrets fails closed, a single one opens; Prometheus has none',
    holds: (platform) => {
      onEach(platform, 'external-secrets', ({ webhook }) => {
        assert.equal(webhook.failurePolicy, webhook.replicaCount >= 2 ? 'Fail' : 'Ignore');
      });
      onEach(platform, 'kube-prometheus-stack', ({ prometheusOperator }) => {
        assert.equal(prometheusOperator.admissionWebhooks.enabled, false);
        assert.equal(prometheusOperator.tls.enabled, false, 'else the operator waits for their certificate');
      });
    },
  },
  {
    name: '13 an agent makes no rules, and its Service, called like that of mgmt, is not the global one',
    holds: (platform) => {
      onEach(platform, 'kube-prometheus-stack', ({ prometheus, defaultRules }, { role }) => {
        assert.equal(prometheus.agentMode ?? false, role === 'app');
        assert.equal(defaultRules?.create ?? true, role === 'mgmt');
        assert.equal(prometheus.service, undefined);
      });
      for (const { metadata } of objectsOfKind(platform, 'Service')) {
        const isGlobal = metadata.annotations?.['service.cilium.io/global'] === 'true';
        if (isGlobal) assert.notEqual(metadata.name, 'kube-prometheus-stack-prometheus');
      }
    },
  },
  {
    name: '14 CRDs over the limit of a client-side apply: every Application applies on the server',
    holds: (platform) => {
      for (const { spec } of objectsOfKind(platform, 'ApplicationSet')) {
        const { syncOptions } = spec.template.spec.syncPolicy;
        assert.ok(syncOptions.includes('ServerSideApply=true'));
        assert.ok(!syncOptions.includes('Replace=true'));
      }
      const { destinations } = objectsOfKind(platform, 'AppProject')[0].spec;
      const inKubeSystem = destinations.some(({ namespace }: Loose) => namespace === '*');
      assert.ok(inKubeSystem, 'kube-prometheus-stack writes a Service into kube-system');
    },
  },
  {
    name: '15 releases have the names that ServiceAccounts and Services follow',
    holds: (platform) => {
      for (const { spec } of objectsOfKind(platform, 'ApplicationSet')) {
        const [{ chart: name, helm }] = spec.template.spec.sources;
        if (name) assert.equal(helm.releaseName, chart(name).release);
      }
      for (const { planned, workload } of chartPods(platform)) {
        const { release } = platform.clusters
          .flatMap(({ components }) => components)
          .find(({ pods }) => pods.some(({ name }) => name === planned.name))!;
        assert.ok(workload.name.startsWith(release) || release === 'cilium', workload.name);
      }
      const services = JSON.stringify(objectsOf(platform).map(({ object }) => object));
      assert.doesNotMatch(services, /\bkps-|argo-cd-argocd-|eso-external-secrets/);
    },
  },
  {
    name: '16 no key is dead: it would look right and do nothing',
    holds: (platform) => {
      for (const id of INSTALLED_CHARTS) {
        const { deadKeys } = chartFacts(id);
        onEach(platform, id, (values) => {
          for (const path of deadKeys) assert.equal(valueAt(values, path), undefined, path);
          assert.deepEqual(problemsOf(chartFacts(id), values), []);
        });
      }
    },
  },
];

for (const { name, holds } of TRAPS) {
  test(`trap ${name}`, () => {
    for (const [fleet, platform] of FLEETS) {
      try {
        holds(platform);
      } catch (error) {
        throw new Error(fleet, { cause: error });
      }
    }
  });
}

test('the fleets of this table have all that the traps are about', () => {
  const components = FLEETS.flatMap(([, { clusters }]) => clusters.flatMap((cluster) => cluster.components));
  for (const id of INSTALLED_CHARTS) assert.ok(components.some((component) => component.id === id));
  assert.ok(FLEETS.some(([, { clusters }]) => clusters.some(({ mesh }) => mesh)));
});
