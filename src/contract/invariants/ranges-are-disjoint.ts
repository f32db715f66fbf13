import { type Cidr, compareCidr, contains, formatCidr, lastAddress } from '../../base/cidr.ts';
import { hasAll, placeOf, type RangeEvidence, type With } from '../evidence.ts';
import { freeRange } from '../free-range.ts';
import { broken, held, invariant, type Observation, unsaid } from '../invariant.ts';

type KnownRange = With<RangeEvidence, 'name' | 'range' | 'use'>;

/** Subnets that the services subnet is cut into. */
const PARTS = new Set<string>(['endpoints', 'container-instances', 'container-apps']);

export default invariant({
  id: 'ranges-are-disjoint',
  title: 'No two ranges of nodes, pods, services and ClusterIPs overlap',
  adr: 'ADR-A02',
  severity: 'error',
  why:
    'An address that two things have is reached at one of them: pods of one cluster answer for nodes of ' +
    'another, and nothing says so. Azure refuses overlapping subnets, and a ClusterIP range over a subnet; ' +
    'of pod ranges, which are invisible to it, it knows nothing, and the mesh breaks in silence.',
  source:
    'API errors NetcfgSubnetRangesOverlap and ServiceCidrOverlapExistingSubnetsCidr, learn.microsoft.com, ' +
    '2026; docs.cilium.io, network/clustermesh, 1.20.',
  needs: ['ranges'],
  *check({ ranges }) {
    for (const range of ranges) {
      if (!hasAll(range, 'name', 'range', 'use')) yield unsaid(range, 'name', 'range', 'use');
    }
    const services = ranges.find(({ use }) => use === 'services-subnet')?.range;
    const sorted = ranges
      .filter((range) => hasAll(range, 'name', 'range', 'use'))
      .filter(({ isUsed }) => isUsed !== false)
      .toSorted((a, b) => compareCidr(a.range, b.range));
    // Ranges are nested or apart, never half over each other: those that hold the current one form a stack.
    const around: KnownRange[] = [];
    for (const current of sorted) {
      while (around.length > 0 && lastAddress(around.at(-1)!.range) < current.range.address) around.pop();
      const other = around.find((candidate) => mustBeApart(candidate, current, services));
      if (other === undefined) yield held(placeOf(current, 'range'));
      else if (isOpen(current, other)) {
        yield unsaid(current.isRouted === undefined ? current : other, 'isRouted');
      } else yield overlap(current, other, ranges);
      around.push(current);
    }
  },
});

function mustBeApart(a: KnownRange, b: KnownRange, services: Cidr | undefined): boolean {
  // The services subnet speaks for the parts that it is cut into: they must be apart from each other.
  const isPart = ({ use, range }: KnownRange): boolean =>
    services !== undefined && PARTS.has(use) && contains(services, range);
  if (isPart(a) || isPart(b)) return isPart(a) && isPart(b);
  if (a.use === 'vnet' || b.use === 'vnet') return a.use === b.use;
  // A ClusterIP means something within its own cluster alone.
  if (a.use === 'cluster-ips' && b.use === 'cluster-ips') return false;
  // Without a mesh, pods are seen by their own cluster alone.
  return !(a.use === 'pods' && b.use === 'pods' && a.isRouted === false && b.isRouted === false);
}

/** Whether only a mesh would make it wrong, and it is not said that one joins them. */
function isOpen(a: KnownRange, b: KnownRange): boolean {
  return a.use === 'pods' && b.use === 'pods' && (a.isRouted === undefined || b.isRouted === undefined);
}

function overlap(current: KnownRange, other: KnownRange, all: readonly RangeEvidence[]): Observation {
  const range = formatCidr(current.range);
  const isSame = compareCidr(current.range, other.range) === 0;
  const message = isSame
    ? `${current.name} and ${other.name} have the same range, ${range}`
    : `${range} of ${current.name} lies inside ${formatCidr(other.range)} of ${other.name}`;
  return broken(placeOf(current, 'range'), message, {
    help: helpFor(current, all),
    related: [{ message: `the range of ${other.name}`, path: placeOf(other, 'range') }],
  });
}

function helpFor({ use, range }: KnownRange, all: readonly RangeEvidence[]): string {
  if (use === 'vnet') return 'remove it: the other one holds it';
  const free = freeRange(use, range.prefix, all);
  return free
    ? `write a free range, e.g. ${formatCidr(free)}, or leave it out`
    : 'write a range outside of it';
}
