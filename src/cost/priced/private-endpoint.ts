import { HOURS_A_MONTH, metered, type Priced } from '../component.ts';

/** The vault's address inside the VNet, and the zone that names it. */
export default {
  id: 'private-endpoint',
  *components(_platform, book) {
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
    yield metered(book, 'private-endpoint-data', {
      id: 'private-endpoint/data',
      service: 'Private endpoint',
      name: 'private endpoint data',
      basis: 'depends on traffic',
    });
  },
} satisfies Priced;
