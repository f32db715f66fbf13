import { contains, formatCidr } from '../../base/cidr.ts';
import { hasAll, placeOf } from '../evidence.ts';
import { freeRange } from '../free-range.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';
import { listText } from '../wording.ts';

const OUTSIDE = new Set(['vnet', 'pods', 'cluster-ips']);
/** Parts of the services subnet, which speaks for them. */
const PARTS = new Set(['endpoints', 'container-instances', 'container-apps']);

export default invariant({
  id: 'subnets-lie-in-the-vnet',
  title: 'Every subnet lies inside the VNet',
  adr: 'ADR-A02',
  severity: 'error',
  why:
    'Azure refuses a subnet outside of the address space of its VNet (NetcfgInvalidSubnet), and an address ' +
    'space that no longer holds a subnet. A fleet that names no address space gets exactly its subnets.',
  source: 'API error NetcfgInvalidSubnet, public reports read 2026-11-22; source design, section 3.1.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['ranges'],
  *check({ ranges }) {
    const vnet = ranges.flatMap(({ use, range }) => (use === 'vnet' && range ? [range] : []));
    for (const entry of ranges) {
      if (entry.use === undefined || (entry.use === 'vnet' && !entry.range))
        yield unsaid(entry, 'use', 'range');
    }
    if (vnet.length === 0) return;
    for (const subnet of ranges) {
      if (subnet.use !== undefined && OUTSIDE.has(subnet.use)) continue;
      if (!hasAll(subnet, 'name', 'range', 'use')) {
        yield unsaid(subnet, 'name', 'range', 'use');
        continue;
      }
      if (PARTS.has(subnet.use) || subnet.isUsed === false) continue;
      const place = placeOf(subnet, 'range');
      const range = formatCidr(subnet.range);
      if (vnet.some((space) => contains(space, subnet.range))) yield held(place);
      else {
        const free = freeRange(subnet.use, subnet.range.prefix, ranges);
        const inside = free ? `write a range inside, e.g. ${formatCidr(free)}, or ` : '';
        yield broken(
          place,
          `${range} of ${subnet.name} lies outside of the VNet, ${listText(vnet.map(formatCidr))}`,
          {
            help: `${inside}add ${range} to the VNet`,
          },
        );
      }
    }
  },
});
