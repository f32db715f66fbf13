import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

export default invariant({
  id: 'spot-has-no-surge',
  title: 'Spot pools have no surge',
  adr: 'ADR-A01',
  severity: 'error',
  why:
    'A Spot pool is upgraded by an eviction notice, without a drain and without nodes beside it. AKS knows ' +
    'no surge there, and azurerm refuses one while planning.',
  source: 'azurerm 5.2.0, kubernetes_cluster_node_pool; learn.microsoft.com, aks/spot-node-pool, 2026-08.',
  kinds: ['terraform', 'live'],
  needs: ['nodePools'],
  *check({ nodePools }) {
    for (const pool of nodePools) {
      if (pool.capacityType === undefined) yield unsaid(pool, 'capacityType');
      if (pool.capacityType !== 'Spot') continue;
      if (!hasAll(pool, 'name', 'surges')) yield unsaid(pool, 'name', 'surges');
      else if (!pool.surges) yield held(placeOf(pool, 'surges'));
      else {
        yield broken(placeOf(pool, 'surges'), `Spot pool ${pool.name} is to surge when it is upgraded`, {
          help: 'remove `upgrade_settings`',
        });
      }
    }
  },
});
