import type { Money } from '../base/money.ts';
import { region } from './regions.ts';
import { storedFacts } from './stored-facts.ts';

/** What one region offers of one VM size, as recorded. Rates are per hour, Linux, pay-as-you-go. */
export type VmOffer = {
  readonly size: string;
  readonly onDemand: Money;
  /** Undefined where Azure lists no Spot price for the size. */
  readonly spot: Money | undefined;
  /** Key into the price sources. */
  readonly onDemandSource: string;
  /** Undefined where the region's list of sizes did not hold it although it has a price. */
  readonly zones: readonly number[] | undefined;
};

/**
 * The lowest Spot price recorded in a region, as a part of on-demand, over the sizes that are not burstable.
 */
export type LowestSpot = {
  readonly size: string;
  readonly spotMicros: Money;
  readonly onDemandMicros: Money;
  readonly source: string;
};

export type RegionOffers = {
  readonly offers: ReadonlyMap<string, VmOffer>;
  readonly spotSource: string;
  readonly lowestSpot: LowestSpot;
};

type OfferFile = {
  readonly spotSource: string;
  readonly lowestSpot: LowestSpot;
  readonly rows: readonly (readonly [
    size: string,
    onDemandMicros: number,
    spotMicros: number | null,
    onDemandSource: string,
    zones: string | null,
  ])[];
};

const cache = new Map<string, RegionOffers>();

/**
 * The VM sizes of one region with their prices; reads that region's file only. Undefined for an unknown
 * region.
 */
export function vmOffers(regionName: string): RegionOffers | undefined {
  if (region(regionName) === undefined) return undefined;
  const known = cache.get(regionName);
  if (known !== undefined) return known;
  const file = storedFacts(`vm-offers/${regionName}`) as OfferFile;
  const offers = new Map<string, VmOffer>();
  for (const [size, onDemand, spot, onDemandSource, zones] of file.rows) {
    offers.set(size, {
      size,
      onDemand,
      spot: spot ?? undefined,
      onDemandSource,
      zones: zones === null ? undefined : [...zones].map(Number),
    });
  }
  const read = { offers, spotSource: file.spotSource, lowestSpot: file.lowestSpot };
  cache.set(regionName, read);
  return read;
}
