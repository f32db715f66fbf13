import { HOURS_A_MONTH, metered, type Priced } from '../component.ts';

/** Addresses inside the VNet: the vault's with the zone that names it, and those of private API servers. */
export default {
  id: 'private-endpoint',
  *components({ fleet, clusters }, book) {
    yield metered(book, 'private-endpoint', {
      id: 'private-endpoint/vault',
      service: 'Private endpoint',
      name: 'private endpoint of the vault',
      quantity: HOURS_A_MONTH,
      basis: `${HOURS_A_MONTH} h`,
    });
    yield metered(book, 'private-dns-zone', {
      id: 'private-endpoint/zone',
      service: 'Private endpoint',
      name: 'private DNS zone',
      quantity: 1,
      basis: '1 zone',
    });
    if (fleet.network.apiServer === 'private') {
      // AKS makes it in the node group of the cluster, with the name in no zone: it is on the subscription's own bill.
      for (const { name } of clusters) {
        yield metered(book, 'private-endpoint', {
          id: `private-endpoint/api-server/${name}`,
          service: 'Private endpoint',
          name: 'private endpoint of the API server',
          cluster: name,
          quantity: HOURS_A_MONTH,
          basis: `${HOURS_A_MONTH} h`,
          note: 'made by AKS in the group of the machines, and taken to be billed like any other',
        });
      }
    }
    yield metered(book, 'private-endpoint-data', {
      id: 'private-endpoint/data',
      service: 'Private endpoint',
      name: 'private endpoint data',
      basis: 'depends on traffic',
    });
  },
} satisfies Priced;
