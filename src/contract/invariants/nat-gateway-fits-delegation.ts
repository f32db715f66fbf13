import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';
import { listText } from '../wording.ts';

export default invariant({
  id: 'nat-gateway-fits-delegation',
  title: 'No StandardV2 gateway serves a subnet that is handed to container services',
  adr: 'ADR-A02',
  severity: 'error',
  why:
    'StandardV2 is zone-redundant at the price of Standard, and Azure does not join it to subnets of ten ' +
    'services, Container Instances and Container Apps among them. A Standard gateway cannot be turned into ' +
    'the other: the subnets need one each.',
  source: 'learn.microsoft.com, nat-gateway/nat-overview, 2026-04-14.',
  kinds: ['terraform', 'live'],
  needs: ['natGateways'],
  *check({ natGateways }) {
    for (const gateway of natGateways) {
      if (!hasAll(gateway, 'name', 'sku', 'delegatedSubnets')) {
        yield unsaid(gateway, 'name', 'sku', 'delegatedSubnets');
        continue;
      }
      const { name, sku, delegatedSubnets } = gateway;
      if (sku !== 'StandardV2' || delegatedSubnets.length === 0) yield held(placeOf(gateway, 'sku'));
      else {
        const subnets = listText(delegatedSubnets);
        yield broken(placeOf(gateway, 'sku'), `the StandardV2 gateway ${name} serves ${subnets}`, {
          help: 'give those subnets a gateway of their own with `sku_name = "Standard"`',
        });
      }
    }
  },
});
