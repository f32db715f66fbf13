import { ARGO_CD_NAMESPACE } from '../../gitops/application-set.ts';
import { argoCdIdentity } from '../../gitops/cluster-facts.ts';
import { argoCdIdentityValues } from '../../gitops/components/argo-cd.ts';
import type { ClusterPlan } from '../../model/platform.ts';
import { applyChart } from '../bootstrap/chart.ts';
import { applyObjects, objectsIn } from '../bootstrap/objects.ts';
import { bootstrapped } from '../bootstrap/steps.ts';
import type { Run } from '../run.ts';
import type { Step, StepContext, StepResult } from '../step.ts';
import type { Kube } from '../world.ts';
import { awaitApplications } from './applications.ts';
import { applicationSets, type ApplicationSet, expectedApplications } from './expected-applications.ts';
import { register } from './register.ts';
import { handOver } from './root.ts';
import { bringRedisPassword, bringRepository } from './secrets.ts';
import { awaitArgoCd, awaitIdentityWebhook } from './workloads.ts';

/** How long a fresh fleet may take to pull its images and settle. */
const SETTLED_MINUTES = 30;

export type ArgoCdOptions = {
  /** Those that this run brings up, mgmt among them; all where absent. */
  readonly clusters?: readonly ClusterPlan[];
  /** How long Applications may take to be Synced and Healthy; 30 where absent. */
  readonly settledMinutes?: number;
};

/**
 * Argo CD on mgmt, and what it has to know. Each cluster is registered, and its Applications waited for, in steps of its
 * own after its own bootstrap, so that a cluster that fails leaves the others in order. None in a fleet without mgmt.
 */
export function argoCdSteps(run: Run, options: ArgoCdOptions = {}): readonly Step[] {
  const { clusters = run.deployment.platform.clusters, settledMinutes = SETTLED_MINUTES } = options;
  const mgmt = clusters.find(({ role }) => role === 'mgmt');
  if (!mgmt) return [];
  const { platform, tree } = run.deployment;
  // Read when the first cluster waits, and once.
  let sets: readonly ApplicationSet[] | undefined;
  const expectedOf = (cluster: ClusterPlan): readonly string[] =>
    expectedApplications((sets ??= applicationSets(tree)), platform, cluster);
  return [
    ...installSteps(run, mgmt),
    ...clusters.flatMap((cluster) => clusterSteps(run, { mgmt, cluster, settledMinutes, expectedOf })),
  ];
}

function installSteps(run: Run, mgmt: ClusterPlan): readonly Step[] {
  const { clock } = run.world;
  const { tree } = run.deployment;
  const step = stepsOn(run, mgmt);
  const namespaces = objectsPath(mgmt);
  return [
    step('webhook', 'Workload identity on mgmt', [bootstrapped(run, mgmt)], (kube, context) =>
      awaitIdentityWebhook(kube, clock, context),
    ),
    step('namespaces', 'Namespaces of mgmt', [bootstrapped(run, mgmt)], (kube, context) =>
      applyObjects({ kube, clock }, objectsIn(tree, namespaces), {}, context),
    ),
    step('redis', "Password of Argo CD's Redis", ['argo-cd/namespaces'], (kube, context) =>
      bringRedisPassword(run, kube, context),
    ),
    step('repository', 'Git repository of Argo CD', ['argo-cd/namespaces'], (kube, context) =>
      bringRepository(run, kube, context),
    ),
    step('chart', 'Argo CD', ['argo-cd/webhook', 'argo-cd/redis'], (_, context) =>
      applyArgoCd(run, mgmt, context),
    ),
    step('ready', 'Argo CD runs', ['argo-cd/chart'], (kube, context) => awaitArgoCd(kube, clock, context)),
    step(
      'root',
      'Tree of Argo CD',
      ['argo-cd/ready', 'argo-cd/repository', registered(mgmt)],
      (kube, context) => handOver(run, kube, context),
    ),
  ];
}

function clusterSteps(
  run: Run,
  plan: {
    readonly mgmt: ClusterPlan;
    readonly cluster: ClusterPlan;
    readonly settledMinutes: number;
    readonly expectedOf: (cluster: ClusterPlan) => readonly string[];
  },
): readonly Step[] {
  const { mgmt, cluster, settledMinutes: minutes } = plan;
  const step = stepsOn(run, mgmt);
  const { name } = cluster;
  const own = (made: Step): Step => ({ ...made, cluster: name });
  return [
    own(
      step(
        `register/${name}`,
        `Argo CD knows ${name}`,
        ['argo-cd/namespaces', bootstrapped(run, cluster)],
        (kube, context) => register(run, kube, cluster, context),
      ),
    ),
    own(
      step(
        `applications/${name}`,
        `Applications of ${name}`,
        ['argo-cd/root', registered(cluster)],
        (kube, context) =>
          awaitApplications(run, kube, { cluster, expected: plan.expectedOf(cluster), minutes }, context),
      ),
    ),
  ];
}

/** Its accounts sign in to app clusters under the client id that Terraform made; the ApplicationSet gives the same. */
function applyArgoCd(run: Run, mgmt: ClusterPlan, context: StepContext): Promise<StepResult> {
  const { deployment, found } = run;
  const clientId = found.foundation?.clientIds[argoCdIdentity(deployment.platform)];
  if (clientId === undefined) throw new Error('the foundation does not tell as whom Argo CD signs in');
  const heart = {
    apiVersion: 'apps/v1',
    kind: 'StatefulSet',
    name: 'argocd-application-controller',
    namespace: ARGO_CD_NAMESPACE,
  };
  return applyChart(
    run,
    mgmt,
    { component: 'argo-cd', values: argoCdIdentityValues(clientId), heart },
    context,
  );
}

/** Makes steps that work on a cluster. */
function stepsOn(run: Run, cluster: ClusterPlan) {
  return (
    name: string,
    title: string,
    after: readonly string[],
    bring: (kube: Kube, context: StepContext) => Promise<StepResult>,
  ): Step => ({
    id: `argo-cd/${name}`,
    phase: 'argo-cd',
    title,
    cluster: cluster.name,
    after,
    run: async (context) => bring(await run.world.kube(cluster.name, context.signal), context),
  });
}

function registered({ name }: ClusterPlan): string {
  return `argo-cd/register/${name}`;
}

function objectsPath({ name }: ClusterPlan): string {
  return `gitops/clusters/${name}/namespaces.yaml`;
}
