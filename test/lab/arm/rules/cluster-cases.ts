import {
  CLUSTER,
  ENDPOINTS,
  GATEWAY,
  type RuleCase,
  USER_POOL,
  cluster,
  clusterWithPool,
  subnet,
  systemProfile,
  userPool,
} from './sound-world.ts';

const NEW_POOL = `${CLUSTER}/agentPools/more`;
const LTS = { supportPlan: 'AKSLongTermSupport' };

function ranges(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => `20.${Math.floor(index / 256)}.${index % 256}.0/24`);
}

/** Versions, tiers and what belongs together. */
export const clusterCases: readonly RuleCase[] = [
  {
    name: 'a Kubernetes version that AKS does not know',
    rule: 'kubernetes-version-is-supported',
    status: 400,
    code: 'K8sVersionNotSupported',
    refused: { id: CLUSTER, body: cluster({ kubernetesVersion: '1.99' }) },
    passes: { id: CLUSTER, body: cluster({ kubernetesVersion: '1.36' }) },
  },
  {
    name: 'a Kubernetes version of long-term support without it',
    rule: 'kubernetes-version-is-supported',
    status: 400,
    code: 'K8sVersionNotSupported',
    refused: { id: CLUSTER, body: cluster({ kubernetesVersion: '1.33' }), without: [CLUSTER] },
    passes: {
      id: CLUSTER,
      body: cluster({ kubernetesVersion: '1.33', ...LTS }, { sku: { tier: 'Premium' } }),
      without: [CLUSTER],
    },
  },
  {
    name: 'a Kubernetes version of a pool that AKS does not know',
    rule: 'pool-version-is-supported',
    status: 400,
    code: 'K8sVersionNotSupported',
    refused: { id: NEW_POOL, body: userPool({ orchestratorVersion: '1.20' }) },
    // Grown old with its cluster, it is not refused for it.
    passes: {
      id: USER_POOL,
      body: userPool({ orchestratorVersion: '1.20' }),
      beside: { [USER_POOL]: userPool({ orchestratorVersion: '1.20' }) },
    },
  },
  {
    name: 'a pool ahead of its control plane',
    rule: 'pool-version-is-not-ahead',
    status: 400,
    code: 'NodePoolMcVersionIncompatible',
    refused: { id: NEW_POOL, body: userPool({ orchestratorVersion: '1.36' }) },
    passes: { id: NEW_POOL, body: userPool({ orchestratorVersion: '1.35' }) },
  },
  {
    name: 'a pool ahead of the patch of its control plane',
    rule: 'pool-version-is-not-ahead',
    status: 400,
    code: 'NodePoolMcVersionIncompatible',
    refused: { id: NEW_POOL, body: userPool({ orchestratorVersion: '1.35.3' }) },
    passes: { id: NEW_POOL, body: userPool({ orchestratorVersion: '1.35.2' }) },
  },
  {
    name: 'long-term support on the Free tier',
    rule: 'long-term-support-needs-premium',
    status: 400,
    code: 'InvalidParameter',
    refused: { id: CLUSTER, body: cluster(LTS) },
    passes: { id: CLUSTER, body: cluster(LTS, { sku: { tier: 'Premium' } }) },
  },
  {
    name: 'no local accounts and no Entra either',
    rule: 'without-local-accounts-entra-is-needed',
    status: 400,
    code: 'InvalidParameter',
    refused: { id: CLUSTER, body: cluster({ aadProfile: null }) },
    passes: { id: CLUSTER, body: cluster({ aadProfile: null, disableLocalAccounts: false }) },
  },
  {
    name: 'a region without room for a control plane',
    rule: 'region-has-control-planes',
    status: 400,
    code: 'AksCapacityHeavyUsage',
    refused: { id: CLUSTER, body: cluster(), without: [CLUSTER], limits: { fullRegions: ['koreacentral'] } },
    passes: { id: CLUSTER, body: cluster(), limits: { fullRegions: ['koreacentral'] } },
  },
  {
    name: 'the pod range of a cluster that is there changed',
    rule: 'cluster-properties-stay',
    status: 400,
    code: 'PropertyChangeNotAllowed',
    refused: { id: CLUSTER, body: cluster({ networkProfile: { podCidr: '10.99.0.0/16' } }) },
    passes: { id: CLUSTER, body: cluster({ networkProfile: { podCidr: null } }) },
  },
  {
    name: 'the network plugin of a cluster that is there changed',
    rule: 'cluster-properties-stay',
    status: 400,
    code: 'PropertyChangeNotAllowed',
    refused: {
      id: CLUSTER,
      body: cluster({ networkProfile: { networkPlugin: 'azure', networkPluginMode: 'overlay' } }),
    },
    passes: {
      id: CLUSTER,
      body: cluster({ networkProfile: { networkPlugin: 'azure', networkPluginMode: 'overlay' } }),
      beside: { [CLUSTER]: cluster({ networkProfile: { networkPlugin: 'kubenet' } }) },
    },
  },
  {
    name: 'the DNS prefix of a cluster that is there changed',
    rule: 'cluster-properties-stay',
    status: 400,
    code: 'PropertyChangeNotAllowed',
    refused: { id: CLUSTER, body: cluster({ dnsPrefix: 'other' }) },
    passes: { method: 'PATCH', id: CLUSTER, body: { tags: { team: 'other' } } },
  },
];

