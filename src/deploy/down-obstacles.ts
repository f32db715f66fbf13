import { StepError } from '../base/step-error.ts';
import { listText } from '../contract/wording.ts';
import type { ClusterPlan } from '../model/platform.ts';
import type { RootOutlook } from './ask.ts';
import { MANAGED_CLUSTER_API, managedClusterPath } from './managed-cluster.ts';
import { forgottenCluster } from './preflight/forgotten-cluster.ts';
import { forgottenKeeper } from './preflight/forgotten-keeper.ts';
import { inquiryOf } from './preflight/inquiry.ts';
import { isWithoutPlace, openValues } from './preflight/open-values.ts';
import type { Refusal } from './preflight/refusal.ts';
import { checkSignIn } from './preflight/sign-in.ts';
import { statePlace } from './preflight/state-place.ts';
import { RESOURCE_GROUP_API, resourceGroupPath } from './resource-group.ts';
import { clusterRoot } from './roots.ts';
import type { Run } from './run.ts';

/** What is to go: the whole fleet, or some of its clusters. */
export type Going = { readonly clusters: readonly ClusterPlan[]; readonly isWhole: boolean };

/**
 * Of what preflight would tell, the first that a `down` would come to a bad end at: who is signed in, where the states are
 * and, for the whole fleet, clusters and a keeper that the file no longer has. What cannot be asked is refused too: nobody
 * gets back what is destroyed.
 */
export async function refuseUnfit(run: Run, { isWhole }: Going, signal: AbortSignal): Promise<void> {
  if (isWithoutPlace(run.deployment)) refuseFirst(openValues(run.deployment));
  refuseFirst(await checkSignIn(run, signal));
  const inquiry = inquiryOf(run, signal);
  refuseFirst(await statePlace.look(inquiry));
  if (!isWhole) return;
  // One run takes them all: no need to let them go one by one before it.
  const advice = 'run the same command with the file as it was before: that takes everything';
  for (const { look } of [forgottenCluster, forgottenKeeper]) {
    refuseFirst((await look(inquiry)).map((refusal) => ({ ...refusal, advice })));
  }
}

/**
 * What is in Azure and in no state is what a killed run made, or what has its states elsewhere: what is told to be gone
 * must not run on. Clusters are asked for, and for the whole fleet the group of its foundation, where nothing is known of
 * them.
 */
export async function refuseStateless(
  run: Run,
  roots: readonly RootOutlook[],
  { clusters, isWhole }: Going,
  signal: AbortSignal,
): Promise<void> {
  const { deployment, world } = run;
  const isKnown = (path: string): boolean => roots.some(({ root }) => root === path);
  const isThere = async (path: string, api: string): Promise<boolean> =>
    (await world.azure.get(path, api, signal)) !== undefined;
  const lost: string[] = [];
  for (const cluster of clusters) {
    if (isKnown(clusterRoot(cluster.name))) continue;
    if (await isThere(managedClusterPath(deployment, cluster), MANAGED_CLUSTER_API)) lost.push(cluster.name);
  }
  const { resourceGroup } = deployment.platform.names;
  const group = resourceGroupPath(deployment, resourceGroup);
  if (isWhole && !isKnown('foundation') && (await isThere(group, RESOURCE_GROUP_API)))
    lost.push(`the resource group ${resourceGroup}`);
  if (lost.length === 0) return;
  const [are, them] = lost.length === 1 ? ['is', 'it'] : ['are', 'them'];
  throw new StepError(`${listText(lost)} ${are} in Azure, and no state that was looked at knows of ${them}`, {
    advice:
      'where the states are kept elsewhere, say so with --state; after a run that was killed, run `bulkhead up`, ' +
      `which takes ${them} over, and then this again`,
  });
}

function refuseFirst(refusals: readonly Refusal[]): void {
  const found = refusals.find(({ severity }) => severity === 'error');
  if (found) throw new StepError(found.message, { advice: found.advice });
}
