import { HOURS_A_MONTH, metered, type Priced } from '../component.ts';

/**
 * One internal load balancer for each cluster in the mesh (its clustermesh-apiserver), one public one for each cluster
 * that leaves through it. The first five rules have one price, so one rule costs as much as five.
 */
export default {
  id: 'load-balancers',
  *components({ clusters, network }, book) {
    const outbound = new Set(network.loadBalancerIps.map(({ cluster }) => cluster));
    for (const { name, mesh } of clusters) {
      const line = { service: 'Load balancers', cluster: name, quantity: HOURS_A_MONTH } as const;
      if (mesh) {
        yield metered(book, 'load-balancer-rules-first-5', {
          ...line,
          id: `load-balancers/${name}/mesh`,
          name: 'internal load balancer of the mesh',
          basis: `1 rule x ${HOURS_A_MONTH} h`,
        });
      }
      if (outbound.has(name)) {
        yield metered(book, 'load-balancer-rules-first-5', {
          ...line,
          id: `load-balancers/${name}/outbound`,
          name: 'public load balancer, outbound',
          basis: `1 rule x ${HOURS_A_MONTH} h`,
        });
      }
    }
    if (outbound.size > 0 || clusters.some(({ mesh }) => mesh)) {
      yield metered(book, 'load-balancer-data', {
        id: 'load-balancers/data',
        service: 'Load balancers',
        name: 'load balancer data',
        basis: 'depends on traffic',
      });
    }
  },
} satisfies Priced;
