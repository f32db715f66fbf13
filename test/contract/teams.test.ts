import assert from 'node:assert/strict';
import test from 'node:test';
import type { Evidence } from '../../src/contract/evidence.ts';
import { evidenceOf, helpOf, type Patch, said, verdictOf } from './fleet-under-test.ts';

const SALES = '22222222-2222-2222-2222-222222222222';
const STOCK = '33333333-3333-3333-3333-333333333333';
const WRITER = 'Azure Kubernetes Service RBAC Writer';

const workloads = {
  shop: { clusters: ['app1', 'app2'], image: 'shop:1' },
  cart: { clusters: ['app1'], image: 'cart:1' },
};

function withTeams(teams: Patch, more: Patch = {}): Evidence {
  return evidenceOf({ workloads, teams, ...more });
}

/** The evidence of a team with its rights changed. */
function granted(change: object, teams: Patch = { sales: { group: SALES, workloads: ['cart'] } }): Evidence {
  const evidence = withTeams(teams);
  return {
    ...evidence,
    accessGrants: evidence.accessGrants!.map((grant) => ({ ...grant, ...change })),
  } as Evidence;
}

test('teams-stay-in-their-namespaces: what a team was given is its own', () => {
  const id = 'teams-stay-in-their-namespaces';
  assert.equal(verdictOf(id, withTeams({ sales: { group: SALES, workloads: ['shop'] } })), 'held');
  assert.equal(verdictOf(id, evidenceOf()), 'not applicable');
});

test("teams-stay-in-their-namespaces: the namespaces of the platform are nobody else's", () => {
  const id = 'teams-stay-in-their-namespaces';
  const teams = { sales: { group: SALES, workloads: ['shop'], namespaces: ['argocd', 'kube-system'] } };
  const where = 'error teams.sales.namespaces: the team sales has';
  // One line of the file gives it in both clusters: it is told once.
  assert.deepEqual(said(id, withTeams(teams)), [
    `${where} ${WRITER} in argocd of app1 and app2, the namespace of Argo CD`,
    `${where} ${WRITER} in kube-system of app1 and app2, the namespace of Kubernetes`,
  ]);
  assert.match(helpOf(id, withTeams(teams)) ?? '', /acts as what runs there/);
});

test('teams-stay-in-their-namespaces: other evidence may give more than the file', () => {
  const id = 'teams-stay-in-their-namespaces';
  const at = 'teams.sales.workloads: ';
  const line = (change: object): string[] => said(id, granted(change));
  assert.deepEqual(line({ isWhole: true }), [
    `error ${at}the team sales has ${WRITER} on all of app1, the platform's namespaces among it`,
  ]);
  assert.deepEqual(line({ isWhole: true, isReading: true, cluster: undefined }), [
    `warning ${at}the team sales has ${WRITER} on all of a cluster, the platform's namespaces among it`,
  ]);
  assert.deepEqual(line({ namespace: 'shop' }), [
    `error ${at}the team sales has ${WRITER} in shop, a namespace that it was not given`,
  ]);
  assert.deepEqual(line({ cluster: 'app2' }), [
    `error ${at}the team sales has ${WRITER} in app2, which it was not given`,
  ]);
  assert.deepEqual(line({ principal: STOCK }), [
    `warning ${at}${STOCK} has ${WRITER} in cart, and is the group of no team`,
  ]);
  assert.deepEqual(line({ principal: STOCK, namespace: 'monitoring' }), [
    `error ${at}${STOCK} has ${WRITER} in monitoring of app1, the namespace of Prometheus and Grafana`,
  ]);
});

test('teams-stay-in-their-namespaces: administrators and programs may do everything', () => {
  const id = 'teams-stay-in-their-namespaces';
  const whole = { isWhole: true, principal: STOCK };
  assert.equal(verdictOf(id, granted({ ...whole, isTeam: false })), 'not applicable');
  const admin = { administrators: [{ path: ['admins'], group: STOCK.toUpperCase() }] };
  assert.equal(verdictOf(id, { ...granted(whole), ...admin }), 'not applicable');
  // A file that calls the group a team's knows best.
  assert.equal(said(id, granted({ isWhole: true, isTeam: false })).length, 1);
});

test('teams-stay-in-their-namespaces: without a list of teams, only the platform is kept', () => {
  const id = 'teams-stay-in-their-namespaces';
  const alone = (change: object): Evidence => {
    const { teams, administrators, ...evidence } = granted(change);
    assert.ok(teams && administrators);
    return evidence;
  };
  assert.equal(verdictOf(id, alone({ namespace: 'anything' })), 'held');
  assert.match(said(id, alone({ namespace: 'external-secrets' }))[0]!, /the namespace of External Secrets/);
});

