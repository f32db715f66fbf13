import { aksVersionStatus } from '../../../catalog/aks-versions.ts';
import { textAt, valueAt } from '../body.ts';
import type { ArmBody } from '../resource.ts';
import type { ArmRule, Refusal } from '../rule.ts';
import { isSame, regionOf } from './body-values.ts';
import { whenWritten } from './judgement.ts';
import { CLUSTER, POOL, eachPool } from './pool-profiles.ts';
import { INVALID_PARAMETER } from './pools.ts';
import {
  CODE_ASSUMED,
  LET_THROUGH,
  REPORTS,
  STATUS_ASSUMED,
  learn,
  sources,
  troubleshoot,
  unread,
} from './sources.ts';

const VERSIONS = learn('aks/supported-kubernetes-versions', '2026-08-21');

const versionIsSupported: ArmRule = {
  id: 'kubernetes-version-is-supported',
  source: sources(troubleshoot('aks-upgrade-blocked'), REPORTS, VERSIONS),
  types: [CLUSTER],
  check: whenWritten((body, { current }) => {
    const version = textAt(body, 'properties', 'kubernetesVersion');
    const isThere = [currentVersion(current), textAt(current, 'properties', 'kubernetesVersion')].includes(
      version,
    );
    return version === undefined || isThere ? undefined : unsupported(version, body);
  }),
};

const poolVersionIsSupported: ArmRule = {
  id: 'pool-version-is-supported',
  source: versionIsSupported.source,
  types: [CLUSTER, POOL],
  check: eachPool(({ profile, current, cluster }) => {
    const version = textAt(profile, 'orchestratorVersion');
    const isThere = version === textAt(current, 'orchestratorVersion');
    return version === undefined || isThere ? undefined : unsupported(version, cluster);
  }),
};

const poolIsNotAhead: ArmRule = {
  id: 'pool-version-is-not-ahead',
  source: sources(troubleshoot('nodepoolmcversionincompatible-error'), STATUS_ASSUMED),
  types: [CLUSTER, POOL],
  check: eachPool(({ name, profile, cluster }) => {
    const pool = textAt(profile, 'orchestratorVersion');
    const asked = textAt(cluster, 'properties', 'kubernetesVersion');
    // The minor alone stands for whatever patch AKS picked, which the cluster tells.
    const actual = currentVersion(cluster);
    const control =
      actual !== undefined && asked !== undefined && actual.startsWith(`${asked}.`) ? actual : asked;
    if (pool === undefined || control === undefined || !isAbove(pool, control)) return undefined;
    const message = `The node pool ${name} wants Kubernetes ${pool}, above the control plane's ${control}.`;
    return { status: 400, code: 'NodePoolMcVersionIncompatible', message };
  }),
};

const longTermSupportNeedsPremium: ArmRule = {
  id: 'long-term-support-needs-premium',
  source: sources(learn('aks/free-standard-pricing-tiers', '2026-08'), LET_THROUGH, CODE_ASSUMED),
  types: [CLUSTER],
  check: whenWritten((body) => {
    const isPremium = isSame(textAt(body, 'sku', 'tier'), 'Premium');
    if (isPremium || !hasLongTermSupport(body)) return undefined;
    const message = 'The support plan AKSLongTermSupport needs the Premium tier.';
    return { status: 400, code: INVALID_PARAMETER, message, target: 'supportPlan' };
  }),
};

const localAccountsAreNotTheOnlyWay: ArmRule = {
  id: 'without-local-accounts-entra-is-needed',
  source: sources(unread('aks/manage-local-accounts-managed-azure-ad'), LET_THROUGH, CODE_ASSUMED),
  types: [CLUSTER],
  check: whenWritten((body) => {
    const isOff = valueAt(body, 'properties', 'disableLocalAccounts') === true;
    if (!isOff || valueAt(body, 'properties', 'aadProfile', 'managed') === true) return undefined;
    const message =
      'Local accounts are disabled and Microsoft Entra integration is not enabled: nobody could come in.';
    return { status: 400, code: INVALID_PARAMETER, message, target: 'disableLocalAccounts' };
  }),
};

const regionHasControlPlanes: ArmRule = {
  id: 'region-has-control-planes',
  source: sources(troubleshoot('akscapacityheavyusage-error'), STATUS_ASSUMED),
  types: [CLUSTER],
  check: whenWritten((body, { current }, { limits }) => {
    const region = regionOf(body);
    if (current !== undefined || !limits.fullRegions?.some((full) => isSame(full, region))) return undefined;
    const message = `AKS has no capacity for another cluster in ${region} now.`;
    return { status: 400, code: 'AksCapacityHeavyUsage', message };
  }),
};

export const clusterRules: readonly ArmRule[] = [
  versionIsSupported,
  poolVersionIsSupported,
  poolIsNotAhead,
  longTermSupportNeedsPremium,
  localAccountsAreNotTheOnlyWay,
  regionHasControlPlanes,
];

function unsupported(version: string, cluster: ArmBody | undefined): Refusal | undefined {
  const status = aksVersionStatus(version);
  if (status === 'supported' || (status === 'lts-only' && hasLongTermSupport(cluster))) return undefined;
  const reason = status === 'lts-only' ? 'is only available with long-term support' : 'is not available';
  return { status: 400, code: 'K8sVersionNotSupported', message: `Kubernetes ${version} ${reason} in AKS.` };
}

function hasLongTermSupport(cluster: ArmBody | undefined): boolean {
  return isSame(textAt(cluster, 'properties', 'supportPlan'), 'AKSLongTermSupport');
}

function currentVersion(cluster: ArmBody | undefined): string | undefined {
  return textAt(cluster, 'properties', 'currentKubernetesVersion');
}

/** True when a version is above another in what both state: 1.36 is above 1.35.2, and 1.35 is not. */
function isAbove(version: string, other: string): boolean {
  const [parts, others] = [version, other].map((text) => text.split('.').map(Number)) as [number[], number[]];
  for (const [index, part] of parts.entries()) {
    const against = others[index];
    if (against === undefined) return false;
    if (part !== against) return part > against;
  }
  return false;
}
