import assert from 'node:assert/strict';
import test from 'node:test';
import { evidenceFromTree } from '../../../src/contract/gitops/evidence-from-tree.ts';
import { broken, filesBelow, findingsIn, lineOf, replaced, verdictsOf } from './tree-under-test.ts';

/** What a tree of this product must be found to keep, not only found to say nothing of. */
const HELD_BY_ALL = [
  'secrets-in-key-vault',
  'no-literal-secrets-in-git',
  'stores-sign-in-by-workload-identity',
  'vault-outage-keeps-secrets',
  'secrets-outlive-the-tree',
  'external-secrets-api-is-served',
  'webhook-survives-a-lost-pod',
  'applicationsets-survive-a-lost-cluster',
  'templates-stop-on-a-missing-fact',
  'pdb-lets-a-drain-finish',
  'replicas-are-spread',
  'requests-are-set',
  'workload-survives-eviction',
  'one-mgmt-cluster',
];
const HELD_BY_A_MESH = [
  'mesh-values-are-mutual',
  'mesh-ca-is-shared',
  'mesh-size-is-one',
  'certificates-are-made-in-the-cluster',
  'kube-proxy-is-kept',
  'cilium-operator-tolerates-system-nodes',
  'pod-pool-is-explicit',
  'no-automated-prune-of-the-cni',
  'global-services-have-backends',
  'dependencies-are-peered',
  'cluster-ids-are-unique',
  'ranges-are-disjoint',
  'grace-period-inside-the-notice',
  'spot-pods-tolerate-and-choose',
  'spot-label-is-spelled-out',
];

for (const fleet of ['atlas', 'borealis']) {
  for (const environment of ['demo', 'production'] as const) {
    test(`the tree of ${fleet} in ${environment} keeps the contract`, () => {
      const files = filesBelow(`corpus/trees/${fleet}/${environment}`);
      const { evidence, problems } = evidenceFromTree(files, undefined);
      assert.deepEqual(problems, []);
      assert.equal(evidence.environment, environment);
      assert.deepEqual(broken(findingsIn(files)).map(lineOf), []);
      const verdicts = verdictsOf(evidence);
      const expected = fleet === 'atlas' ? [...HELD_BY_ALL, ...HELD_BY_A_MESH] : HELD_BY_ALL;
      for (const id of expected) assert.equal(verdicts.get(id), 'held', id);
      const isMixed = environment === 'production';
      assert.equal(verdicts.get('priority-expander-prefers-spot'), isMixed ? 'held' : 'not applicable');
    });
  }
}

test('the clusters of a tree are found by what the paths of its Applications fit', () => {
  const { evidence } = evidenceFromTree(filesBelow('corpus/trees/borealis/production'), undefined);
  const clusters = evidence.clusters!.map(({ name, role }) => `${name} ${role}`);
  assert.deepEqual(clusters.toSorted(), ['mgmt mgmt', 'shop app']);
  const users = evidence.tokenUsers!.map(({ cluster, subject }) => `${cluster} ${subject}`);
  assert.deepEqual(users.toSorted(), [
    'mgmt system:serviceaccount:argocd:argocd-application-controller',
    'mgmt system:serviceaccount:argocd:argocd-server',
    'mgmt system:serviceaccount:external-secrets:eso-kv',
    'shop system:serviceaccount:external-secrets:eso-kv',
  ]);
});

test('a Service without pods of its own needs one peer that has some', () => {
  const service = (annotations: string, spec: string): string =>
    `apiVersion: v1\nkind: Service\nmetadata: { name: cart, namespace: monitoring, annotations: { ${annotations} } }\n` +
    `spec: { ${spec} ports: [{ port: 80 }] }\n`;
  const global = 'service.cilium.io/global: "true"';
  const giving = service(global, 'selector: { app: cart },');
  const verdictWith = (files: Readonly<Record<string, string>>): string | undefined => {
    const tree = new Map([...filesBelow('corpus/trees/atlas/demo'), ...Object.entries(files)]);
    return verdictsOf(evidenceFromTree(tree, undefined).evidence).get('dependencies-are-peered');
  };
  const taking = { 'gitops/clusters/app1/cart.yaml': service(global, '') };
  assert.equal(verdictWith({ ...taking, 'gitops/clusters/app2/cart.yaml': giving }), 'broken');
  const both = { 'gitops/clusters/app2/cart.yaml': giving, 'gitops/clusters/mgmt/cart.yaml': giving };
  assert.equal(verdictWith({ ...taking, ...both }), 'held');
});

/**
 * A tree that nothing here has written: charts around Cilium, Kustomize with a chart of its own, lists of
 * clusters by address, other names for everything.
 */
