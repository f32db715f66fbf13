import assert from 'node:assert/strict';
import test from 'node:test';
import { builtInPriceBook } from '../../src/catalog/price-book.ts';
import { readShownFile } from '../../src/contract/terraform/shown-file.ts';
import { checkTerraform } from '../../src/plan/terraform-check.ts';
import { planOf } from '../contract/terraform/made-plan.ts';
import { atlas, platformOf } from '../support/fleets.ts';

const SALES = '22222222-2222-2222-2222-222222222222';
const WRITER = 'Azure Kubernetes Service RBAC Writer';

/** What is said of a role of the team's group on a cluster of atlas, with the fleet file beside the plan. */
function said(cluster: string, namespace: string): readonly string[] {
  const teams = { sales: { group: SALES, workloads: ['storefront'], clusters: ['app1'] } };
  const platform = platformOf(atlas({ teams }), 'production');
  const { resourceName, resourceGroup } = platform.clusters.find(({ name }) => name === cluster)!;
  const id = `/subscriptions/0/resourceGroups/${resourceGroup}/providers/Microsoft.ContainerService/managedClusters`;
  const values = { name: resourceName, resource_group_name: resourceGroup };
  const role = {
    scope: `${id}/${resourceName}/namespaces/${namespace}`,
    role_definition_name: WRITER,
    principal_id: SALES,
    principal_type: 'Group',
  };
  const shown = planOf({
    blocks: [
      { type: 'azurerm_kubernetes_cluster', name: 'a', values },
      { type: 'azurerm_role_assignment', name: 'r', values: role },
    ],
  });
  const load = readShownFile('plan.json', [Buffer.from(JSON.stringify(shown))]);
  const { findings } = checkTerraform([load], ['production'], [platform], {
    waiversIn: () => ({ list: [], today: '2026-11-22' }),
    priceBook: builtInPriceBook,
  });
  return findings
    .filter((finding) => finding.id === 'teams-stay-in-their-namespaces')
    .map(({ message }) => message);
}

test('the teams of a fleet file are held against the roles of a plan', () => {
  assert.deepEqual(said('app1', 'storefront'), []);
  assert.deepEqual(said('app1', 'cart'), [
    `the team sales has ${WRITER} in cart, a namespace that it was not given`,
  ]);
  assert.deepEqual(said('app2', 'storefront'), [
    `the team sales has ${WRITER} in aks-atlas-prod-app2, which it was not given`,
  ]);
});
