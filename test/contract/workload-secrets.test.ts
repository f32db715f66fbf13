import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Evidence } from '../../src/contract/evidence.ts';
import { evidenceOf, helpOf, type Patch, said, verdictOf } from './fleet-under-test.ts';

const ID = 'platform-secrets-are-not-shared';

function given(secrets: readonly string[], more: Patch = {}): Evidence {
  const shop = { clusters: ['app1'], image: 'shop:1', secrets };
  return evidenceOf({ workloads: { shop }, ...more });
}

test('a workload has its own secrets, and shares them with other workloads', () => {
  assert.equal(verdictOf(ID, given(['db-password', 'mesh-ca'])), 'held');
  assert.equal(verdictOf(ID, given([])), 'not applicable');
});

test('what the platform reads is not for a workload, however its letters are written', () => {
  assert.deepEqual(said(ID, given(['db-password', 'Mesh-CA-Key', 'grafana-admin-password'])), [
    'error workloads.shop.secrets: shop is given Mesh-CA-Key, which is for Cilium of every cluster alone',
    'error workloads.shop.secrets: shop is given grafana-admin-password, which is for Grafana alone',
  ]);
  assert.match(helpOf(ID, given(['mesh-ca-key'])) ?? '', /^take it off the list/);
});

test('a name is free where nothing of the platform reads it', () => {
  const azure = { network: { cni: 'azure-overlay' }, observability: { stack: 'azure' } };
  assert.equal(verdictOf(ID, given(['mesh-ca-key', 'grafana-admin-password'], azure)), 'held');
});

test('where the evidence does not say, nothing is known', () => {
  const evidence = given(['db-password']);
  assert.equal(verdictOf(ID, { ...evidence, workloadSecrets: [{ path: ['x'], name: 'a' }] }), 'undetermined');
});
