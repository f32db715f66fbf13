import { type Cidr, cidr, compareCidr, contains, lastAddress, overlaps, sizeOf } from '../base/cidr.ts';
import type { RangeEvidence, RangeUse } from './evidence.ts';

/**
 * Private space to suggest from: RFC 1918's largest, its upper part first for pods, which leaves the lower
 * one to subnets; then the shared space of RFC 6598. AKS forbids 172.30/16 and 172.31/16 to ClusterIPs.
 */
const PRIVATE_SPACE = [cidr('10.0.0.0/8'), cidr('100.64.0.0/10')];
const POD_SPACE = [cidr('10.192.0.0/10'), ...PRIVATE_SPACE];
const CLUSTER_IP_SPACE = [cidr('172.20.0.0/14'), cidr('172.24.0.0/14')];

/**
 * A range of this size that nothing in the evidence touches, fit for that use: subnets inside the VNet where
 * one is written, pods and ClusterIPs outside of it. Undefined when there is none.
 */
export function freeRange(use: RangeUse, prefix: number, all: readonly RangeEvidence[]): Cidr | undefined {
  const isOutside = use === 'pods' || use === 'cluster-ips';
  const vnet = all.flatMap((other) => (other.use === 'vnet' && other.range ? [other.range] : []));
  const taken = all
    .filter((other) => other.use !== 'vnet' || isOutside)
    .flatMap(({ range }) => (range ? [range] : []))
    .toSorted(compareCidr);
  const space = spaceFor(use, vnet);
  for (const outer of space) {
    const found = firstFree(outer, prefix, taken);
    if (found) return found;
  }
  return undefined;
}

function spaceFor(use: RangeUse, vnet: readonly Cidr[]): readonly Cidr[] {
  if (use === 'pods') return POD_SPACE;
  if (use === 'cluster-ips') return CLUSTER_IP_SPACE;
  return vnet.length > 0 ? vnet : PRIVATE_SPACE;
}

/** Walks the taken ranges once, by address: a candidate that one of them touches moves behind it. */
function firstFree(outer: Cidr, prefix: number, taken: readonly Cidr[]): Cidr | undefined {
  let candidate: Cidr = { address: outer.address, prefix: Math.max(prefix, outer.prefix) };
  const size = sizeOf(candidate);
  for (const range of taken) {
    if (!overlaps(range, candidate)) continue;
    candidate = { ...candidate, address: Math.ceil((lastAddress(range) + 1) / size) * size };
  }
  return contains(outer, candidate) ? candidate : undefined;
}
