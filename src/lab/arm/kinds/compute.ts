import { compareText } from '../../../base/order.ts';
import { region } from '../../../catalog/regions.ts';
import { offeredIn, type VmSize, vmSizes } from '../../../catalog/vm-sizes.ts';
import { listAt, textAt, valueAt } from '../body.ts';
import type { ArmKind } from '../kind.ts';
import type { Lab } from '../lab.ts';
import type { ArmBody } from '../resource.ts';

const CLUSTER = 'microsoft.containerservice/managedclusters';

/** Where nothing is limited: Azure's own answers have a number everywhere. */
const UNLIMITED = 2 ** 31 - 1;

/** `…/locations/koreacentral/usages`: quotas of vCPUs, and what the clusters of the region take of them. */
const usages: ArmKind = {
  type: 'microsoft.compute/locations/usages',
  virtualList: (scope, _, lab) => {
    const [, location = ''] = /\/locations\/([^/]+)$/i.exec(scope) ?? [];
    return usagesIn(location.toLowerCase(), lab);
  },
};

/** `…/skus?$filter=location eq 'koreacentral'`: sizes, their zones, and what the subscription may not have. */
const skus: ArmKind = {
  type: 'microsoft.compute/skus',
  virtualList: (_scope, query, { limits }) => {
    const [, location] = /location eq '([^']+)'/i.exec(query.get('$filter') ?? '') ?? [];
    if (location === undefined) return [];
    const restricted = new Set(limits.restrictedVmSizes?.map((name) => name.toLowerCase()));
    return vmSizes().flatMap((size): readonly ArmBody[] => {
      const shown = sku(size, location, restricted.has(size.name.toLowerCase()));
      return shown === undefined ? [] : [shown];
    });
  },
};

export const compute: readonly ArmKind[] = [usages, skus];

function usagesIn(location: string, lab: Lab): readonly ArmBody[] {
  const { regionalVcpus, spotVcpus, familyVcpus = {} } = lab.limits;
  const limits = new Map(Object.entries(familyVcpus).map(([name, limit]) => [name.toLowerCase(), limit]));
  const taken = vcpusIn(location, lab);
  const families = [...new Set(vmSizes().map(({ quotaFamily }) => quotaFamily))].toSorted(compareText);
  return [
    usage('cores', 'Total Regional vCPUs', taken, regionalVcpus),
    usage('lowPriorityCores', 'Total Regional Low-priority vCPUs', taken, spotVcpus),
    ...families.map((family) => usage(family, titleOf(family), taken, limits.get(family.toLowerCase()))),
  ];
}

function usage(name: string, title: string, taken: ReadonlyMap<string, number>, limit = UNLIMITED): ArmBody {
  const currentValue = taken.get(name) ?? 0;
  return { unit: 'Count', currentValue, limit, name: { value: name, localizedValue: title } };
}

/** vCPUs of the pools of clusters that run there, by the name of the quota. */
function vcpusIn(location: string, { store }: Lab): ReadonlyMap<string, number> {
  const sizes = new Map(vmSizes().map((size) => [size.name.toLowerCase(), size]));
  const taken = new Map<string, number>();
  for (const { body } of store.ofType(CLUSTER)) {
    const isHere = textAt(body, 'location')?.toLowerCase().replaceAll(' ', '') === location;
    if (!isHere || textAt(body, 'properties', 'powerState', 'code') === 'Stopped') continue;
    for (const pool of listAt(body, 'properties', 'agentPoolProfiles')) {
      const size = sizes.get(textAt(pool, 'vmSize')?.toLowerCase() ?? '');
      if (size === undefined) continue;
      const isSpot = textAt(pool, 'scaleSetPriority')?.toLowerCase() === 'spot';
      // AKS begins with one node where nothing is said.
      const vcpus = size.vcpus * Number(valueAt(pool, 'count') ?? valueAt(pool, 'minCount') ?? 1);
      for (const name of isSpot ? ['lowPriorityCores'] : ['cores', size.quotaFamily]) {
        taken.set(name, (taken.get(name) ?? 0) + vcpus);
      }
    }
  }
  return taken;
}

/** `standardDSv3Family` is shown as `Standard DSv3 Family vCPUs`. */
function titleOf(family: string): string {
  const series = family.replace(/^standard/i, '').replace(/Family$/i, '');
  return `Standard ${series} Family vCPUs`;
}

/** Undefined where the region does not have the size. One that the catalogue does not know offers every size. */
function sku(size: VmSize, location: string, isRestricted: boolean): ArmBody | undefined {
  const offer = offeredIn(location.toLowerCase(), size.name);
  if (offer?.offered === false) return undefined;
  const zones = (offer?.zones ?? [1, 2, 3]).map(String);
  const shown = region(location.toLowerCase())?.name ?? location;
  return {
    resourceType: 'virtualMachines',
    name: size.name,
    tier: 'Standard',
    size: size.name.replace(/^Standard_/, ''),
    family: size.quotaFamily,
    locations: [shown],
    locationInfo: [{ location: shown, zones, zoneDetails: [] }],
    capabilities: capabilitiesOf(size),
    restrictions: isRestricted ? [restriction(shown, zones)] : [],
  };
}

function restriction(location: string, zones: readonly string[]): ArmBody {
  return {
    type: 'Location',
    values: [location],
    restrictionInfo: { locations: [location], zones },
    reasonCode: 'NotAvailableForSubscription',
  };
}

function capabilitiesOf(size: VmSize): readonly ArmBody[] {
  const values = {
    vCPUs: String(size.vcpus),
    MemoryGB: String(size.memoryGiB),
    CpuArchitectureType: size.architecture === 'arm64' ? 'Arm64' : 'x64',
    LowPriorityCapable: told(size.spotCapable),
    PremiumIO: told(size.premiumStorage),
    EphemeralOSDiskSupported: told(size.ephemeralOsDisk),
  };
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

function told(is: boolean): string {
  return is ? 'True' : 'False';
}
