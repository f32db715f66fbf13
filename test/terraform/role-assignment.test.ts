import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ref } from '../../src/terraform/block.ts';
import { renderHcl } from '../../src/terraform/hcl.ts';
import { declaredResources } from '../../src/terraform/resources.ts';
import { roleAssignmentBlock } from '../../src/terraform/role-assignment.ts';
import { anyFleet } from '../support/any-fleet.ts';
import { platformOf } from '../support/fleets.ts';

const SCOPE = ref('azurerm_container_registry.fleet.id');
const PRINCIPAL = ref('azurerm_user_assigned_identity.app1_kubelet.principal_id');

test('a role assignment is named after where it is, whose it is and what it allows', () => {
  const assignment = roleAssignmentBlock({
    label: 'app1_kubelet_on_registry',
    scope: SCOPE,
    role: 'AcrPull',
    principal: PRINCIPAL,
    principalType: 'ServicePrincipal',
  });
  assert.equal(
    renderHcl([assignment]),
    [
      'resource "azurerm_role_assignment" "app1_kubelet_on_registry" {',
      '  name = uuidv5("url", join("|", [',
      '    azurerm_container_registry.fleet.id,',
      '    azurerm_user_assigned_identity.app1_kubelet.principal_id,',
      '    "AcrPull",',
      '  ]))',
      '',
      '  scope                            = azurerm_container_registry.fleet.id',
      '  role_definition_name             = "AcrPull"',
      '  principal_id                     = azurerm_user_assigned_identity.app1_kubelet.principal_id',
      '  principal_type                   = "ServicePrincipal"',
      '  skip_service_principal_aad_check = true',
      '}',
      '',
    ].join('\n'),
  );
});

test('property: the name follows from the grant, and no two grants of a root have one name', () => {
  fc.assert(
    fc.property(anyFleet, fc.constantFrom('demo', 'production'), (data, environment) => {
      const grants = declaredResources(platformOf(data, environment)).filter(
        ({ type }) => type === 'azurerm_role_assignment',
      );
      assert.ok(grants.length > 0);
      for (const { arguments: given } of grants) {
        const parts = ['scope', 'principal_id', 'role_definition_name'].map((key) => given.get(key));
        assert.equal(given.get('name'), `uuidv5("url", join("|", [${parts.join(', ')}]))`);
      }
      const names = grants.map(({ root, arguments: given }) => `${root} ${given.get('name')}`);
      assert.equal(new Set(names).size, names.length);
    }),
    { numRuns: 15 },
  );
});
