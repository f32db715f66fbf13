import assert from 'node:assert/strict';
import test from 'node:test';
import type { Evidence } from '../../src/contract/evidence.ts';
import { evidenceOf, helpOf, said, verdictOf } from './fleet-under-test.ts';

const C1 = 'control-plane-is-managed';
const C2 = 'demo-user-pools-are-spot';
const C3 = 'production-tier1-is-on-demand';
const C4 = 'workload-identity-is-wired';
const C5 = 'vault-outage-keeps-secrets';

test('C1: tier 0 is neither listed nor given to a cluster', () => {
  assert.deepEqual(said(C1, evidenceOf({ tiers: { 0: { demo: 'Spot' } } })), [
    'error tiers.0: `tiers` lists tier 0, the control plane of AKS',
  ]);
  const clusters = { app1: { tier: 0 }, mgmt: { tier: 0 } };
  assert.deepEqual(said(C1, evidenceOf({ clusters })), [
    'error clusters.mgmt.tier: mgmt is put in tier 0, the control plane of AKS',
    'error clusters.app1.tier: app1 is put in tier 0, the control plane of AKS',
  ]);
  assert.match(helpOf(C1, evidenceOf({ clusters })) ?? '', /tier 1, as platform services are/);
  assert.match(helpOf(C1, evidenceOf({ clusters: { app1: { tier: 0 } } })) ?? '', /tier 2, as workloads are/);
  assert.equal(verdictOf(C1, evidenceOf({ tiers: { 1: { demo: 'Spot' } } })), 'held');
  const unknown = { ...evidenceOf(), tiers: [{ path: ['tiers'] }], clusters: [{ path: ['a'] }] };
  assert.equal(said(C1, unknown).length, 2);
  assert.equal(verdictOf(C1, unknown), 'undetermined');
});

test('C2: a demo is Spot, whatever the tier or the pool says', () => {
  const override = evidenceOf({ clusters: { app1: { user: { capacity: 'OnDemand' } } } });
  assert.deepEqual(said(C2, override), [
    "error clusters.app1.user.capacity: app1's user pool is On-Demand in demo",
  ]);
  assert.match(helpOf(C2, override) ?? '', /demo decides Spot by itself/);
  assert.deepEqual(said(C2, evidenceOf({ tiers: { 2: { demo: 'OnDemand' } } })), [
    'error tiers.2.demo: the user pools of app1 and app2 are On-Demand in demo',
  ]);
  const mgmt = evidenceOf({ tiers: { 1: { demo: 'OnDemand' } } });
  assert.deepEqual(said(C2, mgmt), ["error tiers.1.demo: mgmt's user pool is On-Demand in demo"]);
  assert.match(helpOf(C2, mgmt) ?? '', /`live: true`/);
  assert.equal(verdictOf(C2, evidenceOf()), 'held');
  assert.equal(verdictOf(C2, evidenceOf({}, 'production')), 'not applicable');
});

test('C2: a live demo puts mgmt on On-Demand nodes, and nothing else', () => {
  assert.equal(verdictOf(C2, evidenceOf({ live: true })), 'held');
  const more = evidenceOf({ live: true, clusters: { app1: { tier: 1 } } });
  assert.deepEqual(said(C2, more), ["error live: app1's user pool is On-Demand in demo"]);
  assert.match(helpOf(C2, more) ?? '', /is for mgmt/);
  const { live, ...silent } = evidenceOf({ live: true });
  assert.equal(live?.value, true);
  assert.match(said(C2, silent)[0] ?? '', /undetermined: the evidence does not say whether the demo is live/);
});

test('C3: tier 1 is On-Demand in production', () => {
  const byTier = evidenceOf({ tiers: { 1: { production: 'Spot' } } }, 'production');
  assert.deepEqual(said(C3, byTier), ["error tiers.1.production: mgmt's user pool is Spot in production"]);
  assert.match(helpOf(C3, byTier) ?? '', /write OnDemand here/);
  const byPool = evidenceOf({ clusters: { mgmt: { user: { capacity: 'Spot' } } } }, 'production');
  assert.deepEqual(said(C3, byPool), [
    "error clusters.mgmt.user.capacity: mgmt's user pool is Spot in production",
  ]);
  assert.equal(verdictOf(C3, evidenceOf({}, 'production')), 'held');
  assert.equal(verdictOf(C3, evidenceOf()), 'not applicable');
});

test('C2 and C3: a pool of which something is not said is undetermined', () => {
  for (const [id, environment] of [
    [C2, 'demo'],
    [C3, 'production'],
  ] as const) {
    for (const missing of ['mode', 'tier', 'capacityType', 'cluster'] as const) {
      if (id === C2 && missing === 'tier') continue;
      const evidence = evidenceOf({}, environment);
      const nodePools = evidence.nodePools!.map((pool) => ({ ...pool, [missing]: undefined }));
      const text = said(id, { ...evidence, nodePools } as Evidence).join('\n');
      assert.match(text, new RegExp(`does not say ${missing} here`), `${id} ${missing}`);
      assert.doesNotMatch(text, /error/);
    }
  }
});

