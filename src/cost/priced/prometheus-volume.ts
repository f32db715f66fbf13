import { diskTier } from '../../catalog/disk-tiers.ts';
import { metered, type Priced } from '../component.ts';

const LOCAL_RATE = {
  confidence: 'estimate',
  note: 'the rate of a locally redundant disk stands in: a zone-redundant one costs more',
} as const;

/** The volume that holds the metrics: a disk is billed by its tier, so 50 GB pay for 64. */
export default {
  id: 'prometheus-volume',
  *components({ clusters }, book) {
    for (const cluster of clusters) {
      for (const { name, sizeGiB } of cluster.components.flatMap(({ volumes }) => volumes)) {
        const tier = diskTier('standard-ssd', sizeGiB);
        const line = metered(book, tier?.meter ?? 'disk-standard-ssd-e30', {
          id: `volumes/${cluster.name}/${name}`,
          service: 'Volumes',
          name: `${name} volume, ${sizeGiB} GB as ${tier?.name ?? 'E30'}`,
          cluster: cluster.name,
          quantity: 1,
          basis: '1 disk',
        });
        // From Kubernetes 1.29 on, AKS makes the disks of a cluster in several zones zone-redundant, which costs more
        // (learn.microsoft.com, aks/concepts-storage, 2026-07-30); no rate of that is on record.
        const isZonal = cluster.pools.some(({ zones }) => zones.length > 1);
        yield isZonal ? { ...line, name: `${line.name}, zone-redundant`, ...LOCAL_RATE } : line;
      }
    }
  },
} satisfies Priced;