/** The network that a cluster asks for. */
export const clusterNetworkCases: readonly RuleCase[] = [
  {
    name: 'a service range over a subnet of the network',
    rule: 'service-range-stays-out-of-subnets',
    status: 400,
    code: 'ServiceCidrOverlapExistingSubnetsCidr',
    refused: {
      id: CLUSTER,
      body: cluster({ networkProfile: { serviceCidr: '10.4.0.0/16', dnsServiceIP: '10.4.0.10' } }),
      without: [CLUSTER],
    },
    // In the network, and in none of its subnets.
    passes: {
      id: CLUSTER,
      body: cluster({ networkProfile: { serviceCidr: '10.1.240.0/20', dnsServiceIP: '10.1.240.10' } }),
      without: [CLUSTER],
    },
  },
  {
    name: 'a DNS address outside the service range',
    rule: 'dns-address-is-in-the-service-range',
    status: 400,
    code: 'DnsServiceIpOutOfServiceCidr',
    refused: { id: CLUSTER, body: cluster({ networkProfile: { dnsServiceIP: '172.21.0.10' } }) },
    passes: { id: CLUSTER, body: cluster({ networkProfile: { dnsServiceIP: '172.20.255.254' } }) },
  },
  {
    name: 'a malformed authorized range',
    rule: 'authorized-ranges-are-ranges',
    status: 400,
    code: 'InvalidParameter',
    refused: {
      id: CLUSTER,
      body: cluster({ apiServerAccessProfile: { authorizedIPRanges: ['300.0.0.0/8'] } }),
    },
    passes: { id: CLUSTER, body: cluster({ apiServerAccessProfile: { authorizedIPRanges: ['20.0.0.4'] } }) },
  },
  {
    name: '201 authorized ranges',
    rule: 'authorized-ranges-are-at-most-200',
    status: 400,
    code: 'InvalidParameter',
    refused: { id: CLUSTER, body: cluster({ apiServerAccessProfile: { authorizedIPRanges: ranges(201) } }) },
    passes: { id: CLUSTER, body: cluster({ apiServerAccessProfile: { authorizedIPRanges: ranges(200) } }) },
  },
  {
    name: '2001 authorized ranges of an API server in the network',
    rule: 'authorized-ranges-are-at-most-200',
    status: 400,
    code: 'InvalidParameter',
    refused: {
      id: CLUSTER,
      body: cluster({
        apiServerAccessProfile: { authorizedIPRanges: ranges(2001), enableVnetIntegration: true },
      }),
    },
    passes: {
      id: CLUSTER,
      body: cluster({
        apiServerAccessProfile: { authorizedIPRanges: ranges(201), enableVnetIntegration: true },
      }),
    },
  },
  {
    name: 'authorized ranges of a private cluster',
    rule: 'private-cluster-has-no-authorized-ranges',
    status: 400,
    code: 'InvalidParameter',
    refused: { id: CLUSTER, body: cluster({ apiServerAccessProfile: { enablePrivateCluster: true } }) },
    passes: {
      id: CLUSTER,
      body: cluster({ apiServerAccessProfile: { enablePrivateCluster: true, authorizedIPRanges: [] } }),
    },
  },
  {
    name: 'a NAT gateway of the user that is not on the subnet',
    rule: 'user-assigned-gateway-is-on-the-subnet',
    status: 400,
    code: 'InvalidParameter',
    refused: { id: CLUSTER, body: clusterWithPool({ vnetSubnetID: ENDPOINTS }), without: [CLUSTER] },
    passes: {
      id: CLUSTER,
      body: clusterWithPool({ vnetSubnetID: ENDPOINTS }),
      without: [CLUSTER],
      beside: { [ENDPOINTS]: subnet('10.4.0.0/25', { natGateway: { id: GATEWAY } }) },
    },
  },
  {
    name: 'a NAT gateway of the user in a network of AKS',
    rule: 'user-assigned-gateway-is-on-the-subnet',
    status: 400,
    code: 'InvalidParameter',
    refused: { id: CLUSTER, body: clusterWithPool({ vnetSubnetID: null }), without: [CLUSTER] },
    passes: {
      id: CLUSTER,
      body: cluster({
        agentPoolProfiles: [{ ...systemProfile, vnetSubnetID: undefined }],
        networkProfile: { outboundType: 'managedNATGateway' },
      }),
      without: [CLUSTER],
    },
  },
  {
    name: 'a NAT gateway of AKS in a network of the user',
    rule: 'managed-gateway-needs-a-managed-network',
    status: 400,
    code: 'InvalidParameter',
    refused: { id: CLUSTER, body: cluster({ networkProfile: { outboundType: 'managedNATGateway' } }) },
    passes: { id: CLUSTER, body: cluster({ networkProfile: { outboundType: 'loadBalancer' } }) },
  },
  {
    name: 'addresses of a load balancer beside a NAT gateway',
    rule: 'load-balancer-profile-needs-load-balancer-egress',
    status: 400,
    code: 'InvalidParameter',
    refused: {
      id: CLUSTER,
      body: cluster({ networkProfile: { loadBalancerProfile: { managedOutboundIPs: { count: 1 } } } }),
    },
    passes: {
      id: CLUSTER,
      body: cluster({
        networkProfile: {
          outboundType: 'loadBalancer',
          loadBalancerProfile: { managedOutboundIPs: { count: 1 } },
        },
      }),
    },
  },
  {
    name: 'a network policy without a plugin',
    rule: 'network-policy-needs-a-plugin',
    status: 400,
    code: 'InvalidParameter',
    refused: { id: CLUSTER, body: cluster({ networkProfile: { networkPolicy: 'cilium' } }) },
    passes: { id: CLUSTER, body: cluster({ networkProfile: { networkPolicy: 'none' } }) },
  },
];
