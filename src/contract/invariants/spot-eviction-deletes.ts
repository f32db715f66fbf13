import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';
import { nameText } from '../wording.ts';

export default invariant({
  id: 'spot-eviction-deletes',
  title: 'Spot machines that Azure takes back are deleted',
  adr: 'ADR-A01',
  severity: 'error',
  why:
    'A machine that is only deallocated counts against the Spot quota, keeps its disk on the bill, and stands ' +
    'in the way of scaling and upgrades. The policy is fixed when the pool is made.',
  source: 'learn.microsoft.com, aks/spot-node-pool, 2026-08.',
  kinds: ['terraform', 'live'],
  needs: ['nodePools'],
  *check({ nodePools }) {
    for (const pool of nodePools) {
      if (pool.capacityType === undefined) yield unsaid(pool, 'capacityType');
      if (pool.capacityType !== 'Spot') continue;
      const place = placeOf(pool, 'evictionPolicy');
      if (!hasAll(pool, 'name', 'evictionPolicy')) yield unsaid(pool, 'name', 'evictionPolicy');
      // Left out, it is Delete for AKS.
      else if (pool.evictionPolicy === 'Delete' || pool.evictionPolicy === '') yield held(place);
      else {
        yield broken(
          place,
          `Spot pool ${pool.name} has the eviction policy ${nameText(pool.evictionPolicy)}`,
          {
            help: 'write `eviction_policy = "Delete"`',
          },
        );
      }
    }
  },
});
