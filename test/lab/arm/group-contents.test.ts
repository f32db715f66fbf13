import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GROUP, labUnderTest, put, SUBSCRIPTION, values } from './lab-under-test.ts';

const CLUSTER = `${GROUP}/providers/Microsoft.ContainerService/managedClusters/aks`;

test('what is about a group or about a resource lies in no group, and goes with what it is about', () => {
  const lab = labUnderTest();
  const about = [
    'Microsoft.Authorization/roleAssignments/a',
    'Microsoft.Authorization/roleDefinitions/d',
    'Microsoft.Authorization/locks/l',
    'Microsoft.Consumption/budgets/b',
    'Microsoft.Insights/diagnosticSettings/s',
  ];
  put(lab, GROUP, { location: 'koreacentral' });
  put(lab, CLUSTER, { location: 'koreacentral', properties: {} });
  for (const what of about) for (const place of [GROUP, CLUSTER]) put(lab, `${place}/providers/${what}`, {});
  put(lab, `${CLUSTER}/namespaces/shop/providers/${about[0]}`, {});
  put(lab, `${CLUSTER}/providers/Microsoft.Insights/dataCollectionRuleAssociations/r`, {});
  const ids = (scope: string): unknown[] =>
    values(lab.told(200, 'GET', `${scope}/resources`)).map(({ id }) => id);
  assert.deepEqual(ids(GROUP), [CLUSTER]);
  assert.ok(ids(SUBSCRIPTION).every((id) => String(id).split('/providers/').length === 2));
  lab.ask('DELETE', CLUSTER);
  assert.deepEqual(ids(GROUP), []);
  const left = lab.lab.store.all().filter(({ id }) => id.key.startsWith(CLUSTER.toLowerCase()));
  assert.deepEqual(left, []);
  lab.ask('DELETE', GROUP);
  lab.told(404, 'GET', GROUP);
  assert.deepEqual(lab.lab.store.ofType('microsoft.authorization/roleassignments'), []);
  put(lab, GROUP, { location: 'koreacentral' });
  lab.told(404, 'GET', `${GROUP}/providers/${about[0]}`);
});
