import type { Money } from '../base/money.ts';
import type { PriceBook } from '../catalog/price-book.ts';
import { awakeHoursPerMonth } from '../fleet/awake-hours.ts';
import type { Platform } from '../model/platform.ts';
import { userNodesMax } from '../model/pools.ts';
import { type CostComponent, HOURS_A_MONTH, SERVICES, type Service } from './component.ts';
import { pricedResources } from './priced/index.ts';

/** A sum of what is known, and whether something unknown comes on top. */
export type Subtotal = {
  readonly known: Money;
  /** The same with every range at its end; unknown rates count with their bracket. */
  readonly low: Money;
  readonly high: Money;
  /** False when a line has no amount: the sum is then an "at least". */
  readonly isComplete: boolean;
};

export type Estimate = {
  readonly components: readonly CostComponent[];
  readonly total: Subtotal;
  readonly byService: readonly { readonly service: Service; readonly subtotal: Subtotal }[];
  /** By cluster in the platform's order; what all share comes last, without a cluster. */
  readonly byCluster: readonly { readonly cluster?: string; readonly subtotal: Subtotal }[];
  /** What a month costs with the fleet stopped all through it. */
  readonly asleep: Money;
  readonly offHours?: {
    readonly awakeHours: number;
    /** A month by the schedule. */
    readonly monthly: Money;
    readonly saved: Money;
  };
  /** What the Spot nodes save against On-Demand ones. */
  readonly spotSaved: Money;
  /** The most that lines with a cap add to the total. */
  readonly ceiling: Money;
  /** The month at the other end of the autoscaler: each pool as large as it may get, each rate at its highest. */
  readonly fullPools: { readonly userNodes: number; readonly monthly: Money };
};

/** Prices a platform for a month around the clock, and by its schedule. Pure: same platform and book, same cents. */
export function estimate(platform: Platform, book: PriceBook): Estimate {
  const components = componentsOf(platform, book);
  const total = subtotal(components);
  const stopping = subtotal(components.filter(({ stopsAsleep }) => stopsAsleep)).known;
  const asleep = total.known - stopping;
  const clusters = platform.clusters.map(({ name }) => name);
  return {
    components,
    total,
    byService: groups(components, SERVICES, ({ service }) => service).map(([service, lines]) => ({
      service,
      subtotal: subtotal(lines),
    })),
    byCluster: groups(components, [...clusters, undefined], ({ cluster }) => cluster).map(
      ([cluster, lines]) => ({
        ...(cluster === undefined ? {} : { cluster }),
        subtotal: subtotal(lines),
      }),
    ),
    asleep,
    ...offHours(platform, total.known, stopping, asleep),
    spotSaved: sum(
      components.filter(({ service }) => service === 'Spot nodes'),
      ({ monthly, monthlyRange }) =>
        monthlyRange && monthly !== undefined ? monthlyRange.high - monthly : 0,
    ),
    ceiling: sum(components, (component) => component.ceiling ?? 0),
    fullPools: {
      userNodes: sum(platform.clusters, ({ pools }) => userNodesMax(pools)),
      monthly: subtotal(componentsOf(withFullPools(platform), book)).high,
    },
  };
}

function componentsOf(platform: Platform, book: PriceBook): readonly CostComponent[] {
  return pricedResources.flatMap((priced) => [...priced.components(platform, book)]);
}

function withFullPools(platform: Platform): Platform {
  const clusters = platform.clusters.map((cluster) => ({
    ...cluster,
    pools: cluster.pools.map((pool) => ({ ...pool, nodesUsual: pool.nodesMax })),
  }));
  return { ...platform, clusters };
}

function offHours(
  platform: Platform,
  total: Money,
  stopping: Money,
  asleep: Money,
): Pick<Estimate, 'offHours'> {
  const { schedule } = platform.fleet;
  if (!schedule) return {};
  const awakeHours = awakeHoursPerMonth(schedule.awake);
  const monthly = Math.round((stopping * awakeHours) / HOURS_A_MONTH) + asleep;
  return { offHours: { awakeHours, monthly, saved: total - monthly } };
}

function subtotal(components: readonly CostComponent[]): Subtotal {
  return {
    known: sum(components, ({ monthly }) => monthly ?? 0),
    low: sum(components, ({ monthly, monthlyRange }) => monthlyRange?.low ?? monthly ?? 0),
    high: sum(components, ({ monthly, monthlyRange }) => monthlyRange?.high ?? monthly ?? 0),
    isComplete: components.every(({ monthly }) => monthly !== undefined),
  };
}

function sum<One>(items: readonly One[], amountOf: (item: One) => number): number {
  return items.reduce((total, item) => total + amountOf(item), 0);
}

/** The components by key, in the order of `keys`, keys without components left out. */
function groups<Key>(
  components: readonly CostComponent[],
  keys: readonly Key[],
  keyOf: (component: CostComponent) => Key,
): [Key, CostComponent[]][] {
  const byKey = new Map<Key, CostComponent[]>(keys.map((key) => [key, []]));
  for (const component of components) byKey.get(keyOf(component))?.push(component);
  return [...byKey].filter(([, lines]) => lines.length > 0);
}
