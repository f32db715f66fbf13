import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';
import { clustersWithPools, poolsOfCluster } from '../pools-of-cluster.ts';

export default invariant({
  id: 'spot-has-on-demand-fallback',
  title: 'In production, an On-Demand pool stands behind the Spot pools of a cluster',
  adr: 'ADR-A01',
  severity: 'error',
  why:
    'When Azure has no Spot capacity, the autoscaler tries again for up to half an hour and the pods stay ' +
    'Pending. An On-Demand pool that stands at zero costs nothing until that moment, and is where they go.',
  source: 'learn.microsoft.com, aks/cluster-autoscaler-overview, 2026-08; source design, section 6.1.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['environment', 'nodePools'],
  *check({ environment, nodePools }) {
    if (environment !== 'production') return;
    for (const pool of nodePools) {
      if (!hasAll(pool, 'cluster', 'mode', 'capacityType'))
        yield unsaid(pool, 'cluster', 'mode', 'capacityType');
    }
    const poolsOf = poolsOfCluster(nodePools, 'mode', 'capacityType');
    for (const cluster of clustersWithPools(nodePools)) {
      const pools = poolsOf(cluster)?.filter(({ mode }) => mode === 'User') ?? [];
      const spot = pools.find(({ capacityType }) => capacityType === 'Spot');
      if (spot === undefined) continue;
      const place = placeOf(spot, 'capacityType');
      if (pools.some(({ capacityType }) => capacityType === 'OnDemand')) yield held(place);
      else {
        yield broken(place, `${cluster} has Spot pools and no On-Demand pool behind them`, {
          help: 'add an On-Demand pool with a minimum of 0 nodes, at a lower priority of the autoscaler',
        });
      }
    }
  },
});
