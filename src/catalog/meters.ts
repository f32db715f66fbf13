import type { Money } from '../base/money.ts';
import { compareText } from '../base/order.ts';
import { sourceText } from './price-sources.ts';
import { storedFacts } from './stored-facts.ts';

/** What a fleet can be billed for, apart from virtual machines. */
export const METER_IDS = [
  'aks-standard-tier',
  'aks-premium-tier',
  'load-balancer-rules-first-5',
  'load-balancer-rule-extra',
  'load-balancer-data',
  'public-ip-standard',
  'nat-gateway',
  'nat-gateway-data',
  'private-endpoint',
  'private-endpoint-data',
  'private-dns-zone',
  'key-vault-operations',
  'registry-basic',
  'registry-standard',
  'registry-premium',
  'disk-standard-ssd-e4',
  'disk-standard-ssd-e6',
  'disk-standard-ssd-e10',
  'disk-standard-ssd-e15',
  'disk-standard-ssd-e20',
  'disk-standard-ssd-e30',
  'disk-standard-ssd-zrs-e4',
  'disk-standard-ssd-zrs-e6',
  'disk-standard-ssd-zrs-e10',
  'disk-standard-ssd-zrs-e15',
  'disk-standard-ssd-zrs-e20',
  'disk-standard-ssd-zrs-e30',
  'disk-premium-ssd-p4',
  'disk-premium-ssd-p6',
  'disk-premium-ssd-p10',
  'disk-premium-ssd-p15',
  'disk-premium-ssd-p20',
  'disk-premium-ssd-p30',
  'log-ingestion',
  'log-retention',
  'basic-logs-ingestion',
  'log-alert-rule-1-min',
  'log-alert-rule-5-min',
  'log-alert-rule-10-min',
  'log-alert-rule-15-min',
  'metric-alert-series',
  'container-instances-vcpu',
  'container-instances-memory',
  'container-apps-vcpu',
  'container-apps-memory',
  'blob-hot-stored',
  'blob-hot-write',
  'blob-hot-read',
  'egress-internet',
  'egress-inter-region',
  'egress-inter-zone',
  'peering-same-region',
  'peering-global',
  'managed-grafana-node',
  'managed-grafana-user',
  'managed-prometheus-samples',
] as const;

export type MeterId = (typeof METER_IDS)[number];

/** What one rate buys, as the Retail Prices API writes it; `10M` is ten million samples. */
export type MeterUnit =
  | '1 Hour'
  | '1/Day'
  | '1/Month'
  | '1 GB'
  | '1 GB/Month'
  | '1 GB Hour'
  | '10K'
  | '10M'
  | '1 Second'
  | '1 GiB Second';

/**
 * How far a rate can be trusted: `recorded` is an answer of the price API or an invoice, `estimate` is
 * derived, from a weaker source or from another region, `assumed` is ours, `unknown` has no rate at all.
 */
export type Confidence = 'recorded' | 'estimate' | 'assumed' | 'unknown';

/** One meter's price in one region. */
export type MeterPrice = {
  readonly id: MeterId;
  /** The service as people call it, for grouping. */
  readonly service: string;
  /** The three names to ask the price API for; empty where they are not known. */
  readonly productName: string;
  readonly skuName: string;
  readonly meterName: string;
  /** `Global`, `Zone 1` or the region: the API lists each meter under one of them only. */
  readonly armRegionName: string;
  readonly unit: MeterUnit;
  /** Per unit. Undefined is unknown, which is never zero. */
  readonly rate: Money | undefined;
  /** What other regions or neighbouring sizes bracket an unknown rate with. */
  readonly rateRange?: { readonly low: Money; readonly high: Money };
  readonly confidence: Confidence;
  /** ISO date, or its year or month where no more is known. */
  readonly date: string;
  /** Where the rate comes from, with its date. */
  readonly source: string;
  readonly note?: string;
  /** Units that cost nothing. Others may use them up: never count on having them alone. */
  readonly free?: { readonly quantity: number; readonly per: string; readonly source: string };
};

type RateRow = readonly [
  region: string,
  micros: number | null,
  confidence: Confidence,
  date: string,
  source: string,
  range?: readonly [low: number, high: number],
];

