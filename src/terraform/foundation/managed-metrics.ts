import type { Platform } from '../../model/platform.ts';
import { type Block, attr, block, ref } from '../block.ts';
import { managedMetricsNames } from '../azure-names.ts';
import { adminsRoleBlock, roleAssignmentBlock } from '../role-assignment.ts';
import { inFleetGroup } from './groups.ts';

const WORKSPACE = 'azurerm_monitor_workspace.fleet';
const GRAFANA = 'azurerm_dashboard_grafana.fleet';

/** Prometheus and Grafana as Azure runs them, for a fleet that does not run its own on mgmt. */
export function managedMetricsBlocks({ fleet, names }: Platform): readonly Block[] {
  if (fleet.observability.stack !== 'azure') return [];
  const { workspace, grafana } = managedMetricsNames(names.stem);
  return [
    block('resource', ['azurerm_monitor_workspace', 'fleet'], [...inFleetGroup(workspace)]),
    block(
      'resource',
      ['azurerm_dashboard_grafana', 'fleet'],
      [
        ...inFleetGroup(grafana),
        attr('sku', 'Standard'),
        attr('grafana_major_version', '12'),
        block('identity', [], [attr('type', 'SystemAssigned')]),
        block('azure_monitor_workspace_integrations', [], [attr('resource_id', ref(`${WORKSPACE}.id`))]),
      ],
    ),
    grafanaRole('grafana_on_metrics', 'Monitoring Data Reader', `${WORKSPACE}.id`),
    grafanaRole('grafana_on_fleet', 'Monitoring Reader', 'azurerm_resource_group.fleet.id'),
    adminsRoleBlock({
      label: 'admins_on_grafana',
      scope: ref(`${GRAFANA}.id`),
      role: 'Grafana Admin',
    }),
  ];
}

function grafanaRole(label: string, role: string, scope: string): Block {
  return roleAssignmentBlock({
    label,
    scope: ref(scope),
    role,
    principal: ref(`${GRAFANA}.identity[0].principal_id`),
    principalType: 'ServicePrincipal',
  });
}
