import { HOURS_A_MONTH, metered, type Priced } from '../component.ts';

/** The API server: free without an SLA, by the hour with one. The Free tier has no meter, so it has no line. */
export default {
  id: 'control-plane',
  *components({ clusters }, book) {
    for (const { name, skuTier } of clusters) {
      if (skuTier === 'Free') continue;
      yield metered(book, skuTier === 'Premium' ? 'aks-premium-tier' : 'aks-standard-tier', {
        id: `control-plane/${name}`,
        service: 'Control plane',
        name: `AKS ${skuTier} tier`,
        cluster: name,
        quantity: HOURS_A_MONTH,
        basis: `${HOURS_A_MONTH} h`,
        stopsAsleep: true,
      });
    }
  },
} satisfies Priced;
