import { region as knownRegion } from '../../catalog/regions.ts';
import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, undetermined, unsaid } from '../invariant.ts';

export default invariant({
  id: 'production-spans-zones',
  title: 'In production, every pool spans two zones at least',
  adr: 'ADR-A01',
  severity: 'warning',
  why:
    'A zone that fails takes every node in it. A cluster in one zone is then gone; one that spans three ' +
    'loses a third and places the pods again. The 99.95 % of the Standard tier holds with zones only.',
  source:
    'learn.microsoft.com, aks/free-standard-pricing-tiers, 2026-08; source design, sections 5.3 and 6.2.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['environment', 'region', 'nodePools'],
  *check({ environment, region, nodePools }) {
    if (environment !== 'production') return;
    const known = knownRegion(region.name ?? '');
    const place = placeOf(region, 'name');
    if (known === undefined) {
      yield undetermined(place, 'which zones the region has is not on record');
      return;
    }
    if (known.zones.length < 2) {
      yield broken(place, `${known.name} has no availability zones to span`, {
        help: 'take another region where production must outlive the loss of a datacentre',
      });
      return;
    }
    const help = `write \`zones: [${known.zones.join(', ')}]\`, or leave it out`;
    for (const pool of nodePools) {
      const place = placeOf(pool, 'zones');
      if (!hasAll(pool, 'cluster', 'mode', 'zones')) yield unsaid(pool, 'cluster', 'mode', 'zones');
      else if (new Set(pool.zones).size > 1) yield held(place);
      else {
        const where = pool.zones.length === 0 ? 'in no zone' : `in zone ${pool.zones[0]} alone`;
        const whose = pool.mode === 'System' ? 'system nodes' : 'user nodes';
        yield broken(place, `${whose} of ${pool.cluster} stand ${where}`, { help });
      }
    }
  },
});
