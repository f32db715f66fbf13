import { type Cidr, compareCidr, formatCidr } from '../base/cidr.ts';
import { INTERNET } from '../fleet/destination.ts';
import type { Cluster, Fleet } from '../fleet/fleet.ts';
import type { AddressPlan } from './address-plan.ts';
import type { NsgRule } from './platform.ts';

/** Port of clustermesh-apiserver behind its internal load balancer (Cilium 1.20 chart). */
export const MESH_API_PORT = 2379;
const VXLAN_PORT = '8472';
const HEALTH_PORT = '4240';

type Row = Omit<NsgRule, 'access' | 'destination'> & Partial<Pick<NsgRule, 'access' | 'destination'>>;

/**
 * Inbound rows of a node subnet. Azure's own row 65000 lets every subnet of the VNet in, so only the deny at 4000 makes
 * the rows above it mean anything. Security groups see node addresses alone: pods are cut off by Cilium policies.
 */
export function nodeRules(fleet: Fleet, cluster: Cluster, addresses: AddressPlan): readonly NsgRule[] {
  const own = addresses.clusters.get(cluster.name)!.nodes;
  const peers = peersOf(fleet, cluster.name).flatMap((peer) => addresses.clusters.get(peer)?.nodes ?? []);
  const from = peers.toSorted(compareCidr).map(formatCidr);
  const mesh: Row[] = !isMeshed(fleet, cluster.name)
    ? []
    : [
        {
          name: 'allow-mesh-vxlan',
          priority: 110,
          protocol: 'Udp',
          sources: from,
          ports: [VXLAN_PORT],
          why: 'mesh datapath between peers (ADR-A02)',
        },
        {
          name: 'allow-mesh-health',
          priority: 120,
          protocol: 'Tcp',
          sources: from,
          ports: [HEALTH_PORT],
          why: 'cilium-health between peers',
        },
        {
          name: 'allow-mesh-ping',
          priority: 121,
          protocol: 'Icmp',
          sources: from,
          ports: ['*'],
          why: 'cilium-health between peers',
        },
        {
          name: 'allow-mesh-api',
          priority: 130,
          protocol: 'Tcp',
          sources: from,
          ports: [String(MESH_API_PORT)],
          why: 'clustermesh-apiserver behind its internal load balancer',
        },
      ];
  return rules(own, [
    {
      name: 'allow-own-nodes',
      priority: 100,
      protocol: '*',
      sources: [formatCidr(own)],
      ports: ['*'],
      why: 'AKS needs every port between the nodes of one cluster',
    },
    ...mesh,
    allowLoadBalancer,
    ...(isCalledFromInternet(fleet, cluster.name) ? [allowInternet] : []),
    denyVirtualNetwork,
  ]);
}

/** Whether a workload of the cluster lets everybody outside call it. */
function isCalledFromInternet({ workloads }: Fleet, cluster: string): boolean {
  return workloads.some(({ clusters, callers }) => clusters.includes(cluster) && callers.includes(INTERNET));
}

/** Inbound rows of the private-endpoint subnet: HTTPS from every node subnet and nothing else. */
export function endpointRules(range: Cidr, addresses: AddressPlan): readonly NsgRule[] {
  const nodes = [...addresses.clusters.values()].map((cluster) => cluster.nodes).toSorted(compareCidr);
  return rules(range, [
    {
      name: 'allow-nodes-https',
      priority: 300,
      protocol: 'Tcp',
      sources: nodes.map(formatCidr),
      ports: ['443'],
      why: 'Key Vault behind its private endpoint (ADR-A03)',
    },
    denyVirtualNetwork,
  ]);
}

/**
 * Inbound rows of a Container Apps subnet: its own machines among each other, and the probes that tell its load balancer
 * that they live (learn.microsoft.com, container-apps/firewall-integration). Nobody else has anything to call there.
 */
export function containerAppsRules(range: Cidr): readonly NsgRule[] {
  return rules(range, [
    {
      name: 'allow-own-subnet',
      priority: 100,
      protocol: '*',
      sources: [formatCidr(range)],
      ports: ['*'],
      why: 'the machines of the environment, among each other',
    },
    allowLoadBalancer,
    denyVirtualNetwork,
  ]);
}

/** A subnet that nothing may call. */
export function lockedRules(range: Cidr): readonly NsgRule[] {
  return rules(range, [denyVirtualNetwork]);
}

/** Whether the cluster takes part in a mesh: it runs Cilium and has somebody to talk to. */
export function isMeshed(fleet: Fleet, cluster: string): boolean {
  return fleet.network.cni === 'cilium' && fleet.network.clusterMesh && peersOf(fleet, cluster).length > 0;
}

/** Peers of a cluster, from the one list that also makes both sides' mesh values. */
export function peersOf(fleet: Fleet, cluster: string): readonly string[] {
  const peers = fleet.network.peers.flatMap(([a, b]) => (a === cluster ? [b] : b === cluster ? [a] : []));
  return [...new Set(peers)].filter((peer) => peer !== cluster).toSorted();
}

const allowLoadBalancer: Row = {
  name: 'allow-load-balancer',
  priority: 200,
  protocol: '*',
  sources: ['AzureLoadBalancer'],
  ports: ['*'],
  why: 'health probes; without it every load balancer is down',
};

/**
 * AKS opens the security group in the group of its nodes alone, and Azure's own row 65500 shuts this one. What comes bears
 * the public address of the load balancer still (learn.microsoft.com, load-balancer-floating-ip; AKS turns it on).
 */
const allowInternet: Row = {
  name: 'allow-internet',
  priority: 210,
  protocol: 'Tcp',
  sources: ['Internet'],
  destination: '*',
  ports: ['80', '443'],
  why: 'a workload that the internet may call, behind a public load balancer',
};

const denyVirtualNetwork: Row = {
  name: 'deny-virtual-network',
  priority: 4000,
  access: 'Deny',
  protocol: '*',
  sources: ['VirtualNetwork'],
  ports: ['*'],
  why: 'a failure or a break-in in one cluster stays there',
};

function rules(destination: Cidr, rows: readonly Row[]): readonly NsgRule[] {
  return rows.map((row) => ({ access: 'Allow', destination: formatCidr(destination), ...row }));
}
