import type { Platform } from '../../model/platform.ts';
import { type WeeklyQuiet, quietHours } from '../../model/quiet-hours.ts';
import { alertPrefix } from '../alert-terms.ts';
import { clusterLabel } from '../addresses.ts';
import { DAY_NAMES } from '../day-names.ts';
import { type Block, attr, block, ref } from '../block.ts';

/** Keeps the rules over clusters from telling somebody while the fleet sleeps and wakes. */
export function offHoursBlocks(platform: Platform): readonly Block[] {
  const { fleet, names, clusters } = platform;
  const quiet = quietHours(fleet);
  if (!quiet) return [];
  const { timeZone, daily, weekly } = quiet;
  return [
    block(
      'resource',
      ['azurerm_monitor_alert_processing_rule_suppression', 'off_hours'],
      [
        attr('name', `quiet-${names.stem}-off-hours`),
        attr('resource_group_name', ref('azurerm_resource_group.fleet.name')),
        attr('tags', ref('local.tags')),
        attr('description', `Rules over clusters tell nobody outside ${fleet.schedule?.awakeText ?? ''}.`),
        attr(
          'scopes',
          ['fleet', ...clusters.map(({ name }) => clusterLabel(name))].map((label) =>
            ref(`azurerm_resource_group.${label}.id`),
          ),
        ),
        block(
          'condition',
          [],
          [
            block(
              'alert_rule_name',
              [],
              [attr('operator', 'Contains'), attr('values', [alertPrefix(platform, 'clusters')])],
            ),
          ],
        ),
        block(
          'schedule',
          [],
          [
            attr('time_zone', timeZone, { beside: `${fleet.schedule?.timezone ?? ''}, as Windows calls it` }),
            block(
              'recurrence',
              [],
              [
                daily && block('daily', [], [attr('start_time', daily.start), attr('end_time', daily.end)]),
                ...weekly.map(weeklyBlock),
              ],
            ),
          ],
        ),
      ],
      'A cluster that stops or starts looks like one that fails. The end leaves time to wake; what is still wrong ' +
        'then is told by cluster-silent, which knows the hours by itself.',
    ),
  ];
}

function weeklyBlock({ days, start, end }: WeeklyQuiet): Block {
  return block(
    'weekly',
    [],
    [
      attr(
        'days_of_week',
        days.map((day) => DAY_NAMES[day]),
      ),
      attr('start_time', start),
      attr('end_time', end),
    ],
  );
}
