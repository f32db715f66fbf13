import assert from 'node:assert/strict';
import test from 'node:test';
import { aliasOf } from '../../../src/contract/cluster-alias.ts';
import type { Evidence } from '../../../src/contract/evidence.ts';
import { evidenceFromSnapshot } from '../../../src/contract/live/evidence-from-snapshot.ts';
import { broken, filesBelow, type Files, findingsOf, lineOf, verdictsOf } from '../gitops/tree-under-test.ts';

const orchard = filesBelow('test/fixtures/live/orchard');
const CLUSTERS = 'arm/clusters.json';
const NETWORK = 'arm/network.json';
const SERVICES = 'arm/services.json';
const EAST = 'kubernetes/east/objects.json';

type Json = { [key: string]: Json } & Json[] & (string | number | boolean | null);

/** The snapshot with one file changed in place. */
function changed(file: string, change: (value: Json) => void): Files {
  const value = JSON.parse(orchard.get(file)!) as Json;
  change(value);
  return new Map([...orchard, [file, JSON.stringify(value)]]);
}

function said(files: Files): readonly string[] {
  return broken(findingsOf(evidenceFromSnapshot(files, undefined)))
    .map(lineOf)
    .map((line) => line.replace(/^(\S+ \S+) \S+ /, '$1: '));
}

function verdicts(files: Files): ReadonlyMap<string, string> {
  return verdictsOf(evidenceFromSnapshot(files, undefined).evidence);
}

function cluster(value: Json, name: string): Json {
  return (value.value as unknown as Json[]).find((one) => String(one.name).endsWith(name))!.properties!;
}

function object(value: Json, kind: string, name: string): Json {
  return (value.items as unknown as Json[]).find(
    (item) => (item.kind as unknown) === kind && (item.metadata!.name as unknown) === name,
  )!;
}

function resource(value: Json, name: string): Json {
  return (value as unknown as Json[]).find((one) => (one.name as unknown) === name)!;
}

test('a sound fleet breaks nothing, and much of it is held', () => {
  const { evidence, problems } = evidenceFromSnapshot(orchard, undefined);
  assert.deepEqual(problems, []);
  assert.equal(evidence.environment, 'production');
  assert.deepEqual(said(orchard), []);
  const all = verdictsOf(evidence);
  for (const id of [
    'control-plane-is-managed',
    'production-tier1-is-on-demand',
    'workload-identity-is-wired',
    'workload-identity-is-enabled',
    'vault-outage-keeps-secrets',
    'secrets-outlive-the-tree',
    'vault-uses-roles',
    'one-mgmt-cluster',
    'cluster-ids-are-unique',
    'kubernetes-version-is-supported',
    'no-local-accounts',
    'operators-can-reach-the-api-server',
    'spot-has-on-demand-fallback',
    'system-pool-has-two-nodes',
    'ranges-are-disjoint',
    'subnets-lie-in-the-vnet',
    'pods-and-cluster-ips-outside-the-vnet',
    'pod-range-holds-the-nodes',
    'node-subnet-holds-the-nodes',
    'cilium-pool-is-the-pod-range',
    'mesh-peers-are-let-in',
    'subnets-deny-by-default',
    'log-agent-has-its-rule',
    'log-retention-range',
    'alerts-reach-someone',
    'budget-needs-a-contact',
    'priority-expander-prefers-spot',
    'pdb-lets-a-drain-finish',
    'spot-pods-tolerate-and-choose',
    'applicationsets-survive-a-lost-cluster',
  ]) {
    assert.equal(all.get(id), 'held', id);
  }
});

test('clusters go by the names of their folders, where those end their names in Azure', () => {
  const { evidence } = evidenceFromSnapshot(orchard, undefined);
  assert.deepEqual(
    evidence.clusters!.map(({ name, role, id, cni, isMeshed }) => [name, role, id, cni, isMeshed]),
    [
      ['hub', 'mgmt', 1, 'cilium', true],
      ['east', 'app', 2, 'cilium', true],
    ],
  );
  assert.equal(aliasOf('aks-orchard-east', ['east', 'st']), 'east');
  assert.equal(aliasOf('aks-eu-app1', ['app1', 'eu-app1']), 'eu-app1');
  assert.equal(aliasOf('AKS-app1', ['app1']), 'app1');
  assert.equal(aliasOf('aksapp1', ['app1', '']), undefined);
});

type Drift = readonly [file: string, change: (value: Json) => void, ...expected: string[]];

const set = (target: Json, key: string, value: unknown): void => {
  (target as unknown as Record<string, unknown>)[key] = value;
};

