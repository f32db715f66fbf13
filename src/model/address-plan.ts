import {
  type Cidr,
  cidr,
  compareCidr,
  formatCidr,
  formatIpv4,
  lastAddress,
  nthBlock,
  overlaps,
  sizeOf,
} from '../base/cidr.ts';
import type { Explanation } from '../fleet/explanation.ts';
import type { Cluster, Fleet } from '../fleet/fleet.ts';

/**
 * Where derived ranges come from. A cluster's block is chosen by its id alone, in families that never meet, so derived
 * ranges are disjoint for any set of ids, and a new cluster moves no other one's addresses (a changed pod range
 * replaces a running cluster). A block that a written range occupies is passed over for the next family.
 */
const NODE_FAMILIES = [cidr('10.0.0.0/12'), cidr('10.16.0.0/12'), cidr('10.32.0.0/12'), cidr('10.48.0.0/12')];
/** 4,091 hosts; 256 of them fill a /12. */
const NODE_PREFIX = 20;
/** Ids up to 55 get a /16 of their own from 10.201 up: 256 nodes of a /24 each. */
const WIDE_POD_FAMILY = cidr('10.192.0.0/10');
const WIDE_POD_OFFSET = 8;
const WIDE_POD_IDS_MAX = 55;
/** Later ids, or crowded ones, get a /18: 64 nodes. 100.64.0.0/10 is the shared space of RFC 6598. */
const POD_FAMILIES = [cidr('100.64.0.0/10'), cidr('10.64.0.0/10'), cidr('10.128.0.0/10')];
const POD_PREFIX = 18;
/** One ClusterIP range serves all clusters: it is local to each. AKS forbids 172.30/16 and 172.31/16. */
const SERVICE_RANGES = Array.from({ length: 10 }, (_, index) => cidr(`172.${20 + index}.0.0/16`));
const SERVICES_SUBNET_PREFIX = 24;

export type ClusterAddresses = {
  readonly nodes: Cidr;
  readonly pods: Cidr;
  readonly podMaskPerNode: number;
  readonly dnsServiceIp: string;
  /** Sixth address from the top of the node subnet: Azure hands addresses out from the bottom. */
  readonly meshAddress: string;
};

export type AddressPlan = {
  readonly addressSpace: readonly Cidr[];
  readonly services: Cidr;
  readonly serviceCidr: Cidr;
  readonly clusters: ReadonlyMap<string, ClusterAddresses>;
  readonly explanations: readonly Explanation[];
};

/** Gives every subnet, pod range and ClusterIP range an address range: as written, else derived. */
export function planAddresses(fleet: Fleet): AddressPlan {
  const explanations: Explanation[] = [];
  const written = writtenRanges(fleet);
  const isFree = (range: Cidr): boolean => !written.some((other) => overlaps(range, other));
  const vnet = fleet.network.vnet;
  // Pods and ClusterIPs must stay outside a VNet that is written; subnets must lie inside it.
  const isOutside = (range: Cidr): boolean => isFree(range) && !vnet?.some((other) => overlaps(range, other));

  const services = writtenSubnet(fleet, 'services') ?? firstFree(subnetCandidates(vnet, 0), isFree);
  if (writtenSubnet(fleet, 'services') === undefined) {
    explanations.push({
      path: ['network', 'subnets', 'services'],
      value: formatCidr(services),
      rule: 'block 0 of the node ranges; no cluster has id 0',
      inputs: [],
    });
  }
  const serviceCidr = fleet.network.serviceCidr ?? firstFree(SERVICE_RANGES, isOutside);
  if (fleet.network.serviceCidr === undefined) {
    explanations.push({
      path: ['network', 'serviceCidr'],
      value: formatCidr(serviceCidr),
      rule: 'the first of 172.20/16 to 172.29/16 that no written range touches; ClusterIPs are local to a cluster',
      inputs: [],
    });
  }
  const clusters = new Map<string, ClusterAddresses>();
  for (const cluster of fleet.clusters) {
    const addresses = clusterAddresses(fleet, cluster, serviceCidr, isFree, isOutside);
    clusters.set(cluster.name, addresses);
    explanations.push(...explainCluster(fleet, cluster, addresses));
  }
  const nodeRanges = [...clusters.values()].map(({ nodes }) => nodes);
  const addressSpace = fleet.network.vnet ?? [...nodeRanges, services].toSorted(compareCidr);
  if (fleet.network.vnet === undefined) {
    explanations.push({
      path: ['network', 'vnet'],
      value: `${addressSpace.length} ranges`,
      rule: 'exactly the subnets: a wider space would collide with service and pod ranges',
      inputs: [],
    });
  }
  return { addressSpace, services, serviceCidr, clusters, explanations };
}

