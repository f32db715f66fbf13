import type { Cidr } from '../base/cidr.ts';
import type { CapacityType, ClusterRole, Fleet, Workload } from '../fleet/fleet.ts';
import type { Alert } from './alerts/alert.ts';
import type { Explanation } from '../fleet/explanation.ts';
import type { TeamPlan } from './teams.ts';

/** Everything that one fleet implies in one environment. Contract, price, Terraform and GitOps read this, never the file. */
export type Platform = {
  readonly fleet: Fleet;
  readonly names: PlatformNames;
  readonly network: NetworkPlan;
  /** mgmt first, then by name. */
  readonly clusters: readonly ClusterPlan[];
  readonly identities: readonly Identity[];
  readonly alerts: readonly Alert[];
  /** By name. */
  readonly teams: readonly TeamPlan[];
  /** Why each derived value is what it is. */
  readonly explanations: readonly Explanation[];
};

/** Azure names that carry fleet and environment. */
export type PlatformNames = {
  /** `atlas-demo`, the stem of every name. */
  readonly stem: string;
  readonly resourceGroup: string;
  readonly virtualNetwork: string;
  readonly logWorkspace: string;
  readonly actionGroup: string;
  readonly keeper: string;
  /** Globally unique names end in `suffixOf(subscription)`; these are the parts before it. */
  readonly vaultPrefix: string;
  readonly registryPrefix: string;
  /** Holds the Terraform states, which no root manages. */
  readonly stateResourceGroup: string;
  readonly statePrefix: string;
  /** What the suffix is a hash of, after the subscription: `/atlas/demo`. */
  readonly suffixSeed: string;
};

export type SubnetPurpose = 'nodes' | 'endpoints' | 'container-instances' | 'container-apps';

export type Subnet = {
  readonly name: string;
  readonly range: Cidr;
  readonly purpose: SubnetPurpose;
  /** Set on a node subnet. */
  readonly cluster?: string;
  /** Azure service that the subnet is delegated to: then it takes nothing else. */
  readonly delegation?: 'Microsoft.ContainerInstance/containerGroups' | 'Microsoft.App/environments';
  /** Rules of its own network security group; evaluated by priority. */
  readonly rules: readonly NsgRule[];
};

/** One inbound row of an NSG. Ports and prefixes as Azure writes them; `*` for any. */
export type NsgRule = {
  readonly name: string;
  readonly priority: number;
  readonly access: 'Allow' | 'Deny';
  readonly protocol: 'Tcp' | 'Udp' | 'Icmp' | '*';
  /** Ranges, or one service tag. */
  readonly sources: readonly string[];
  /** The subnet's own range, or `*`. */
  readonly destination: string;
  readonly ports: readonly string[];
  readonly why: string;
};

export type NatGateway = {
  readonly name: string;
  readonly sku: 'Standard' | 'StandardV2';
  readonly publicIp: string;
  /** Names of the subnets it serves. */
  readonly subnets: readonly string[];
  readonly why: string;
};

export type NetworkPlan = {
  readonly addressSpace: readonly Cidr[];
  /** Node subnets in the order of clusters, then the services subnets. */
  readonly subnets: readonly Subnet[];
  /** The range that endpoints, ACI and Container Apps share. */
  readonly services: Cidr;
  readonly natGateways: readonly NatGateway[];
  /** Outbound addresses of single clusters, by cluster; empty behind a NAT gateway. */
  readonly loadBalancerIps: readonly { readonly cluster: string; readonly publicIp: string }[];
};

export type NodePool = {
  readonly name: string;
  readonly mode: 'System' | 'User';
  readonly capacityType: CapacityType;
  /** preferred takes the load first; standby waits at zero: another size, or On-Demand behind Spot. */
  readonly use: 'system' | 'preferred' | 'standby' | 'fallback';
  readonly vmSize: string;
  /** Autoscaler bounds in Azure; equal on a pool of fixed size. */
  readonly nodesMin: number;
  readonly nodesMax: number;
  /** Nodes that run when nothing is wrong: what the first apply asks for and what is priced. */
  readonly nodesUsual: number;
  readonly zones: readonly number[];
  readonly maxPods: number;
  readonly osDisk: { readonly type: 'Ephemeral' | 'Managed'; readonly sizeGB: number };
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly string[];
};

export type MeshPlan = {
  /** Internal address of this cluster's clustermesh-apiserver. */
  readonly address: string;
  readonly peers: readonly { readonly cluster: string; readonly address: string; readonly port: number }[];
};

export type ClusterPlan = {
  readonly name: string;
  readonly role: ClusterRole;
  readonly tier: number;
  readonly id: number;
  readonly resourceName: string;
  readonly resourceGroup: string;
  /** AKS puts the machines here and forbids touching them. */
  readonly nodeResourceGroup: string;
  readonly dnsPrefix: string;
  readonly kubernetesVersion: string;
  readonly skuTier: 'Free' | 'Standard' | 'Premium';
  readonly subnet: string;
  readonly podRange: Cidr;
  readonly serviceRange: Cidr;
  readonly dnsServiceIp: string;
  /** Bits of the range that each node takes from the pod range. */
  readonly podMaskPerNode: number;
  readonly mesh?: MeshPlan;
  /** System pool first. */
  readonly pools: readonly NodePool[];
  /** What the tree installs here, in order of waves. */
  readonly components: readonly PlannedComponent[];
  readonly workloads: readonly Workload[];
};

export type ComponentId = 'cilium' | 'external-secrets' | 'argo-cd' | 'kube-prometheus-stack';

export type PlannedComponent = {
  readonly id: ComponentId;
  readonly namespace: string;
  readonly release: string;
  readonly pods: readonly PlannedPods[];
  /** Disks that it claims. */
  readonly volumes: readonly { readonly name: string; readonly sizeGiB: number }[];
};

/** Pods of one kind: how many, what each asks for, where they may run. */
export type PlannedPods = {
  readonly name: string;
  /** A number, or one on every node. */
  readonly replicas: number | 'each-node';
  readonly cpuMillis: number;
  readonly memoryMiB: number;
  readonly runsOn: 'system' | 'user' | 'each-node';
};

export type RoleScope =
  | { readonly kind: 'vault' | 'registry' | 'foundation-group' }
  | { readonly kind: 'subnet' | 'cluster-group' | 'identity' | 'public-ip'; readonly name: string };

export type Identity = {
  /** Azure name. */
  readonly name: string;
  readonly purpose: 'control-plane' | 'kubelet' | 'vault-reader' | 'argo-cd' | 'keeper';
  /** The cluster it serves, where it serves one. */
  readonly cluster?: string;
  readonly federations: readonly Federation[];
  readonly roles: readonly { readonly role: string; readonly scope: RoleScope; readonly why: string }[];
};

/** Who may act as the identity: one ServiceAccount of one cluster. Issuer is that cluster's own. */
export type Federation = {
  readonly name: string;
  readonly cluster: string;
  readonly namespace: string;
  readonly serviceAccount: string;
  readonly audience: 'api://AzureADTokenExchange';
};
