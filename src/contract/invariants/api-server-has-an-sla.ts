import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

export default invariant({
  id: 'api-server-has-an-sla',
  title: 'In production, the API servers have an SLA',
  adr: 'ADR-A01',
  severity: 'warning',
  why:
    'The Free tier comes with no financial promise and is meant for fewer than ten nodes. Standard ' +
    'promises 99.9 %, and 99.95 % with availability zones, at about 73 dollars a month for each cluster: ' +
    'the API server alone, not the nodes.',
  source: 'learn.microsoft.com, aks/free-standard-pricing-tiers, 2026-08; source design, section 5.3.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['environment', 'clusters'],
  *check({ environment, clusters }) {
    if (environment !== 'production') return;
    for (const cluster of clusters) {
      const place = placeOf(cluster, 'skuTier');
      if (!hasAll(cluster, 'name', 'skuTier')) yield unsaid(cluster, 'name', 'skuTier');
      else if (cluster.skuTier !== 'Free') yield held(place);
      else {
        yield broken(place, `${cluster.name} has the Free tier in production, which promises nothing`, {
          help: 'write `sku: Standard`, or leave it out',
        });
      }
    }
  },
});