test('teams-stay-in-their-namespaces: what is not said is not known', () => {
  const id = 'teams-stay-in-their-namespaces';
  for (const property of ['isWhole', 'right', 'principal', 'namespace', 'cluster'] as const) {
    assert.equal(verdictOf(id, granted({ [property]: undefined })), 'undetermined', property);
  }
  assert.equal(verdictOf(id, granted({ isTeam: undefined, principal: STOCK })), 'undetermined');
  const { teams, ...evidence } = granted({});
  for (const property of ['clusters', 'namespaces', 'group'] as const) {
    const unsaid = teams!.map((team) => ({ ...team, [property]: undefined }));
    assert.equal(
      verdictOf(id, { ...evidence, teams: unsaid } as unknown as Evidence),
      'undetermined',
      property,
    );
  }
});

test('teams-are-apart', () => {
  const id = 'teams-are-apart';
  const apart = {
    sales: { group: SALES, workloads: ['shop'] },
    stock: { group: STOCK, workloads: ['cart'] },
  };
  assert.equal(verdictOf(id, withTeams(apart)), 'held');
  assert.deepEqual(said(id, withTeams({ ...apart, stock: { group: SALES, workloads: ['cart'] } })), [
    'error teams.stock.group: stock and sales have one group',
  ]);
  assert.deepEqual(said(id, withTeams(apart, { admins: [STOCK.toUpperCase()] })), [
    'error teams.stock.group: the group of stock administers the clusters',
  ]);
  const shared = { ...apart, stock: { group: STOCK, namespaces: ['shop'], clusters: ['app2'] } };
  assert.deepEqual(said(id, withTeams(shared)), [
    'warning teams.stock.namespaces: sales and stock both have the namespace shop',
  ]);
  // A namespace of one name in two clusters is two namespaces.
  const elsewhere = {
    sales: { group: SALES, workloads: ['cart'] },
    stock: { group: STOCK, namespaces: ['cart'], clusters: ['app2'] },
  };
  assert.equal(verdictOf(id, withTeams(elsewhere)), 'held');
  assert.equal(verdictOf(id, { ...evidenceOf(), teams: [{ path: ['a'] }] }), 'undetermined');
});

test('teams-name-what-exists', () => {
  const id = 'teams-name-what-exists';
  const sales = (more: Patch): Evidence => withTeams({ sales: { group: SALES, ...more } });
  assert.equal(verdictOf(id, sales({ workloads: ['shop'] })), 'held');
  assert.equal(verdictOf(id, sales({ namespaces: ['lab'] })), 'held');
  assert.deepEqual(said(id, sales({ workloads: ['shopp'], clusters: ['app9', 'mgmt'] })), [
    'error teams.sales.clusters: the team sales is to work on "app9", which is no cluster',
    'warning teams.sales.clusters: the team sales is to work on mgmt, beside the platform services',
    'error teams.sales.workloads: the team sales has the workload "shopp", which there is not',
  ]);
  assert.deepEqual(said(id, sales({ workloads: ['shop'], clusters: ['app1'] })), [
    'warning teams.sales.workloads: shop runs on app2, which its team sales does not reach',
  ]);
  assert.deepEqual(said(id, sales({})), [
    'warning teams.sales: the team sales has neither a workload nor a namespace, and reaches nothing',
  ]);
  assert.deepEqual(said(id, sales({ namespaces: ['lab'], clusters: [] })), [
    'warning teams.sales: the team sales has no cluster, and reaches nothing',
  ]);
  const { clusters, workloads: all, ...evidence } = sales({ workloads: ['gone'], clusters: ['app9'] });
  const nameless = {
    ...evidence,
    clusters: clusters!.map((cluster) => ({ ...cluster, name: undefined })),
    workloads: all!.map((workload) => ({ ...workload, name: undefined })),
  } as unknown as Evidence;
  assert.equal(verdictOf(id, nameless), 'undetermined');
  const roleless = clusters!.map((cluster) => ({ ...cluster, role: undefined }));
  const known = sales({ workloads: ['cart'] });
  assert.equal(verdictOf(id, { ...known, clusters: roleless } as unknown as Evidence), 'undetermined');
  assert.equal(verdictOf(id, { ...known, teams: [{ path: ['a'] }] }), 'undetermined');
});

test('a workload on a cluster that there is not takes no team with it', () => {
  const teams = { sales: { group: SALES, workloads: ['shop'] } };
  const lost = { shop: { clusters: ['app1', 'app9'], image: 'shop:1' } };
  assert.deepEqual(said('teams-name-what-exists', withTeams(teams, { workloads: lost })), []);
});
