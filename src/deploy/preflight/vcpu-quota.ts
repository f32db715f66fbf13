import { listText } from '../../contract/wording.ts';
import { vmSize } from '../../catalog/vm-sizes.ts';
import type { NodePool, Platform } from '../../model/platform.ts';
import { type ExistingCluster, isStopped } from './existing-clusters.ts';
import { inSubscription, isSame } from './arm-answers.ts';
import type { Check, Refusal } from './refusal.ts';

const API = '2024-11-01';

/** Names that the usages API has for the sums over all families (learn.microsoft.com, virtual-machines/quotas). */
const ALL_CORES = 'cores';
const SPOT_CORES = 'lowPriorityCores';

type Usage = {
  readonly currentValue?: number;
  readonly limit?: number;
  readonly name?: { readonly value?: string; readonly localizedValue?: string };
};

/** vCPUs that one pool would take of each of its quotas beyond what it has. */
type Growth = {
  readonly pool: string;
  readonly quotas: readonly string[];
  readonly usual: number;
  readonly most: number;
};

/**
 * On-Demand pools take from the quota of their family and from that of the region, Spot pools from one of their own
 * (learn.microsoft.com, virtual-machines/spot-vms). What a pool runs already is in use and counts for nothing more. Too
 * little for the usual nodes is an error, too little for as many as the autoscaler may ask for a warning.
 */
export const vcpuQuota: Check = {
  id: 'vcpu-quota',
  subject: 'the vCPU quota',
  look: async ({ run, signal, clusters }) => {
    const { platform } = run.deployment;
    const { region } = platform.fleet;
    const path = inSubscription(run, `Microsoft.Compute/locations/${region}/usages`);
    const [usages, there] = await Promise.all([run.world.azure.list(path, API, signal), clusters()]);
    const growths = growthsOf(platform, there);
    const names = new Set(growths.flatMap(({ quotas }) => quotas));
    return [
      ...unknownSizes(platform),
      ...[...names].flatMap((name) => judge(name, growths, usages as readonly Usage[], region)),
    ];
  },
};

function judge(
  quota: string,
  growths: readonly Growth[],
  usages: readonly Usage[],
  region: string,
): readonly Refusal[] {
  const usage = usages.find(({ name }) => isSame(name?.value, quota));
  if (usage?.limit === undefined) {
    const message = `Azure tells of no vCPU quota ${quota} in ${region}: whether it suffices is not known`;
    return [warning(message, `look for it: az vm list-usage --location ${region}`)];
  }
  const { limit, currentValue = 0, name } = usage;
  const left = Math.max(0, limit - currentValue);
  const own = growths.filter(({ quotas, most }) => quotas.includes(quota) && most > 0);
  const usual = sum(own.map((growth) => growth.usual));
  const most = sum(own.map((growth) => growth.most));
  const title = `${name?.localizedValue ?? quota} in ${region}`;
  const ask = (vcpus: number): string =>
    `ask for ${currentValue + vcpus} in the Azure portal, Quotas, Compute`;
  if (usual > left) {
    const pools = listText(own.filter((growth) => growth.usual > 0).map(({ pool }) => pool));
    const message = `${title}: ${left} of ${limit} are left, and ${pools} need ${usual}`;
    const advice = `${ask(usual)} (${currentValue + most} at most), or plan fewer or smaller nodes`;
    return [{ id: 'vcpu-quota', severity: 'error', message, advice }];
  }
  if (most <= left) return [];
  const pools = listText(own.map(({ pool }) => pool));
  const message = `${title}: ${left} of ${limit} are left, and ${pools} may grow by ${most}`;
  return [warning(message, `${ask(most)}: until then pods wait where the autoscaler asks in vain`)];
}

/** A stopped cluster is refused as such: what it will take back when it wakes is nothing that is added. */
function growthsOf(platform: Platform, there: readonly ExistingCluster[]): readonly Growth[] {
  return platform.clusters.flatMap((cluster) => {
    const found = there.find(({ plan }) => plan.name === cluster.name);
    if (found && isStopped(found)) return [];
    return cluster.pools.flatMap((pool) => {
      const size = vmSize(pool.vmSize);
      if (size === undefined) return [];
      const vcpus = (nodes: number): number => size.vcpus * Math.max(0, nodes - nodesThere(pool, found));
      const isSpot = pool.capacityType === 'Spot';
      return {
        pool: `${cluster.name}/${pool.name}`,
        quotas: isSpot ? [SPOT_CORES] : [size.quotaFamily, ALL_CORES],
        usual: vcpus(pool.nodesUsual),
        most: vcpus(pool.nodesMax),
      };
    });
  });
}

function nodesThere({ name, vmSize, capacityType }: NodePool, cluster: ExistingCluster | undefined): number {
  const pool = cluster?.pools.find((each) => isSame(each.name, name));
  // Of another size or kind, it is made anew beside the old one.
  if (!pool || !isSame(pool.vmSize, vmSize) || pool.isSpot !== (capacityType === 'Spot')) return 0;
  return pool.nodes;
}

function unknownSizes({ clusters }: Platform): readonly Refusal[] {
  const sizes = clusters.flatMap(({ pools }) => pools.map((pool) => pool.vmSize));
  const unknown = [...new Set(sizes)].filter((name) => vmSize(name) === undefined);
  if (unknown.length === 0) return [];
  const message = `${listText(unknown)}: the catalogue does not know how many vCPUs that is, nor of which quota`;
  return [warning(message, 'compare az vm list-usage with what the pools need')];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}

function warning(message: string, advice: string): Refusal {
  return { id: 'vcpu-quota', severity: 'warning', message, advice };
}
