import { listText } from '../../contract/wording.ts';
import type { NodePool, Platform } from '../../model/platform.ts';
import type { ExistingCluster } from './existing-clusters.ts';
import { inSubscription, isSame, regionName } from './arm-answers.ts';
import type { Check, Refusal } from './refusal.ts';

const API = '2021-07-01';

type Sku = {
  readonly resourceType?: string;
  readonly name?: string;
  readonly locationInfo?: readonly { readonly location?: string; readonly zones?: readonly string[] }[];
  readonly restrictions?: readonly {
    readonly type?: string;
    readonly reasonCode?: string;
    readonly restrictionInfo?: { readonly zones?: readonly string[] };
  }[];
};

type Restriction = { readonly type?: string; readonly reasonCode?: string };

type Wanted = { readonly pool: string; readonly vmSize: string; readonly zones: readonly number[] };

/** Why a size is withheld (learn.microsoft.com, azure-resource-manager/troubleshooting/error-sku-not-available). */
const REASONS: Readonly<Record<string, readonly [why: string, advice: string]>> = {
  QuotaId: [
    'the offer of the subscription does not include it',
    'take another size, or a subscription of another offer, pay-as-you-go for one',
  ],
  NotAvailableForSubscription: [
    'Azure keeps it from this subscription',
    'ask Azure support for the size in that region, or take another size or region',
  ],
};

/**
 * Whether the region gives this subscription the pools' VM sizes, in their zones. A pool that runs is not asked about.
 */
export const vmSizes: Check = {
  id: 'vm-size',
  subject: 'which VM sizes and zones are offered',
  look: async ({ run, signal, clusters }) => {
    const { platform } = run.deployment;
    const { region } = platform.fleet;
    const filter = new URLSearchParams({ $filter: `location eq '${region}'` });
    const path = `${inSubscription(run, 'Microsoft.Compute/skus')}?${filter}`;
    const [answer, there] = await Promise.all([run.world.azure.list(path, API, signal), clusters()]);
    const skus = (answer as readonly Sku[]).filter((sku) => sku.resourceType === 'virtualMachines');
    const wanted = wantedOf(platform, there);
    const sizes = [...new Set(wanted.map(({ vmSize }) => vmSize))];
    return sizes.flatMap((size) => {
      const pools = wanted.filter(({ vmSize }) => vmSize === size);
      const sku = skus.find(({ name }) => isSame(name, size));
      return sku === undefined ? [notOffered(size, pools, region)] : judge(size, sku, pools, region);
    });
  },
};

function judge(size: string, sku: Sku, pools: readonly Wanted[], region: string): readonly Refusal[] {
  const { restrictions = [], locationInfo = [] } = sku;
  const barred = restrictions.find(({ type }) => type === 'Location');
  if (barred) {
    const [why, advice] = reasonOf(barred);
    const message = `${size}, which ${poolsText(pools)}, is withheld in ${region}: ${why}`;
    return [refusal(message, advice)];
  }
  const zones = locationInfo.find(({ location }) => regionName(location) === region)?.zones ?? [];
  const missing = new Set(pools.flatMap((pool) => pool.zones).filter((zone) => !zones.includes(`${zone}`)));
  const told: Refusal[] = [];
  if (missing.size > 0) {
    const needy = pools.filter((pool) => pool.zones.some((zone) => missing.has(zone)));
    const message = `${size} is not offered in ${zonesText(missing)} of ${region}, and ${poolsText(needy)} there`;
    const others =
      zones.length === 0 ? 'leave the zones out' : `take the zones ${zones.toSorted().join(', ')}`;
    told.push(refusal(message, `${others}, or another size`));
  }
  for (const restriction of restrictions) {
    if (restriction.type !== 'Zone') continue;
    const closed = new Set((restriction.restrictionInfo?.zones ?? []).map(Number));
    const needy = pools.filter((pool) => pool.zones.some((zone) => closed.has(zone) && !missing.has(zone)));
    if (needy.length === 0) continue;
    const [why, advice] = reasonOf(restriction);
    const where = `${zonesText(closed)} of ${region}`;
    const message = `${size}, which ${poolsText(needy)}, is withheld in ${where}: ${why}`;
    told.push(refusal(message, advice.replace('that region', 'these zones')));
  }
  return told;
}

/** Pools that are to be made, with all that they want. */
function wantedOf({ clusters }: Platform, there: readonly ExistingCluster[]): readonly Wanted[] {
  return clusters.flatMap(({ name, pools }) => {
    const existing = there.find(({ plan }) => plan.name === name);
    return pools
      .filter((pool) => !isThere(pool, existing))
      .map((pool) => ({ pool: `${name}/${pool.name}`, vmSize: pool.vmSize, zones: pool.zones }));
  });
}

function isThere({ name, vmSize, zones }: NodePool, cluster: ExistingCluster | undefined): boolean {
  const pool = cluster?.pools.find((each) => isSame(each.name, name));
  return (
    pool !== undefined && isSame(pool.vmSize, vmSize) && zones.every((zone) => pool.zones.includes(zone))
  );
}

function notOffered(size: string, pools: readonly Wanted[], region: string): Refusal {
  const message = `${size}, which ${poolsText(pools)}, is not offered in ${region}`;
  return refusal(
    message,
    `see what is: az vm list-skus --location ${region} --resource-type virtualMachines`,
  );
}

function reasonOf({ reasonCode = 'no reason told' }: Restriction): readonly [why: string, advice: string] {
  const [why, advice] = REASONS[reasonCode] ?? ['Azure says no more', 'take another size or region'];
  return [`${why} (${reasonCode})`, advice];
}

function poolsText(pools: readonly Wanted[]): string {
  return `${listText(pools.map(({ pool }) => pool))} ${pools.length === 1 ? 'wants' : 'want'}`;
}

function zonesText(zones: ReadonlySet<number>): string {
  return `zone${zones.size === 1 ? '' : 's'} ${[...zones].toSorted((a, b) => a - b).join(', ')}`;
}

function refusal(message: string, advice: string): Refusal {
  return { id: 'vm-size', severity: 'error', message, advice };
}
