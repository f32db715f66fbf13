import { hasContainerInsights } from '../../model/fit.ts';
import type { Platform } from '../../model/platform.ts';
import { type Block, type Item, attr, block, group, ref, template } from '../block.ts';
import { adminsRoleBlock } from '../role-assignment.ts';
import { inFleetGroup } from './groups.ts';

const VAULT = 'azurerm_key_vault.fleet';
const ZONE = 'azurerm_private_dns_zone.vault';

/** The vault that secrets live in (C4), and the private way to it. */
export function vaultBlocks({ fleet, names }: Platform): readonly Block[] {
  const isProduction = fleet.environment === 'production';
  return [
    block(
      'resource',
      ['azurerm_key_vault', 'fleet'],
      [
        ...inFleetGroup(template`${names.vaultPrefix}${ref('local.suffix')}`),
        attr('tenant_id', ref('var.tenant_id')),
        attr('sku_name', 'standard'),
        attr(
          'rbac_authorization_enabled',
          true,
          'Roles alone decide, as everywhere else in the fleet (ADR-A03).',
        ),
        group(
          [
            attr('purge_protection_enabled', isProduction),
            attr('soft_delete_retention_days', isProduction ? 90 : 7),
          ],
          isProduction
            ? 'No one can purge a secret, not even its owner; Azure never lets this be switched off again.'
            : 'A demo is rebuilt often: a name is free again after seven days, the least that Azure takes.',
        ),
        ...access(isProduction),
      ],
      'Secrets live here and nowhere else (C4, ADR-A03).',
    ),
    ...endpointBlocks(names.stem),
    adminRole(),
    ...(hasContainerInsights(fleet) ? [auditSetting()] : []),
  ];
}

function access(isProduction: boolean): readonly Item[] {
  const closed = [attr('bypass', 'None'), attr('default_action', 'Deny')];
  if (isProduction) {
    return [
      attr('public_network_access_enabled', false, 'The private endpoint is the only way in.'),
      block('network_acls', [], closed),
    ];
  }
  return [
    attr(
      'public_network_access_enabled',
      true,
      'A demo has no runner within the VNet: operators write secrets from their own addresses.',
    ),
    block('network_acls', [], [...closed, attr('ip_rules', ref('var.operator_ip_ranges'))]),
  ];
}

function endpointBlocks(stem: string): readonly Block[] {
  return [
    block(
      'resource',
      ['azurerm_private_dns_zone', 'vault'],
      [
        attr('name', 'privatelink.vaultcore.azure.net'),
        attr('resource_group_name', ref('azurerm_resource_group.fleet.name')),
        attr('tags', ref('local.tags')),
      ],
    ),
    block(
      'resource',
      ['azurerm_private_dns_zone_virtual_network_link', 'vault'],
      [
        attr('name', 'fleet'),
        attr('private_dns_zone_id', ref(`${ZONE}.id`)),
        attr('virtual_network_id', ref('azurerm_virtual_network.fleet.id')),
        attr('tags', ref('local.tags')),
      ],
    ),
    block(
      'resource',
      ['azurerm_private_endpoint', 'vault'],
      [
        ...inFleetGroup(`pe-${stem}-vault`),
        attr('subnet_id', ref('azurerm_subnet.endpoints.id')),
        block(
          'private_service_connection',
          [],
          [
            attr('name', 'vault'),
            attr('private_connection_resource_id', ref(`${VAULT}.id`)),
            attr('subresource_names', ['vault']),
            attr('is_manual_connection', false),
          ],
        ),
        block(
          'private_dns_zone_group',
          [],
          [attr('name', 'vault'), attr('private_dns_zone_ids', [ref(`${ZONE}.id`)])],
        ),
      ],
      'Nodes reach the vault within the VNet, by its usual name.',
    ),
  ];
}

function adminRole(): Block {
  return adminsRoleBlock(
    {
      label: 'admins_on_vault',
      scope: ref(`${VAULT}.id`),
      role: 'Key Vault Secrets Officer',
    },
    'Owning a vault gives no right to its secrets: without this nobody could write the first one.',
  );
}

function auditSetting(): Block {
  return block(
    'resource',
    ['azurerm_monitor_diagnostic_setting', 'vault'],
    [
      attr('name', 'audit'),
      attr('target_resource_id', ref(`${VAULT}.id`)),
      attr('log_analytics_workspace_id', ref('azurerm_log_analytics_workspace.fleet.id')),
      block('enabled_log', [], [attr('category', 'AuditEvent')]),
    ],
    'Who read or wrote which secret, and who was refused (C4).',
  );
}
