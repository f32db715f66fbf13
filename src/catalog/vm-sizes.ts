import { storedFacts } from './stored-facts.ts';
import { vmOffers } from './vm-offers.ts';
import { parseVmSizeName } from './vm-size-name.ts';

/** A VM size, the same in every region. */
export type VmSize = {
  /** `Standard_D2s_v3`, in Azure's spelling. */
  readonly name: string;
  readonly vcpus: number;
  readonly memoryGiB: number;
  /** The series: `Dsv3`, `Dasv5`. Sizes of one family share quota, and are evicted together. */
  readonly family: string;
  /** The name that Azure's compute quota uses for the family: `standardDSv3Family`. */
  readonly quotaFamily: string;
  readonly architecture: 'x64' | 'arm64';
  /** B series: CPU credits, and not supported in a system pool. */
  readonly burstable: boolean;
  readonly spotCapable: boolean;
  readonly premiumStorage: boolean;
  /** Whether the size takes an ephemeral OS disk at all. */
  readonly ephemeralOsDisk: boolean;
  /**
   * The largest ephemeral OS disk. Undefined when the size takes none, and when its space is not known for
   * sure.
   */
  readonly ephemeralOsDiskGiB: number | undefined;
};

/** Where the ephemeral OS disks of a family are placed, and the page that states the space. */
type EphemeralPlacement = {
  readonly placement: 'cache' | 'temp' | 'nvme';
  readonly source: string;
};

/** What a region offers of a size; `zones` is empty when the size is not offered, or only without zones. */
type RegionalOffer = { readonly offered: boolean; readonly zones: readonly number[] };

type SizeFile = {
  readonly source: string;
  readonly date: string;
  readonly ephemeralOsDisk: Readonly<Record<string, EphemeralPlacement>>;
  readonly rows: readonly (readonly [
    name: string,
    vcpus: number,
    memoryGiB: number,
    architecture: 'x64' | 'arm64',
    quotaFamily: string,
    premiumStorage: boolean,
    spotCapable: boolean,
    ephemeralOsDisk: boolean,
    ephemeralOsDiskGiB: number | null,
  ])[];
};

let cached: ReadonlyMap<string, VmSize> | undefined;

/**
 * The size of that name (Azure's spelling, with `Standard_`), or undefined when the catalogue does not know
 * it.
 */
export function vmSize(name: string): VmSize | undefined {
  return byName().get(name);
}

/** All known sizes, by name. */
export function vmSizes(): readonly VmSize[] {
  return [...byName().values()];
}

/** Whether a region offers a size, and in which zones. Undefined when region or size is unknown. */
export function offeredIn(regionName: string, sizeName: string): RegionalOffer | undefined {
  const offers = vmOffers(regionName)?.offers;
  if (offers === undefined || !byName().has(sizeName)) return undefined;
  // A size with no row has no price there, and the region's list of sizes does not hold it (2026-08-01).
  const zones = offers.get(sizeName)?.zones;
  return { offered: zones !== undefined, zones: zones ?? [] };
}

/**
 * Where Azure places the ephemeral OS disk of a family. It uses the cache where the series has one, else the
 * temporary disk, else the NVMe disks, of which one OS disk may take several (learn.microsoft.com,
 * ephemeral-os-disks, 2026-09-08; aks/concepts-storage, 2026-07-30). Trusted launch takes 1 GiB of that
 * space.
 */
export function ephemeralPlacement(family: string): EphemeralPlacement | undefined {
  return sizeFile().ephemeralOsDisk[family];
}

/** Where and when vCPUs, memory and capabilities were read. */
export function vmSizesProvenance(): { readonly source: string; readonly date: string } {
  const { source, date } = sizeFile();
  return { source, date };
}

function byName(): ReadonlyMap<string, VmSize> {
  cached ??= new Map(sizeFile().rows.map((row) => [row[0], sizeOfRow(row)]));
  return cached;
}

function sizeOfRow(row: SizeFile['rows'][number]): VmSize {
  const [name, vcpus, memoryGiB, architecture, quotaFamily, premiumStorage, spotCapable, ephemeral, space] =
    row;
  const parsed = parseVmSizeName(name);
  if (parsed === undefined) throw new Error(`the catalogue holds a size with a malformed name: ${name}`);
  return {
    name,
    vcpus,
    memoryGiB,
    family: parsed.series,
    quotaFamily,
    architecture,
    burstable: parsed.family === 'B',
    spotCapable,
    premiumStorage,
    ephemeralOsDisk: ephemeral,
    ephemeralOsDiskGiB: space ?? undefined,
  };
}

function sizeFile(): SizeFile {
  return storedFacts('vm-sizes') as SizeFile;
}
