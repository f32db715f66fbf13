import { nodePoolLimits, systemPoolLimits } from '../../../catalog/limits.ts';
import { objectAt, textAt } from '../body.ts';
import type { ArmRule } from '../rule.ts';
import { numberAt, textsAt } from './body-values.ts';
import { whenDeleted } from './judgement.ts';
import { CLUSTER, POOL, eachPool, isSpot, isSystem, poolsOf } from './pool-profiles.ts';
import { CODE_ASSUMED, LET_THROUGH, REPORTS, github, learn, sources, unread } from './sources.ts';

/** AKS answers most malformed parameters with this code (github.com/Azure/bicep/issues/14517, 2024-07-09). */
export const INVALID_PARAMETER = 'InvalidParameter';

const LABEL_NAME = '(?:[A-Za-z0-9](?:[A-Za-z0-9._-]{0,61}[A-Za-z0-9])?)';
const LABEL_KEY = `(?:[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?/)?${LABEL_NAME}`;
const KEY = new RegExp(`^${LABEL_KEY}$`);
const VALUE = new RegExp(`^${LABEL_NAME}?$`);
const TAINT = new RegExp(`^${LABEL_KEY}(?:=${LABEL_NAME}?)?:(?:NoSchedule|PreferNoSchedule|NoExecute)$`);

const SYSTEM_POOLS = learn('aks/use-system-pools', '2026-04-30');
const SPOT_POOLS = sources(nodePoolLimits.spotMaxPrice.source, CODE_ASSUMED);

const systemPoolTakesNoTaint: ArmRule = {
  id: 'system-pool-takes-no-taint',
  source: `github.com/Azure/AKS/issues/2578; ${REPORTS}`,
  types: [CLUSTER, POOL],
  check: eachPool(({ name, profile }) => {
    const { allowed } = systemPoolLimits.taint;
    const refused = textsAt(profile, 'nodeTaints').find(
      (taint) => taint !== allowed && !taint.endsWith(':PreferNoSchedule'),
    );
    if (!isSystem(profile) || refused === undefined) return undefined;
    const taken = `only ${allowed} and PreferNoSchedule are taken`;
    const message = `The system node pool ${name} has the taint ${refused}; ${taken}.`;
    return { status: 400, code: 'SystemPoolHasRestrictedTaint', message };
  }),
};

const systemPoolIsNotSpot: ArmRule = {
  id: 'system-pool-is-not-spot',
  source: sources(SYSTEM_POOLS, CODE_ASSUMED),
  types: [CLUSTER, POOL],
  check: eachPool(({ name, profile }) => {
    if (!isSystem(profile) || !isSpot(profile)) return undefined;
    const message = `The node pool ${name} is of mode System and of priority Spot; Spot is for user pools.`;
    return { status: 400, code: INVALID_PARAMETER, message, target: 'agentPoolProfile.scaleSetPriority' };
  }),
};

const systemPoolStays: ArmRule = {
  id: 'system-pool-stays',
  source: sources(
    SYSTEM_POOLS,
    `the last pool: ${github('Azure/AKS/issues/2560', '2021-09-22')}`,
    CODE_ASSUMED,
  ),
  types: [POOL],
  check: whenDeleted(({ id, current }, { store }) => {
    if (!isSystem(objectAt(current, 'properties'))) return undefined;
    const others = [...poolsOf(id.parent ?? '', store)].filter(([name]) => name !== id.name.toLowerCase());
    if (others.some(([, profile]) => isSystem(profile))) return undefined;
    const message = `${id.name} is the last system node pool of its cluster, which has to keep one.`;
    return { status: 400, code: 'OperationNotAllowed', message };
  }),
};

const systemPoolHasNodes: ArmRule = {
  id: 'system-pool-has-nodes',
  source: sources(SYSTEM_POOLS, CODE_ASSUMED),
  types: [CLUSTER, POOL],
  check: eachPool(({ name, profile }) => {
    if (!isSystem(profile) || numberAt(profile, 'count') !== 0) return undefined;
    const message = `The system node pool ${name} is to have no node; it has to keep one.`;
    return { status: 400, code: INVALID_PARAMETER, message, target: 'agentPoolProfile.count' };
  }),
};

const systemPoolIsNotDemoted: ArmRule = {
  id: 'last-system-pool-keeps-its-mode',
  source: sources(SYSTEM_POOLS, CODE_ASSUMED),
  types: [POOL],
  check: eachPool(({ name, profile, current, clusterKey }, _write, { store }) => {
    if (current === undefined || !isSystem(current) || isSystem(profile)) return undefined;
    const others = [...poolsOf(clusterKey, store)].filter(([other]) => other !== name.toLowerCase());
    if (others.some(([, other]) => isSystem(other))) return undefined;
    const message = `${name} is the last system node pool of its cluster and cannot become a user node pool.`;
    return { status: 400, code: INVALID_PARAMETER, message, target: 'agentPoolProfile.mode' };
  }),
};

