import { groupBy, hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

export default invariant({
  id: 'system-pool-is-regular',
  title: 'Every cluster has a system pool, and it is On-Demand',
  adr: 'ADR-A01',
  severity: 'error',
  why:
    'AKS refuses a system pool on Spot, and a cluster without one: CoreDNS, metrics and the way into the ' +
    'cluster live there. A fleet that is Spot throughout, as the source design has it, cannot be deployed.',
  source: 'learn.microsoft.com, aks/use-system-pools, 2026-04-30.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['clusters', 'nodePools'],
  *check({ clusters, nodePools }) {
    const pools = groupBy(nodePools, ({ cluster }) => cluster);
    const unknown = nodePools.find((pool) => !hasAll(pool, 'cluster', 'mode'));
    for (const cluster of clusters) {
      if (!hasAll(cluster, 'name')) {
        yield unsaid(cluster, 'name');
        continue;
      }
      const { name, path } = cluster;
      const own = pools.get(name) ?? [];
      if (own.some(({ mode }) => mode === 'System')) yield held(path);
      else if (unknown) yield unsaid(unknown, 'cluster', 'mode');
      else
        yield broken(path, `${name} has no system pool`, {
          help: 'add one: AKS does not make a cluster without it',
        });
    }
    for (const pool of nodePools) {
      if (pool.mode !== 'System') continue;
      const place = placeOf(pool, 'capacityType');
      if (!hasAll(pool, 'cluster', 'capacityType')) yield unsaid(pool, 'cluster', 'capacityType');
      else if (pool.capacityType === 'OnDemand') yield held(place);
      else yield broken(place, `the system pool of ${pool.cluster} is Spot`, { help: 'make it On-Demand' });
    }
  },
});
