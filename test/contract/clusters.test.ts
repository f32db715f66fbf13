import assert from 'node:assert/strict';
import test from 'node:test';
import type { AdministrationEvidence, Evidence } from '../../src/contract/evidence.ts';
import { evidenceOf, helpOf, said, verdictOf } from './fleet-under-test.ts';

/** The fleet with one thing in each of its clusters left unsaid. */
function without(property: keyof NonNullable<Evidence['clusters']>[number]): Evidence {
  const evidence = evidenceOf({}, 'production');
  return {
    ...evidence,
    clusters: evidence.clusters!.map((cluster) => ({ ...cluster, [property]: undefined })),
  } as Evidence;
}

function isUndetermined(id: string, property: keyof NonNullable<Evidence['clusters']>[number]): void {
  assert.equal(verdictOf(id, without(property)), 'undetermined', `${id} without ${property}`);
  assert.match(said(id, without(property))[0]!, new RegExp(`does not say ${property} here`));
}

test('one-mgmt-cluster', () => {
  const id = 'one-mgmt-cluster';
  assert.deepEqual(said(id, evidenceOf({ clusters: { mgmt: { role: 'app' } } })), [
    'error clusters: no cluster has the role mgmt',
  ]);
  assert.deepEqual(said(id, evidenceOf({ clusters: { app2: { role: 'mgmt' } } })), [
    'error clusters.mgmt.role: app2 and mgmt both have the role mgmt',
  ]);
  assert.equal(verdictOf(id, evidenceOf()), 'held');
  isUndetermined(id, 'role');
});

test('mgmt-is-tier-1', () => {
  const id = 'mgmt-is-tier-1';
  assert.deepEqual(said(id, evidenceOf({ clusters: { mgmt: { tier: 2 } } }, 'production')), [
    'error clusters.mgmt.tier: mgmt carries the platform services and is put in tier 2',
  ]);
  assert.equal(verdictOf(id, evidenceOf({ clusters: { app1: { tier: 1 } } })), 'held');
  isUndetermined(id, 'tier');
});

test('cluster-ids-are-unique', () => {
  const id = 'cluster-ids-are-unique';
  const twice = evidenceOf({ clusters: { app1: { id: 7 }, app2: { id: 7 } } });
  assert.deepEqual(said(id, twice), ["error clusters.app2.id: app2 has the id 7, which is app1's"]);
  assert.equal(helpOf(id, twice), 'write a free id, e.g. 2');
  assert.deepEqual(said(id, evidenceOf({ clusters: { app1: { id: 256 }, app2: { id: 0 } } })), [
    'error clusters.app1.id: app1 has the id 256, outside of 1 to 255',
    'error clusters.app2.id: app2 has the id 0, outside of 1 to 255',
  ]);
  assert.equal(verdictOf(id, evidenceOf({ clusters: { app1: { id: 255 } } })), 'held');
  isUndetermined(id, 'id');
});

test('cluster-ids-are-unique: a 256th cluster has no id left', () => {
  const clusters = Object.fromEntries(Array.from({ length: 255 }, (_, index) => [`c${index}`, {}]));
  const evidence = evidenceOf({ clusters });
  const lines = said('cluster-ids-are-unique', evidence);
  assert.equal(lines.length, 3);
  assert.match(lines[0]!, /has the id 25[678], outside of 1 to 255$/);
  assert.match(helpOf('cluster-ids-are-unique', evidence) ?? '', /split the fleet/);
});

test('cluster-id-is-stable', () => {
  const id = 'cluster-id-is-stable';
  const moved = evidenceOf({ clusters: { app1: { id: 3 } } });
  assert.deepEqual(said(id, moved), [
    'warning clusters.app2.id: app2 has the id 4 because the id of its name is taken',
  ]);
  assert.match(helpOf(id, moved) ?? '', /`id: 4`/);
  assert.equal(verdictOf(id, evidenceOf({ clusters: { app1: { id: 3 }, app2: { id: 4 } } })), 'held');
  isUndetermined(id, 'idMoved');
});

