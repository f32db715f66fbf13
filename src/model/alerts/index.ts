import type { Fleet } from '../../fleet/fleet.ts';
import { hasContainerInsights } from '../fit.ts';
import type { ClusterPlan, PlatformNames } from '../platform.ts';
import { sleeps } from '../quiet-hours.ts';
import type { Alert, LogAlert } from './alert.ts';
import { awakeOffHours } from './awake-off-hours.ts';
import { clusterSilent } from './cluster-silent.ts';
import { clusterUnavailable } from './cluster-unavailable.ts';
import { keeperMissedATick } from './keeper-missed-a-tick.ts';
import { logCap80Percent } from './log-cap-80-percent.ts';
import { logCapReached } from './log-cap-reached.ts';
import { meshEndpointDown } from './mesh-endpoint-down.ts';
import { nodeNotReady } from './node-not-ready.ts';
import { podsPending } from './pods-pending.ts';
import { secretsNotSynced } from './secrets-not-synced.ts';
import { spotPreemptBurst } from './spot-preempt-burst.ts';
import { vaultUnavailable } from './vault-unavailable.ts';

/** What a fleet tells of itself, most general first. Those that read logs are there when logs are collected. */
export function planAlerts(
  fleet: Fleet,
  names: PlatformNames,
  clusters: readonly ClusterPlan[],
): readonly Alert[] {
  return [
    ...(hasContainerInsights(fleet) ? logAlerts(fleet, names, clusters) : []),
    vaultUnavailable,
    ...clusters.map(({ name }) => clusterUnavailable(name)),
  ];
}

function logAlerts(
  fleet: Fleet,
  names: PlatformNames,
  clusters: readonly ClusterPlan[],
): readonly LogAlert[] {
  const { schedule, keeper } = fleet;
  const asleep = schedule && sleeps(schedule) ? schedule : undefined;
  const offHours = asleep && awakeOffHours(asleep);
  const meshed = clusters.filter(({ mesh }) => mesh !== undefined).map(resourceName);
  const hasSpot = clusters.some(({ pools }) => pools.some(({ capacityType }) => capacityType === 'Spot'));
  return [
    logCapReached,
    logCap80Percent(fleet.observability.logs.dailyCapGB),
    clusterSilent(clusters.map(resourceName), asleep),
    nodeNotReady,
    podsPending,
    ...(hasSpot ? [spotPreemptBurst] : []),
    secretsNotSynced(fleet.secrets.sync),
    ...(meshed.length > 0 ? [meshEndpointDown(meshed)] : []),
    ...(keeper.run === 'none' ? [] : [keeperMissedATick(keeper.run, names.keeper)]),
    ...(offHours ? [offHours] : []),
  ];
}

function resourceName(cluster: ClusterPlan): string {
  return cluster.resourceName;
}
