import { vmPrice } from '../../catalog/price-book.ts';
import { vmSize } from '../../catalog/vm-sizes.ts';
import { hasAll, placeOf } from '../evidence.ts';
import { broken, type Facts, held, invariant, type Observation, undetermined, unsaid } from '../invariant.ts';
import { nameText } from '../wording.ts';

/**
 * Azure stands at 81 % off nearly everywhere; burstable sizes at 10 %. Below this, evictions buy next to
 * nothing.
 */
const SAVING_MIN_PERCENT = 20;

export default invariant({
  id: 'spot-size-has-spot',
  title: 'Every Spot size is sold as Spot, for much less than on-demand',
  adr: 'ADR-A01',
  severity: 'error',
  why:
    'Burstable sizes of the first generation are not sold as Spot at all. Those of the second are, for ten ' +
    'percent less than on-demand: all the evictions for next to none of the saving. Other series stand at ' +
    'about four fifths off.',
  source: 'Resource SKUs API and Retail Prices API, 2026-08-01.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['nodePools'],
  *check({ nodePools }, facts) {
    for (const pool of nodePools) {
      if (!hasAll(pool, 'capacityType', 'vmSize')) yield unsaid(pool, 'capacityType', 'vmSize');
      else if (pool.capacityType === 'Spot') yield judge(pool.vmSize, placeOf(pool, 'vmSize'), facts);
    }
  },
});

function judge(name: string, place: readonly (string | number)[], { prices }: Facts): Observation {
  const size = vmSize(name);
  const help = 'take a size of another series, e.g. Standard_D2s_v3 or Standard_D2as_v5';
  if (size && !size.spotCapable) return broken(place, `${name} is not sold as Spot`, { help });
  const spot = prices && vmPrice(prices, name, 'Spot');
  const onDemand = prices && vmPrice(prices, name, 'OnDemand');
  if (!spot || !onDemand) {
    return undetermined(place, `whether ${nameText(name)} is sold as Spot: no price of it is on record`);
  }
  const saving = Math.round(100 * (1 - spot.rate / onDemand.rate));
  if (saving >= SAVING_MIN_PERCENT) return held(place);
  return broken(
    place,
    `${name} costs only ${saving} % less as Spot (${spot.date}), and is evicted all the same`,
    {
      severity: 'warning',
      help,
    },
  );
}
