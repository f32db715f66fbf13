import { waitFor } from '../base/retry.ts';
import { StepError } from '../base/step-error.ts';
import { MANAGED_CLUSTER_API } from './managed-cluster.ts';
import type { StepContext } from './step.ts';
import type { Azure, Clock } from './world.ts';

type Tools = { readonly azure: Pick<Azure, 'get'>; readonly clock: Clock };

/** No resource of azurerm may take longer to be made than a cluster, by its default timeout of a create. */
const AT_WORK_MAX_MINUTES = 90;
const LOOK_EVERY_MS = 10_000;

/** Provisioning states in which Azure is done, and the one whose end nobody here waits for. */
const SETTLED: readonly string[] = ['Succeeded', 'Failed', 'Canceled', 'Deleting'];

const DOING: Readonly<Record<string, string>> = { Creating: 'creating it', Updating: 'updating it' };

/** What takes minutes to make and holds data: the rest is cheaply made anew. As azurerm 5.2.0 asks for them. */
const API_VERSIONS: readonly (readonly [RegExp, string])[] = [
  [/\/managedClusters\/[^/]+$/i, MANAGED_CLUSTER_API],
  [/\/managedClusters\/[^/]+\/agentPools\/[^/]+$/i, MANAGED_CLUSTER_API],
  [/\/Microsoft\.KeyVault\/vaults\/[^/]+$/i, '2026-02-01'],
  [/\/Microsoft\.ContainerRegistry\/registries\/[^/]+$/i, '2025-11-01'],
  [/\/Microsoft\.OperationalInsights\/workspaces\/[^/]+$/i, '2025-07-01'],
];

/**
 * The provisioning state of what a broken apply left behind, once Azure is no longer at work on it: a cluster goes on
 * being made when whoever asked for it is gone, and until then refuses every other change with a 409. Undefined for what is
 * not there, and for what is cheaply made anew. Throws a StepError when Azure does not come to an end.
 */
export async function settledState(
  { address, id }: { readonly address: string; readonly id: string },
  { azure, clock }: Tools,
  { signal, report }: StepContext,
): Promise<string | undefined> {
  const [, apiVersion] = API_VERSIONS.find(([pattern]) => pattern.test(id)) ?? [];
  if (apiVersion === undefined) return undefined;
  let last = '';
  const look = async (): Promise<{ readonly state: string | undefined } | undefined> => {
    const state = stateOf(await azure.get(id, apiVersion, signal));
    if (state === undefined || SETTLED.includes(state)) return { state };
    last = state;
    report(`${address}: Azure is still ${DOING[state] ?? `at work on it (${state})`}, waiting for the end`);
    return undefined;
  };
  const deadline = { deadlineMs: AT_WORK_MAX_MINUTES * 60_000, everyMs: LOOK_EVERY_MS, now: clock.now };
  const found = await waitFor(look, deadline, { signal, sleep: clock.sleep });
  if (found) return found.state;
  throw new StepError(`${address} is in the state ${last} after ${AT_WORK_MAX_MINUTES} minutes of waiting`, {
    advice: `run the same command again once Azure is done with it; look at it: az resource show --ids ${id}`,
  });
}

function stateOf(resource: unknown): string | undefined {
  const found = resource as { readonly properties?: { readonly provisioningState?: unknown } } | undefined;
  const state = found?.properties?.provisioningState;
  return typeof state === 'string' ? state : undefined;
}