type StoredMeter = {
  readonly id: MeterId;
  readonly service: string;
  readonly productName: string;
  readonly skuName: string;
  readonly meterName: string;
  readonly armRegion: 'regional' | 'Global' | 'Zone 1';
  readonly unit: MeterUnit;
  /**
   * What holds in a region without a row: the eastus rate as an estimate or an assumption, the range of all
   * recorded regions, or nothing. Absent when the row of `*` holds everywhere.
   */
  readonly elsewhere?: 'estimate' | 'assumed' | 'bracket' | 'unknown';
  readonly note?: string;
  readonly free?: NonNullable<MeterPrice['free']>;
  readonly rates: readonly RateRow[];
};

type Resolved = Pick<MeterPrice, 'rate' | 'confidence' | 'date' | 'source' | 'rateRange'> & {
  readonly remark?: string;
};

const STAND_IN_REGION = 'eastus';

/** The prices of all meters in one region, each with its own confidence and source. */
export function metersIn(regionName: string): Readonly<Record<MeterId, MeterPrice>> {
  const { meters } = storedFacts('meters') as { readonly meters: readonly StoredMeter[] };
  const prices = meters.map((meter) => [meter.id, meterPrice(meter, regionName)]);
  return Object.fromEntries(prices) as Record<MeterId, MeterPrice>;
}

function meterPrice(meter: StoredMeter, regionName: string): MeterPrice {
  const { remark, ...resolved } = resolve(meter, regionName);
  const note = [remark, meter.note].filter((part) => part !== undefined).join('; ');
  return {
    id: meter.id,
    service: meter.service,
    productName: meter.productName,
    skuName: meter.skuName,
    meterName: meter.meterName,
    armRegionName: meter.armRegion === 'regional' ? regionName : meter.armRegion,
    unit: meter.unit,
    ...resolved,
    ...(note === '' ? {} : { note }),
    ...(meter.free === undefined ? {} : { free: meter.free }),
  };
}

function resolve(meter: StoredMeter, regionName: string): Resolved {
  const own = rowOf(meter, regionName) ?? rowOf(meter, '*');
  if (own !== undefined) return fromRow(own, own[2]);
  switch (meter.elsewhere) {
    case 'estimate':
    case 'assumed':
      return standIn(meter, meter.elsewhere, regionName);
    case 'bracket':
      return bracket(meter, regionName);
    default:
      return { rate: undefined, confidence: 'unknown', date: SEARCHED, source: notFound(regionName) };
  }
}

function standIn(meter: StoredMeter, confidence: Confidence, regionName: string): Resolved {
  const row = rowOf(meter, STAND_IN_REGION);
  if (row === undefined) throw new Error(`meter ${meter.id} has no ${STAND_IN_REGION} row to stand in`);
  if (row[1] === null)
    return { ...fromRow(row, 'unknown'), remark: `the range is that of ${STAND_IN_REGION}` };
  const remark = `the ${STAND_IN_REGION} price stands in: none is recorded for ${regionName}`;
  return { ...fromRow(row, confidence), remark };
}

function bracket(meter: StoredMeter, regionName: string): Resolved {
  const known = meter.rates.filter((row) => row[1] !== null).sort((a, b) => a[1]! - b[1]!);
  const low = known[0];
  const high = known.at(-1);
  if (low === undefined || high === undefined)
    throw new Error(`meter ${meter.id} has nothing to bracket with`);
  const [oldest] = [low[3], high[3]].sort(compareText);
  return {
    rate: undefined,
    rateRange: { low: low[1]!, high: high[1]! },
    confidence: 'unknown',
    date: oldest!,
    source: `lowest in ${low[0]}: ${dated(low)}; highest in ${high[0]}: ${dated(high)}`,
    remark: `unknown in ${regionName}; the range is that of the regions recorded`,
  };
}

function fromRow(row: RateRow, confidence: Confidence): Resolved {
  const [, micros, , date, , range] = row;
  return {
    rate: micros ?? undefined,
    ...(range === undefined ? {} : { rateRange: { low: range[0], high: range[1] } }),
    confidence,
    date,
    source: dated(row),
  };
}

/** When public copies of the price API were last searched for what is still unknown. */
const SEARCHED = '2026-11-22';

function notFound(regionName: string): string {
  return `${sourceText('not-found')} for ${regionName}, ${SEARCHED}`;
}

function rowOf(meter: StoredMeter, regionName: string): RateRow | undefined {
  return meter.rates.find((row) => row[0] === regionName);
}

function dated(row: RateRow): string {
  return `${sourceText(row[4])}, ${row[3]}`;
}
