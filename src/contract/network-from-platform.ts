import type { Cidr } from '../base/cidr.ts';
import type { Path } from '../base/finding.ts';
import { INTERNET } from '../fleet/destination.ts';
import type { Fleet } from '../fleet/fleet.ts';
import { answeringFrom, callsOf } from '../model/calls.ts';
import type { Platform, Subnet } from '../model/platform.ts';
import type {
  CallEvidence,
  DependencyEvidence,
  OperatorEvidence,
  RangeEvidence,
  RangeUse,
  SecurityRuleEvidence,
} from './evidence.ts';

const SERVICE_SUBNETS: Readonly<Record<Exclude<Subnet['purpose'], 'nodes'>, string>> = {
  endpoints: 'private endpoints',
  'container-instances': 'container instances',
  'container-apps': 'Container Apps',
};

/** Every range that the fleet uses or names. The VNet is among them only where the file writes it. */
export function rangesOf(platform: Platform): RangeEvidence[] {
  const { fleet, network, clusters } = platform;
  const subnet = (name: string): Path => ['network', 'subnets', name];
  const used = (path: Path, name: string, use: RangeUse, range: Cidr): RangeEvidence => ({
    path,
    name,
    use,
    range,
    isRouted: true,
    isUsed: true,
  });
  return [
    ...(fleet.network.vnet ?? []).map((range, index) =>
      used(['network', 'vnet', index], 'the VNet', 'vnet', range),
    ),
    ...network.subnets.map(({ cluster, purpose, range }): RangeEvidence =>
      purpose === 'nodes' && cluster !== undefined
        ? { ...used(subnet(cluster), `${cluster}'s nodes`, 'nodes', range), cluster }
        : serviceSubnet(subnet('services'), purpose, range),
    ),
    used(subnet('services'), 'the services subnet', 'services-subnet', network.services),
    ...unclaimedSubnets(fleet),
    ...clusters.map(({ name, podRange }): RangeEvidence => ({
      ...used(['clusters', name, 'pods'], `${name}'s pods`, 'pods', podRange),
      cluster: name,
      isRouted: fleet.network.clusterMesh,
    })),
    ...clusters
      .slice(0, 1)
      .map(({ serviceRange }) =>
        used(['network', 'serviceCidr'], 'the ClusterIPs', 'cluster-ips', serviceRange),
      ),
  ];
}

function serviceSubnet(path: Path, purpose: Subnet['purpose'], range: Cidr): RangeEvidence {
  const use = purpose === 'nodes' ? 'endpoints' : purpose;
  return { path, name: `the subnet of ${SERVICE_SUBNETS[use]}`, use, range, isRouted: true, isUsed: true };
}

function unclaimedSubnets(fleet: Fleet): RangeEvidence[] {
  const claimed = new Set(['services', ...fleet.clusters.map(({ name }) => name)]);
  return Object.entries(fleet.network.subnets)
    .filter(([name]) => !claimed.has(name))
    .map(([name, range]) => ({
      path: ['network', 'subnets', name],
      name: `${name}'s nodes`,
      range,
      use: 'nodes',
      cluster: name,
      isRouted: true,
      isUsed: false,
    }));
}

/** Rows of the security groups. The pairs of peers are what made them. */
export function securityRulesOf({ network }: Platform): SecurityRuleEvidence[] {
  return network.subnets.flatMap(({ name, cluster, purpose, rules }) =>
    rules.map((rule) => ({
      path: ['network', 'peers'],
      subnet: name,
      ...(cluster === undefined ? {} : { cluster }),
      name: rule.name,
      priority: rule.priority,
      access: rule.access,
      protocol: rule.protocol,
      sources: rule.sources,
      ports: rule.ports,
      holdsEndpoints: purpose === 'endpoints',
    })),
  );
}

/** What one cluster needs of another. */
export function dependenciesOf(fleet: Fleet): DependencyEvidence[] {
  return [...metricsDependencies(fleet), ...callDependencies(fleet)];
}

/**
 * With Prometheus run by the fleet itself, every app cluster writes its metrics to mgmt through a mesh
 * service.
 */
function metricsDependencies(fleet: Fleet): DependencyEvidence[] {
  const mgmt = fleet.clusters.find(({ role }) => role === 'mgmt');
  if (mgmt === undefined || fleet.observability.stack !== 'self') return [];
  return fleet.clusters
    .filter(({ role }) => role === 'app')
    .map(({ name }) => ({
      path: fleet.network.clusterMesh ? ['network', 'peers'] : ['observability', 'stack'],
      from: name,
      to: mgmt.name,
      what: 'metrics',
    }));
}

/** Calls of a workload from clusters that do not run it: one peer that does is enough. */
function callDependencies(fleet: Fleet): DependencyEvidence[] {
  const existing = new Set(fleet.clusters.map(({ name }) => name));
  return callsOf(fleet).flatMap(({ from, to, path }) => {
    const homes = to.clusters.filter((name) => existing.has(name));
    return from.clusters
      .filter((cluster) => existing.has(cluster) && !homes.includes(cluster) && homes.length > 0)
      .map((cluster) => {
        const [nearest = homes[0]!] = answeringFrom(fleet, cluster, to);
        return { path, from: cluster, to: nearest, what: `calls to ${to.name}` };
      });
  });
}

/** What workloads call each other by. */
export function namedCallsOf({ workloads }: Fleet): CallEvidence[] {
  return workloads.flatMap(({ name, callers, reaches }): CallEvidence[] => {
    const called = reaches.flatMap((one) => (one.kind === 'workload' ? [one.name] : []));
    const calling = callers.filter((caller) => caller !== INTERNET);
    const item = (direction: 'callers' | 'reaches', other: string): CallEvidence => ({
      path: ['workloads', name, direction],
      workload: name,
      direction,
      other,
    });
    return [
      ...calling.map((other) => item('callers', other)),
      ...called.map((other) => item('reaches', other)),
    ];
  });
}

/** The operators' ranges, and how many addresses of the fleet's own must stand beside them. */
export function operatorRangesOf({ fleet, network }: Platform): OperatorEvidence {
  return {
    ...(fleet.network.apiServer === 'private' ? { isPrivate: true } : {}),
    path: ['operators', 'ipRanges'],
    ranges: fleet.operators.ipRanges,
    // A cluster lets in itself and mgmt; behind NAT gateways every cluster and the keeper share their
    // addresses.
    egressAddresses: network.natGateways.length + Math.min(2, network.loadBalancerIps.length),
  };
}
