import { StepError } from '../../base/step-error.ts';
import type { Run } from '../run.ts';
import { callerAddress } from './caller-address.ts';
import { clusterState } from './cluster-state.ts';
import { forgottenCluster } from './forgotten-cluster.ts';
import { forgottenKeeper } from './forgotten-keeper.ts';
import { gitRevision } from './git-revision.ts';
import { registryName, stateAccountName } from './global-names.ts';
import { kubernetesVersions } from './kubernetes-versions.ts';
import { logWorkspaceName } from './log-workspace-name.ts';
import { isWithoutPlace, openValues } from './open-values.ts';
import { inquiryOf } from './inquiry.ts';
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
  forgottenKeeper,
  privateApiServer,
];

/** What asks nothing of Azure. */
const WITHOUT_AZURE: ReadonlySet<Check> = new Set([tools, gitRevision]);

/**
 * What stands in the way of a deployment, all of it at once and always in the same order; nothing is changed. Where the
 * fleet file names no subscription, or nobody is signed in to it, Azure is asked nothing more.
 * What cannot be asked for another reason, a missing right for one, is a warning that names it. Rejects when it is
 * stopped.
 */
export async function preflight(run: Run, signal: AbortSignal): Promise<readonly Refusal[]> {
  const open = openValues(run.deployment);
  const isPlaced = !isWithoutPlace(run.deployment);
  const signIn = isPlaced ? await checkSignIn(run, signal) : [];
  const isInAzure = isPlaced && signIn.every(({ severity }) => severity !== 'error');
  const inquiry = inquiryOf(run, signal);
  const checks = CHECKS.filter((check) => isInAzure || WITHOUT_AZURE.has(check));
  const told = await Promise.all(checks.map((check) => answerOf(check, inquiry)));
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
