import { systemPoolLimits } from '../../../catalog/limits.ts';
import { defaultOsDiskGiB } from '../../../catalog/disk-tiers.ts';
import { parseVmSizeName } from '../../../catalog/vm-size-name.ts';
import { type VmSize, offeredIn, vmSizes } from '../../../catalog/vm-sizes.ts';
import { textAt } from '../body.ts';
import type { ArmRule, ArmWorld, ArmWrite, Refusal } from '../rule.ts';
import { isSame, numberAt, regionOf, textsAt } from './body-values.ts';
import {
  CLUSTER,
  POOL,
  askedPools,
  eachPool,
  isSpot,
  isSystem,
  nodesOf,
  poolsAfter,
} from './pool-profiles.ts';
import { REPORTS, STATUS_ASSUMED, learn, sources, troubleshoot } from './sources.ts';

const BYTES_PER_GIB = 1024 ** 3;

const systemPoolIsBigEnough: ArmRule = {
  id: 'system-pool-has-two-cores',
  source: systemPoolLimits.enforced.source,
  types: [CLUSTER, POOL],
  check: eachPool(({ name, profile }) => {
    const { minVcpus, minMemoryGiB } = systemPoolLimits.enforced;
    const size = knownSize(profile);
    if (!isSystem(profile) || size === undefined) return undefined;
    if (size.vcpus >= minVcpus && size.memoryGiB >= minMemoryGiB) return undefined;
    const needed = `${minVcpus} cores and ${minMemoryGiB} GB`;
    const message = `The system node pool ${name} is of ${size.name}; it needs ${needed}.`;
    return { status: 400, code: 'SystemPoolSkuTooLow', message };
  }),
};

const burstableSystemPool: ArmRule = {
  id: 'burstable-system-pool-by-subscription',
  source: sources(learn('aks/use-system-pools', '2026-04-30'), `${REPORTS}: by subscription`),
  types: [CLUSTER, POOL],
  check: eachPool(({ name, profile }, _write, { limits }) => {
    const size = knownSize(profile);
    if (!isSystem(profile) || !size?.burstable || !isRestricted(size.name, limits)) return undefined;
    const message = `The size ${size.name} of the system node pool ${name} is restricted by AKS here.`;
    return { status: 400, code: 'VMSizeRestrictedByAKS', message };
  }),
};

const sizeIsOffered: ArmRule = {
  id: 'vm-size-is-offered',
  source: sources(
    REPORTS,
    'sizes and regions: Resource SKUs API, 2026-08-01',
    'a size that the catalogue does not know is let through',
  ),
  types: [CLUSTER, POOL],
  check: eachPool(({ name, profile, cluster }, _write, { limits }) => {
    const asked = textAt(profile, 'vmSize');
    const region = regionOf(cluster);
    if (asked === undefined) return undefined;
    const size = knownSize(profile);
    const isOffered =
      size === undefined || region === undefined || offeredIn(region, size.name)?.offered !== false;
    if (isOffered && !isNoSize(asked) && !isRestricted(asked, limits)) return undefined;
    const where = `in your subscription in ${region}`;
    const message = `The VM size ${asked} of the node pool ${name} is not allowed ${where}.`;
    return { status: 400, code: 'VMSizeNotSupported', message };
  }),
};

const zonesAreOffered: ArmRule = {
  id: 'zones-are-offered-for-the-size',
  source: sources(troubleshoot('availabilityzonenotsupported-error'), STATUS_ASSUMED),
  types: [CLUSTER, POOL],
  check: eachPool(({ name, profile, cluster }) => {
    const size = knownSize(profile);
    const region = regionOf(cluster);
    const offer = size && region && offeredIn(region, size.name);
    if (!offer || !offer.offered) return undefined;
    const missing = textsAt(profile, 'availabilityZones').filter(
      (zone) => !offer.zones.includes(Number(zone)),
    );
    if (missing.length === 0) return undefined;
    const zones = `zone ${missing.join(', ')} of ${region}`;
    const message = `The node pool ${name} asks for ${zones}, where ${size.name} is not offered.`;
    return { status: 400, code: 'AvailabilityZoneNotSupported', message };
  }),
};

const ephemeralDiskFits: ArmRule = {
  id: 'ephemeral-os-disk-fits',
  source: sources(REPORTS, learn('virtual-machines/ephemeral-os-disks', '2026-09-08')),
  types: [CLUSTER, POOL],
  check: eachPool(({ name, profile }) => {
    const size = knownSize(profile);
    if (size === undefined || !isSame(textAt(profile, 'osDiskType'), 'Ephemeral')) return undefined;
    const spaceGiB = size.ephemeralOsDisk ? size.ephemeralOsDiskGiB : 0;
    const asked = numberAt(profile, 'osDiskSizeGB');
    const diskGiB = asked === undefined || asked === 0 ? defaultOsDiskGiB(size.vcpus) : asked;
    if (spaceGiB === undefined || diskGiB <= spaceGiB) return undefined;
    const [space, disk] = [spaceGiB, diskGiB].map((gib) => gib * BYTES_PER_GIB);
    const sizes = `a cache size of ${space} bytes, but the OS disk requires ${disk} bytes`;
    const message = `The size ${size.name} of the node pool ${name} has ${sizes}.`;
    return { status: 400, code: 'VMCannotFitEphemeralOSDisk', message };
  }),
};