const podsFitTheRange: ArmRule = {
  id: 'pool-max-pods-in-range',
  source: sources(nodePoolLimits.maxPods.source, CODE_ASSUMED),
  types: [CLUSTER, POOL],
  check: eachPool(({ name, profile }) => {
    const { min, max } = nodePoolLimits.maxPods;
    const pods = numberAt(profile, 'maxPods');
    // Zero is how clients that cannot leave a number out say nothing.
    if (pods === undefined || pods === 0 || (pods >= min && pods <= max)) return undefined;
    const message = `The node pool ${name} wants ${pods} pods per node; ${min} to ${max} are possible.`;
    return { status: 400, code: INVALID_PARAMETER, message, target: 'agentPoolProfile.maxPods' };
  }),
};

const spotPriceIsAPrice: ArmRule = {
  id: 'spot-price-has-five-decimals',
  source: SPOT_POOLS,
  types: [CLUSTER, POOL],
  check: eachPool(({ name, profile }) => {
    const { decimals, noLimit } = nodePoolLimits.spotMaxPrice;
    const price = numberAt(profile, 'spotMaxPrice');
    if (price === undefined || price === noLimit || !isSpot(profile)) return undefined;
    if (price > 0 && Number(price.toFixed(decimals)) === price) return undefined;
    const price5 = `-1, or above 0 with ${decimals} decimals`;
    const message = `The node pool ${name} pays up to ${price}; a price is ${price5}.`;
    return { status: 400, code: INVALID_PARAMETER, message, target: 'agentPoolProfile.spotMaxPrice' };
  }),
};

const evictionNeedsSpot: ArmRule = {
  id: 'eviction-policy-needs-spot',
  source: SPOT_POOLS,
  types: [CLUSTER, POOL],
  check: eachPool(({ name, profile }) => {
    if (isSpot(profile) || textAt(profile, 'scaleSetEvictionPolicy') === undefined) return undefined;
    const message = `The node pool ${name} has an eviction policy and is not of priority Spot.`;
    return {
      status: 400,
      code: INVALID_PARAMETER,
      message,
      target: 'agentPoolProfile.scaleSetEvictionPolicy',
    };
  }),
};

const spotTakesNoSurge: ArmRule = {
  id: 'spot-pool-takes-no-surge',
  source: github('Azure/bicep/issues/14517', '2024-07-09'),
  types: [CLUSTER, POOL],
  check: eachPool(({ name, profile }) => {
    if (!isSpot(profile) || textAt(profile, 'upgradeSettings', 'maxSurge') === undefined) return undefined;
    const message = `The node pool ${name} is of priority Spot and sets maxSurge, which Spot pools cannot.`;
    return { status: 400, code: INVALID_PARAMETER, message, target: 'agentPoolProfile.upgrade.maxSurge' };
  }),
};

const taintsAreWellFormed: ArmRule = {
  id: 'taints-are-well-formed',
  source: sources(unread('aks/use-node-taints'), LET_THROUGH, CODE_ASSUMED),
  types: [CLUSTER, POOL],
  check: eachPool(({ name, profile }) => {
    const malformed = textsAt(profile, 'nodeTaints').find((taint) => !TAINT.test(taint));
    if (malformed === undefined) return undefined;
    const message = `The node pool ${name} has the taint ${malformed}; taints are written key=value:effect.`;
    return { status: 400, code: INVALID_PARAMETER, message, target: 'agentPoolProfile.nodeTaints' };
  }),
};

const labelsAreWellFormed: ArmRule = {
  id: 'labels-are-well-formed',
  source: sources(unread('aks/use-labels'), CODE_ASSUMED),
  types: [CLUSTER, POOL],
  check: eachPool(({ name, profile }) => {
    const malformed = Object.entries(objectAt(profile, 'nodeLabels')).find(
      ([key, value]) => !KEY.test(key) || typeof value !== 'string' || !VALUE.test(value),
    );
    if (malformed === undefined) return undefined;
    const label = malformed.join('=');
    const message = `The node pool ${name} has the label ${label}, which Kubernetes does not take.`;
    return { status: 400, code: INVALID_PARAMETER, message, target: 'agentPoolProfile.nodeLabels' };
  }),
};

export const poolRules: readonly ArmRule[] = [
  systemPoolTakesNoTaint,
  systemPoolIsNotSpot,
  systemPoolStays,
  systemPoolHasNodes,
  systemPoolIsNotDemoted,
  podsFitTheRange,
  spotPriceIsAPrice,
  evictionNeedsSpot,
  spotTakesNoSurge,
  taintsAreWellFormed,
  labelsAreWellFormed,
];
