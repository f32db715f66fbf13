import { StepError } from '../../base/step-error.ts';
import type { Run } from '../run.ts';
import { callerAddress } from './caller-address.ts';
import { clusterState } from './cluster-state.ts';
import { existingClusters, forgottenClusters, listClusters } from './existing-clusters.ts';
import { forgottenCluster } from './forgotten-cluster.ts';
import { gitRevision } from './git-revision.ts';
import { registryName, stateAccountName } from './global-names.ts';
import { kubernetesVersions } from './kubernetes-versions.ts';
import { logWorkspaceName } from './log-workspace-name.ts';
import { isWithoutPlace, openValues } from './open-values.ts';
import { grantsOf } from './grants.ts';
import { permissions } from './permissions.ts';
import { privateApiServer } from './private-api-server.ts';
import { providerRegistration } from './provider-registration.ts';
import type { Check, Inquiry, Refusal } from './refusal.ts';
import { checkSignIn } from './sign-in.ts';
import { statePlace } from './state-place.ts';
import { tools } from './tools.ts';
import { vaultName } from './vault-name.ts';
import { vcpuQuota } from './vcpu-quota.ts';
import { vmSizes } from './vm-sizes.ts';

export type { Refusal } from './refusal.ts';

/** In the order in which a person is told. */
const CHECKS: readonly Check[] = [
  tools,
  permissions,
  providerRegistration,
  vcpuQuota,
  vmSizes,
  kubernetesVersions,
  vaultName,
  registryName,
  stateAccountName,
  statePlace,
  logWorkspaceName,
  callerAddress,
  gitRevision,
  clusterState,
  forgottenCluster,
  privateApiServer,
];

/**
 * What stands in the way of a deployment, all of it at once and always in the same order; nothing is changed. Where the
 * fleet file names no subscription, or nobody is signed in to it, that alone is told, since nothing else can be asked.
 * What cannot be asked for another reason, a missing right for one, is a warning that names it. Rejects when it is
 * stopped.
 */
export async function preflight(run: Run, signal: AbortSignal): Promise<readonly Refusal[]> {
  const open = openValues(run.deployment);
  if (isWithoutPlace(run.deployment)) return open;
  const signIn = await checkSignIn(run, signal);
  if (signIn.some(({ severity }) => severity === 'error')) return signIn;
  const listed = once(() => listClusters(run, signal));
  const inquiry: Inquiry = {
    run,
    signal,
    clusters: once(async () => existingClusters(run, await listed())),
    forgotten: once(async () => forgottenClusters(run, await listed())),
    grants: once(() => grantsOf(run, signal)),
  };
  const told = await Promise.all(CHECKS.map((check) => answerOf(check, inquiry)));
  signal.throwIfAborted();
  return [...open, ...signIn, ...told.flat()];
}

async function answerOf({ id, subject, look }: Check, inquiry: Inquiry): Promise<readonly Refusal[]> {
  try {
    return await look(inquiry);
  } catch (error) {
    inquiry.signal.throwIfAborted();
    if (!(error instanceof StepError)) throw error;
    const message = `${subject} could not be checked: ${error.message}`;
    return [{ id, severity: 'warning', message, advice: error.advice ?? 'look at it yourself' }];
  }
}

/** Asks when first asked, and never again. */
function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => (answer ??= ask());
}
