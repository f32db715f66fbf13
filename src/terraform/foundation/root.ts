import { hasContainerInsights } from '../../model/fit.ts';
import type { Platform } from '../../model/platform.ts';
import { type Item, attr, block, call, ref, template } from '../block.ts';
import { type Input, adminGroupIds, operatorIpRanges, subscriptionId, tenantId } from '../inputs.ts';
import { type Root, frameOf, locals } from '../root.ts';
import { alertEmail, alertBlocks } from './alerts.ts';
import { budgetBlocks, budgetStart } from './budget.ts';
import { egressBlocks } from './egress.ts';
import { groupBlocks } from './groups.ts';
import { identityBlocks } from './identities.ts';
import { logBlocks } from './logs.ts';
import { managedMetricsBlocks } from './managed-metrics.ts';
import { networkBlocks } from './network.ts';
import { outputBlocks } from './outputs.ts';
import { registryBlocks } from './registry.ts';
import { securityBlocks } from './security.ts';
import { vaultBlocks } from './vault.ts';

/** What all clusters stand on and none may break: network, vault, registry, logs, identities and their rights. */
export function foundationRoot(platform: Platform): Root {
  return {
    path: 'foundation',
    frame: frameOf(platform, inputs(platform), {
      items: [registrations(platform)],
      features: [vaultFeatures()],
    }),
    files: {
      'locals.tf': [locals(platform, [suffix(platform)])],
      'groups.tf': groupBlocks(platform),
      'network.tf': networkBlocks(platform),
      'security.tf': securityBlocks(platform),
      'egress.tf': egressBlocks(platform),
      'vault.tf': vaultBlocks(platform),
      'registry.tf': registryBlocks(platform),
      'identities.tf': identityBlocks(platform),
      'logs.tf': logBlocks(platform),
      'metrics.tf': managedMetricsBlocks(platform),
      'alerts.tf': alertBlocks(platform),
      'budget.tf': budgetBlocks(platform),
      'outputs.tf': outputBlocks(platform),
    },
  };
}

function inputs({ fleet }: Platform): readonly Input[] {
  return [
    subscriptionId(fleet),
    tenantId(fleet),
    adminGroupIds(fleet),
    ...(fleet.environment === 'demo' ? [operatorIpRanges(fleet, 'the vault')] : []),
    ...alertEmail(fleet),
    ...budgetStart(fleet),
  ];
}

function suffix({ names }: Platform): Item {
  return attr(
    'suffix',
    call('substr', call('sha256', template`${ref('var.subscription_id')}${names.suffixSeed}`), 0, 6),
    'Vault and registry names are global: this makes them ours, and the same ones after a rebuild.',
  );
}

/** All resource providers of the fleet, so that the other roots, applied side by side, need not ask. */
function registrations({ fleet }: Platform): Item {
  const keeper = { 'container-instance': ['ContainerInstance'], 'container-apps-job': ['App'], none: [] };
  const names = [
    'Compute',
    'ContainerRegistry',
    'ContainerService',
    'KeyVault',
    'ManagedIdentity',
    'Network',
    ...(hasContainerInsights(fleet) ? ['AlertsManagement', 'Insights', 'OperationalInsights'] : ['Insights']),
    ...(fleet.observability.stack === 'azure' ? ['Dashboard', 'Monitor'] : []),
    ...keeper[fleet.keeper.run],
  ];
  return {
    kind: 'group',
    why: 'A fresh subscription has none of these, and azurerm 5 registers nothing by itself.',
    attributes: [
      attr('resource_provider_registrations', 'none'),
      attr(
        'resource_providers_to_register',
        names.toSorted().map((name) => `Microsoft.${name}`),
      ),
    ],
  };
}

function vaultFeatures(): Item {
  return block(
    'key_vault',
    [],
    [
      attr(
        'purge_soft_delete_on_destroy',
        false,
        'The vault holds the mesh CA: what is destroyed by mistake must come back.',
      ),
      attr('recover_soft_deleted_key_vaults', true),
    ],
  );
}
