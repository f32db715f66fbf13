import { times, type Money } from '../base/money.ts';
import { compareText } from '../base/order.ts';
import { metersIn, type Confidence, type MeterId, type MeterPrice } from './meters.ts';
import { priceSources, sourceDate, sourceText } from './price-sources.ts';
import { vmOffers, type LowestSpot, type RegionOffers, type VmOffer } from './vm-offers.ts';

/** A rate with the reason to believe it. */
type RateBound = { readonly rate: Money; readonly source: string };

/** What one VM costs per hour of running, Linux, list price, pay-as-you-go. */
export type VmPrice = {
  readonly size: string;
  readonly capacityType: 'Spot' | 'OnDemand';
  /** Per hour, on `date`. */
  readonly rate: Money;
  /**
   * What the rate may be on another day. Spot: the lowest part of on-demand recorded in the region, up to
   * on-demand itself, the most that a maximum price of -1 pays. On-demand list prices stand still (144 of 144
   * sampled from 2025-05-16 to 2026-06-18), so both bounds are the rate.
   */
  readonly low: RateBound;
  readonly high: RateBound;
  readonly confidence: Confidence;
  /** The day that the rate was read. */
  readonly date: string;
  readonly source: string;
};

type VmPrices = { readonly onDemand: VmPrice; readonly spot?: VmPrice };

/** The list prices of one region, as a plain value: a test or a live refresh makes another by copying it. */
export type PriceBook = {
  readonly region: string;
  readonly currency: 'USD';
  /** Dates of the oldest and the newest recorded rate in it. */
  readonly oldest: string;
  readonly newest: string;
  /** What the sources are, by id. */
  readonly sources: Readonly<Record<string, string>>;
  /** By size name; a size without a price there is absent. Whether it can be had is `offeredIn`. */
  readonly vms: Readonly<Record<string, VmPrices>>;
  readonly meters: Readonly<Record<MeterId, MeterPrice>>;
};

/** The price book that ships with Bulkhead for a region, or undefined when it has none. */
export function builtInPriceBook(regionName: string): PriceBook | undefined {
  const known = cache.get(regionName);
  if (known !== undefined) return known;
  const offers = vmOffers(regionName);
  if (offers === undefined) return undefined;
  const vms = Object.fromEntries([...offers.offers].map(([size, offer]) => [size, pricesOf(offer, offers)]));
  const meters = metersIn(regionName);
  const dates = recordedDates(vms, meters).sort(compareText);
  const book: PriceBook = {
    region: regionName,
    currency: 'USD',
    oldest: dates[0]!,
    newest: dates.at(-1)!,
    sources: priceSources(),
    vms,
    meters,
  };
  cache.set(regionName, book);
  return book;
}

/** The price of a size, or undefined when the region has no price for it, or none as Spot. */
export function vmPrice(
  book: PriceBook,
  size: string,
  capacityType: 'Spot' | 'OnDemand',
): VmPrice | undefined {
  // A size named like a member of Object.prototype must not find one.
  const prices = Object.hasOwn(book.vms, size) ? book.vms[size] : undefined;
  return capacityType === 'Spot' ? prices?.spot : prices?.onDemand;
}

const cache = new Map<string, PriceBook>();

function pricesOf(offer: VmOffer, region: RegionOffers): VmPrices {
  const { size, onDemand: rate, onDemandSource } = offer;
  const bound = { rate, source: sourceText(onDemandSource) };
  const onDemand: VmPrice = {
    size,
    capacityType: 'OnDemand',
    rate,
    low: bound,
    high: bound,
    confidence: onDemandSource === 'windows-minus-licence' ? 'estimate' : 'recorded',
    date: sourceDate(onDemandSource),
    source: bound.source,
  };
  return offer.spot === undefined ? { onDemand } : { onDemand, spot: spotOf(offer.spot, onDemand, region) };
}

function spotOf(rate: Money, onDemand: VmPrice, region: RegionOffers): VmPrice {
  const now = { rate, source: sourceText(region.spotSource) };
  return {
    size: onDemand.size,
    capacityType: 'Spot',
    rate,
    low: isBurstable(onDemand.size) ? now : lowestOf(now, onDemand.rate, region.lowestSpot),
    high: { rate: onDemand.rate, source: `on-demand price, never exceeded: ${onDemand.source}` },
    confidence: 'recorded',
    date: sourceDate(region.spotSource),
    source: now.source,
  };
}

/**
 * Burstable Spot stands at 0.9 of on-demand in every region and record: the lows of other series say nothing
 * of it.
 */
function isBurstable(size: string): boolean {
  return size.startsWith('Standard_B');
}

function lowestOf(now: RateBound, onDemand: Money, lowest: LowestSpot): RateBound {
  const part = lowest.spotMicros / lowest.onDemandMicros;
  const rate = times(onDemand, part);
  if (rate >= now.rate) return now;
  return { rate, source: `${part.toFixed(3)} of on-demand, as ${lowest.size}: ${sourceText(lowest.source)}` };
}

function recordedDates(vms: PriceBook['vms'], meters: PriceBook['meters']): string[] {
  const prices = Object.values(vms).flatMap(({ onDemand, spot }) => (spot ? [onDemand, spot] : [onDemand]));
  const recorded = [...prices, ...Object.values(meters)].filter(
    ({ confidence }) => confidence === 'recorded',
  );
  return [...new Set(recorded.map(({ date }) => date))];
}
