import { listText } from '../../contract/wording.ts';
import type { ClusterPlan } from '../../model/platform.ts';
import type { ExistingCluster } from './existing-clusters.ts';
import { inSubscription } from './arm-answers.ts';
import type { Check, Refusal } from './refusal.ts';

const API = '2025-10-01';

/** The plan that every tier has; other versions live on under AKSLongTermSupport, which takes Premium. */
const COMMUNITY = 'KubernetesOfficial';

type Version = {
  /** A minor: `1.35`. */
  readonly version?: string;
  readonly isPreview?: boolean | null;
  readonly capabilities?: { readonly supportPlan?: readonly string[] };
  readonly patchVersions?: Readonly<Record<string, unknown>>;
};

/** Whether AKS makes clusters of that Kubernetes version in the region. One that runs it already may stay. */
export const kubernetesVersions: Check = {
  id: 'kubernetes-version',
  subject: 'which Kubernetes versions AKS offers',
  look: async ({ run, signal, clusters }) => {
    const { platform } = run.deployment;
    const { region } = platform.fleet;
    const path = inSubscription(run, `Microsoft.ContainerService/locations/${region}/kubernetesVersions`);
    const [answer, there] = await Promise.all([run.world.azure.get(path, API, signal), clusters()]);
    const offered = (answer as { readonly values?: readonly Version[] } | undefined)?.values ?? [];
    const asking = platform.clusters.filter((cluster) => !isThere(cluster, there));
    const wishes = new Map<string, ClusterPlan[]>();
    for (const cluster of asking) {
      const wish = `${cluster.kubernetesVersion} ${cluster.skuTier}`;
      wishes.set(wish, [...(wishes.get(wish) ?? []), cluster]);
    }
    return [...wishes.values()].flatMap((same) => judge(same, offered, region));
  },
};

/** Clusters of one version and one tier. */
function judge(
  clusters: readonly ClusterPlan[],
  offered: readonly Version[],
  region: string,
): readonly Refusal[] {
  const { kubernetesVersion, skuTier } = clusters[0]!;
  const minor = minorOf(kubernetesVersion);
  const found = offered.find(({ version }) => version === minor);
  const title = `Kubernetes ${kubernetesVersion} of ${listText(clusters.map(({ name }) => name))}`;
  const usable = offered.filter((each) => isFor(each, skuTier) && each.isPreview !== true);
  const minors = listText(usable.flatMap(({ version }) => version ?? []).toSorted(byMinor));
  const advice = minors === '' ? 'take another region' : `write \`kubernetes\` as one of ${minors}`;
  if (found === undefined) return [refusal(`${title} is not offered in ${region}`, advice)];
  if (!isFor(found, skuTier)) {
    const message = `${title} is offered in ${region} for long-term support alone, which the ${skuTier} tier has not`;
    return [refusal(message, advice)];
  }
  const patches = Object.keys(found.patchVersions ?? {});
  if (kubernetesVersion !== minor && !patches.includes(kubernetesVersion)) {
    const message = `${title} is no patch of ${minor} that ${region} offers: there are ${listText(patches)}`;
    return [refusal(message, `write \`kubernetes: ${minor}\`: AKS picks the patch`)];
  }
  if (found.isPreview !== true) return [];
  return [{ ...refusal(`${title} is a preview in ${region}, without support`, advice), severity: 'warning' }];
}

function isThere({ name, kubernetesVersion }: ClusterPlan, there: readonly ExistingCluster[]): boolean {
  const running = there.find(({ plan }) => plan.name === name)?.kubernetesVersion;
  if (running === undefined) return false;
  const isMinor = kubernetesVersion === minorOf(kubernetesVersion);
  return running === kubernetesVersion || (isMinor && minorOf(running) === kubernetesVersion);
}

function isFor({ capabilities }: Version, tier: ClusterPlan['skuTier']): boolean {
  // Where no plan is told, there is one for all.
  const plans = capabilities?.supportPlan ?? [COMMUNITY];
  return tier === 'Premium' || plans.includes(COMMUNITY);
}

function minorOf(version: string): string {
  return version.split('.').slice(0, 2).join('.');
}

function byMinor(a: string, b: string): number {
  return Number(a.split('.')[1]) - Number(b.split('.')[1]);
}

function refusal(message: string, advice: string): Refusal {
  return { id: 'kubernetes-version', severity: 'error', message, advice };
}