/** What somebody changed by hand, and all that is said of it. */
const DRIFTS: readonly Drift[] = [
  [
    CLUSTERS,
    (value) => set((value.value as unknown as Json[])[1]!.sku!, 'tier', 'Free'),
    'warning api-server-has-an-sla: east has the Free tier in production',
  ],
  [
    CLUSTERS,
    (value) => set(cluster(value, 'east'), 'disableLocalAccounts', false),
    'error no-local-accounts: east has local accounts',
  ],
  [
    CLUSTERS,
    (value) => set(cluster(value, 'east').networkProfile!, 'podCidr', '10.99.0.0/16'),
    'error cilium-pool-is-the-pod-range: Cilium on east takes pods from 10.222.0.0/16, AKS knows 10.99.0.0/16',
  ],
  [
    CLUSTERS,
    (value) => set(cluster(value, 'east').networkProfile!, 'podCidr', '10.221.0.0/16'),
    'error cilium-pool-is-the-pod-range: Cilium on east takes pods from 10.222.0.0/16, AKS knows 10.221.0.0/16',
    "error ranges-are-disjoint: east's pods and hub's pods have the same range, 10.221.0.0/16",
  ],
  [
    NETWORK,
    (value) => (resource(value, 'nsg-east').properties!.securityRules as unknown as Json[]).pop(),
    'error subnets-deny-by-default: ',
  ],
  [
    SERVICES,
    (value) => set(resource(value, 'kv-orchard').properties!, 'enableRbacAuthorization', false),
    'error vault-uses-roles: ',
  ],
  [
    SERVICES,
    (value) => set(resource(value, 'vault').properties!, 'subject', 'system:serviceaccount:eso:vualt'),
    'error workload-identity-is-wired: credential vault of id-vault-hub trusts ' +
      'system:serviceaccount:eso:vualt of hub, which asks for no token',
    'error workload-identity-is-wired: no federated credential trusts system:serviceaccount:eso:vault of hub',
  ],
  [
    EAST,
    (value) => set(object(value, 'ConfigMap', 'cilium-config').data!, 'kube-proxy-replacement', 'true'),
    'error kube-proxy-is-kept: Cilium on east replaces the kube-proxy that AKS runs beside it',
  ],
  [
    EAST,
    (value) => set(object(value, 'ConfigMap', 'cilium-config').data!, 'cluster-id', '1'),
    "error cluster-ids-are-unique: east has the id 1, which is hub's",
  ],
  [
    EAST,
    (value) => set(object(value, 'PodDisruptionBudget', 'api').spec!, 'maxUnavailable', 0),
    'error pdb-lets-a-drain-finish: PodDisruptionBudget orders/api lets no pod of Deployment orders/api go, ' +
      'out of 3: no drain ends',
  ],
  [
    EAST,
    (value) =>
      set(
        object(value, 'ExternalSecret', 'db').metadata!.annotations!,
        'argocd.argoproj.io/sync-options',
        '',
      ),
    'error secrets-outlive-the-tree: ExternalSecret orders/db owns its Secret, and Argo CD prunes it: both go ' +
      'in one sync',
  ],
  [
    EAST,
    (value) =>
      set(
        object(value, 'ConfigMap', 'cluster-autoscaler-priority-expander').data!,
        'priorities',
        '10:\n  - .*spot.*\n50:\n  - .*\n',
      ),
    'error priority-expander-prefers-spot: Spot (spotd2) has priority 50, On-Demand (steady) priority 50: the ' +
      'highest wins',
  ],
];

for (const [file, change, ...expected] of DRIFTS) {
  test(`drift in ${file} breaks what owns it alone: ${expected[0]!.split(' ')[1]}`, () => {
    const lines = said(changed(file, change));
    assert.equal(lines.length, expected.length, lines.join('\n'));
    for (const line of expected) {
      assert.ok(
        lines.some((one) => one.startsWith(line)),
        `${line}\n${lines.join('\n')}`,
      );
    }
  });
}

/** Every way to a leaf, or to a whole branch, of a file. */
function* branchesOf(
  value: unknown,
  path: readonly (string | number)[] = [],
): Iterable<readonly (string | number)[]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, inner] of Object.entries(value)) {
    const step = Array.isArray(value) ? Number(key) : key;
    yield [...path, step];
    yield* branchesOf(inner, [...path, step]);
  }
}

function without(value: unknown, path: readonly (string | number)[]): void {
  let inner = value as Record<string | number, unknown>;
  for (const step of path.slice(0, -1)) inner = inner[step] as typeof inner;
  delete inner[path.at(-1)!];
}

