import { HOURS_A_MONTH, metered, type Priced } from '../component.ts';

/** How traffic leaves: NAT gateways, public addresses, and what each GB costs. */
export default {
  id: 'egress',
  *components({ network }, book) {
    for (const gateway of network.natGateways) {
      yield metered(book, 'nat-gateway', {
        id: `egress/${gateway.name}`,
        service: 'Network egress',
        name: `NAT gateway, ${gateway.sku}`,
        quantity: HOURS_A_MONTH,
        basis: `${HOURS_A_MONTH} h`,
      });
      yield metered(book, 'public-ip-standard', {
        id: `egress/${gateway.publicIp}`,
        service: 'Network egress',
        name: 'its public IP',
        quantity: HOURS_A_MONTH,
        basis: `${HOURS_A_MONTH} h`,
      });
    }
    for (const { cluster, publicIp } of network.loadBalancerIps) {
      yield metered(book, 'public-ip-standard', {
        id: `egress/${publicIp}`,
        service: 'Network egress',
        name: 'outbound public IP',
        cluster,
        quantity: HOURS_A_MONTH,
        basis: `${HOURS_A_MONTH} h`,
      });
    }
    if (network.natGateways.length > 0) {
      yield metered(book, 'nat-gateway-data', {
        id: 'egress/nat-data',
        service: 'Network egress',
        name: 'NAT gateway data',
        basis: 'depends on traffic',
      });
    }
    yield metered(book, 'egress-internet', {
      id: 'egress/internet',
      service: 'Network egress',
      name: 'data to the internet',
      basis: 'depends on traffic',
    });
  },
} satisfies Priced;
