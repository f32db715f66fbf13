import { region as knownRegion, regionTimeZone } from '../../catalog/regions.ts';
import type { AwakeHours } from '../../fleet/awake-hours.ts';
import type { Fleet } from '../../fleet/fleet.ts';
import type { ClusterPlan } from '../../model/platform.ts';
import { DAY_NAMES } from '../day-names.ts';
import { type Item, attr, block } from '../block.ts';

/** AKS takes windows of 4 to 24 hours (learn.microsoft.com, planned-maintenance). */
const WINDOW_MINUTES = 4 * 60;
/** A cluster takes up to half an hour to wake (learn.microsoft.com, start-stop-cluster, 2026-07-21). */
const WAKING_MINUTES = 60;
/** The two windows end at 08:00, and at 09:00 where a summer time is kept: before people come to work. */
const NIGHT_MINUTE = 0;
/** For a region that is none of Azure's, which the contract refuses. */
const NO_TIME_ZONE = 'UTC';

type Day = keyof typeof DAY_NAMES;

/** When AKS may upgrade a cluster by itself. */
export type Maintenance = {
  /** The day on which windows begin, at `utcOffset` as their time (learn.microsoft.com, aks/planned-maintenance). */
  readonly day: Day;
  /** Minutes after midnight at `utcOffset`. */
  readonly upgradeMinute: number;
  readonly nodeImageMinute: number;
  /** `+09:00`. */
  readonly utcOffset: string;
};

/**
 * A day for each cluster, so that upgrades do not meet: mgmt has the last one and is upgraded after the others. On a
 * fleet that sleeps the windows lie within the awake hours, summer time or not; on one that does not, in the night of
 * its region. Undefined when the awake hours are too short.
 */
export function maintenanceOf({ schedule, region }: Fleet, cluster: ClusterPlan): Maintenance | undefined {
  const days = schedule?.awake.days ?? (Object.keys(DAY_NAMES) as Day[]);
  const day = dayOf(days, cluster);
  const offsets = utcOffsetsMinutes(schedule?.timezone ?? regionTimeZone(region) ?? NO_TIME_ZONE);
  const standard = Math.min(...offsets);
  const utcOffset = offsetText(standard);
  if (!schedule) {
    return { day, upgradeMinute: NIGHT_MINUTE, nodeImageMinute: NIGHT_MINUTE + WINDOW_MINUTES, utcOffset };
  }
  // Windows keep the standard offset all year: in summer they begin this much later by the clock on the wall.
  const summerMinutes = Math.max(...offsets) - standard;
  const latest = latestStart(schedule.awake, summerMinutes);
  if (latest < schedule.awake.startMinute) return undefined;
  const upgradeMinute = Math.min(schedule.awake.startMinute + WAKING_MINUTES, latest);
  const nodeImageMinute = Math.min(upgradeMinute + WINDOW_MINUTES, latest);
  return { day, upgradeMinute, nodeImageMinute, utcOffset };
}

/**
 * The two windows and the channels that they hold; channels off where no window fits. The third one that AKS has, for its
 * own weekly releases, azurerm 5.2 writes in a form that AKS turns into another (learn.microsoft.com, aks/
 * planned-maintenance, 2025-12-19): every plan would differ.
 */
export function maintenanceItems(fleet: Fleet, cluster: ClusterPlan): { channels: Item[]; windows: Item[] } {
  const maintenance = maintenanceOf(fleet, cluster);
  if (!maintenance) {
    const why =
      'The fleet is awake for less than the four hours that a maintenance window takes, and an upgrade must ' +
      'not meet the stop: nothing is upgraded but by hand.';
    return { channels: [attr('node_os_upgrade_channel', 'None', why)], windows: [] };
  }
  const { upgradeMinute, nodeImageMinute } = maintenance;
  const pinned = isPinned(cluster.kubernetesVersion);
  const { schedule, region } = fleet;
  const within = schedule
    ? `Within the awake hours (${schedule.awakeText} ${schedule.timezone})`
    : `At night in ${knownRegion(region)?.displayName ?? region} (${regionTimeZone(region) ?? NO_TIME_ZONE})`;
  const upgrade = windowBlock(
    'maintenance_window_auto_upgrade',
    maintenance,
    upgradeMinute,
    `${within}, spread over the days by cluster, mgmt last: an upgrade that fails stays in one cluster.`,
  );
  const nodeImage = windowBlock('maintenance_window_node_os', maintenance, nodeImageMinute);
  return {
    channels: [
      ...(pinned ? [] : [attr('automatic_upgrade_channel', 'patch')]),
      attr('node_os_upgrade_channel', 'NodeImage'),
    ],
    windows: pinned ? [nodeImage] : [upgrade, nodeImage],
  };
}

/** A version with its patch is a pin: a channel would move the cluster on, and the next plan want it back. */
export function isPinned(kubernetesVersion: string): boolean {
  return kubernetesVersion.split('.').length > 2;
}

function windowBlock(name: string, { day, utcOffset }: Maintenance, minute: number, why?: string): Item {
  return block(
    name,
    [],
    [
      attr('frequency', 'Weekly'),
      attr('interval', 1),
      attr('day_of_week', DAY_NAMES[day]),
      attr('start_time', clockText(minute)),
      attr('utc_offset', utcOffset),
      attr('duration', WINDOW_MINUTES / 60),
    ],
    why,
  );
}

/** By id and not by place in the list: a new cluster moves no other one's day. */
function dayOf(days: readonly Day[], { role, id }: ClusterPlan): Day {
  const last = days.at(-1) ?? 'Sun';
  const others = days.slice(0, -1);
  return role === 'mgmt' ? last : (others[id % Math.max(1, others.length)] ?? last);
}

function latestStart({ endMinute }: AwakeHours, summerMinutes: number): number {
  return endMinute - WINDOW_MINUTES - summerMinutes;
}

/** A zone's offsets in winter and in summer; UTC for a name that is no zone. */
function utcOffsetsMinutes(timezone: string): readonly number[] {
  return ['2026-01-15T12:00:00Z', '2026-07-15T12:00:00Z'].map((instant) => {
    const offset = offsetAt(timezone, instant);
    const match = /^GMT([+-])(\d{2}):(\d{2})/.exec(offset);
    if (!match) return 0;
    const minutes = Number(match[2]) * 60 + Number(match[3]);
    return match[1] === '-' ? -minutes : minutes;
  });
}

/** `GMT+09:00`, or `GMT`. */
function offsetAt(timeZone: string, instant: string): string {
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
    const parts = format.formatToParts(new Date(instant));
    return parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
  } catch {
    return 'GMT';
  }
}

function offsetText(minutes: number): string {
  return `${minutes < 0 ? '-' : '+'}${clockText(Math.abs(minutes))}`;
}

function clockText(minutes: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  return `${two(Math.floor(minutes / 60))}:${two(minutes % 60)}`;
}