const orchard = filesBelow('test/fixtures/gitops/orchard');
const HUB = 'clusters/hub/network/values.yaml';
const EAST = 'clusters/east/network/values.yaml';
const ORDERS = 'teams/orders/base/orders.yaml';
const SECRET = 'teams/orders/base/secret.yaml';

test('a sound tree in another layout breaks nothing', () => {
  assert.deepEqual(broken(findingsIn(orchard, 'production')).map(lineOf), []);
  const { evidence } = evidenceFromTree(orchard, 'production');
  const verdicts = verdictsOf(evidence);
  for (const id of [
    ...HELD_BY_ALL,
    ...HELD_BY_A_MESH,
    'critical-pods-stay-off-spot',
    'priority-expander-prefers-spot',
  ]) {
    assert.equal(verdicts.get(id), 'held', id);
  }
});

type Fault = readonly [file: string, from: string, to: string, ...expected: string[]];

/** Each fault, and every line that is then said: that of the invariant that owns it, and no other. */
const FAULTS: readonly Fault[] = [
  [
    HUB,
    '\n        - { name: east, port: 2379, ips: [10.12.0.250] }',
    '',
    `error mesh-values-are-mutual ${EAST}:28:11: east lists hub, and hub does not list east`,
  ],
  [
    EAST,
    'ips: [10.11.0.250]',
    'ips: [10.11.0.251]',
    `error mesh-values-are-mutual ${EAST}:28:11: east looks for hub at 10.11.0.251, and its mesh API is at ` +
      '10.11.0.250',
  ],
  [EAST, 'id: 2', 'id: 1', `error cluster-ids-are-unique ${HUB}:2:29: hub has the id 1, which is east's`],
  [
    EAST,
    '[10.222.0.0/16]',
    '[10.221.0.0/16]',
    `error ranges-are-disjoint ${HUB}:7:35: hub's pods and east's pods have the same range, 10.221.0.0/16`,
  ],
  [
    EAST,
    '      clusterPoolIPv4PodCIDRList: [10.222.0.0/16]\n',
    '      clusterPoolIPv4MaskSize: 24\n',
    `error pod-pool-is-explicit ${EAST}:6:5: Cilium on east takes pods from its default, 10.0.0.0/8`,
  ],
  [
    EAST,
    'generateCA: false',
    'generateCA: true',
    `error mesh-ca-is-shared ${EAST}:13:26: east makes a CA of its own where the shared one is missing`,
  ],
  [
    EAST,
    'hubble: { tls: { auto: { method: cronJob } } }',
    'hubble: { tls: { auto: { method: cronjob } } }',
    `error certificates-are-made-in-the-cluster ${EAST}:14:36: certificates of east: cronjob is no method of ` +
      'the chart',
  ],
  [
    EAST,
    '      tls: { auto: { method: cronJob } }\n',
    '',
    `error certificates-are-made-in-the-cluster ${EAST}:18:5: certificates of east: helm makes new ones on ` +
      'every render',
  ],
  [
    EAST,
    'maxConnectedClusters: 255',
    'maxConnectedClusters: 511',
    `error mesh-size-is-one ${HUB}:17:27: hub is made for 255 clusters, east for 511`,
    'error mesh-size-is-one clusters/west/network/values.yaml:17:27: west is made for 255 clusters, east for 511',
  ],
  [
    EAST,
    'kubeProxyReplacement: "false"',
    'kubeProxyReplacement: "true"',
    `error kube-proxy-is-kept ${EAST}:4:25: Cilium on east replaces the kube-proxy that AKS runs beside it`,
  ],
  [
    EAST,
    '      - { key: CriticalAddonsOnly, operator: Exists }\n',
    '',
    `error cilium-operator-tolerates-system-nodes ${EAST}:10:5: the operator of Cilium on east does not ` +
      'tolerate CriticalAddonsOnly',
  ],
  [
    'argocd/network.yaml',
    'prune: false',
    'prune: yes',
    'error no-automated-prune-of-the-cni argocd/network.yaml:32:45: ApplicationSet argo/network prunes the ' +
      'network by itself',
  ],
  [
    'argocd/network.yaml',
    'applicationsSync: create-update',
    'applicationsSync: sync',
    'error applicationsets-survive-a-lost-cluster argocd/network.yaml:17:23: ApplicationSet argo/network ' +
      'deletes an Application whose row is gone',
  ],
  [
    'argocd/network.yaml',
    '    preserveResourcesOnDeletion: true\n',
    '',
    'error applicationsets-survive-a-lost-cluster argocd/network.yaml:16:3: an Application of ApplicationSet ' +
      'argo/network that is deleted empties its cluster',
  ],
  [
    'argocd/network.yaml',
    '  goTemplateOptions: [missingkey=error]\n',
    '',
    'warning templates-stop-on-a-missing-fact argocd/network.yaml:7:1: ApplicationSet argo/network writes ' +
      '<no value> for a missing fact',
  ],
  [
    'platform/eso/eso-values.yaml',
    'replicaCount: 2',
    'replicaCount: 1',
    'error pdb-lets-a-drain-finish platform/eso/eso-values.yaml:4:35: the budget of the webhook of ' +
      'external-secrets on hub lets no pod of the webhook of external-secrets on hub go, out of 1: no drain ' +
      'ends',
    'error webhook-survives-a-lost-pod platform/eso/eso-values.yaml:3:18: the webhook of external-secrets on ' +
      'hub must answer every write, and has one pod',
  ],
  [
    'stores/store.yaml',
    'apiVersion: external-secrets.io/v1\n',
    'apiVersion: external-secrets.io/v1beta1\n',
    'error external-secrets-api-is-served stores/store.yaml:8:13: ClusterSecretStore vault is written for ' +
      'external-secrets.io/v1beta1, which is not served',
  ],
  [
    'stores/store.yaml',
    '      authType: WorkloadIdentity\n',
    '',
    'error stores-sign-in-by-workload-identity stores/store.yaml:13:5: ClusterSecretStore vault reads the ' +
      'vault as ServicePrincipal',
  ],
  [
    SECRET,
    'argocd.argoproj.io/sync-options: "Prune=false"',
    'owner: orders',
    `error secrets-outlive-the-tree ${SECRET}:6:1: ExternalSecret orders/db owns its Secret, and Argo CD ` +
      'prunes it: both go in one sync',
  ],
  [
    SECRET,
    '  data:\n',
    '  target: { deletionPolicy: Delete }\n  data:\n',
    `error vault-outage-keeps-secrets ${SECRET}:8:29: ExternalSecret orders/db loses what the vault does not ` +
      'show: deletionPolicy is Delete',
  ],
  [
    SECRET,
    'apiVersion: external-secrets.io/v1',
    'apiVersion: v1\nkind: Secret\nmetadata: { name: db2 }\nstringData: { password: hunter2 }\n---\n' +
      'apiVersion: external-secrets.io/v1',
    `error no-literal-secrets-in-git ${SECRET}:3:19: Secret orders/db2 stands here with its content: password`,
  ],
  [
    ORDERS,
    'terminationGracePeriodSeconds: 20',
    'terminationGracePeriodSeconds: 45',
    `error grace-period-inside-the-notice ${ORDERS}:10:38: Deployment orders/api may stand on Spot and takes ` +
      '45 s to end, longer than any notice',
  ],
  [
    ORDERS,
    '      terminationGracePeriodSeconds: 20\n',
    '',
    `warning grace-period-inside-the-notice ${ORDERS}:9:5: Deployment orders/api may stand on Spot and takes ` +
      '30 s to end, the whole of the notice',
  ],
  [
    ORDERS,
    'minAvailable: 50%',
    'minAvailable: 90%',
    `error pdb-lets-a-drain-finish ${ORDERS}:65:19: PodDisruptionBudget orders/api lets no pod of Deployment ` +
      'orders/api go, out of 3: no drain ends',
  ],
  [
    ORDERS,
    'values: [api]',
    'values: [aqi]',
    `warning pdb-lets-a-drain-finish ${ORDERS}:3:19: Deployment orders/api has 3 replicas and no disruption ` +
      'budget',
  ],
  [
    ORDERS,
    '          topologyKey: topology.kubernetes.io/zone\n      containers:\n        - name: api',
    '          topologyKey: topology.kubernetes.io/zones\n      containers:\n        - name: api',
    `warning replicas-are-spread ${ORDERS}:14:7: nothing spreads the 3 replicas of Deployment orders/api over ` +
      'zones',
  ],
  [
    ORDERS,
    'requests: { cpu: 200m, memory: 256Mi }',
    'requests: { cpu: 200m }',
    `warning requests-are-set ${ORDERS}:22:7: api of Deployment orders/api asks for no CPU, or for no memory`,
  ],
  [
    ORDERS,
    '        - &spot { key: kubernetes.azure.com/scalesetpriority, operator: Equal, value: spot, effect: NoSchedule }',
    '        - { key: CriticalAddonsOnly, operator: Exists }',
    `error spot-pods-tolerate-and-choose ${ORDERS}:12:7: Deployment orders/api does not tolerate Spot nodes, ` +
      'and accepts no other: its pods stay Pending',
  ],
  [
    ORDERS,
    'nodeSelector: { kubernetes.azure.com/scalesetpriority: spot }',
    'nodeSelector: { kubernetes.io/os: linux }',
    `warning spot-pods-tolerate-and-choose ${ORDERS}:12:7: Deployment orders/api tolerates Spot nodes and ` +
      'does not choose them',
  ],
  [
    ORDERS,
    'nodeSelector: { kubernetes.azure.com/scalesetpriority: spot }',
    'nodeSelector: { kubernetes.azure.com/scalesetpriority: spot, scalesetpriority: spot }',
    `error spot-label-is-spelled-out ${ORDERS}:11:86: the node selector of Deployment orders/api asks for ` +
      'scalesetpriority, which no node has',
  ],
  [
    ORDERS,
    'metadata: { name: api }\nspec:\n  replicas',
    'metadata: { name: api, labels: { bulkhead.dev/critical: "true" } }\nspec:\n  replicas',
    `error critical-pods-stay-off-spot ${ORDERS}:12:7: Deployment orders/api is critical, and may stand on ` +
      'Spot nodes',
  ],
  [
    ORDERS,
    '{ name: LOG_LEVEL, value: info }',
    '{ name: API_TOKEN, value: hunter2 }',
    `error secrets-in-key-vault ${ORDERS}:26:41: API_TOKEN is a secret by its name, and its value stands here`,
  ],
  [
    'autoscaling/expander.yaml',
    '50: [".*spot.*"]\n    10: [".*"]',
    '10: [".*spot.*"]\n    50: [".*"]',
    'error priority-expander-prefers-spot autoscaling/expander.yaml:5:3: Spot (".*spot.*") has priority 10, ' +
      'On-Demand (".*") priority 50: the highest wins',
  ],
  [
    'metrics/hub/service.yaml',
    'name: receiver',
    'name: reciever',
    'error global-services-have-backends metrics/east/service.yaml:4:9: metrics/receiver on east has no ' +
      'pods, here or in another cluster',
  ],
  [
    'metrics/hub/service.yaml',
    'service.cilium.io/global: "true"',
    'service.cilium.io/global: true',
    'error global-services-have-backends metrics/hub/service.yaml:6:31: metrics/receiver has an annotation ' +
      'that is no text',
  ],
  [
    'argocd/teams.yaml',
    'repoURL: https://git.example/orchard.git\n    targetRevision: main\n    path: teams',
    'repoURL: https://bot:hunter2@git.example/orchard.git\n    targetRevision: main\n    path: teams',
    'error secrets-in-key-vault argocd/teams.yaml:7:14: repoURL holds a password within an address',
  ],
  [
    'platform/values/argo.yaml',
    'repoServer:',
    'configs: { secret: { githubToken: hunter2 } }\nrepoServer:',
    'error secrets-in-key-vault platform/values/argo.yaml:3:35: githubToken is a secret by its name, and its ' +
      'value stands here',
  ],
];

