import type { Invariant } from '../invariant.ts';
import alertsReachSomeone from './alerts-reach-someone.ts';
import apiServerHasAnSla from './api-server-has-an-sla.ts';
import applicationsetsSurviveALostCluster from './applicationsets-survive-a-lost-cluster.ts';
import azureNamesAreAccepted from './azure-names-are-accepted.ts';
import azureNamesAreUnique from './azure-names-are-unique.ts';
import budgetIsEnough from './budget-is-enough.ts';
import budgetNeedsAContact from './budget-needs-a-contact.ts';
import budgetTellsFiveAtMost from './budget-tells-five-at-most.ts';
import byoNetworkHasAPodRange from './byo-network-has-a-pod-range.ts';
import byoNetworkHasNoPolicyEngine from './byo-network-has-no-policy-engine.ts';
import callsNameWorkloads from './calls-name-workloads.ts';
import certificatesAreMadeInTheCluster from './certificates-are-made-in-the-cluster.ts';
import ciliumOperatorToleratesSystemNodes from './cilium-operator-tolerates-system-nodes.ts';
import ciliumPoolIsThePodRange from './cilium-pool-is-the-pod-range.ts';
import clusterIdIsStable from './cluster-id-is-stable.ts';
import clusterIdsAreUnique from './cluster-ids-are-unique.ts';
import clusterNameIsNotReserved from './cluster-name-is-not-reserved.ts';
import clustersHaveNoClientSecret from './clusters-have-no-client-secret.ts';
import containerSubnetsAreDelegated from './container-subnets-are-delegated.ts';
import controlPlaneIsManaged from './control-plane-is-managed.ts';
import credentialsOfAnIdentityInOneRoot from './credentials-of-an-identity-in-one-root.ts';
import criticalNeedsOnDemand from './critical-needs-on-demand.ts';
import criticalPodsStayOffSpot from './critical-pods-stay-off-spot.ts';
import delegatedSubnetsHoldNothingElse from './delegated-subnets-hold-nothing-else.ts';
import demoUserPoolsAreSpot from './demo-user-pools-are-spot.ts';
import dependenciesArePeered from './dependencies-are-peered.ts';
import destroyLosesData from './destroy-loses-data.ts';
import diagnosticSettingsAreUnique from './diagnostic-settings-are-unique.ts';
import egressFitsOutboundType from './egress-fits-outbound-type.ts';
import endpointSubnetsApplyTheirRules from './endpoint-subnets-apply-their-rules.ts';
import endpointsLetNodesIn from './endpoints-let-nodes-in.ts';
import externalSecretsApiIsServed from './external-secrets-api-is-served.ts';
import federatedCredentialsAreUnique from './federated-credentials-are-unique.ts';
import globalServicesHaveBackends from './global-services-have-backends.ts';
import gracePeriodInsideTheNotice from './grace-period-inside-the-notice.ts';
import kubeProxyIsKept from './kube-proxy-is-kept.ts';
import kubernetesVersionIsSupported from './kubernetes-version-is-supported.ts';
import liveDemoKeepsMgmt from './live-demo-keeps-mgmt.ts';
import loadBalancerProbesAreLetIn from './load-balancer-probes-are-let-in.ts';
import logAgentHasItsRule from './log-agent-has-its-rule.ts';
import logAgentSignsInByIdentity from './log-agent-signs-in-by-identity.ts';
import logAssociationName from './log-association-name.ts';
import logCapRange from './log-cap-range.ts';
import logRetentionRange from './log-retention-range.ts';
import longTermSupportTakesPremium from './long-term-support-takes-premium.ts';
import maxPodsInRange from './max-pods-in-range.ts';
import meshCaIsShared from './mesh-ca-is-shared.ts';
import meshNeedsCilium from './mesh-needs-cilium.ts';
import meshPeersAreLetIn from './mesh-peers-are-let-in.ts';
import meshSizeIsOne from './mesh-size-is-one.ts';
import meshValuesAreMutual from './mesh-values-are-mutual.ts';
import mgmtIsTier1 from './mgmt-is-tier-1.ts';
import natGatewayFitsDelegation from './nat-gateway-fits-delegation.ts';
import natGatewayFitsItsAddresses from './nat-gateway-fits-its-addresses.ts';
import noAutomatedPruneOfTheCni from './no-automated-prune-of-the-cni.ts';
import noClusterClientsBesideACluster from './no-cluster-clients-beside-a-cluster.ts';
import noLiteralSecretsInGit from './no-literal-secrets-in-git.ts';
import noLocalAccounts from './no-local-accounts.ts';
import nodeCountsInRange from './node-counts-in-range.ts';
import nodeSubnetHoldsTheNodes from './node-subnet-holds-the-nodes.ts';
import nodeSubnetsAreGuarded from './node-subnets-are-guarded.ts';
import oneMgmtCluster from './one-mgmt-cluster.ts';
import onlyPeersAreLetIn from './only-peers-are-let-in.ts';
import operatorsCanReachTheApiServer from './operators-can-reach-the-api-server.ts';
import osDiskFits from './os-disk-fits.ts';
import ownNodesAreLetIn from './own-nodes-are-let-in.ts';
import pdbLetsADrainFinish from './pdb-lets-a-drain-finish.ts';
import peersNameClusters from './peers-name-clusters.ts';
import peersNeedAMesh from './peers-need-a-mesh.ts';
import platformFits from './platform-fits.ts';
import platformSecretsAreNotShared from './platform-secrets-are-not-shared.ts';
import podPoolIsExplicit from './pod-pool-is-explicit.ts';
import podRangeHoldsTheNodes from './pod-range-holds-the-nodes.ts';
import podsAndClusterIpsOutsideTheVnet from './pods-and-cluster-ips-outside-the-vnet.ts';
import podsFitANode from './pods-fit-a-node.ts';
import poolNamesAreUnique from './pool-names-are-unique.ts';
import poolsFollowTheirCluster from './pools-follow-their-cluster.ts';
import priorityExpanderPrefersSpot from './priority-expander-prefers-spot.ts';
import privateApiServerHasAName from './private-api-server-has-a-name.ts';
import productionSpansZones from './production-spans-zones.ts';
import productionStaysAwake from './production-stays-awake.ts';
import productionTier1IsOnDemand from './production-tier1-is-on-demand.ts';
import rangesAreDisjoint from './ranges-are-disjoint.ts';
import rangesAreWellFormed from './ranges-are-well-formed.ts';
import rangesAvoidReserved from './ranges-avoid-reserved.ts';
import regionIsKnown from './region-is-known.ts';
import registryFitsItsTier from './registry-fits-its-tier.ts';
import regularPoolsHaveNoSpotSettings from './regular-pools-have-no-spot-settings.ts';
import replicasAreSpread from './replicas-are-spread.ts';
import requestsAreSet from './requests-are-set.ts';
import roleAssignmentsAreUnique from './role-assignments-are-unique.ts';
import scheduleHasAKeeper from './schedule-has-a-keeper.ts';
import secretsInKeyVault from './secrets-in-key-vault.ts';
import secretsOutliveTheTree from './secrets-outlive-the-tree.ts';
import securityRulePriorities from './security-rule-priorities.ts';
import serviceRangeSize from './service-range-size.ts';
import servicesSubnetIsBigEnough from './services-subnet-is-big-enough.ts';
import sleepIsLongEnough from './sleep-is-long-enough.ts';
import somebodyAdministersTheClusters from './somebody-administers-the-clusters.ts';
import spotAutoscalesFromZero from './spot-autoscales-from-zero.ts';
import spotEvictionDeletes from './spot-eviction-deletes.ts';
import spotHasNoSurge from './spot-has-no-surge.ts';
import spotHasOnDemandFallback from './spot-has-on-demand-fallback.ts';
import spotHasTwoFamilies from './spot-has-two-families.ts';
import spotLabelAndTaint from './spot-label-and-taint.ts';
import spotLabelIsSpelledOut from './spot-label-is-spelled-out.ts';
import spotPodsTolerateAndChoose from './spot-pods-tolerate-and-choose.ts';
import spotPriceLimit from './spot-price-limit.ts';
import spotSizeHasSpot from './spot-size-has-spot.ts';
import stateHoldsNoSecret from './state-holds-no-secret.ts';
import storesSignInByWorkloadIdentity from './stores-sign-in-by-workload-identity.ts';
import subnetIsOfACluster from './subnet-is-of-a-cluster.ts';
import subnetsDenyByDefault from './subnets-deny-by-default.ts';
import subnetsLieInTheVnet from './subnets-lie-in-the-vnet.ts';
import systemPoolHasTwoNodes from './system-pool-has-two-nodes.ts';
import systemPoolIsRegular from './system-pool-is-regular.ts';
import systemPoolSize from './system-pool-size.ts';
import taintsAndLabelsAreAccepted from './taints-and-labels-are-accepted.ts';
import teamsAreApart from './teams-are-apart.ts';
import teamsNameWhatExists from './teams-name-what-exists.ts';
import teamsStayInTheirNamespaces from './teams-stay-in-their-namespaces.ts';
import templatesStopOnAMissingFact from './templates-stop-on-a-missing-fact.ts';
import timezoneIsKnown from './timezone-is-known.ts';
import vaultIsNotPublic from './vault-is-not-public.ts';
import vaultMarksTakeEffect from './vault-marks-take-effect.ts';
import vaultOutageKeepsSecrets from './vault-outage-keeps-secrets.ts';
import vaultSurvivesDeletion from './vault-survives-deletion.ts';
import vaultUsesRoles from './vault-uses-roles.ts';
import vmSizeIsOffered from './vm-size-is-offered.ts';
import webhookSurvivesALostPod from './webhook-survives-a-lost-pod.ts';
import workloadIdentityIsEnabled from './workload-identity-is-enabled.ts';
import workloadIdentityIsWired from './workload-identity-is-wired.ts';
import workloadNamesAreFree from './workload-names-are-free.ts';
import workloadSurvivesEviction from './workload-survives-eviction.ts';
import workloadVariablesAreUnique from './workload-variables-are-unique.ts';
import workloadsFit from './workloads-fit.ts';
import workloadsNameClusters from './workloads-name-clusters.ts';
import zonesAreLinkedOnce from './zones-are-linked-once.ts';

