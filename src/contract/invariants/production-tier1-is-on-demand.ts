import { holdToCapacity } from '../capacity-rule.ts';
import { invariant, unsaid } from '../invariant.ts';

export default invariant({
  id: 'production-tier1-is-on-demand',
  alias: 'C3',
  title: 'In production, the user pools of tier 1 are On-Demand',
  adr: 'ADR-A01',
  severity: 'error',
  why:
    'Tier 1 carries Argo CD, Prometheus and Grafana. On Spot they are evicted together with the ' +
    'applications that they are there to watch and repair, at the hour when they are needed. An On-Demand ' +
    'node behind the Spot ones does not help: its pods are evicted first, and wait for it to start.',
  source: 'Source design, section 7, C3, and section 6.1.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['environment', 'nodePools'],
  *check({ environment, nodePools }) {
    if (environment !== 'production') return;
    const judged = [];
    for (const pool of nodePools) {
      if (pool.mode === 'System') continue;
      if (pool.mode === undefined || pool.tier === undefined) yield unsaid(pool, 'mode', 'tier');
      else if (pool.tier === 1) judged.push(pool);
    }
    yield* holdToCapacity(judged, {
      capacityType: 'OnDemand',
      environment,
      help: () => 'write OnDemand here, or leave it out: production decides On-Demand for tier 1 by itself',
    });
  },
});
