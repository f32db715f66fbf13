import type { CapacityType, Environment } from '../fleet/fleet.ts';
import { groupByPlace, hasAll, type NodePoolEvidence, placeOf } from './evidence.ts';
import { broken, held, type Observation, unsaid } from './invariant.ts';
import { listText } from './wording.ts';

/** What user pools must run on in one environment, and what to write where they do not. */
export type CapacityRule = {
  readonly capacityType: CapacityType;
  readonly environment: Environment;
  readonly help: (pool: NodePoolEvidence) => string;
};

/**
 * Holds user pools to a capacity type. One line of a tier decides for every cluster in it, so what breaks is
 * said once for each such place, with the names of the clusters.
 */
export function* holdToCapacity(
  pools: readonly NodePoolEvidence[],
  rule: CapacityRule,
): Iterable<Observation> {
  for (const { place, items } of groupByPlace(pools, (pool) => placeOf(pool, 'capacityType'))) {
    const known = items.filter((pool) => hasAll(pool, 'cluster', 'capacityType'));
    for (const pool of items) {
      if (!hasAll(pool, 'cluster', 'capacityType')) yield unsaid(pool, 'cluster', 'capacityType');
    }
    const wrong = known.filter(({ capacityType }) => capacityType !== rule.capacityType);
    if (wrong.length > 0) {
      const clusters = wrong.map(({ cluster }) => cluster);
      const isOne = new Set(clusters).size === 1;
      const whose = isOne ? `${clusters[0]}'s user pool is` : `the user pools of ${listText(clusters)} are`;
      const type = rule.capacityType === 'Spot' ? 'On-Demand' : 'Spot';
      yield broken(place, `${whose} ${type} in ${rule.environment}`, { help: rule.help(wrong[0]!) });
    } else if (known.length > 0) yield held(place);
  }
}