/**
 * Everything that must hold, in the order of reports: the source design's own conditions, then what carries
 * them.
 */
export const invariants: readonly Invariant[] = [
  controlPlaneIsManaged,
  demoUserPoolsAreSpot,
  productionTier1IsOnDemand,
  secretsInKeyVault,
  noLiteralSecretsInGit,
  storesSignInByWorkloadIdentity,
  workloadIdentityIsWired,
  vaultUsesRoles,
  vaultIsNotPublic,
  noLocalAccounts,
  workloadIdentityIsEnabled,
  clustersHaveNoClientSecret,
  stateHoldsNoSecret,
  federatedCredentialsAreUnique,
  vaultOutageKeepsSecrets,
  secretsOutliveTheTree,
  platformSecretsAreNotShared,
  vaultMarksTakeEffect,
  // Clusters
  oneMgmtCluster,
  mgmtIsTier1,
  clusterIdsAreUnique,
  clusterIdIsStable,
  clusterNameIsNotReserved,
  azureNamesAreUnique,
  azureNamesAreAccepted,
  regionIsKnown,
  kubernetesVersionIsSupported,
  poolsFollowTheirCluster,
  apiServerHasAnSla,
  operatorsCanReachTheApiServer,
  privateApiServerHasAName,
  somebodyAdministersTheClusters,
  longTermSupportTakesPremium,
  // Node pools
  liveDemoKeepsMgmt,
  spotPriceLimit,
  spotHasTwoFamilies,
  spotSizeHasSpot,
  spotHasOnDemandFallback,
  spotAutoscalesFromZero,
  spotEvictionDeletes,
  spotLabelAndTaint,
  spotHasNoSurge,
  regularPoolsHaveNoSpotSettings,
  nodeCountsInRange,
  systemPoolIsRegular,
  systemPoolSize,
  systemPoolHasTwoNodes,
  vmSizeIsOffered,
  poolNamesAreUnique,
  taintsAndLabelsAreAccepted,
  osDiskFits,
  maxPodsInRange,
  productionSpansZones,
  platformFits,
  workloadsFit,
  podsFitANode,
  // Addresses
  rangesAreWellFormed,
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
  kubeProxyIsKept,
  ciliumOperatorToleratesSystemNodes,
  podPoolIsExplicit,
  ciliumPoolIsThePodRange,
  peersNameClusters,
  peersNeedAMesh,
  callsNameWorkloads,
  dependenciesArePeered,
  ownNodesAreLetIn,
  meshPeersAreLetIn,
  meshValuesAreMutual,
  meshCaIsShared,
  certificatesAreMadeInTheCluster,
  meshSizeIsOne,
  globalServicesHaveBackends,
  onlyPeersAreLetIn,
  subnetsDenyByDefault,
  loadBalancerProbesAreLetIn,
  endpointsLetNodesIn,
  securityRulePriorities,
  byoNetworkHasAPodRange,
  byoNetworkHasNoPolicyEngine,
  egressFitsOutboundType,
  natGatewayFitsDelegation,
  natGatewayFitsItsAddresses,
  delegatedSubnetsHoldNothingElse,
  containerSubnetsAreDelegated,
  nodeSubnetsAreGuarded,
  endpointSubnetsApplyTheirRules,
  zonesAreLinkedOnce,
  // Workloads
  workloadsNameClusters,
  workloadNamesAreFree,
  workloadVariablesAreUnique,
  workloadSurvivesEviction,
  criticalNeedsOnDemand,
  pdbLetsADrainFinish,
  gracePeriodInsideTheNotice,
  replicasAreSpread,
  requestsAreSet,
  spotPodsTolerateAndChoose,
  criticalPodsStayOffSpot,
  spotLabelIsSpelledOut,
  priorityExpanderPrefersSpot,
  // Teams
  teamsNameWhatExists,
  teamsStayInTheirNamespaces,
  teamsAreApart,
  // The GitOps tree
  applicationsetsSurviveALostCluster,
  noAutomatedPruneOfTheCni,
  templatesStopOnAMissingFact,
  externalSecretsApiIsServed,
  webhookSurvivesALostPod,
  // Running it
  logRetentionRange,
  logCapRange,
  budgetNeedsAContact,
  budgetTellsFiveAtMost,
  budgetIsEnough,
  alertsReachSomeone,
  scheduleHasAKeeper,
  sleepIsLongEnough,
  productionStaysAwake,
  destroyLosesData,
  timezoneIsKnown,
  vaultSurvivesDeletion,
  credentialsOfAnIdentityInOneRoot,
  roleAssignmentsAreUnique,
  noClusterClientsBesideACluster,
  registryFitsItsTier,
  logAgentSignsInByIdentity,
  logAgentHasItsRule,
  logAssociationName,
  diagnosticSettingsAreUnique,
];
