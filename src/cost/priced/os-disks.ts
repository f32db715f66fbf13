import { diskTier } from '../../catalog/disk-tiers.ts';
import { metered, type Priced } from '../component.ts';

/** Managed OS disks, one a node. An ephemeral disk lives on the host and costs nothing. */
export default {
  id: 'os-disks',
  *components({ clusters }, book) {
    for (const cluster of clusters) {
      for (const pool of cluster.pools) {
        if (pool.osDisk.type === 'Ephemeral' || pool.nodesUsual === 0) continue;
        const tier = diskTier('premium-ssd', pool.osDisk.sizeGB);
        // Above 1 TiB the catalogue has no tier; the largest known one is the least that it costs.
        const meter = tier?.meter ?? 'disk-premium-ssd-p30';
        yield metered(book, meter, {
          id: `os-disks/${cluster.name}/${pool.name}`,
          service: 'OS disks',
          name: `${pool.nodesUsual} x ${tier?.name ?? 'P30'} (${pool.osDisk.sizeGB} GB)`,
          cluster: cluster.name,
          quantity: pool.nodesUsual,
          basis: `${pool.nodesUsual} ${pool.nodesUsual === 1 ? 'disk' : 'disks'}`,
          // The disks of a stopped cluster's nodes go with the nodes (AKS deletes them).
          stopsAsleep: true,
        });
      }
    }
  },
} satisfies Priced;
