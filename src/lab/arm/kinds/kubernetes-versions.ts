import { aksVersions, defaultAksVersion } from '../../../catalog/aks-versions.ts';
import type { ArmKind } from '../kind.ts';
import type { ArmBody } from '../resource.ts';

/** The patch that AKS is said to have of every minor here; which one is of no account. */
const PATCH = 0;

/**
 * `…/locations/koreacentral/kubernetesVersions`, the same in every region. The list is called `values`
 * (learn.microsoft.com, rest/api/aks/managed-clusters/list-kubernetes-versions).
 */
const versions: ArmKind = {
  type: 'microsoft.containerservice/locations/kubernetesversions',
  collection: () => ({ values: aksVersions().map(({ minor }) => versionOf(minor)) }),
};

export const kubernetesVersions: readonly ArmKind[] = [versions];

function versionOf(minor: string): ArmBody {
  const others = aksVersions().map((version) => version.minor);
  const next = others[others.indexOf(minor) + 1];
  return {
    version: minor,
    isDefault: minor === defaultAksVersion(),
    isPreview: null,
    capabilities: { supportPlan: ['KubernetesOfficial', 'AKSLongTermSupport'] },
    patchVersions: {
      [`${minor}.${PATCH}`]: { upgrades: next === undefined ? [] : [`${next}.${PATCH}`] },
    },
  };
}
