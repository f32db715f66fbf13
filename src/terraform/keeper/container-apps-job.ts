import { hasContainerInsights } from '../../model/fit.ts';
import type { Platform } from '../../model/platform.ts';
import { type Attribute, type Block, attr, block, ref } from '../block.ts';

const PROFILE = 'Consumption';

/** A job that looks at the clock every quarter of an hour and does what the schedule then asks for. */
export function containerAppsJob(platform: Platform): readonly Block[] {
  const { fleet, names } = platform;
  const collects = hasContainerInsights(fleet);
  const own = (name: string): Attribute[] => [
    attr('name', name),
    attr('resource_group_name', ref('local.resource_group_name')),
    attr('location', ref('local.location')),
    attr('tags', ref('local.tags')),
  ];
  return [
    block(
      'resource',
      ['azurerm_container_app_environment', 'keeper'],
      [
        ...own(`cae-${names.stem}`),
        attr('infrastructure_subnet_id', ref('local.subnet_id')),
        attr('internal_load_balancer_enabled', true),
        collects &&
          attr('logs_destination', 'azure-monitor', {
            beside: 'the other destination takes a workspace key',
          }),
        block(
          'workload_profile',
          [],
          [attr('name', PROFILE), attr('workload_profile_type', PROFILE)],
          'A delegated subnet takes environments with workload profiles only; this one bills by the second.',
        ),
      ],
    ),
    job(own(names.keeper)),
  ];
}

function job(own: readonly Attribute[]): Block {
  return block(
    'resource',
    ['azurerm_container_app_job', 'keeper'],
    [
      ...own,
      attr('container_app_environment_id', ref('azurerm_container_app_environment.keeper.id')),
      attr('workload_profile_name', PROFILE),
      attr('replica_timeout_in_seconds', 840, { beside: 'ends before the next run begins' }),
      attr('replica_retry_limit', 0, { beside: 'the next run is the retry' }),
      block('identity', [], [attr('type', 'UserAssigned'), attr('identity_ids', [ref('local.identity_id')])]),
      block(
        'schedule_trigger_config',
        [],
        [
          attr('cron_expression', '*/15 * * * *', { beside: 'UTC; the job itself knows the time zone' }),
          attr('parallelism', 1),
          attr('replica_completion_count', 1),
        ],
      ),
      block(
        'template',
        [],
        [
          block(
            'container',
            [],
            [
              attr('name', 'keeper'),
              attr('image', ref('var.keeper_image')),
              attr('cpu', 0.25),
              attr('memory', '0.5Gi'),
              block(
                'dynamic',
                ['env'],
                [
                  attr('for_each', ref('local.environment')),
                  block('content', [], [attr('name', ref('env.key')), attr('value', ref('env.value'))]),
                ],
              ),
            ],
          ),
        ],
      ),
    ],
  );
}
