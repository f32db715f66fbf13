import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

export default invariant({
  id: 'mgmt-is-tier-1',
  title: 'The mgmt cluster is tier 1',
  adr: 'ADR-A01',
  severity: 'error',
  why:
    'Platform services are tier 1, which is what keeps them off Spot in production. A mgmt cluster in tier ' +
    '2 looks like a fleet that keeps C3, and runs Argo CD and Prometheus on machines that Azure may take ' +
    'at any minute.',
  source: 'Source design, section 2.1.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['clusters'],
  *check({ clusters }) {
    for (const cluster of clusters) {
      if (!hasAll(cluster, 'role', 'tier')) yield unsaid(cluster, 'role', 'tier');
      else if (cluster.role !== 'mgmt') continue;
      else if (cluster.tier !== 2) yield held(placeOf(cluster, 'tier'));
      else {
        yield broken(
          placeOf(cluster, 'tier'),
          `${cluster.name} carries the platform services and is put in tier 2`,
          {
            help: 'write `tier: 1`, or leave it out',
          },
        );
      }
    }
  },
});
