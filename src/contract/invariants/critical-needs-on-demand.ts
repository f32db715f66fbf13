import { hasAll, type NodePoolEvidence, placeOf, type With } from '../evidence.ts';
import { broken, held, invariant, undetermined, unsaid } from '../invariant.ts';
import { poolsOfCluster } from '../pools-of-cluster.ts';
import { listText } from '../wording.ts';

export default invariant({
  id: 'critical-needs-on-demand',
  title: 'A critical workload has On-Demand nodes that are always there',
  adr: 'ADR-A01',
  severity: 'error',
  why:
    'A workload that must not be evicted cannot stand on Spot, and an On-Demand pool that starts at zero ' +
    'nodes is there minutes too late. In demo all user nodes are Spot by contract (C2), so nothing there ' +
    'is kept from eviction.',
  source: 'Source design, section 6.1 and section 7, C2.',
  needs: ['environment', 'nodePools', 'workloads'],
  *check({ environment, nodePools, workloads }) {
    const poolsOf = poolsOfCluster(nodePools, 'mode', 'capacityType', 'nodesMin');
    for (const workload of workloads) {
      if (workload.isCritical === false) continue;
      if (!hasAll(workload, 'name', 'clusters', 'isCritical')) {
        yield unsaid(workload, 'name', 'clusters', 'isCritical');
        continue;
      }
      const place = placeOf(workload, 'isCritical');
      const clusters = workload.clusters.map((name) => ({ name, pools: poolsOf(name) }));
      if (clusters.some(({ pools }) => pools === undefined)) {
        yield undetermined(place, `whether ${workload.name} has On-Demand nodes`);
        continue;
      }
      // A cluster that does not exist has no pools, and an invariant of its own.
      const without = clusters
        .filter(({ pools = [] }) => pools.length > 0 && !pools.some(isAlwaysThere))
        .map(({ name }) => name);
      if (without.length === 0) yield held(place);
      else {
        const isDemo = environment === 'demo';
        yield broken(
          place,
          `${workload.name} is critical, and no On-Demand node of ${listText(without)} is always there`,
          {
            severity: isDemo ? 'warning' : 'error',
            help: isDemo
              ? 'expect evictions in demo, or show it in production'
              : 'let the On-Demand pool of the cluster start at one node or more',
          },
        );
      }
    }
  },
});

function isAlwaysThere(pool: With<NodePoolEvidence, 'mode' | 'capacityType' | 'nodesMin'>): boolean {
  return pool.mode === 'User' && pool.capacityType === 'OnDemand' && pool.nodesMin > 0;
}
