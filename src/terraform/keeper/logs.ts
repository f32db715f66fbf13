import type { Fleet } from '../../fleet/fleet.ts';
import { type Block, attr, block, ref } from '../block.ts';

/** What Azure records of each kind of keeper: what it prints, and what becomes of its container. */
const RECORDED = {
  'container-instance': {
    from: 'azurerm_container_group.keeper',
    categories: ['ContainerInstanceLog', 'ContainerEvent'],
  },
  'container-apps-job': {
    from: 'azurerm_container_app_environment.keeper',
    categories: ['ContainerAppConsoleLogs', 'ContainerAppSystemLogs'],
  },
} as const satisfies Partial<Record<Fleet['keeper']['run'], { from: string; categories: readonly string[] }>>;

/** Keeps what the keeper says in the workspace of the fleet. */
export function logBlocks(run: keyof typeof RECORDED): readonly Block[] {
  const { from, categories } = RECORDED[run];
  return [
    block(
      'resource',
      ['azurerm_monitor_diagnostic_setting', 'keeper'],
      [
        attr('name', 'keeper'),
        attr('target_resource_id', ref(`${from}.id`)),
        attr('log_analytics_workspace_id', ref('local.log_workspace_id')),
        ...categories.map((category) => block('enabled_log', [], [attr('category', category)])),
      ],
      'By a setting of Azure Monitor: every other way would put a key of the workspace into the state (C4).',
    ),
  ];
}
