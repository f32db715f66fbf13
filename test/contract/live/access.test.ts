import assert from 'node:assert/strict';
import test from 'node:test';
import { evidenceFromSnapshot } from '../../../src/contract/live/evidence-from-snapshot.ts';
import { broken, filesBelow, type Files, findingsOf, lineOf, verdictsOf } from '../gitops/tree-under-test.ts';

const orchard = filesBelow('test/fixtures/live/orchard');

const AKS =
  '/subscriptions/0/resourceGroups/rg-orchard/providers/Microsoft.ContainerService/managedClusters/aks-orchard-east';
const SALES = '22222222-2222-2222-2222-222222222222';

/** The snapshot with a role assignment, as Azure gives it or as `az` does. */
function withRole(scope: string, properties: object = {}, isByAz = false): Files {
  const said = {
    scope,
    principalId: SALES,
    principalType: 'Group',
    // Azure Kubernetes Service RBAC Writer
    roleDefinitionId:
      '/providers/Microsoft.Authorization/roleDefinitions/a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb',
    ...properties,
  };
  const id = `${scope}/providers/Microsoft.Authorization/roleAssignments/r`;
  const role = { id, name: 'r', ...(isByAz ? said : { properties: said }) };
  return new Map([...orchard, ['arm/roles.json', JSON.stringify([role])]]);
}

/** What one invariant says, as `severity: message`. */
function said(id: string, files: Files): readonly string[] {
  return broken(findingsOf(evidenceFromSnapshot(files, undefined)))
    .filter((finding) => finding.id === id)
    .map(lineOf)
    .map((line) => line.replace(/^(\S+) \S+ \S+ /, '$1: '));
}

function verdict(id: string, files: Files): string | undefined {
  return verdictsOf(evidenceFromSnapshot(files, undefined).evidence).get(id);
}

test('a role inside a cluster is right in a namespace of a team alone', () => {
  const id = 'teams-stay-in-their-namespaces';
  for (const isByAz of [false, true]) {
    assert.equal(verdict(id, withRole(`${AKS}/namespaces/orders`, {}, isByAz)), 'held');
    assert.deepEqual(said(id, withRole(AKS, {}, isByAz)), [
      `error: ${SALES} has Azure Kubernetes Service RBAC Writer on all of east, the platform's namespaces among it`,
    ]);
  }
  assert.match(said(id, withRole('/subscriptions/0'))[0]!, /on all of a cluster/);
  assert.deepEqual(said(id, withRole(AKS, { principalType: 'ServicePrincipal' })), []);
  assert.deepEqual(said(id, withRole(AKS, { roleDefinitionId: 'x' })), []);
  assert.equal(verdict(id, withRole(AKS, { principalId: undefined })), 'undetermined');
});

test('a ServiceAccount that names another identity than the one that trusts it reads nothing', () => {
  const identity = (name: string, clientId: string): object => ({
    id: `/subscriptions/0/resourceGroups/rg-orchard/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}`,
    name,
    properties: { clientId },
  });
  const account = {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: {
      name: 'vault',
      namespace: 'eso',
      annotations: { 'azure.workload.identity/client-id': SALES },
    },
  };
  const asking = (name: string): Files =>
    new Map([
      ...orchard,
      [
        'arm/identities.json',
        JSON.stringify([identity(name, SALES.toUpperCase()), identity('id-other', 'b')]),
      ],
      ['kubernetes/hub/account.json', JSON.stringify(account)],
    ]);
  assert.deepEqual(said('workload-identity-is-wired', asking('id-vault-hub')), []);
  assert.match(
    said('workload-identity-is-wired', asking('id-keeper'))[0]!,
    /eso:vault of hub asks as id-keeper, .* is of id-vault-hub$/,
  );
});
