import { diskTier } from '../../catalog/disk-tiers.ts';
import { metered, type Priced } from '../component.ts';

/** The volume that holds the metrics: a disk is billed by its tier, so 50 GB pay for 64. */
export default {
  id: 'prometheus-volume',
  *components({ clusters }, book) {
    for (const cluster of clusters) {
      for (const { name, sizeGiB } of cluster.components.flatMap(({ volumes }) => volumes)) {
        const tier = diskTier('standard-ssd', sizeGiB);
        yield metered(book, tier?.meter ?? 'disk-standard-ssd-e30', {
          id: `volumes/${cluster.name}/${name}`,
          service: 'Volumes',
          name: `${name} volume, ${sizeGiB} GB as ${tier?.name ?? 'E30'}`,
          cluster: cluster.name,
          quantity: 1,
          basis: '1 disk',
        });
      }
    }
  },
} satisfies Priced;
