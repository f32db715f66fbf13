import assert from 'node:assert/strict';
import test from 'node:test';
import { type Block, planOf } from './made-plan.ts';
import { evidenceOf, fixture, type Json, said, type Shown, verdictOf, withValue } from './plan-under-test.ts';

const ID = 'somebody-administers-the-clusters';
const CLUSTER = 'azurerm_kubernetes_cluster';
const ENTRA = 'azure_active_directory_role_based_access_control';
const ROLE = 'Azure Kubernetes Service RBAC Cluster Admin';
const SUBSCRIPTION = '/subscriptions/00000000-0000-0000-0000-000000000000';

const sound = (): Shown => fixture('sound.json');
const withoutGroups = (plan: Shown): Shown =>
  withValue(plan, CLUSTER, [ENTRA, 0, 'admin_group_object_ids'], []);

test('a group that is named administers its cluster', () => {
  assert.equal(verdictOf(ID, sound()), 'held');
});

test('where no file gives any role, somebody may hold one all the same', () => {
  const [finding] = said(ID, withoutGroups(sound()));
  assert.match(finding ?? '', /^note .*no group administers k8s-hub, and whether somebody holds the role/);
  assert.equal(verdictOf(ID, withoutGroups(sound())), 'undetermined');
});

test('where roles of Azure do not count either, nobody can ever get in', () => {
  const plan = withValue(withoutGroups(sound()), CLUSTER, [ENTRA, 0, 'azure_rbac_enabled'], false);
  assert.match(said(ID, plan)[0] ?? '', /^error .*: nobody can administer k8s-hub: no group is named/);
});

test('the roots of a fleet give roles to programs alone', () => {
  const roots = ['foundation', 'clusters-mgmt', 'clusters-app1', 'clusters-app2'];
  const atlas = (): Shown[] => roots.map((root) => fixture(`atlas-production/${root}.json`));
  assert.equal(verdictOf(ID, ...atlas()), 'held');
  const found = said(ID, ...atlas().map(withoutGroups));
  assert.equal(found.length, 3);
  for (const line of found) assert.match(line, /^warning .*: nobody administers aks-atlas-prod-\w+ until/);
});

/** A cluster in a group, without a group of admins, and one role that somebody holds. */
function planWith(role: Block): Shown {
  const cluster: Block = {
    type: CLUSTER,
    name: 'hub',
    values: {
      name: 'aks-hub',
      resource_group_name: 'rg-hub',
      local_account_disabled: true,
      [ENTRA]: [{ azure_rbac_enabled: true, admin_group_object_ids: [] }],
    },
  };
  const group = (name: string): Block => ({
    type: 'azurerm_resource_group',
    name,
    values: { name: `rg-${name}` },
  });
  const identity: Block = { type: 'azurerm_user_assigned_identity', name: 'ci', values: { name: 'id-ci' } };
  return planOf({ blocks: [cluster, group('hub'), group('other'), identity, role] });
}

function holders(
  values: Shown,
  refers: Readonly<Record<string, readonly string[]>> = {},
): number | undefined {
  const whole: Record<string, Json> = { role_definition_name: ROLE, principal_type: 'Group', ...values };
  const role: Block = { type: 'azurerm_role_assignment', name: 'one', values: whole, refers };
  return evidenceOf([planWith(role)]).administration?.[0]?.roleHolders;
}

test('a role counts where its scope holds the cluster', () => {
  const CLUSTER_ID = `${SUBSCRIPTION}/resourceGroups/rg-hub/providers/Microsoft.ContainerService/managedClusters/aks-hub`;
  const at = (scope: string): number | undefined => holders({ scope });
  assert.equal(at(CLUSTER_ID), 1);
  assert.equal(at(CLUSTER_ID.replace('aks-hub', 'aks-hub2')), 0);
  assert.equal(at(`${SUBSCRIPTION}/resourceGroups/rg-other`), 0);
  assert.equal(at(`${SUBSCRIPTION}/resourceGroups/rg-hub/providers/Microsoft.KeyVault/vaults/kv`), 0);
  // Which subscription the cluster is made in, this plan does not say.
  assert.equal(at(SUBSCRIPTION), undefined);
  assert.equal(at('/providers/Microsoft.Management/managementGroups/all'), undefined);
  const to = (reference: string): number | undefined => holders({}, { scope: [reference] });
  assert.equal(to('azurerm_kubernetes_cluster.hub.id'), 1);
  assert.equal(to('azurerm_resource_group.hub.id'), 1);
  assert.equal(to('azurerm_resource_group.other.id'), 0);
  assert.equal(to('local.somewhere'), undefined);
});

test('a role counts where a person holds it, and where it is the one of an admin', () => {
  const scope = { scope: ['azurerm_kubernetes_cluster.hub.id'] };
  assert.equal(holders({ principal_type: 'User' }, scope), 1);
  assert.equal(holders({ principal_type: 'ServicePrincipal' }, scope), 0);
  assert.equal(holders({ principal_type: null }, scope), undefined);
  const ofIdentity = { ...scope, principal_id: ['azurerm_user_assigned_identity.ci.principal_id'] };
  assert.equal(holders({ principal_type: null }, ofIdentity), 0);
  assert.equal(holders({ role_definition_name: 'Azure Kubernetes Service Cluster User Role' }, scope), 0);
  assert.equal(holders({ role_definition_name: 'Owner' }, scope), 0);
  assert.equal(holders({ role_definition_name: null }, scope), undefined);
  const id = 'b1ff04bb-8a4e-4dc4-8eb5-8693973ce19b';
  const definition = `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${id}`;
  assert.equal(holders({ role_definition_name: null, role_definition_id: definition }, scope), 1);
});

test('a cluster with local accounts is none of its business, one that does not say may be', () => {
  const local = withValue(sound(), CLUSTER, ['local_account_disabled'], false);
  assert.equal(evidenceOf([local]).administration, undefined);
  const refused = withValue(sound(), CLUSTER, [ENTRA], []);
  assert.equal(evidenceOf([refused]).administration, undefined);
});
