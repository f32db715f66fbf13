import { ARGO_CD_NAMESPACE } from '../../gitops/application-set.ts';
import { deploymentLack, rolloutLack, withPods } from '../bootstrap/rollout.ts';
import { awaitNothing } from '../bootstrap/wait.ts';
import type { StepContext, StepResult } from '../step.ts';
import type { Clock, Kube } from '../world.ts';

/** The two without which nothing is kept and nobody sees it; the chart makes more, which count as well. */
const NEEDED = ['StatefulSet argocd-application-controller', 'Deployment argocd-server'] as const;

/** Waits for the webhook that gives pods their token: one that is admitted before it has none, and never gets one. */
export async function awaitIdentityWebhook(
  kube: Kube,
  clock: Clock,
  context: StepContext,
): Promise<StepResult> {
  const webhook = { name: 'azure-wi-webhook-controller-manager', namespace: 'kube-system' };
  const wait = {
    unmet: 'the workload-identity webhook of mgmt does not run',
    minutes: 10,
    everySeconds: 5,
    advice: `AKS brings it with workload identity: look at the pods of kube-system on mgmt`,
  };
  await awaitNothing(() => deploymentLack(kube, webhook, context.signal), wait, clock, context);
  return { isChanged: false, note: 'runs' };
}

/** Waits until all of Argo CD's own workloads run. */
export async function awaitArgoCd(kube: Kube, clock: Clock, context: StepContext): Promise<StepResult> {
  const { signal } = context;
  let count = 0;
  const lack = async (): Promise<string | undefined> => {
    const kinds = ['Deployment', 'StatefulSet'] as const;
    const lists = await Promise.all(
      kinds.map((kind) => kube.list({ apiVersion: 'apps/v1', kind, namespace: ARGO_CD_NAMESPACE }, signal)),
    );
    const workloads = lists.flat();
    count = workloads.length;
    const there = new Set(workloads.map(({ kind, metadata }) => `${kind} ${metadata.name}`));
    const lacks = [
      ...NEEDED.filter((needed) => !there.has(needed)).map((needed) => `${needed} is not there`),
      ...workloads.flatMap((workload) => rolloutLack(workload) ?? []),
    ];
    return lacks.length === 0 ? undefined : withPods(kube, lacks, { namespace: ARGO_CD_NAMESPACE }, signal);
  };
  const wait = {
    unmet: 'Argo CD does not run',
    minutes: 10,
    everySeconds: 5,
    advice: `look at the pods of ${ARGO_CD_NAMESPACE} on mgmt`,
  };
  await awaitNothing(lack, wait, clock, context);
  return { isChanged: false, note: `${count} workloads` };
}
