import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

export default invariant({
  id: 'regular-pools-have-no-spot-settings',
  title: 'On-Demand pools have no eviction policy and no price limit',
  adr: 'ADR-A01',
  severity: 'error',
  why:
    'Azure refuses both on machines that it never takes back, and azurerm says so in the middle of an apply: ' +
    'validate and plan are content. They are most often what is left of a pool that was Spot.',
  source: 'azurerm 5.2.0, terraform apply, 2026-11-22.',
  kinds: ['terraform'],
  needs: ['nodePools'],
  *check({ nodePools }) {
    for (const pool of nodePools) {
      if (pool.mode === 'System' || pool.capacityType === 'Spot') continue;
      if (!hasAll(pool, 'name', 'capacityType', 'evictionPolicy', 'spotMaxPrice')) {
        yield unsaid(pool, 'name', 'capacityType', 'evictionPolicy', 'spotMaxPrice');
      } else if (pool.evictionPolicy !== '') {
        yield broken(placeOf(pool, 'evictionPolicy'), `On-Demand pool ${pool.name} has an eviction policy`, {
          help: 'remove `eviction_policy`, or write `priority = "Spot"`',
        });
      } else if (pool.spotMaxPrice !== -1) {
        yield broken(placeOf(pool, 'spotMaxPrice'), `On-Demand pool ${pool.name} has a Spot price limit`, {
          help: 'remove `spot_max_price`, or write `priority = "Spot"`',
        });
      } else yield held(pool.path);
    }
  },
});
