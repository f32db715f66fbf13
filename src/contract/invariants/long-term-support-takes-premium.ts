import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

export default invariant({
  id: 'long-term-support-takes-premium',
  title: 'Long-term support comes with the Premium tier alone',
  adr: 'ADR-0005',
  severity: 'error',
  why:
    'Azure refuses the long-term plan on every other tier, and Terraform does not know it before the apply. ' +
    'The Premium tier costs about six times the Standard one.',
  source: 'learn.microsoft.com, aks/long-term-support, 2026-08; azurerm 5.2.0, four gates, 2026-11-22.',
  kinds: ['terraform', 'live'],
  needs: ['clusters'],
  *check({ clusters }) {
    for (const cluster of clusters) {
      const place = placeOf(cluster, 'hasLongTermSupport');
      if (!hasAll(cluster, 'name', 'hasLongTermSupport')) yield unsaid(cluster, 'name', 'hasLongTermSupport');
      else if (!cluster.hasLongTermSupport) continue;
      else if (cluster.skuTier === undefined) yield unsaid(cluster, 'skuTier');
      else if (cluster.skuTier === 'Premium') yield held(place);
      else {
        yield broken(place, `${cluster.name} has long-term support on the ${cluster.skuTier} tier`, {
          help: 'write `sku_tier = "Premium"`, or remove `support_plan`',
        });
      }
    }
  },
});