/** A fleet with the settings of resources that Azure gives, all of them wrong. */
function faulty(): Files {
  const value = JSON.parse(orchard.get(CLUSTERS)!) as Json;
  for (const one of value.value as unknown as Json[]) {
    const properties = one.properties!;
    set(properties, 'disableLocalAccounts', false);
    set(properties.oidcIssuerProfile!, 'enabled', false);
    set(properties.securityProfile!, 'workloadIdentity', { enabled: false });
    set(properties.addonProfiles!.omsagent!, 'config', { useAADAuth: 'false' });
    set(properties.networkProfile!, 'podCidr', '10.11.0.0/16');
    set(one.sku!, 'tier', 'Free');
    set(properties, 'currentKubernetesVersion', '1.20.1');
    for (const pool of properties.agentPoolProfiles as unknown as Json[]) {
      set(pool, 'maxPods', 400);
      set(pool, 'availabilityZones', ['1']);
      if ((pool.mode as unknown) === 'System') set(pool, 'minCount', 1);
      else {
        set(pool, 'scaleSetPriority', 'Spot');
        set(pool, 'scaleSetEvictionPolicy', 'Deallocate');
        set(pool, 'spotMaxPrice', 0);
      }
    }
  }
  const services = JSON.parse(orchard.get(SERVICES)!) as Json;
  const vault = resource(services, 'kv-orchard').properties!;
  set(vault, 'enableRbacAuthorization', false);
  set(vault, 'publicNetworkAccess', 'Enabled');
  set(vault, 'networkAcls', { defaultAction: 'Allow' });
  set(vault, 'enablePurgeProtection', null);
  set(resource(services, 'log-orchard').properties!, 'retentionInDays', 7);
  return new Map([...orchard, [CLUSTERS, JSON.stringify(value)], [SERVICES, JSON.stringify(services)]]);
}

test('a fact that is missing from Azure makes nothing hold that is broken', () => {
  const files = faulty();
  const before = verdicts(files);
  const brokenIds = [...before].filter(([, verdict]) => verdict === 'broken').map(([id]) => id);
  assert.ok(brokenIds.length >= 12, brokenIds.join(' '));
  for (const file of [CLUSTERS, SERVICES]) {
    const text = files.get(file)!;
    for (const path of branchesOf(JSON.parse(text))) {
      // A resource, or a part of one, that is gone as a whole was never asked for.
      if (path.at(-1) === 'value' || typeof path.at(-1) === 'number') continue;
      if (['id', 'name', 'type'].includes(String(path.at(-1)))) continue;
      const value: unknown = JSON.parse(text);
      without(value, path);
      const after = verdicts(new Map([...files, [file, JSON.stringify(value)]]));
      for (const id of brokenIds)
        assert.notEqual(after.get(id), 'held', `${id} without ${file} ${path.join('.')}`);
    }
  }
});

test('a fact that is missing breaks nothing that holds', () => {
  for (const file of [CLUSTERS, SERVICES]) {
    const text = orchard.get(file)!;
    for (const path of branchesOf(JSON.parse(text))) {
      const last = path.at(-1);
      if (typeof last === 'number' || ['id', 'name', 'type'].includes(String(last))) continue;
      // A map of labels or of addons says of each that it is there.
      if (['nodeLabels', 'addonProfiles'].includes(String(path.at(-2)))) continue;
      const value: unknown = JSON.parse(text);
      without(value, path);
      const lines = said(new Map([...orchard, [file, JSON.stringify(value)]]));
      assert.deepEqual(lines, [], `without ${file} ${path.join('.')}`);
    }
  }
});

test('a half of a snapshot says what it can, and nothing of the other half', () => {
  const half = (prefix: string): Evidence =>
    evidenceFromSnapshot(new Map([...orchard].filter(([file]) => file.startsWith(prefix))), undefined)
      .evidence;
  const azure = verdictsOf(half('arm/'));
  assert.equal(azure.get('system-pool-has-two-nodes'), 'held');
  for (const id of ['pdb-lets-a-drain-finish', 'mesh-values-are-mutual', 'workload-identity-is-wired']) {
    assert.equal(azure.get(id), 'undetermined', id);
  }
  const objects = verdictsOf(half('kubernetes/'));
  assert.equal(objects.get('pdb-lets-a-drain-finish'), 'held');
  for (const id of ['system-pool-has-two-nodes', 'vault-uses-roles', 'workload-identity-is-wired']) {
    assert.equal(objects.get(id), 'undetermined', id);
  }
});

test('a cluster of which nobody asked for accounts, or for budgets, may have any', () => {
  const without = (kind: string): Files =>
    changed(EAST, (value) =>
      set(
        value,
        'items',
        (value.items as unknown as Json[]).filter((item) => (item.kind as unknown) !== kind),
      ),
    );
  assert.equal(verdicts(without('PodDisruptionBudget')).get('pdb-lets-a-drain-finish'), 'undetermined');
  const accounts = changed(EAST, (value) =>
    set(
      value,
      'items',
      (value.items as unknown as Json[]).filter(
        (item) => !['ServiceAccount', 'ClusterSecretStore'].includes(String(item.kind)),
      ),
    ),
  );
  assert.equal(verdicts(accounts).get('workload-identity-is-wired'), 'undetermined');
});
