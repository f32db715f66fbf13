import { usableIn } from '../../../base/cidr.ts';
import { textAt } from '../body.ts';
import type { ArmBody } from '../resource.ts';
import type { ArmRule } from '../rule.ts';
import { delegationsOf, rangesIn, subnetAt, subnetPrefixes } from './address-space.ts';
import { isSame, numberAt } from './body-values.ts';
import {
  type AskedPool,
  CLUSTER,
  POOL,
  eachPool,
  isPoolUpgrade,
  isSpot,
  nodesOf,
  poolsAfter,
} from './pool-profiles.ts';
import { STATUS_ASSUMED, sources, troubleshoot } from './sources.ts';

/** Pods per node of flat Azure CNI where nothing is said (background knowledge). */
const DEFAULT_FLAT_PODS = 30;

/** Nodes that an upgrade adds where nothing is said (background knowledge). */
const DEFAULT_SURGE = '10%';

const nodesStayOutOfDelegatedSubnets: ArmRule = {
  id: 'nodes-stay-out-of-delegated-subnets',
  source: sources(troubleshoot('subnetisdelegated-error'), STATUS_ASSUMED),
  types: [CLUSTER, POOL],
  check: eachPool(({ name, profile }, _write, { store }) => {
    const subnet = subnetAt(textAt(profile, 'vnetSubnetID'), store);
    const delegations = delegationsOf(subnet?.body);
    if (subnet === undefined || delegations.length === 0) return undefined;
    const services = delegations.join(', ');
    const message = `The subnet ${subnet.name} of the node pool ${name} is delegated to ${services}.`;
    return { status: 400, code: 'SubnetIsDelegated', message };
  }),
};

const subnetHoldsTheNodes: ArmRule = {
  id: 'subnet-holds-the-nodes',
  source: troubleshoot('subnetisfull-error'),
  types: [CLUSTER, POOL],
  check: eachPool((pool, write, world) => {
    const subnetId = textAt(pool.profile, 'vnetSubnetID');
    const ranges = rangesIn(subnetPrefixes(subnetAt(subnetId, world.store)?.body));
    if (ranges.length === 0) return undefined;
    const neighbours = poolsAfter(write, world).filter(({ profile }) =>
      isSame(textAt(profile, 'vnetSubnetID'), subnetId),
    );
    const asked = neighbours.map(
      ({ profile, cluster }) => nodesOf(profile) * addressesPerNode(profile, cluster),
    );
    const surge = surgeOf(pool) * addressesPerNode(pool.profile, pool.cluster);
    const needed = asked.reduce((sum, addresses) => sum + addresses, surge);
    const usable = ranges.reduce((sum, range) => sum + usableIn(range), 0);
    const isShrinking = surge === 0 && pool.current && nodesOf(pool.profile) <= nodesOf(pool.current);
    if (needed <= usable || isShrinking) return undefined;
    const message = `The subnet ${subnetId} has ${usable} addresses; with ${pool.name} it needs ${needed}.`;
    return { status: 400, code: 'SubnetIsFull', message, isAsync: true };
  }),
};

export const poolSubnetRules: readonly ArmRule[] = [nodesStayOutOfDelegatedSubnets, subnetHoldsTheNodes];

/** One for the node, and, where pods take theirs from its subnet too, one for each pod that may come. */
function addressesPerNode(profile: ArmBody, cluster: ArmBody | undefined): number {
  const isFlat =
    isSame(textAt(cluster, 'properties', 'networkProfile', 'networkPlugin'), 'azure') &&
    !isSame(textAt(cluster, 'properties', 'networkProfile', 'networkPluginMode'), 'overlay') &&
    textAt(profile, 'podSubnetID') === undefined;
  return isFlat ? 1 + (numberAt(profile, 'maxPods') ?? DEFAULT_FLAT_PODS) : 1;
}

/** Nodes that a pool has for a while beside its own: only an upgrade adds them, and never to a Spot pool. */
function surgeOf({ profile, current }: AskedPool): number {
  if (!isPoolUpgrade(profile, current) || isSpot(profile)) return 0;
  const text = textAt(profile, 'upgradeSettings', 'maxSurge') ?? DEFAULT_SURGE;
  const number = Number.parseInt(text, 10);
  return text.endsWith('%') ? Math.ceil((nodesOf(profile) * number) / 100) : number;
}
