import { type Cidr, nthBlock } from '../base/cidr.ts';
import type { Fleet } from '../fleet/fleet.ts';
import type { AddressPlan } from './address-plan.ts';
import { containerAppsRules, endpointRules, lockedRules, nodeRules } from './nsg-rules.ts';
import type { NatGateway, NetworkPlan, PlatformNames, Subnet } from './platform.ts';

/** Subnets with their security rules, and how traffic leaves. */
export function planNetwork(fleet: Fleet, names: PlatformNames, addresses: AddressPlan): NetworkPlan {
  const nodeSubnets = fleet.clusters.map((cluster): Subnet => {
    const range = addresses.clusters.get(cluster.name)!.nodes;
    return {
      name: nodeSubnetName(cluster.name),
      range,
      purpose: 'nodes',
      cluster: cluster.name,
      rules: nodeRules(fleet, cluster, addresses),
    };
  });
  const subnets = [...nodeSubnets, ...servicesSubnets(fleet, addresses)];
  return {
    addressSpace: addresses.addressSpace,
    subnets,
    services: addresses.services,
    natGateways: planNatGateways(fleet, names, subnets),
    loadBalancerIps:
      fleet.network.egress === 'load-balancer'
        ? fleet.clusters.map(({ name }) => ({ cluster: name, publicIp: `pip-${names.stem}-${name}` }))
        : [],
  };
}

export function nodeSubnetName(cluster: string): string {
  return `snet-${cluster}`;
}

/**
 * The services range cut up: its first half takes private endpoints, the third quarter container groups, the fourth
 * Container Apps. A delegated subnet takes no private endpoint, so one subnet cannot serve them all.
 */
function servicesSubnets(fleet: Fleet, addresses: AddressPlan): readonly Subnet[] {
  const { services } = addresses;
  const half = nthBlock(services, services.prefix + 1, 0) ?? services;
  const quarter = (index: number): Cidr => nthBlock(services, services.prefix + 2, index) ?? services;
  const endpoints: Subnet = {
    name: 'snet-endpoints',
    range: half,
    purpose: 'endpoints',
    rules: endpointRules(half, addresses),
  };
  if (fleet.keeper.run === 'container-instance') {
    const range = quarter(2);
    return [
      endpoints,
      {
        name: 'snet-container-instances',
        range,
        purpose: 'container-instances',
        delegation: 'Microsoft.ContainerInstance/containerGroups',
        rules: lockedRules(range),
      },
    ];
  }
  if (fleet.keeper.run === 'container-apps-job') {
    const range = quarter(3);
    return [
      endpoints,
      {
        name: 'snet-container-apps',
        range,
        purpose: 'container-apps',
        delegation: 'Microsoft.App/environments',
        rules: containerAppsRules(range),
      },
    ];
  }
  return [endpoints];
}

/**
 * A StandardV2 gateway is zone-redundant at the same price, yet does not attach to a subnet that is delegated to
 * Container Instances or Container Apps (learn.microsoft.com, nat-overview, 2026-04-14). So production gives its nodes
 * one and the delegated subnet a Standard one; a demo shares one Standard gateway.
 */
function planNatGateways(
  fleet: Fleet,
  names: PlatformNames,
  subnets: readonly Subnet[],
): readonly NatGateway[] {
  const nodes = subnets.filter(({ purpose }) => purpose === 'nodes').map(({ name }) => name);
  const delegated = subnets.filter(({ delegation }) => delegation !== undefined).map(({ name }) => name);
  const gateway = (
    use: string,
    sku: NatGateway['sku'],
    served: readonly string[],
    why: string,
  ): NatGateway => ({
    name: `ng-${names.stem}${use}`,
    sku,
    publicIp: `pip-${names.stem}-nat${use}`,
    subnets: served,
    why,
  });
  if (fleet.network.egress === 'load-balancer') {
    return delegated.length === 0
      ? []
      : [
          gateway(
            '-services',
            'Standard',
            delegated,
            'a container group in a VNet reaches out through a NAT gateway only',
          ),
        ];
  }
  if (fleet.environment === 'demo') {
    return [
      gateway(
        '',
        'Standard',
        [...nodes, ...delegated],
        'one gateway and one address for the whole demo fleet',
      ),
    ];
  }
  const forNodes = gateway('', 'StandardV2', nodes, 'zone-redundant, at the price of the zonal one');
  if (delegated.length === 0) return [forNodes];
  return [
    forNodes,
    gateway('-services', 'Standard', delegated, 'StandardV2 does not attach to a delegated subnet'),
  ];
}
