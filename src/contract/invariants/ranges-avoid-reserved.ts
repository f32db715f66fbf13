import { cidr, contains, formatCidr, overlaps } from '../../base/cidr.ts';
import { clusterLimits } from '../../catalog/limits.ts';
import { hasAll, placeOf, type RangeEvidence, type With } from '../evidence.ts';
import { freeRange } from '../free-range.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

/** RFC 1918 and the shared space of RFC 6598. */
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].map(cidr);

export default invariant({
  id: 'ranges-avoid-reserved',
  title: 'Ranges are private, and none that AKS or Azure keeps for itself',
  adr: 'ADR-A02',
  severity: 'error',
  why:
    'AKS uses 169.254/16, 172.30/16, 172.31/16 and 192.0.2/24 itself and refuses them to nodes, pods and ' +
    'services. Public addresses are accepted, and whoever owns them on the internet can then not be ' +
    'reached from the fleet.',
  source: 'learn.microsoft.com, aks/use-byo-cni, 2026-04-16, and virtual-networks-faq.',
  needs: ['ranges'],
  *check({ ranges }) {
    for (const entry of ranges) {
      if (!hasAll(entry, 'name', 'range', 'use')) {
        yield unsaid(entry, 'name', 'range', 'use');
        continue;
      }
      if (entry.isUsed === false) continue;
      const { range, name } = entry;
      const place = placeOf(entry, 'range');
      const reserved = clusterLimits.forbiddenRanges.ranges.find((other) => overlaps(other, range));
      if (reserved) {
        yield broken(
          place,
          `${formatCidr(range)} of ${name} touches ${formatCidr(reserved)}, which AKS keeps for itself`,
          { help: helpFor(entry, ranges) },
        );
      } else if (PRIVATE.some((space) => contains(space, range))) yield held(place);
      else {
        yield broken(
          place,
          `${formatCidr(range)} of ${name} is public: its owners on the internet become unreachable`,
          {
            severity: 'warning',
            help: helpFor(entry, ranges),
          },
        );
      }
    }
  },
});

function helpFor(
  { use, range }: With<RangeEvidence, 'use' | 'range'>,
  all: readonly RangeEvidence[],
): string {
  const free = freeRange(use, range.prefix, all);
  return free ? `write a private range, e.g. ${formatCidr(free)}` : 'write a private range';
}