function clusterAddresses(
  fleet: Fleet,
  cluster: Cluster,
  serviceCidr: Cidr,
  isFree: (range: Cidr) => boolean,
  isOutside: (range: Cidr) => boolean,
): ClusterAddresses {
  const candidates = subnetCandidates(fleet.network.vnet, cluster.id);
  const nodes = writtenSubnet(fleet, cluster.name) ?? firstFree(candidates, isFree);
  const pods = cluster.pods ?? firstFree(podCandidates(cluster.id), isOutside);
  return {
    nodes,
    pods,
    // Cilium's cluster pool cuts the range into one block a node: a /24 holds the 250 pods that AKS allows.
    podMaskPerNode: Math.max(24, Math.min(30, pods.prefix)),
    // Not the first address of the range: that one is the API server's own Service.
    dnsServiceIp: formatIpv4(serviceCidr.address + 10),
    meshAddress: formatIpv4(lastAddress(nodes) - Math.min(5, sizeOf(nodes) - 1)),
  };
}

function explainCluster(fleet: Fleet, cluster: Cluster, addresses: ClusterAddresses): Explanation[] {
  const inputs = [{ name: `clusters.${cluster.name}.id`, value: String(cluster.id) }];
  const found: Explanation[] = [];
  if (writtenSubnet(fleet, cluster.name) === undefined) {
    found.push({
      path: ['network', 'subnets', cluster.name],
      value: formatCidr(addresses.nodes),
      rule: 'the block of the node ranges that has the number of the id',
      inputs,
    });
  }
  if (cluster.pods === undefined) {
    found.push({
      path: ['clusters', cluster.name, 'pods'],
      value: formatCidr(addresses.pods),
      rule: 'the block of the pod ranges that has the number of the id',
      inputs,
    });
  }
  return found;
}

/**
 * Blocks for the subnet with this number (0 is the services subnet): of the node families, or of a VNet that is written,
 * each of whose ranges is cut into 256.
 */
function* subnetCandidates(vnet: readonly Cidr[] | undefined, id: number): Iterable<Cidr> {
  for (const family of vnet ?? NODE_FAMILIES) {
    const prefix = Math.min(28, Math.max(NODE_PREFIX, family.prefix + 8));
    const block = nthBlock(family, prefix, id);
    if (!block) continue;
    yield id === 0 ? nthBlock(block, Math.max(prefix, SERVICES_SUBNET_PREFIX), 0)! : block;
  }
}

function* podCandidates(id: number): Iterable<Cidr> {
  const wide = id <= WIDE_POD_IDS_MAX ? nthBlock(WIDE_POD_FAMILY, 16, id + WIDE_POD_OFFSET) : undefined;
  if (wide) yield wide;
  for (const family of POD_FAMILIES) {
    const block = nthBlock(family, POD_PREFIX, id);
    if (block) yield block;
  }
}

/** The first candidate that is free; when none is, the last one, and the contract reports the overlap. */
function firstFree(candidates: Iterable<Cidr>, isFree: (range: Cidr) => boolean): Cidr {
  let last: Cidr | undefined;
  for (const candidate of candidates) {
    if (isFree(candidate)) return candidate;
    last = candidate;
  }
  // An id beyond 255 has no block in any family; the contract refuses the id itself.
  return last ?? cidr('192.0.2.0/24');
}

function writtenRanges(fleet: Fleet): readonly Cidr[] {
  const { subnets, serviceCidr } = fleet.network;
  const pods = fleet.clusters.flatMap((cluster) => (cluster.pods ? [cluster.pods] : []));
  return [...Object.values(subnets), ...pods, ...(serviceCidr ? [serviceCidr] : [])];
}

/** A cluster may be called `constructor`: only what the file says itself counts. */
function writtenSubnet({ network }: Fleet, name: string): Cidr | undefined {
  return Object.hasOwn(network.subnets, name) ? network.subnets[name] : undefined;
}
