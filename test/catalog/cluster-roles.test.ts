import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CLUSTER_ADMIN_ROLE, clusterRole, isReadingRole } from '../../src/catalog/cluster-roles.ts';

test('a role is known by its name and by its id, whatever stands before that', () => {
  const writer = 'Azure Kubernetes Service RBAC Writer';
  const id = 'a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb';
  for (const written of [
    writer,
    writer.toLowerCase(),
    id,
    `/providers/Microsoft.Authorization/roleDefinitions/${id.toUpperCase()}`,
    `/subscriptions/0/providers/Microsoft.Authorization/roleDefinitions/${id}`,
  ]) {
    assert.equal(clusterRole(written), writer, written);
  }
  assert.equal(clusterRole('b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b'), CLUSTER_ADMIN_ROLE);
  for (const other of ['', 'Contributor', 'Azure Kubernetes Service Cluster User Role']) {
    assert.equal(clusterRole(other), undefined, other);
  }
});

test('one of them reads alone', () => {
  assert.ok(isReadingRole('Azure Kubernetes Service RBAC Reader'));
  assert.ok(!isReadingRole('Azure Kubernetes Service RBAC Writer'));
});
