import assert from 'node:assert/strict';
import test from 'node:test';
import { evidenceOfObjects, saidOf, undeterminedOf, verdictOf } from './object-under-test.ts';

const ID = 'teams-stay-in-their-namespaces';
const SALES = '22222222-2222-2222-2222-222222222222';

function binding(
  namespace: string | undefined,
  role: string,
  subject = `{ kind: Group, name: ${SALES} }`,
): string {
  const kind = namespace === undefined ? 'ClusterRoleBinding' : 'RoleBinding';
  const where = namespace === undefined ? '' : `, namespace: ${namespace}`;
  return `apiVersion: rbac.authorization.k8s.io/v1
kind: ${kind}
metadata: { name: a${where} }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: ${role} }
subjects: [${subject}]
`;
}

function project(destinations: string, groups = `['${SALES}']`): string {
  return `apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: { name: sales, namespace: argocd }
spec:
  destinations: [${destinations}]
  roles: [{ name: deploy, groups: ${groups}, policies: [] }]
`;
}

test('a binding in a namespace of the platform, or in all of them, is nothing for a team', () => {
  assert.equal(verdictOf(ID, evidenceOfObjects(binding('shop', 'edit'))), 'held');
  assert.deepEqual(saidOf(ID, binding('argocd', 'edit')), [
    `error ${ID} a.yaml:3:19: ${SALES} has the role edit in argocd, the namespace of Argo CD`,
  ]);
  assert.match(saidOf(ID, binding('monitoring', 'view'))[0]!, /^warning /);
  assert.match(saidOf(ID, binding(undefined, 'edit'))[0]!, /has the role edit on all of a cluster/);
});

test('administrators, programs and Kubernetes itself may', () => {
  const admin = `${binding(undefined, 'cluster-admin')}---\n${binding('argocd', 'edit')}`;
  assert.equal(verdictOf(ID, evidenceOfObjects(admin)), 'not applicable');
  for (const subject of [
    '{ kind: ServiceAccount, name: a, namespace: b }',
    '{ kind: Group, name: "system:masters" }',
    '{ kind: User, name: "system:kube-scheduler" }',
  ]) {
    assert.equal(verdictOf(ID, evidenceOfObjects(binding('argocd', 'edit', subject))), 'not applicable');
  }
});

test('what a role that the fleet defines allows everywhere is not known', () => {
  assert.deepEqual(undeterminedOf(ID, evidenceOfObjects(binding(undefined, 'node-reader'))), [
    'the evidence does not say isWhole here',
  ]);
});

test('a project of Argo CD lets its groups deploy where it may put things', () => {
  const of = (destination: string): readonly string[] => saidOf(ID, project(destination));
  assert.equal(verdictOf(ID, evidenceOfObjects(project('{ name: app1, namespace: shop }'))), 'held');
  assert.match(
    of('{ name: app1, namespace: monitoring }')[0]!,
    /a role in the project sales in monitoring of app1/,
  );
  assert.match(of("{ name: app1, namespace: '*' }")[0]!, /a role in the project sales on all of app1/);
  assert.match(of("{ server: '*', namespace: '*' }")[0]!, /on all of a cluster/);
  const pattern = evidenceOfObjects(project("{ name: app1, namespace: 'sales-*' }"));
  assert.equal(verdictOf(ID, pattern), 'undetermined');
  const nobody = evidenceOfObjects(project("{ name: app1, namespace: '*' }", '[]'));
  assert.equal(verdictOf(ID, nobody), 'not applicable');
});
