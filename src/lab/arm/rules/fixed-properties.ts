import { objectAt, textAt, valueAt } from '../body.ts';
import type { ArmBody } from '../resource.ts';
import type { ArmRule, Refusal } from '../rule.ts';
import { isSame } from './body-values.ts';
import { whenWritten } from './judgement.ts';
import { CLUSTER, POOL, eachPool } from './pool-profiles.ts';
import { REPORTS, sources } from './sources.ts';

const REPORTED = sources(REPORTS, 'azurerm 5.2.0 replaces the resource before it asks');

const FIXED_OF_POOL = ['vmSize', 'osDiskSizeGB', 'osDiskType', 'maxPods', 'vnetSubnetID'] as const;
const FIXED_OF_CLUSTER = [
  ['dnsPrefix'],
  ['networkProfile', 'podCidr'],
  ['networkProfile', 'serviceCidr'],
] as const;

const poolIsRebuilt: ArmRule = {
  id: 'pool-properties-stay',
  source: REPORTED,
  types: [CLUSTER, POOL],
  check: eachPool(({ name, profile, current }) => {
    if (current === undefined) return undefined;
    const changed = FIXED_OF_POOL.find((key) => isChange(current[key], profile[key]));
    return changed && notAllowed(`agentPoolProfile.${changed}`, name);
  }),
};

const clusterIsRebuilt: ArmRule = {
  id: 'cluster-properties-stay',
  source: REPORTED,
  types: [CLUSTER],
  check: whenWritten((body, { id, current }) => {
    if (current === undefined) return undefined;
    const before = objectAt(current, 'properties');
    const after = objectAt(body, 'properties');
    const changed = FIXED_OF_CLUSTER.find((path) =>
      isChange(valueAt(before, ...path), valueAt(after, ...path)),
    );
    if (changed) return notAllowed(changed.join('.'), id.name);
    return isOtherPlugin(before, after) ? notAllowed('networkProfile.networkPlugin', id.name) : undefined;
  }),
};

export const fixedPropertyRules: readonly ArmRule[] = [poolIsRebuilt, clusterIsRebuilt];

/** Leaving a property out is no change, and neither is the zero or the empty text of a client that cannot. */
function isChange(before: unknown, after: unknown): boolean {
  if ([before, after].some((value) => value === undefined || value === null || value === '' || value === 0)) {
    return false;
  }
  if (typeof before === 'string' && typeof after === 'string') return !isSame(before, after);
  return before !== after;
}

/** kubenet may become Azure CNI Overlay in place (learn.microsoft.com, aks/upgrade-azure-cni, 2026-08). */
function isOtherPlugin(before: ArmBody, after: ArmBody): boolean {
  const plugin = (properties: ArmBody): string | undefined =>
    textAt(properties, 'networkProfile', 'networkPlugin');
  if (!isChange(plugin(before), plugin(after))) return false;
  const isOverlay = isSame(textAt(after, 'networkProfile', 'networkPluginMode'), 'overlay');
  return !(isSame(plugin(before), 'kubenet') && isSame(plugin(after), 'azure') && isOverlay);
}

function notAllowed(property: string, name: string): Refusal {
  const message = `Changing property '${property}' of ${name} is not allowed.`;
  return { status: 400, code: 'PropertyChangeNotAllowed', message, target: property };
}
