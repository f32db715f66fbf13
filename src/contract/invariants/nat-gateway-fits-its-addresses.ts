import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';
import { listText } from '../wording.ts';

export default invariant({
  id: 'nat-gateway-fits-its-addresses',
  title: 'A NAT gateway and its public addresses have one SKU',
  adr: 'ADR-A02',
  severity: 'error',
  why:
    'A StandardV2 gateway takes StandardV2 addresses only, a Standard one Standard ones only. Azure refuses ' +
    'the mixture when the address is joined, and a new address is another egress address for everybody.',
  source: 'learn.microsoft.com, nat-gateway/nat-sku, 2026-07-27.',
  kinds: ['terraform', 'live'],
  needs: ['natGateways'],
  *check({ natGateways }) {
    for (const gateway of natGateways) {
      if (!hasAll(gateway, 'name', 'sku', 'addressSkus')) {
        yield unsaid(gateway, 'name', 'sku', 'addressSkus');
        continue;
      }
      const { name, sku, addressSkus } = gateway;
      const others = addressSkus.filter((one) => one !== sku);
      if (others.length === 0) yield held(placeOf(gateway, 'sku'));
      else {
        const message = `the ${sku} gateway ${name} has an address of SKU ${listText(others)}`;
        yield broken(placeOf(gateway, 'sku'), message, { help: `write \`sku = "${sku}"\` for the address` });
      }
    }
  },
});
