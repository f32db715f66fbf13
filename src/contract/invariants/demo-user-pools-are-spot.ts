import { placeOf } from '../evidence.ts';
import { broken, held, type Invariant, undetermined } from '../invariant.ts';

export default {
  id: 'demo-user-pools-are-spot',
  alias: 'C2',
  title: 'In demo, every user node pool is Spot',
  adr: 'ADR-A01',
  severity: 'error',
  why:
    'A demo exists to show the platform at the lowest price, and to show what an eviction does. One On-Demand user pool ' +
    'costs five times its Spot price and hides the evictions that the demo is there to show. A demo before an audience ' +
    'says `live: true`: then, and only then, mgmt may stand on On-Demand nodes.',
  source: 'Source design, section 7, C2, and the warning in section 2.1.',
  *check({ environment, live, nodePools }) {
    if (environment !== 'demo') return;
    for (const pool of nodePools ?? []) {
      if (pool.mode !== 'User') continue;
      const place = placeOf(pool, 'capacityType');
      if (pool.capacityType === undefined) {
        yield undetermined(place, `whether ${pool.cluster}'s user pool ${pool.name} is Spot is not said`);
      } else if (pool.capacityType === 'Spot' || (live?.value === true && pool.role === 'mgmt')) {
        yield held(place);
      } else {
        yield broken(place, `${pool.cluster}'s user pool is On-Demand in demo`, {
          help:
            pool.role === 'mgmt'
              ? 'write Spot here, or say `live: true` when the demo has an audience'
              : 'write Spot here, or leave it out: demo decides Spot by itself',
        });
      }
    }
  },
} satisfies Invariant;
