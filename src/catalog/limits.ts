import { cidr } from '../base/cidr.ts';

/**
 * A limit that Azure, AKS or Cilium holds a fleet to, with the page or the recorded behaviour that states it.
 */
type Limit<T> = { readonly source: string } & Readonly<T>;

const limit = <const T extends object>(source: string, value: T): Limit<T> => ({ source, ...value });

const AZURERM = 'azurerm 5.2.0, terraform validate, 2026-11-22';
const SYSTEM_POOLS = 'learn.microsoft.com, aks/use-system-pools, 2026-04-30';
const FEDERATION = 'learn.microsoft.com, workload-identity-federation-considerations, 2026-08';
const BYO_CNI = 'learn.microsoft.com, aks/use-byo-cni, 2026-04-16';
const CLUSTER_MESH = 'docs.cilium.io, network/clustermesh, and the Cilium chart 1.20.0, 2026-07-29';
const NAMING = 'learn.microsoft.com, resource-name-rules, 2026-08';
const SPOT_POOLS = 'learn.microsoft.com, aks/spot-node-pool; azurerm 5.2.0 kubernetes_cluster_node_pool';

/** Node pools. */
export const nodePoolLimits = {
  name: limit(SYSTEM_POOLS, { pattern: /^[a-z][a-z0-9]{0,11}$/, maxLength: 12 }),
  maxPods: limit('learn.microsoft.com, aks/quotas-skus-regions, 2026-08', { min: 10, max: 250 }),
  nodes: limit(AZURERM, { min: 0, max: 1000 }),
  osDiskGiB: limit('learn.microsoft.com, aks/use-system-pools and azurerm 5.2.0', { min: 30 }),
  /** -1 pays up to the on-demand price; otherwise US dollars per hour and VM. */
  spotMaxPrice: limit(SPOT_POOLS, { noLimit: -1, minExclusiveUsd: 0.00001, decimals: 5 }),
} as const;

/**
 * System pools. The documentation asks for more than the API enforces: an error below one, a warning below
 * the other.
 */
export const systemPoolLimits = {
  pods: limit(SYSTEM_POOLS, { min: 30 }),
  documented: limit(SYSTEM_POOLS, { minVcpus: 4, minMemoryGiB: 4, minNodes: 2, recommendedNodes: 3 }),
  enforced: limit('API error SystemPoolSkuTooLow, public reports read 2026-11-22', {
    minVcpus: 2,
    minMemoryGiB: 4,
    minNodes: 1,
  }),
  taint: limit('github.com/Azure/AKS/issues/2578, API error SystemPoolHasRestrictedTaint', {
    allowed: 'CriticalAddonsOnly=true:NoSchedule',
  }),
} as const;

/** Clusters and their networks. */
export const clusterLimits = {
  name: limit(NAMING, { minLength: 1, maxLength: 63 }),
  dnsPrefix: limit(AZURERM, { minLength: 1, maxLength: 54 }),
  authorizedIpRanges: limit('learn.microsoft.com, aks/api-server-authorized-ip-ranges, 2026-08', {
    max: 200,
  }),
  /** Ranges that pods and services must stay out of. */
  forbiddenRanges: limit(BYO_CNI, {
    ranges: [cidr('169.254.0.0/16'), cidr('172.30.0.0/16'), cidr('172.31.0.0/16'), cidr('192.0.2.0/24')],
  }),
  serviceRange: limit(BYO_CNI, { minPrefix: 13 }),
  maintenanceHours: limit(AZURERM, { min: 4, max: 24 }),
  stopStartGapMinutes: limit('learn.microsoft.com, aks/start-stop-cluster, 2026-07-21', { min: 15, max: 30 }),
} as const;

/** Cilium Cluster Mesh. */
export const meshLimits = {
  clusterName: limit(CLUSTER_MESH, {
    pattern: /^[a-z0-9](?:[a-z0-9-]{0,30}[a-z0-9])?$/,
    maxLength: 32,
    reserved: 'default',
  }),
  /** Up to 511 with maxConnectedClusters 511, at the price of half the security identities. */
  clusterId: limit(CLUSTER_MESH, { min: 1, max: 255, extendedMax: 511 }),
  apiServerPort: limit(CLUSTER_MESH, { port: 2379 }),
} as const;

/** Managed identities and their federated credentials. */
export const identityLimits = {
  name: limit(NAMING, { minLength: 3, maxLength: 128 }),
  federatedCredentials: limit(FEDERATION, { maxPerIdentity: 20, audiences: 1, writesPerSecond: 0.25 }),
  federatedCredentialName: limit(FEDERATION, {
    pattern: /^[A-Za-z0-9][A-Za-z0-9_-]{2,119}$/,
    maxLength: 120,
  }),
} as const;

/** Networks beside the clusters. */
export const networkLimits = {
  natGateway: limit('learn.microsoft.com, nat-gateway/nat-overview, 2026-04-14', {
    maxSubnets: 800,
    maxIpv4: 16,
  }),
  nsgPriority: limit('API error SecurityRuleInvalidPriority; azurerm 5.2.0', { min: 100, max: 4096 }),
  containerAppsSubnet: limit('learn.microsoft.com, container-apps/networking, 2026-08', { maxPrefix: 27 }),
} as const;

/** The services that the clusters share. */
export const sharedServiceLimits = {
  resourceGroupName: limit(AZURERM, { maxLength: 90 }),
  vaultName: limit(AZURERM, { pattern: /^[A-Za-z][A-Za-z0-9-]{2,23}$/, minLength: 3, maxLength: 24 }),
  vaultRetentionDays: limit(AZURERM, { min: 7, max: 90 }),
  registryName: limit(AZURERM, { pattern: /^[A-Za-z0-9]{5,50}$/, minLength: 5, maxLength: 50 }),
  storageAccountName: limit(AZURERM, { pattern: /^[a-z0-9]{3,24}$/, minLength: 3, maxLength: 24 }),
  workspaceName: limit(AZURERM, { minLength: 4, maxLength: 63 }),
  logRetentionDays: limit(AZURERM, { min: 30, max: 730 }),
  grafanaName: limit(AZURERM, { minLength: 2, maxLength: 23 }),
  collectionRuleName: limit(NAMING, { minLength: 3, maxLength: 64 }),
  collectionEndpointName: limit(NAMING, { minLength: 3, maxLength: 44 }),
  actionGroupShortName: limit(AZURERM, { minLength: 1, maxLength: 12 }),
  containerGroupName: limit(NAMING, { minLength: 1, maxLength: 63 }),
  budgetNotifications: limit('azurerm 5.2.0 consumption_budget documentation', { max: 5 }),
} as const;