const quotaSuffices: ArmRule = {
  id: 'vcpu-quota-suffices',
  source: sources(REPORTS, learn('virtual-machines/spot-vms', '2026-08')),
  types: [CLUSTER, POOL],
  check: (write, world) => {
    const { regionalVcpus, spotVcpus, familyVcpus = {} } = world.limits;
    const region = regionOf(askedPools(write, world)[0]?.cluster);
    if (region === undefined) return undefined;
    const families = Object.entries(familyVcpus).map(
      ([family, limit]) =>
        [family, limit, (size: VmSize, spot: boolean) => !spot && isSame(size.quotaFamily, family)] as const,
    );
    const quotas = [
      ['regional', regionalVcpus, (_size: VmSize, spot: boolean) => !spot] as const,
      ['Spot', spotVcpus, (_size: VmSize, spot: boolean) => spot] as const,
      ...families,
    ];
    for (const [what, limit, counts] of quotas) {
      const refusal =
        limit === undefined ? undefined : exceeded({ what, limit, counts }, region, write, world);
      if (refusal) return refusal;
    }
    return undefined;
  },
};

const machinesAreLeft: ArmRule = {
  id: 'machines-are-left',
  source: troubleshoot('zonalallocation-allocationfailed-error'),
  types: [CLUSTER, POOL],
  check: eachPool(({ name, profile, current }, _write, { limits }) => {
    const size = textAt(profile, 'vmSize') ?? '';
    if (nodesOf(profile) <= (current ? nodesOf(current) : 0)) return undefined;
    const isSoldOut = (what: string): boolean => (limits.soldOut ?? []).some((other) => isSame(other, what));
    const zone = textsAt(profile, 'availabilityZones').find(
      (each) => isSoldOut(size) || isSoldOut(`${size}/${each}`),
    );
    if (zone === undefined && !isSoldOut(size)) return undefined;
    const where = zone === undefined ? 'this region' : `zone ${zone}`;
    const message = `There is no ${size} left in ${where} for the node pool ${name}.`;
    const code = zone === undefined ? 'AllocationFailed' : 'ZonalAllocationFailed';
    return { status: 400, code, message, isAsync: true };
  }),
};

export const poolMachineRules: readonly ArmRule[] = [
  systemPoolIsBigEnough,
  burstableSystemPool,
  sizeIsOffered,
  zonesAreOffered,
  ephemeralDiskFits,
  quotaSuffices,
  machinesAreLeft,
];

type Quota = {
  readonly what: string;
  readonly limit: number;
  readonly counts: (size: VmSize, isSpot: boolean) => boolean;
};

/** Refuses what goes over a quota by asking for more than there is; a smaller pool is always let through. */
function exceeded(quota: Quota, region: string, write: ArmWrite, world: ArmWorld): Refusal | undefined {
  const { what, limit, counts } = quota;
  const vcpus = (of: ArmWrite): number => {
    const pools = poolsAfter(of, world).filter(({ cluster }) => regionOf(cluster) === region);
    const parts = pools.map(({ profile }) => {
      const size = knownSize(profile);
      return size && counts(size, isSpot(profile)) ? size.vcpus * nodesOf(profile) : 0;
    });
    return parts.reduce((sum, part) => sum + part, 0);
  };
  const before = vcpus({ ...write, method: 'DELETE' });
  const after = vcpus(write);
  if (after <= limit || after <= before) return undefined;
  const left = Math.max(0, limit - before);
  const message = `Insufficient ${what} vcpu quota in ${region}: left ${left}, requested ${after - before}.`;
  return { status: 400, code: 'ErrCode_InsufficientVCPUQuota', message };
}

/** The pool's size as the catalogue knows it; ARM does not mind the case of its letters. */
function knownSize(profile: Parameters<typeof textAt>[0]): VmSize | undefined {
  const asked = textAt(profile, 'vmSize');
  return vmSizes().find(({ name }) => isSame(name, asked));
}

/**
 * True for what is certainly no VM size: no name of one, or one that is missing between smaller and larger
 * sizes of a series that the catalogue holds. It does not hold the largest, so it cannot say more.
 */
function isNoSize(asked: string): boolean {
  const name = parseVmSizeName(asked);
  if (name === undefined) return !/^standard_[a-z]{1,3}\d/i.test(asked);
  if (name.activeVcpus !== undefined) return false;
  const counts = vmSizes().flatMap(({ family, vcpus }) => (family === name.series ? [vcpus] : []));
  return !counts.includes(name.vcpus) && Math.min(...counts) < name.vcpus && Math.max(...counts) > name.vcpus;
}

function isRestricted(size: string, { restrictedVmSizes = [] }: ArmWorld['limits']): boolean {
  return restrictedVmSizes.some((other) => isSame(other, size));
}
