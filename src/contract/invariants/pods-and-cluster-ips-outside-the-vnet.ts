import { formatCidr, overlaps } from '../../base/cidr.ts';
import { hasAll, placeOf } from '../evidence.ts';
import { freeRange } from '../free-range.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

export default invariant({
  id: 'pods-and-cluster-ips-outside-the-vnet',
  title: 'Pods and ClusterIPs lie outside the VNet',
  adr: 'ADR-A02',
  severity: 'error',
  why:
    'AKS takes pod and ClusterIP ranges only where neither the VNet nor anything peered with it has ' +
    'addresses, even where no subnet stands there yet: a subnet that is added later would be unreachable ' +
    'from every pod. A VNet of 10.0.0.0/8 holds the defaults of both AKS and Cilium.',
  source: 'learn.microsoft.com, aks/use-byo-cni, 2026-04-16.',
  needs: ['ranges'],
  *check({ ranges }) {
    const vnet = ranges.flatMap(({ use, range }) => (use === 'vnet' && range ? [range] : []));
    for (const entry of ranges) {
      if (entry.use === undefined || (entry.use === 'vnet' && !entry.range))
        yield unsaid(entry, 'use', 'range');
    }
    if (vnet.length === 0) return;
    for (const inner of ranges) {
      if (!hasAll(inner, 'name', 'range', 'use')) {
        yield unsaid(inner, 'name', 'range', 'use');
        continue;
      }
      if (inner.use !== 'pods' && inner.use !== 'cluster-ips') continue;
      const place = placeOf(inner, 'range');
      const space = vnet.find((candidate) => overlaps(candidate, inner.range));
      if (space === undefined) yield held(place);
      else {
        const free = freeRange(inner.use, inner.range.prefix, ranges);
        yield broken(
          place,
          `${formatCidr(inner.range)} of ${inner.name} overlaps the VNet, ${formatCidr(space)}`,
          {
            help: free
              ? `write a range outside, e.g. ${formatCidr(free)}, or leave it out`
              : 'make the VNet smaller',
          },
        );
      }
    }
  },
});