test('cluster-name-is-not-reserved', () => {
  const id = 'cluster-name-is-not-reserved';
  const lines = said(id, evidenceOf({ clusters: { default: {}, services: {} } }));
  assert.match(lines[0]!, /^error clusters.default: no cluster can be called default: Cilium/);
  assert.match(lines[1]!, /^error clusters.services: .*`network.subnets.services`/);
  assert.equal(lines.length, 2);
  const odd = { ...evidenceOf(), clusters: [{ path: ['clusters'], name: 'constructor' }] };
  assert.equal(verdictOf(id, odd), 'held');
  isUndetermined(id, 'name');
});

test('azure-names-are-unique', () => {
  const id = 'azure-names-are-unique';
  const clusters = { 'app1-nodes': {}, endpoints: {}, argocd: {} };
  const stem = 'would share the';
  assert.deepEqual(said(id, evidenceOf({ clusters })), [
    'error clusters.endpoints: the nodes of endpoints and the subnet of endpoints ' +
      `${stem} subnet snet-endpoints`,
    'error clusters.argocd: the control plane of argocd and Argo CD ' +
      `${stem} managed identity id-quiet-demo-argocd`,
    'error clusters.app1-nodes: cluster app1-nodes and the machines of app1 ' +
      `${stem} resource group rg-quiet-demo-app1-nodes`,
  ]);
  assert.equal(verdictOf(id, evidenceOf({ network: { egress: 'load-balancer' } })), 'held');
  const one = { path: ['a'], type: 'subnet', name: 'snet', use: 'one' };
  const other = { ...one, path: ['b'], name: 'SNET', use: 'other' };
  assert.deepEqual(said(id, { ...evidenceOf(), azureNames: [one, other] }), [
    'error b: other and one would share the subnet SNET',
  ]);
  assert.match(said(id, { ...evidenceOf(), azureNames: [{ path: ['a'] }] })[0]!, /does not say type/);
});

test('region-is-known', () => {
  const id = 'region-is-known';
  assert.deepEqual(said(id, evidenceOf({ region: 'koreacentrall' })), [
    'error region: Azure has no region "koreacentrall"',
  ]);
  assert.equal(
    helpOf(id, evidenceOf({ region: 'koreacentrall' })),
    'write koreacentral, if that is what you mean',
  );
  assert.equal(
    helpOf(id, evidenceOf({ region: 'moon' })),
    'there are australiaeast, canadacentral, centralindia and 13 more',
  );
  assert.deepEqual(said(id, evidenceOf({ region: 'westus' })), [
    'warning region: no prices, zones and sizes of westus are on record (2026-08-01)',
  ]);
  assert.equal(verdictOf(id, evidenceOf({ region: 'eastus2' })), 'held');
  assert.equal(verdictOf(id, { ...evidenceOf(), region: { path: ['region'] } }), 'undetermined');
});

test('kubernetes-version-is-supported', () => {
  const id = 'kubernetes-version-is-supported';
  const clusters = {
    mgmt: { kubernetes: '2.1' },
    app1: { kubernetes: '1.33' },
    app2: { kubernetes: '1.99' },
    app3: { kubernetes: '1.32', sku: 'Premium' },
    app4: { kubernetes: '1.36.1' },
  };
  assert.deepEqual(said(id, evidenceOf({ clusters })), [
    'error clusters.mgmt.kubernetes: Kubernetes 2.1 of mgmt is not among the versions of AKS on record ' +
      '(2026-08-21)',
    'error clusters.app1.kubernetes: Kubernetes 1.33 of app1 is out of support',
    'warning clusters.app2.kubernetes: Kubernetes 1.99 of app2 is not among the versions of AKS on record ' +
      '(2026-08-21)',
    'warning clusters.app3.kubernetes: Kubernetes 1.32 of app3 lives on under long-term support alone',
  ]);
  assert.equal(helpOf(id, evidenceOf({ clusters })), 'write one of 1.34, 1.35 and 1.36');
  assert.equal(verdictOf(id, evidenceOf()), 'held');
  isUndetermined(id, 'kubernetesVersion');
});

