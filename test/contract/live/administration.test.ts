import assert from 'node:assert/strict';
import test from 'node:test';
import { evidenceFromSnapshot } from '../../../src/contract/live/evidence-from-snapshot.ts';
import { broken, findingsOf, verdictsOf } from '../gitops/tree-under-test.ts';

const ID = 'somebody-administers-the-clusters';
const SUBSCRIPTION = '/subscriptions/00000000-0000-0000-0000-000000000000';
const CLUSTER = `${SUBSCRIPTION}/resourceGroups/rg-hub/providers/Microsoft.ContainerService/managedClusters/aks-hub`;
const ADMIN = 'b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b';

type Role = {
  readonly scope?: string;
  readonly principalType?: string;
  readonly roleDefinitionId?: string;
};

function snapshot(profile: object | null, roles: readonly Role[] = [], properties: object = {}) {
  const cluster = {
    id: CLUSTER,
    name: 'aks-hub',
    properties: { disableLocalAccounts: true, aadProfile: profile, ...properties },
  };
  const assignments = roles.map((role, index) => ({
    id: `${role.scope ?? CLUSTER}/providers/Microsoft.Authorization/roleAssignments/${index}`,
    properties: {
      scope: CLUSTER,
      principalType: 'Group',
      roleDefinitionId: `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${ADMIN}`,
      ...role,
    },
  }));
  return evidenceFromSnapshot(
    new Map([['arm/all.json', JSON.stringify([cluster, ...assignments])]]),
    undefined,
  );
}

function verdict(...given: Parameters<typeof snapshot>): string | undefined {
  return verdictsOf(snapshot(...given).evidence).get(ID);
}

const ROLES = { managed: true, enableAzureRBAC: true };

test('a group administers, or people and groups whom a role of Azure lets in', () => {
  assert.equal(verdict({ ...ROLES, adminGroupObjectIDs: ['1'] }), 'held');
  assert.equal(verdict(ROLES, [{}]), 'held');
  assert.equal(verdict(ROLES, [{ scope: SUBSCRIPTION, principalType: 'User' }]), 'held');
  assert.equal(verdict(ROLES, [{ scope: '/' }]), 'held');
  assert.equal(verdict(ROLES, [{ principalType: 'ServicePrincipal' }]), 'broken');
  assert.equal(verdict(ROLES, [{ scope: CLUSTER.replace('rg-hub', 'rg-hub2') }]), 'broken');
  assert.equal(verdict(ROLES, [{ roleDefinitionId: 'acdd72a7-3385-48ef-bd42-f606fba81ae7' }]), 'broken');
});

test('what nobody asked for is not said', () => {
  assert.equal(verdict(ROLES), 'undetermined');
  assert.equal(verdict({}), 'undetermined');
  assert.equal(verdict({ ...ROLES, adminGroupObjectIDs: null, enableAzureRBAC: undefined }), 'undetermined');
  assert.equal(
    verdict(ROLES, [{ scope: '/providers/Microsoft.Management/managementGroups/all' }]),
    'undetermined',
  );
  assert.equal(verdict(ROLES, [{}], { disableLocalAccounts: undefined }), 'undetermined');
});

test('a cluster that takes no roles and names no group is nobody’s', () => {
  const found = broken(findingsOf(snapshot({ managed: true, enableAzureRBAC: false })));
  assert.deepEqual(
    found.filter(({ id }) => id === ID).map(({ severity, message }) => `${severity} ${message}`),
    ['error nobody can administer aks-hub: no group is named, and roles of Azure do not count'],
  );
});

test('local accounts, or no Entra at all, are for another invariant', () => {
  assert.equal(verdict(ROLES, [], { disableLocalAccounts: false }), 'undetermined');
  assert.equal(snapshot(null).evidence.administration, undefined);
});
