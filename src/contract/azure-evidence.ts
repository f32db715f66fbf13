import type { Item } from './item.ts';

/** What Azure resources say that no fleet file leaves open: of Terraform, or of the running fleet. */
export type AzureEvidence = {
  readonly subnets?: readonly SubnetEvidence[];
  readonly natGateways?: readonly NatGatewayEvidence[];
  readonly vaults?: readonly VaultEvidence[];
  readonly logAssociations?: readonly LogAssociationEvidence[];
  readonly registries?: readonly RegistryEvidence[];
  readonly diagnosticSettings?: readonly DiagnosticSettingEvidence[];
  readonly zoneLinks?: readonly ZoneLinkEvidence[];
  readonly privateApiServers?: readonly PrivateApiServerEvidence[];
  /** Credentials that Terraform keeps in its state. */
  readonly stateSecrets?: readonly Item<{ readonly what: string }>[];
  readonly roots?: readonly RootEvidence[];
};

/** Settings of a cluster beside those that a fleet file has. */
export type ClusterSettings = {
  /** Whether static admin credentials exist. */
  readonly hasLocalAccounts: boolean;
  /** Whether people sign in by Entra. */
  readonly hasEntra: boolean;
  readonly hasOidcIssuer: boolean;
  readonly hasWorkloadIdentity: boolean;
  /** Whether the cluster acts by a client secret, as a service principal. */
  readonly hasClientSecret: boolean;
  /** How the agent of Container Insights signs in. */
  readonly logAgent: 'none' | 'by workspace key' | 'by identity';
  /** Whether the control plane knows the pods' range. */
  readonly hasPodRange: boolean;
  /** As Azure writes it: `loadBalancer`, `userAssignedNATGateway`. */
  readonly outboundType: string;
  /** Whether settings of the load balancer's egress stand beside it. */
  readonly hasLoadBalancerEgress: boolean;
  readonly hasLongTermSupport: boolean;
  /** Network policy that AKS is to run; empty for none. */
  readonly networkPolicy: string;
};

/** Settings of a node pool beside those that a fleet file has. */
export type PoolSettings = {
  /** Name of the node subnet. */
  readonly subnet: string;
  /** Of its nodes; empty where the control plane's counts. */
  readonly kubernetesVersion: string;
  /** Empty where none is set. */
  readonly evictionPolicy: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly taints: readonly string[];
  readonly autoscales: boolean;
  /** Whether upgrades may add nodes, or take some away, before others follow. */
  readonly surges: boolean;
};

export type SubnetEvidence = Item<{
  readonly name: string;
  readonly isOfNodes: boolean;
  readonly isOfEndpoints: boolean;
  /** Services that the subnet is handed to, as Azure writes them. */
  readonly delegations: readonly string[];
  /** Whether a security group with rows of its own stands before it. */
  readonly hasSecurityGroup: boolean;
  /** Of private endpoints: `Enabled`, `Disabled`, `NetworkSecurityGroupEnabled`, `RouteTableEnabled`. */
  readonly endpointPolicies: string;
  readonly hasNatGateway: boolean;
  /** What of containers stands in it. */
  readonly tenants: readonly ContainerTenant[];
}>;

/** Container groups; environments of Container Apps with workload profiles, and those without. */
export type ContainerTenant = 'container-instances' | 'container-apps' | 'consumption-apps';

export type NatGatewayEvidence = Item<{
  readonly name: string;
  readonly sku: string;
  /** SKUs of the public addresses that it leaves by. */
  readonly addressSkus: readonly string[];
  /** Subnets that it serves and that are handed to container services, by name. */
  readonly delegatedSubnets: readonly string[];
}>;

export type VaultEvidence = Item<{
  readonly name: string;
  /** Whether roles decide who reads, and no access policies. */
  readonly usesRoles: boolean;
  readonly isPublic: boolean;
  /** What becomes of callers that no rule names. */
  readonly defaultAction: 'Allow' | 'Deny';
  readonly hasPurgeProtection: boolean;
}>;

/** What joins a data collection rule to a cluster. */
export type LogAssociationEvidence = Item<{
  readonly cluster: string;
  readonly name: string;
  /** Whether its rule collects for Container Insights. */
  readonly isOfContainerInsights: boolean;
}>;

/** An API server that answers within a network alone. */
export type PrivateApiServerEvidence = Item<{
  readonly cluster: string;
  /** Where its private name stands: `System`, `None`, or the name of a zone that was brought along. */
  readonly dnsZone: string;
  readonly hasPublicName: boolean;
  /** Whether the cluster acts as an identity that was there before it, and could be given rights. */
  readonly hasGivenIdentity: boolean;
}>;

export type RegistryEvidence = Item<{
  readonly name: string;
  readonly sku: string;
  /** What it is to have of that which only Premium has, in words. */
  readonly premiumFeatures: readonly string[];
}>;

/** One category of logs or metrics on its way from a resource to a workspace, both by what stands for them. */
export type DiagnosticSettingEvidence = Item<{
  readonly target: string;
  readonly sink: string;
  readonly category: string;
}>;

/** A network that looks names up in a private zone. */
export type ZoneLinkEvidence = Item<{
  /** The name of the zone: several may have one. */
  readonly zone: string;
  readonly zoneId: string;
  readonly network: string;
}>;

/** One Terraform state. */
export type RootEvidence = Item<{
  readonly name: string;
  /** `hashicorp/azurerm`. */
  readonly providers: readonly string[];
  readonly clusters: readonly string[];
}>;
