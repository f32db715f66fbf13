import type { Money } from '../base/money.ts';
import { times } from '../base/money.ts';
import type { Confidence, MeterId, MeterPrice } from '../catalog/meters.ts';
import { vmSize } from '../catalog/vm-sizes.ts';
import type { PriceBook, VmPrice } from '../catalog/price-book.ts';
import type { Platform } from '../model/platform.ts';

/** Average month that Azure's own calculators use: 8,760 h / 12. */
export const HOURS_A_MONTH = 730;

/** The bill's sections, in the order in which they are shown. */
export const SERVICES = [
  'Control plane',
  'System nodes',
  'Spot nodes',
  'On-Demand nodes',
  'OS disks',
  'Network egress',
  'Load balancers',
  'Private endpoint',
  'Key Vault',
  'Registry',
  'Volumes',
  'Metrics',
  'Logs',
  'Alerts',
  'Keeper',
] as const;
export type Service = (typeof SERVICES)[number];

/**
 * One line of the bill: a meter, how much of it a month takes, and what that costs. An unknown rate or quantity leaves
 * `monthly` undefined: it is shown as a rate or a range and makes the total an "at least".
 */
export type CostComponent = {
  /** Stable and unique in a platform: `system-nodes/mgmt`. */
  readonly id: string;
  readonly service: Service;
  /** What a reader calls it. */
  readonly name: string;
  /** Absent when the whole fleet shares it. */
  readonly cluster?: string;
  readonly meter: {
    readonly id: string;
    readonly productName: string;
    readonly skuName: string;
    readonly meterName: string;
    readonly armRegionName: string;
  };
  readonly unit: string;
  readonly rate?: Money;
  /** What brackets a rate that is unknown. */
  readonly rateRange?: { readonly low: Money; readonly high: Money };
  /** Units a month, fleet awake around the clock. */
  readonly quantity?: number;
  /** How the quantity comes about: `2 nodes x 730 h`. */
  readonly basis: string;
  readonly monthly?: Money;
  /** What the same quantity may cost: Spot rates move, unknown rates are bracketed. */
  readonly monthlyRange?: { readonly low: Money; readonly high: Money };
  /** The most that this line can cost, where something caps it. */
  readonly ceiling?: Money;
  /** Stops costing while the fleet is stopped. */
  readonly stopsAsleep: boolean;
  readonly confidence: Confidence;
  readonly source: string;
  readonly note?: string;
};

/** One kind of thing that costs money: which lines it puts on the bill. */
export type Priced = {
  readonly id: string;
  readonly components: (platform: Platform, book: PriceBook) => Iterable<CostComponent>;
};

type Line = Pick<CostComponent, 'id' | 'service' | 'name' | 'basis'> &
  Partial<Pick<CostComponent, 'cluster' | 'quantity' | 'ceiling' | 'stopsAsleep' | 'note'>>;

/** A line priced by one of the book's meters. */
export function metered(book: PriceBook, meter: MeterId, line: Line): CostComponent {
  const price: MeterPrice = book.meters[meter];
  const { rate, rateRange } = price;
  const note = [line.note, price.note].filter((part) => part !== undefined).join('; ');
  return {
    stopsAsleep: false,
    ...line,
    meter: {
      id: meter,
      productName: price.productName,
      skuName: price.skuName,
      meterName: price.meterName,
      armRegionName: price.armRegionName,
    },
    unit: price.unit,
    ...(rate === undefined ? {} : { rate }),
    ...(rateRange === undefined ? {} : { rateRange }),
    ...amounts(rate, rateRange, line.quantity),
    confidence: price.confidence,
    source: price.source,
    ...(note === '' ? {} : { note }),
  };
}

/** A line of machine hours. Without a price the line stands, unpriced. */
export function machineHours(
  book: PriceBook,
  vm: {
    readonly size: string;
    readonly capacityType: 'Spot' | 'OnDemand';
    readonly price: VmPrice | undefined;
  },
  line: Line,
): CostComponent {
  const { size, capacityType, price } = vm;
  const meterName = `${size.replace(/^Standard_/, '').replaceAll('_', ' ')}${capacityType === 'Spot' ? ' Spot' : ''}`;
  const range = capacityType === 'Spot' && price ? { low: price.low.rate, high: price.high.rate } : undefined;
  return {
    stopsAsleep: true,
    ...line,
    meter: {
      id: `vm-${capacityType === 'Spot' ? 'spot' : 'on-demand'}:${size}`,
      productName: `Virtual Machines ${vmSize(size)?.family ?? size} Series`,
      skuName: meterName,
      meterName,
      armRegionName: book.region,
    },
    unit: '1 Hour',
    ...(price === undefined ? {} : { rate: price.rate }),
    ...(range === undefined ? {} : { rateRange: range }),
    ...amounts(price?.rate, range, line.quantity),
    confidence: price?.confidence ?? 'unknown',
    source: price?.source ?? `no ${capacityType} price of ${size} is recorded for ${book.region}`,
  };
}

function amounts(
  rate: Money | undefined,
  range: { readonly low: Money; readonly high: Money } | undefined,
  quantity: number | undefined,
): Pick<CostComponent, 'monthly' | 'monthlyRange'> {
  if (quantity === undefined) return {};
  return {
    ...(rate === undefined ? {} : { monthly: times(rate, quantity) }),
    ...(range === undefined
      ? {}
      : { monthlyRange: { low: times(range.low, quantity), high: times(range.high, quantity) } }),
  };
}
