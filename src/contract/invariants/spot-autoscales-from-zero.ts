import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

export default invariant({
  id: 'spot-autoscales-from-zero',
  title: 'Spot pools scale by themselves, down to zero',
  adr: 'ADR-A01',
  severity: 'error',
  why:
    'A Spot pool of fixed size decays: what Azure takes does not come back without the autoscaler. With a ' +
    'minimum above zero, the autoscaler keeps asking for machines that are not there, even when no pod ' +
    'wants them.',
  source: 'learn.microsoft.com, aks/spot-node-pool, 2026-08.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['nodePools'],
  *check({ nodePools }) {
    for (const pool of nodePools) {
      if (pool.capacityType === 'Spot' && pool.autoscales === false) {
        const message = `Spot pool ${pool.name ?? ''} of ${pool.cluster ?? 'a cluster'} does not scale by itself`;
        yield broken(placeOf(pool, 'autoscales'), message, {
          help: 'turn the autoscaler on, with a minimum of 0: what Azure takes does not come back without it',
        });
      } else if (!hasAll(pool, 'cluster', 'name', 'capacityType', 'nodesMin', 'nodesMax')) {
        yield unsaid(pool, 'cluster', 'name', 'capacityType', 'nodesMin', 'nodesMax');
      } else if (pool.capacityType === 'Spot') {
        const place = placeOf(pool, 'nodesMin');
        if (pool.nodesMin === 0 && pool.nodesMax > 0) yield held(place);
        else {
          const size =
            pool.nodesMin === pool.nodesMax ? `always ${pool.nodesMin}` : `at least ${pool.nodesMin}`;
          yield broken(place, `Spot pool ${pool.name} of ${pool.cluster} has ${size} nodes`, {
            help: 'set its minimum to 0 and turn the autoscaler on: replicas keep the floor, not the pool',
          });
        }
      }
    }
  },
});
