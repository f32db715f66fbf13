import type { Explanation } from '../fleet/explanation.ts';
import type { Cluster, Fleet } from '../fleet/fleet.ts';
import { type AddressPlan, planAddresses } from './address-plan.ts';
import { planAlerts } from './alerts/index.ts';
import { componentsOf } from './components.ts';
import { planIdentities } from './identities.ts';
import { platformNames } from './names.ts';
import { nodeSubnetName, planNetwork } from './network-plan.ts';
import { isMeshed, MESH_API_PORT, peersOf } from './nsg-rules.ts';
import type { ClusterPlan, Platform, PlatformNames } from './platform.ts';
import { planPools } from './pools.ts';
import { planTeams } from './teams.ts';

/** Derives everything that the fleet implies. Pure: same fleet, same platform. */
export function buildPlatform(fleet: Fleet): Platform {
  const names = platformNames(fleet);
  const addresses = planAddresses(fleet);
  const explanations: Explanation[] = [...addresses.explanations];
  const clusters = fleet.clusters.map((cluster) => {
    const planned = planCluster(fleet, names, addresses, cluster);
    explanations.push(...planned.explanations);
    return planned.cluster;
  });
  return {
    fleet,
    names,
    network: planNetwork(fleet, names, addresses),
    clusters,
    identities: planIdentities(fleet, names, clusters),
    alerts: planAlerts(fleet, names, clusters),
    teams: planTeams(fleet),
    explanations,
  };
}

function planCluster(
  fleet: Fleet,
  names: PlatformNames,
  addresses: AddressPlan,
  cluster: Cluster,
): { readonly cluster: ClusterPlan; readonly explanations: readonly Explanation[] } {
  const own = addresses.clusters.get(cluster.name)!;
  const components = componentsOf(fleet, cluster);
  const { pools, explanations } = planPools(fleet, cluster, components);
  const peers = peersOf(fleet, cluster.name).flatMap((name) => {
    const peer = addresses.clusters.get(name);
    return peer ? [{ cluster: name, address: peer.meshAddress, port: MESH_API_PORT }] : [];
  });
  return {
    explanations,
    cluster: {
      name: cluster.name,
      role: cluster.role,
      tier: cluster.tier,
      id: cluster.id,
      resourceName: `aks-${names.stem}-${cluster.name}`,
      resourceGroup: `${names.resourceGroup}-${cluster.name}`,
      nodeResourceGroup: `${names.resourceGroup}-${cluster.name}-nodes`,
      dnsPrefix: `${names.stem}-${cluster.name}`.slice(0, 54).replace(/-+$/, ''),
      kubernetesVersion: cluster.kubernetes,
      skuTier: cluster.sku,
      subnet: nodeSubnetName(cluster.name),
      podRange: own.pods,
      serviceRange: addresses.serviceCidr,
      dnsServiceIp: own.dnsServiceIp,
      podMaskPerNode: own.podMaskPerNode,
      ...(isMeshed(fleet, cluster.name) ? { mesh: { address: own.meshAddress, peers } } : {}),
      pools,
      components,
      workloads: fleet.workloads.filter((workload) => workload.clusters.includes(cluster.name)),
    },
  };
}