for (const [file, from, to, ...expected] of FAULTS) {
  test(`a fault in ${file} breaks what owns it alone: ${expected[0]!.split(' ')[1]}`, () => {
    const files = replaced(orchard, file, from, to);
    const before = new Set(broken(findingsIn(orchard, 'production')).map(lineOf));
    const lines = broken(findingsIn(files, 'production'))
      .map(lineOf)
      .filter((line) => !before.has(line));
    // Said once for each cluster; the first speaks for them.
    const first = lines.filter((line) => !/ on (?:east|west) (?:lets|must)/.test(line));
    assert.deepEqual(first.toSorted(), expected.toSorted());
    assert.doesNotMatch(lines.join('\n'), /hunter2/);
  });
}

test('in demo, what only production asks for is not asked', () => {
  const critical = replaced(
    orchard,
    ORDERS,
    'metadata: { name: api }\nspec:\n  replicas',
    'metadata: { name: api, labels: { bulkhead.dev/critical: "true" } }\nspec:\n  replicas',
  );
  assert.deepEqual(broken(findingsIn(critical, 'demo')).map(lineOf), []);
});

test('without an environment, what depends on it is undetermined', () => {
  const { evidence } = evidenceFromTree(orchard, undefined);
  const verdicts = verdictsOf(evidence);
  for (const id of [
    'webhook-survives-a-lost-pod',
    'critical-pods-stay-off-spot',
    'workload-survives-eviction',
  ]) {
    assert.equal(verdicts.get(id), 'undetermined', id);
  }
});
