import { vmPrice } from '../../catalog/price-book.ts';
import { HOURS_A_MONTH, machineHours, type Priced, type Service } from '../component.ts';

const KINDS: Readonly<Record<string, string>> = {
  'System nodes': 'system',
  'Spot nodes': 'Spot',
  'On-Demand nodes': 'On-Demand',
};

/**
 * The machines that run when nothing is wrong. A pool that waits at zero costs nothing and has no line; what its
 * standing in costs is the Spot line's upper bound.
 */
export default {
  id: 'nodes',
  *components({ clusters }, book) {
    for (const cluster of clusters) {
      for (const pool of cluster.pools) {
        if (pool.nodesUsual === 0) continue;
        const service: Service =
          pool.mode === 'System'
            ? 'System nodes'
            : pool.capacityType === 'Spot'
              ? 'Spot nodes'
              : 'On-Demand nodes';
        const nodes = pool.nodesUsual === 1 ? '1 node' : `${pool.nodesUsual} nodes`;
        yield machineHours(
          book,
          {
            size: pool.vmSize,
            capacityType: pool.capacityType,
            price: vmPrice(book, pool.vmSize, pool.capacityType),
          },
          {
            id: `nodes/${cluster.name}/${pool.name}`,
            service,
            name: `${KINDS[service]}, ${pool.nodesUsual} x ${pool.vmSize}`,
            cluster: cluster.name,
            quantity: pool.nodesUsual * HOURS_A_MONTH,
            basis: `${nodes} x ${HOURS_A_MONTH} h`,
          },
        );
      }
    }
  },
} satisfies Priced;