test('C5: CSI breaks it, and so does whatever removes what the vault does not show', () => {
  const csi = evidenceOf({ secrets: { sync: 'csi' } });
  assert.deepEqual(said(C5, csi), [
    'error secrets.sync: a vault outage takes the secrets of mgmt, app1 and app2 away: the CSI driver ' +
      'keeps no copy',
  ]);
  assert.match(helpOf(C5, csi) ?? '', /write external-secrets/);
  const path = ['secrets'];
  const sync = { path, cluster: 'app1', method: 'external-secrets' } as const;
  const deletes = { ...evidenceOf(), secretSyncs: [{ ...sync, deletionPolicy: 'Delete' } as const] };
  assert.deepEqual(said(C5, deletes), [
    'error secrets: app1 loses what the vault does not show: deletionPolicy is Delete',
  ]);
  assert.match(said(C5, { ...evidenceOf(), secretSyncs: [sync] })[0] ?? '', /does not say deletionPolicy/);
  assert.equal(verdictOf(C5, evidenceOf()), 'held');
});

const user = { path: ['a'], cluster: 'app1', subject: 'system:serviceaccount:external-secrets:eso-kv' };
const credential = {
  path: ['b'],
  identity: 'id-app1',
  name: 'app1-eso-kv',
  issuerCluster: 'app1',
  subject: user.subject,
  audience: 'api://AzureADTokenExchange',
};

function wired(federations: Evidence['federations'], tokenUsers: Evidence['tokenUsers'] = [user]): string[] {
  return said(C4, { ...evidenceOf(), federations: federations!, tokenUsers: tokenUsers! });
}

test('C4: a ServiceAccount has exactly one credential, with its issuer, subject and audience', () => {
  assert.deepEqual(wired([credential]), []);
  assert.deepEqual(wired([]), [`error a: no federated credential trusts ${user.subject} of app1`]);
  assert.deepEqual(wired([credential, { ...credential, path: ['c'], identity: 'id-other' }]), [
    `error a: ${user.subject} of app1 has 2 federated credentials: ` +
      'app1-eso-kv of id-app1 and app1-eso-kv of id-other',
  ]);
  assert.deepEqual(wired([{ ...credential, audience: 'api://wrong' }]), [
    'error b: credential app1-eso-kv of id-app1 has the audience api://wrong',
  ]);
  assert.deepEqual(wired([{ ...credential, issuerCluster: 'app2' }]), [
    `error a: no federated credential trusts ${user.subject} of app1`,
    `error b: credential app1-eso-kv of id-app1 trusts ${user.subject} of app2, which asks for no token`,
  ]);
  assert.equal(verdictOf(C4, evidenceOf()), 'held');
});

test('C4: the identity that a ServiceAccount asks as is the one that trusts it', () => {
  const asks = (identity: string) => [{ ...user, identity }];
  assert.deepEqual(wired([credential], asks('id-app1')), []);
  assert.deepEqual(wired([credential], asks('id-other')), [
    `error a: ${user.subject} of app1 asks as id-other, and the credential that trusts it, app1-eso-kv, is of id-app1`,
  ]);
  assert.deepEqual(wired([], asks('id-other')), [
    `error a: no federated credential of id-other trusts ${user.subject} of app1`,
  ]);
});

test('C4: what Azure refuses of credentials is refused before', () => {
  assert.deepEqual(wired([{ ...credential, name: 'a!' }]), [
    'error b: credential a! of id-app1 has a name that Azure refuses',
  ]);
  assert.deepEqual(wired([credential, { ...credential, path: ['c'], name: 'again' }]).slice(1), [
    `error c: id-app1 trusts ${user.subject} of app1 2 times`,
  ]);
  const second = { ...user, subject: 'system:serviceaccount:a:b' };
  assert.deepEqual(
    wired([credential, { ...credential, path: ['c'], subject: second.subject }], [user, second]),
    ['error c: id-app1 has 2 credentials that are called app1-eso-kv'],
  );
  const many = Array.from({ length: 21 }, (_, index) => `system:serviceaccount:ns:sa${index}`);
  assert.deepEqual(
    wired(
      many.map((subject, index) => ({ ...credential, name: `credential-${index}`, subject })),
      many.map((subject) => ({ ...user, subject })),
    ),
    ['error b: id-app1 has 21 federated credentials; Azure takes 20'],
  );
});

test('C4: a credential of which something is not said leaves its ServiceAccount undetermined', () => {
  const { identity, ...unknown } = credential;
  assert.equal(identity, 'id-app1');
  assert.deepEqual(wired([unknown]), [
    'note b: undetermined: the evidence does not say identity here',
    'note a: undetermined: a credential is not fully known',
  ]);
  assert.deepEqual(wired([], [{ path: ['a'], cluster: 'app1' }]), [
    'note a: undetermined: the evidence does not say subject here',
  ]);
});
