import { waitFor } from '../base/retry.ts';
import { StepError } from '../base/step-error.ts';
import type { ClusterPlan } from '../model/platform.ts';
import { MANAGED_CLUSTER_API, managedClusterPath, powerOf } from './managed-cluster.ts';
import type { Run } from './run.ts';
import type { StepContext } from './step.ts';

/** Azure asks for 15 to 30 minutes between a stop and a start (learn.microsoft.com, aks/start-stop-cluster). */
const REST_WAIT_MS = 30 * 60_000;
const LOOK_EVERY_MS = 10_000;

/** What ends by itself, and refuses everything else until then. */
const UNDER_WAY: readonly (string | undefined)[] = ['Starting', 'Stopping', 'Deleting'];

/** A cluster as ARM answers it, once it neither falls asleep, nor wakes, nor goes; undefined where there is none. */
export function clusterAtRest(run: Run, cluster: ClusterPlan, context: StepContext): Promise<unknown> {
  return awaitCluster(run, cluster, context, (answer) => !UNDER_WAY.includes(stateOf(answer)));
}

/**
 * Deletes a cluster that is stopped, past Terraform, which would take its pools away before it: one that is stopped takes
 * a start and a delete alone (learn.microsoft.com, aks/start-stop-cluster). Terraform finds it and them gone. False where
 * it runs, or is not there.
 */
export async function deleteStopped(run: Run, cluster: ClusterPlan, context: StepContext): Promise<boolean> {
  if (powerOf(await clusterAtRest(run, cluster, context)) !== 'Stopped') return false;
  context.report('deleting it whole: while it is stopped, its pools cannot go before it');
  const path = managedClusterPath(run.deployment, cluster);
  await run.world.azure.delete(path, MANAGED_CLUSTER_API, context.signal);
  await awaitCluster(run, cluster, context, (answer) => answer === undefined);
  return true;
}

async function awaitCluster(
  { deployment, world }: Run,
  cluster: ClusterPlan,
  { signal, report }: StepContext,
  isFit: (answer: unknown) => boolean,
): Promise<unknown> {
  const { azure, clock } = world;
  const path = managedClusterPath(deployment, cluster);
  let state = 'there';
  const look = async (): Promise<{ readonly answer: unknown } | undefined> => {
    const answer = await azure.get(path, MANAGED_CLUSTER_API, signal);
    if (isFit(answer)) return { answer };
    state = stateOf(answer) ?? 'there';
    report(`waiting for ${cluster.name}, which is ${state}`);
    return undefined;
  };
  const deadline = { deadlineMs: REST_WAIT_MS, everyMs: LOOK_EVERY_MS, now: clock.now };
  const found = await waitFor(look, deadline, { signal, sleep: clock.sleep });
  if (found) return found.answer;
  const { resourceGroup, resourceName } = cluster;
  throw new StepError(`${cluster.name} is still ${state} after ${REST_WAIT_MS / 60_000} minutes`, {
    advice: `look at it, then run the same command again: az aks show --resource-group ${resourceGroup} --name ${resourceName}`,
  });
}

function stateOf(cluster: unknown): string | undefined {
  const { properties } = (cluster ?? {}) as { readonly properties?: { readonly provisioningState?: string } };
  return properties?.provisioningState;
}
