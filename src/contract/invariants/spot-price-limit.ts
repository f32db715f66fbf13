import type { Path } from '../../base/finding.ts';
import { formatRate, usd } from '../../base/money.ts';
import { nodePoolLimits } from '../../catalog/limits.ts';
import { vmPrice } from '../../catalog/price-book.ts';
import { groupByPlace, hasAll, placeOf } from '../evidence.ts';
import { broken, type Facts, held, invariant, type Observation, undetermined, unsaid } from '../invariant.ts';
import { listText, nameText } from '../wording.ts';

const { noLimit, minExclusiveUsd, decimals } = nodePoolLimits.spotMaxPrice;
const HELP = `write \`maxPrice: ${noLimit}\`: pays the Spot price, on-demand at most, never evicted for it`;

export default invariant({
  id: 'spot-price-limit',
  title: 'The Spot price limit is above the price of every size that it applies to',
  adr: 'ADR-A01',
  severity: 'error',
  why:
    'Azure does not deploy a Spot machine whose limit is below the price of its size, and evicts it when ' +
    'the price rises past the limit; falling back does not restart it. The limit cannot be changed on a ' +
    'pool that exists. A limit above the price saves nothing, because -1 pays the same price and is never ' +
    'evicted for it.',
  source:
    'learn.microsoft.com, aks/spot-node-pool and virtual-machines/spot-vms, 2026-08; source design, ' +
    'section 2.1.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['nodePools'],
  *check({ nodePools }, facts) {
    for (const pool of nodePools) if (pool.capacityType === undefined) yield unsaid(pool, 'capacityType');
    const spot = nodePools.filter(({ capacityType }) => capacityType === 'Spot');
    for (const { place, items } of groupByPlace(spot, (pool) => placeOf(pool, 'spotMaxPrice'))) {
      for (const pool of items)
        if (!hasAll(pool, 'spotMaxPrice', 'vmSize')) yield unsaid(pool, 'spotMaxPrice', 'vmSize');
      const known = items.filter((pool) => hasAll(pool, 'spotMaxPrice', 'vmSize'));
      for (const limit of new Set(known.map(({ spotMaxPrice }) => spotMaxPrice))) {
        const sizes = known.filter(({ spotMaxPrice }) => spotMaxPrice === limit).map(({ vmSize }) => vmSize);
        yield* judgeLimit(place, limit, [...new Set(sizes)], facts);
      }
    }
  },
});

function* judgeLimit(
  place: Path,
  limit: number,
  sizes: readonly string[],
  facts: Facts,
): Iterable<Observation> {
  if (limit === noLimit) {
    yield held(place);
    return;
  }
  if (limit <= minExclusiveUsd) {
    yield broken(place, `${limit} is no price limit: it must be ${noLimit} or above ${minExclusiveUsd}`, {
      help: HELP,
    });
    return;
  }
  if (Number(limit.toFixed(decimals)) !== limit) {
    yield broken(place, `${limit} has more than ${decimals} decimals, which Azure refuses`, { help: HELP });
    return;
  }
  const priced = sizes.map((size) => ({ size, price: facts.prices && vmPrice(facts.prices, size, 'Spot') }));
  const text = `$${limit} an hour`;
  const low = priced.filter(({ price }) => price !== undefined && usd(limit) < price.rate);
  const unknown = priced.filter(({ price }) => price === undefined).map(({ size }) => size);
  if (low.length > 0) {
    const prices = listText(
      low.map(({ size, price }) => `${size} at ${formatRate(price!.rate)} (${price!.date})`),
    );
    yield broken(
      place,
      `the limit of ${text} is below the Spot price of ${prices}: no such node would start`,
      { help: HELP },
    );
  } else if (priced.every(({ price }) => price !== undefined && usd(limit) >= price.high.rate)) {
    yield broken(
      place,
      `the limit of ${text} is above the on-demand price of every Spot size, and so limits nothing`,
      {
        severity: 'note',
        help: HELP,
      },
    );
  } else {
    yield broken(
      place,
      `a limit of ${text} adds evictions and saves nothing: without one, the price is the same`,
      {
        severity: 'warning',
        help: HELP,
      },
    );
  }
  if (unknown.length > 0) {
    yield undetermined(
      place,
      `whether ${text} is enough for ${listText(unknown.map(nameText))}: no Spot price is on record`,
    );
  }
}
