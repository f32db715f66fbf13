import { diskTier } from '../../catalog/disk-tiers.ts';
import { metered, type Priced } from '../component.ts';

/** The volume that holds the metrics: a disk is billed by its tier, so 50 GB pay for 64. */
export default {
  id: 'prometheus-volume',
  *components({ clusters }, book) {
    for (const cluster of clusters) {
      for (const { name, sizeGiB } of cluster.components.flatMap(({ volumes }) => volumes)) {
        // From Kubernetes 1.29 on, AKS makes the disks of a cluster in several zones zone-redundant
        // (learn.microsoft.com, aks/concepts-storage, 2026-07-30).
        const isZonal = cluster.pools.some(({ zones }) => zones.length > 1);
        const tier = diskTier(isZonal ? 'standard-ssd-zrs' : 'standard-ssd', sizeGiB);
        const largest = isZonal ? 'disk-standard-ssd-zrs-e30' : 'disk-standard-ssd-e30';
        yield metered(book, tier?.meter ?? largest, {
          id: `volumes/${cluster.name}/${name}`,
          service: 'Volumes',
          name: `${name} volume, ${sizeGiB} GB as ${tier?.name ?? 'E30'}${isZonal ? ', zone-redundant' : ''}`,
          cluster: cluster.name,
          quantity: 1,
          basis: '1 disk',
        });
      }
    }
  },
} satisfies Priced;
