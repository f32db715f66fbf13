import type { Invariant } from '../invariant.ts';
import alertsReachSomeone from './alerts-reach-someone.ts';
import apiServerHasAnSla from './api-server-has-an-sla.ts';
import azureNamesAreUnique from './azure-names-are-unique.ts';
import budgetNeedsAContact from './budget-needs-a-contact.ts';
import clusterIdIsStable from './cluster-id-is-stable.ts';
import clusterIdsAreUnique from './cluster-ids-are-unique.ts';
import clusterNameIsNotReserved from './cluster-name-is-not-reserved.ts';
import controlPlaneIsManaged from './control-plane-is-managed.ts';
import criticalNeedsOnDemand from './critical-needs-on-demand.ts';
import demoUserPoolsAreSpot from './demo-user-pools-are-spot.ts';
import dependenciesArePeered from './dependencies-are-peered.ts';
import destroyLosesData from './destroy-loses-data.ts';
import kubernetesVersionIsSupported from './kubernetes-version-is-supported.ts';
import loadBalancerProbesAreLetIn from './load-balancer-probes-are-let-in.ts';
import logRetentionRange from './log-retention-range.ts';
import maxPodsInRange from './max-pods-in-range.ts';
import meshNeedsCilium from './mesh-needs-cilium.ts';
import meshPeersAreLetIn from './mesh-peers-are-let-in.ts';
import mgmtIsTier1 from './mgmt-is-tier-1.ts';
import nodeSubnetHoldsTheNodes from './node-subnet-holds-the-nodes.ts';
import oneMgmtCluster from './one-mgmt-cluster.ts';
import onlyPeersAreLetIn from './only-peers-are-let-in.ts';
import operatorsCanReachTheApiServer from './operators-can-reach-the-api-server.ts';
import osDiskFits from './os-disk-fits.ts';
import peersNameClusters from './peers-name-clusters.ts';
import platformFits from './platform-fits.ts';
import podRangeHoldsTheNodes from './pod-range-holds-the-nodes.ts';
import podsAndClusterIpsOutsideTheVnet from './pods-and-cluster-ips-outside-the-vnet.ts';
import poolNamesAreUnique from './pool-names-are-unique.ts';
import productionSpansZones from './production-spans-zones.ts';
import productionStaysAwake from './production-stays-awake.ts';
import productionTier1IsOnDemand from './production-tier1-is-on-demand.ts';
import rangesAreDisjoint from './ranges-are-disjoint.ts';
import rangesAvoidReserved from './ranges-avoid-reserved.ts';
import regionIsKnown from './region-is-known.ts';
import scheduleHasAKeeper from './schedule-has-a-keeper.ts';
import secretsInKeyVault from './secrets-in-key-vault.ts';
import securityRulePriorities from './security-rule-priorities.ts';
import serviceRangeSize from './service-range-size.ts';
import servicesSubnetIsBigEnough from './services-subnet-is-big-enough.ts';
import spotAutoscalesFromZero from './spot-autoscales-from-zero.ts';
import spotHasOnDemandFallback from './spot-has-on-demand-fallback.ts';
import spotHasTwoFamilies from './spot-has-two-families.ts';
import spotPriceLimit from './spot-price-limit.ts';
import spotSizeHasSpot from './spot-size-has-spot.ts';
import subnetIsOfACluster from './subnet-is-of-a-cluster.ts';
import subnetsDenyByDefault from './subnets-deny-by-default.ts';
import subnetsLieInTheVnet from './subnets-lie-in-the-vnet.ts';
import systemPoolHasTwoNodes from './system-pool-has-two-nodes.ts';
import systemPoolIsRegular from './system-pool-is-regular.ts';
import systemPoolSize from './system-pool-size.ts';
import timezoneIsKnown from './timezone-is-known.ts';
import vaultOutageKeepsSecrets from './vault-outage-keeps-secrets.ts';
import vmSizeIsOffered from './vm-size-is-offered.ts';
import workloadIdentityIsWired from './workload-identity-is-wired.ts';
import workloadSurvivesEviction from './workload-survives-eviction.ts';
import workloadsFit from './workloads-fit.ts';
import workloadsNameClusters from './workloads-name-clusters.ts';

/**
 * Everything that must hold, in the order of reports: the source design's own conditions, then what carries
 * them.
 */
export const invariants: readonly Invariant[] = [
  controlPlaneIsManaged,
  demoUserPoolsAreSpot,
  productionTier1IsOnDemand,
  secretsInKeyVault,
  workloadIdentityIsWired,
  vaultOutageKeepsSecrets,
  // Clusters
  oneMgmtCluster,
  mgmtIsTier1,
  clusterIdsAreUnique,
  clusterIdIsStable,
  clusterNameIsNotReserved,
  azureNamesAreUnique,
  regionIsKnown,
  kubernetesVersionIsSupported,
  apiServerHasAnSla,
  operatorsCanReachTheApiServer,
  // Node pools
  spotPriceLimit,
  spotHasTwoFamilies,
  spotSizeHasSpot,
  spotHasOnDemandFallback,
  spotAutoscalesFromZero,
  systemPoolIsRegular,
  systemPoolSize,
  systemPoolHasTwoNodes,
  vmSizeIsOffered,
  poolNamesAreUnique,
  osDiskFits,
  maxPodsInRange,
  productionSpansZones,
  platformFits,
  workloadsFit,
  // Addresses
  rangesAreDisjoint,
  subnetsLieInTheVnet,
  podsAndClusterIpsOutsideTheVnet,
  rangesAvoidReserved,
  nodeSubnetHoldsTheNodes,
  podRangeHoldsTheNodes,
  serviceRangeSize,
  servicesSubnetIsBigEnough,
  subnetIsOfACluster,
  // Who talks with whom
  meshNeedsCilium,
  peersNameClusters,
  dependenciesArePeered,
  meshPeersAreLetIn,
  onlyPeersAreLetIn,
  subnetsDenyByDefault,
  loadBalancerProbesAreLetIn,
  securityRulePriorities,
  // Workloads
  workloadsNameClusters,
  workloadSurvivesEviction,
  criticalNeedsOnDemand,
  // Running it
  logRetentionRange,
  budgetNeedsAContact,
  alertsReachSomeone,
  scheduleHasAKeeper,
  productionStaysAwake,
  destroyLosesData,
  timezoneIsKnown,
];
