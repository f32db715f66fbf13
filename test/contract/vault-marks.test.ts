import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Evidence } from '../../src/contract/evidence.ts';
import { evidenceOf, helpOf, type Patch, said, verdictOf } from './fleet-under-test.ts';

const ID = 'vault-marks-take-effect';

/** A fleet whose only workload reads db-password. */
function marked(vault: Patch, more: Patch = {}): Evidence {
  const shop = { clusters: ['app1'], image: 'shop:1', secrets: ['db-password'] };
  return evidenceOf({ workloads: { shop }, secrets: { vault }, ...more });
}

test('a mark of what nothing reads makes nothing', () => {
  assert.deepEqual(said(ID, marked({ 'db-pasword': { generate: true } })), [
    'warning secrets.vault.db-pasword: nothing of the fleet reads db-pasword from the vault, so nothing makes it',
  ]);
  assert.equal(helpOf(ID, marked({ 'db-pasword': {} })), 'write db-password, if that is what you mean');
  assert.match(helpOf(ID, marked({ other: {} })) ?? '', /^there are db-password, /);
  const alone = marked(
    { other: {} },
    { network: { cni: 'azure-overlay' }, workloads: {}, observability: { stack: 'azure' } },
  );
  assert.deepEqual([said(ID, alone).length, verdictOf(ID, marked({}))], [1, 'not applicable']);
});

test('a mark of what is read holds, however its letters are written; a person’s needs none', () => {
  assert.equal(verdictOf(ID, marked({ 'DB-Password': { generate: true, length: 20 } })), 'held');
  assert.equal(verdictOf(ID, marked({ 'db-password': { generate: false } })), 'held');
  assert.equal(verdictOf(ID, marked({ 'grafana-admin-password': { length: 20 } })), 'held');
  assert.equal(verdictOf(ID, marked({ 'grafana-admin-password': { generate: false } })), 'held');
});

test('what is made in a way of its own is not marked', () => {
  assert.deepEqual(said(ID, marked({ 'mesh-ca-key': { generate: true } })), [
    'warning secrets.vault.mesh-ca-key: `up` makes mesh-ca-key itself, once for all clusters, whatever is said of it here',
  ]);
  assert.match(said(ID, marked({ 'grafana-admin-user': {} }))[0]!, /itself, always the same, whatever/);
});

test('the length of what a person sets has no effect', () => {
  assert.deepEqual(said(ID, marked({ 'db-password': { length: 20 } })), [
    'warning secrets.vault.db-password: the length of db-password has no effect: a person sets it',
  ]);
});

test('where the evidence does not say, nothing is known', () => {
  const evidence = marked({ 'db-password': { generate: true } });
  for (const gap of [
    { vaultMarks: [{ path: ['x'] }] },
    { vaultReads: [{ path: ['x'] }] },
    { vaultReads: [{ path: ['x'], name: 'db-password' }] },
  ]) {
    assert.equal(verdictOf(ID, { ...evidence, ...gap }), 'undetermined');
  }
});
