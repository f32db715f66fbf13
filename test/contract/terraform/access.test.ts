import assert from 'node:assert/strict';
import test from 'node:test';
import type { TeamEvidence } from '../../../src/contract/access-evidence.ts';
import { evidenceFromTerraform } from '../../../src/contract/terraform/evidence-from-terraform.ts';
import { type Block, planOf } from './made-plan.ts';
import { evidenceOf, read, said, type Shown, verdictOf } from './plan-under-test.ts';

const STAY = 'teams-stay-in-their-namespaces';
const ONCE = 'role-assignments-are-unique';
const CLUSTER = 'azurerm_kubernetes_cluster';
const GROUP = 'rg';
const SALES = '22222222-2222-2222-2222-222222222222';
const ADMINS = '11111111-1111-1111-1111-111111111111';
const AKS = `/subscriptions/0/resourceGroups/${GROUP}/providers/Microsoft.ContainerService/managedClusters/aks-a`;
const WRITER = 'Azure Kubernetes Service RBAC Writer';

const cluster: Block = {
  type: CLUSTER,
  name: 'a',
  values: {
    name: 'aks-a',
    resource_group_name: GROUP,
    azure_active_directory_role_based_access_control: [{ admin_group_object_ids: [ADMINS] }],
  },
};
const identity: Block = {
  type: 'azurerm_user_assigned_identity',
  name: 'argocd',
  values: { name: 'id-argocd', resource_group_name: GROUP },
};

/** A plan with one cluster, one identity and these assignments. */
function plan(...assignments: readonly Partial<Block>[]): Shown {
  const roles = assignments.map((assignment, index) => {
    const { values = {}, refers = {} } = assignment;
    const standard = { role_definition_name: WRITER, principal_id: SALES, principal_type: 'Group' };
    return {
      type: 'azurerm_role_assignment',
      name: `r${index}`,
      values: { ...standard, ...(values as Shown) },
      refers,
    };
  });
  return planOf({ blocks: [cluster, identity, ...roles] });
}

test('a role in a namespace of its own is right, in one of the platform wrong, on the whole wrong', () => {
  assert.equal(verdictOf(STAY, plan({ values: { scope: `${AKS}/namespaces/shop` } })), 'held');
  assert.match(
    said(STAY, plan({ values: { scope: `${AKS}/namespaces/argocd` } }))[0]!,
    new RegExp(`role_assignment.r0: ${SALES} has ${WRITER} in argocd of aks-a, the namespace of Argo CD$`),
  );
  assert.match(
    said(STAY, plan({ values: { scope: AKS.toUpperCase() } }))[0]!,
    /on all of aks-a, the platform's/,
  );
  for (const scope of [`/subscriptions/0/resourceGroups/${GROUP}`, '/subscriptions/0']) {
    assert.match(said(STAY, plan({ values: { scope } }))[0]!, /on all of a cluster, the platform's/, scope);
  }
});

test('a reader of everything is told of, and stops nobody', () => {
  const role_definition_name = 'Azure Kubernetes Service RBAC Reader';
  assert.match(said(STAY, plan({ values: { scope: AKS, role_definition_name } }))[0]!, /^warning /);
});

test('roles go by their ids, too; those that count in no cluster are none of this', () => {
  const id =
    '/subscriptions/0/providers/Microsoft.Authorization/roleDefinitions/a7ffa36f-339b-4b5c-8bdf-e2c188b2c0eb';
  const values = { scope: AKS, role_definition_name: null, role_definition_id: id };
  assert.match(said(STAY, plan({ values }))[0]!, new RegExp(`has ${WRITER} on all of aks-a`));
  const user = { scope: AKS, role_definition_name: 'Azure Kubernetes Service Cluster User Role' };
  assert.notEqual(verdictOf(STAY, plan({ values: user })), 'broken');
  const vault = { scope: `/subscriptions/0/resourceGroups/${GROUP}/providers/Microsoft.KeyVault/vaults/v` };
  assert.notEqual(verdictOf(STAY, plan({ values: vault })), 'broken');
});

test('administrators and programs may do everything', () => {
  const admin = { scope: AKS, principal_id: ADMINS.toUpperCase() };
  assert.equal(verdictOf(STAY, plan({ values: admin })), 'not applicable');
  const program = { scope: AKS, principal_type: 'ServicePrincipal' };
  assert.equal(verdictOf(STAY, plan({ values: program })), 'not applicable');
  const argo = {
    values: { scope: AKS, principal_id: undefined, principal_type: null } as unknown as Shown,
    refers: { principal_id: ['azurerm_user_assigned_identity.argocd.principal_id'] },
  };
  assert.equal(verdictOf(STAY, plan(argo)), 'not applicable');
  // Whoever may do everything in the cluster administers it, whatever else they have.
  const role_definition_name = 'Azure Kubernetes Service RBAC Cluster Admin';
  const both = plan({ values: { scope: AKS, role_definition_name } }, { values: { scope: AKS } });
  assert.equal(verdictOf(STAY, both), 'not applicable');
});

test('what a plan does not know is undetermined', () => {
  const unknown = { values: { principal_type: 'Group' }, refers: { scope: [`${CLUSTER}.a.id`] } };
  assert.equal(verdictOf(STAY, plan(unknown)), 'undetermined');
  const anybody = { values: { scope: AKS, principal_type: null } };
  assert.equal(verdictOf(STAY, plan(anybody)), 'undetermined');
});

test('a fleet file beside the plan says what its teams were given', () => {
  const team: TeamEvidence = {
    path: [],
    name: 'sales',
    group: SALES,
    clusters: ['aks-a'],
    namespaces: ['shop'],
  };
  const shown = (namespace: string): Shown =>
    plan({ values: { scope: `${AKS}/namespaces/${namespace}`, principal_type: null } });
  const teams = (namespace: string) => {
    const [evidence] = evidenceFromTerraform(read(shown(namespace)), { known: [], teams: [team] });
    return evidence!;
  };
  assert.deepEqual(teams('shop').teams, [team]);
  assert.equal(teams('shop').accessGrants![0]!.isTeam, undefined);
});

test('role-assignments-are-unique', () => {
  const scope = { values: { scope: `${AKS}/namespaces/shop` } };
  const other = { values: { scope: `${AKS}/namespaces/cart` } };
  assert.equal(verdictOf(ONCE, plan(scope, other)), 'held');
  assert.match(
    said(ONCE, plan(scope, { values: { scope: `${AKS.toLowerCase()}/namespaces/shop` } }))[0]!,
    new RegExp(`role_assignment.r1: ${SALES} is given ${WRITER} twice on namespaces/shop$`),
  );
  const pull = {
    values: { role_definition_name: 'AcrPull', principal_id: undefined } as unknown as Shown,
    refers: {
      scope: ['azurerm_user_assigned_identity.argocd.id'],
      principal_id: ['azurerm_user_assigned_identity.argocd.principal_id'],
    },
  };
  assert.equal(said(ONCE, plan(pull, pull)).length, 1);
  // Behind the id of a cluster, the name of a namespace may follow, which the configuration does not show.
  const inCluster = { refers: { scope: [`${CLUSTER}.a.id`] } };
  assert.equal(verdictOf(ONCE, plan(inCluster, inCluster)), 'undetermined');
  assert.equal(evidenceOf([planOf({ blocks: [cluster] })]).roleAssignments, undefined);
});