test('api-server-has-an-sla', () => {
  const id = 'api-server-has-an-sla';
  const clusters = { app1: { sku: 'Free' } };
  assert.deepEqual(said(id, evidenceOf({ clusters }, 'production')), [
    'warning clusters.app1.sku: app1 has the Free tier in production, which promises nothing',
  ]);
  assert.equal(verdictOf(id, evidenceOf({}, 'production')), 'held');
  assert.equal(verdictOf(id, evidenceOf({ clusters })), 'not applicable');
  isUndetermined(id, 'skuTier');
});

test('operators-can-reach-the-api-server', () => {
  const id = 'operators-can-reach-the-api-server';
  const given = (...ipRanges: string[]): string[] => said(id, evidenceOf({ operators: { ipRanges } }));
  assert.deepEqual(given(), [
    'warning operators.ipRanges: no operator range is given: neither people nor CI reach the API servers',
  ]);
  assert.deepEqual(given('0.0.0.0/0', '10.1.0.0/16', '8.0.0.0/7', '203.0.113.0/24'), [
    'error operators.ipRanges[0]: 0.0.0.0/0 lets everybody reach the API servers',
    'warning operators.ipRanges[1]: 10.1.0.0/16 is private: the API servers see public addresses, so it ' +
      'lets nobody in',
    'error operators.ipRanges[2]: 8.0.0.0/7 lets 34 million addresses reach the API servers',
  ]);
  const many = Array.from({ length: 200 }, (_, index) => `203.0.${index}.0/24`);
  assert.deepEqual(given(...many), [
    "error operators.ipRanges: 200 ranges and 1 of the fleet's own are more than Azure's 200",
  ]);
  assert.deepEqual(given(...many.slice(1)), []);
  assert.equal(verdictOf(id, evidenceOf()), 'held');
  assert.equal(verdictOf(id, { ...evidenceOf(), operatorRanges: [{ path: ['a'] }] }), 'undetermined');
  const within = (...ipRanges: string[]): Evidence =>
    evidenceOf({ operators: { ipRanges }, network: { apiServer: 'private' } });
  assert.deepEqual(said(id, within('203.0.113.0/24')), [
    'note operators.ipRanges: the API servers are private: none of these addresses reaches them',
  ]);
  assert.equal(verdictOf(id, within('203.0.113.0/24', '10.9.0.0/16')), 'held');
  assert.equal(verdictOf(id, within()), 'held');
  const unsaid = { path: ['a'], isPrivate: true };
  assert.equal(verdictOf(id, { ...evidenceOf(), operatorRanges: [unsaid] }), 'undetermined');
});

test('somebody-administers-the-clusters', () => {
  const id = 'somebody-administers-the-clusters';
  const role = 'Azure Kubernetes Service RBAC Cluster Admin';
  for (const environment of ['demo', 'production'] as const) {
    assert.deepEqual(said(id, evidenceOf({ admins: [] }, environment)), [
      `warning admins: nobody administers the clusters until an Owner gives somebody the role "${role}"`,
    ]);
    assert.equal(verdictOf(id, evidenceOf({}, environment)), 'held');
  }
  const [own] = evidenceOf({ admins: [] }).administration!;
  const given = (more: Partial<typeof own>): Evidence => ({
    ...evidenceOf(),
    administration: [{ ...own!, ...more } as AdministrationEvidence],
  });
  assert.deepEqual(said(id, given({ takesRoles: false, cluster: 'app1' })), [
    'error admins: nobody can administer app1: no group is named, and roles of Azure do not count',
  ]);
  assert.equal(verdictOf(id, given({ roleHolders: 2 })), 'held');
  for (const unknown of ['groups', 'takesRoles', 'roleHolders'] as const) {
    assert.equal(verdictOf(id, given({ [unknown]: undefined })), 'undetermined', unknown);
  }
});
