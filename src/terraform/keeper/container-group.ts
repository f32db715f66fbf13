import type { Platform } from '../../model/platform.ts';
import { type Block, attr, block, ref } from '../block.ts';

const HEALTH_PORT = 8080;

/** A container group in the services subnet, as the source design has it. It watches the clock by itself. */
export function containerGroup({ names }: Platform): readonly Block[] {
  return [
    block(
      'resource',
      ['azurerm_container_group', 'keeper'],
      [
        attr('name', names.keeper),
        attr('resource_group_name', ref('local.resource_group_name')),
        attr('location', ref('local.location')),
        attr('tags', ref('local.tags')),
        attr('os_type', 'Linux'),
        attr('restart_policy', 'Always'),
        attr('ip_address_type', 'Private', {
          beside: 'which nothing may call: its security group denies all',
        }),
        attr('subnet_ids', [ref('local.subnet_id')]),
        block(
          'identity',
          [],
          [attr('type', 'UserAssigned'), attr('identity_ids', [ref('local.identity_id')])],
        ),
        block(
          'container',
          [],
          [
            attr('name', 'keeper'),
            attr('image', ref('var.keeper_image')),
            attr('cpu', 0.5),
            attr('memory', 1),
            attr('environment_variables', ref('local.environment')),
            block('ports', [], [attr('port', HEALTH_PORT), attr('protocol', 'TCP')]),
            block(
              'liveness_probe',
              [],
              [
                block(
                  'http_get',
                  [],
                  [attr('path', '/healthz'), attr('port', HEALTH_PORT), attr('scheme', 'http')],
                ),
                attr('initial_delay_seconds', 30),
                attr('period_seconds', 60),
                attr('failure_threshold', 3),
              ],
              'A keeper that hangs would leave the fleet asleep on Monday morning.',
            ),
          ],
        ),
      ],
    ),
  ];
}
