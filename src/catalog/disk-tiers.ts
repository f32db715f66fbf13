import type { MeterId } from './meters.ts';

/** `zrs` is zone-redundant: a copy in each of three zones. */
type DiskKind = 'standard-ssd' | 'standard-ssd-zrs' | 'premium-ssd';

/** A managed disk is billed by the tier that its size falls into, used or not. */
type DiskTier = { readonly name: string; readonly sizeGiB: number; readonly meter: MeterId };

/**
 * learn.microsoft.com, disks-types: the tiers up to 1 TiB that are worth a node's OS disk or a small volume.
 */
const TIERS: Readonly<Record<DiskKind, readonly DiskTier[]>> = {
  'standard-ssd': [
    { name: 'E4', sizeGiB: 32, meter: 'disk-standard-ssd-e4' },
    { name: 'E6', sizeGiB: 64, meter: 'disk-standard-ssd-e6' },
    { name: 'E10', sizeGiB: 128, meter: 'disk-standard-ssd-e10' },
    { name: 'E15', sizeGiB: 256, meter: 'disk-standard-ssd-e15' },
    { name: 'E20', sizeGiB: 512, meter: 'disk-standard-ssd-e20' },
    { name: 'E30', sizeGiB: 1024, meter: 'disk-standard-ssd-e30' },
  ],
  'standard-ssd-zrs': [
    { name: 'E4', sizeGiB: 32, meter: 'disk-standard-ssd-zrs-e4' },
    { name: 'E6', sizeGiB: 64, meter: 'disk-standard-ssd-zrs-e6' },
    { name: 'E10', sizeGiB: 128, meter: 'disk-standard-ssd-zrs-e10' },
    { name: 'E15', sizeGiB: 256, meter: 'disk-standard-ssd-zrs-e15' },
    { name: 'E20', sizeGiB: 512, meter: 'disk-standard-ssd-zrs-e20' },
    { name: 'E30', sizeGiB: 1024, meter: 'disk-standard-ssd-zrs-e30' },
  ],
  'premium-ssd': [
    { name: 'P4', sizeGiB: 32, meter: 'disk-premium-ssd-p4' },
    { name: 'P6', sizeGiB: 64, meter: 'disk-premium-ssd-p6' },
    { name: 'P10', sizeGiB: 128, meter: 'disk-premium-ssd-p10' },
    { name: 'P15', sizeGiB: 256, meter: 'disk-premium-ssd-p15' },
    { name: 'P20', sizeGiB: 512, meter: 'disk-premium-ssd-p20' },
    { name: 'P30', sizeGiB: 1024, meter: 'disk-premium-ssd-p30' },
  ],
};

/**
 * The tier that a managed disk of `sizeGiB` is billed as: the smallest that holds it. Tiers below E4 and P4
 * exist and are cheaper; they are left out, so that a smaller disk is priced as one of 32 GiB. Undefined
 * above 1 TiB.
 */
export function diskTier(kind: DiskKind, sizeGiB: number): DiskTier | undefined {
  return TIERS[kind].find((tier) => sizeGiB <= tier.sizeGiB);
}

/**
 * The managed OS disk that AKS gives a node when the pool states no size and no ephemeral disk of that size
 * fits (learn.microsoft.com, aks/concepts-storage, 2026-07-30).
 */
export function defaultOsDiskGiB(vcpus: number): number {
  if (vcpus < 8) return 128;
  if (vcpus < 16) return 256;
  return vcpus < 64 ? 512 : 1024;
}
