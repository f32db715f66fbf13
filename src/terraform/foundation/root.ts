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
import { foundationTests } from './tests.ts';
import { vaultBlocks } from './vault.ts';

/** What all clusters stand on and none may break: network, vault, registry, logs, identities and their rights. */
export function foundationRoot(platform: Platform): Root {
  return {
    path: 'foundation',
    purpose:
      'What all clusters stand on and none may break: network, ways out, vault, registry, logs, identities and their ' +
      'rights. It is applied before the clusters, and destroyed after them.',
    frame: frameOf(platform, inputs(platform), {
      items: [registrations(platform)],
      features: [vaultFeatures()],
    }),
    about: ABOUT,
    files: {
      'locals.tf': [locals(platform, [suffix(platform)], {})],
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
    tests: foundationTests(platform, inputs(platform)),
  };
}

const ABOUT = {
  'locals.tf': 'tags, and the suffix of global names',
  'groups.tf': 'a resource group for what is shared, and one for each cluster',
  'network.tf': 'the VNet and its subnets',
  'security.tf': 'who may reach each subnet; every list ends in a deny',
  'egress.tf': 'how traffic leaves, by addresses that are known beforehand',
  'vault.tf': 'Key Vault, its private endpoint and name, who may write, what is recorded',
  'registry.tf': 'where the nodes pull images from',
  'identities.tf': 'as whom clusters, Argo CD and the keeper act, and what each may do',
  'logs.tf': 'the log workspace, its cap and retention',
  'metrics.tf': 'managed Prometheus and Grafana',
  'alerts.tf': 'who is told, and of what',
  'budget.tf': 'the monthly amount that somebody is warned at',
  'outputs.tf': 'what the other roots, bootstrap and people read',
};

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
    // Alert rules and what silences them stand with or without collected logs.
    'AlertsManagement',
    'Insights',
    ...(hasContainerInsights(fleet) ? ['OperationalInsights'] : []),
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
