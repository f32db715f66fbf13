import { waitFor } from '../base/retry.ts';
import { StepError } from '../base/step-error.ts';
import { countText } from '../contract/wording.ts';
import { ARGO_CD_NAMESPACE } from '../gitops/application-set.ts';
import { LABELS } from '../gitops/cluster-facts.ts';
import type { ClusterPlan } from '../model/platform.ts';
import { refOf } from './bootstrap/objects.ts';
import { hasApiServer, powerOf } from './managed-cluster.ts';
import type { Run } from './run.ts';
import type { Step, StepContext, StepResult } from './step.ts';
import { clusterAtRest } from './stopped-cluster.ts';
import type { Kube, KubeObject, KubeRef } from './world.ts';

/** A load balancer of Azure goes in about a minute. */
const GONE_WAIT_MS = 5 * 60_000;
const LOOK_EVERY_MS = 5000;

const SERVICES = { apiVersion: 'v1', kind: 'Service' } as const;
const APPLICATIONS = {
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  namespace: ARGO_CD_NAMESPACE,
} as const;

/** Argo CD's one loop that would put back what is taken away. */
const CONTROLLER: KubeRef = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  name: 'argocd-application-controller',
  namespace: ARGO_CD_NAMESPACE,
};

/**
 * Argo CD forgets a cluster: its Secret first, or the ApplicationSets would make the Applications again. These have no
 * finalizer: what they made stays until the cluster goes.
 */
export function unregisterStep(run: Run, cluster: ClusterPlan, after: readonly string[]): Step {
  return {
    id: `unregister/${cluster.name}`,
    phase: 'argo-cd',
    title: `Argo CD forgets ${cluster.name}`,
    cluster: cluster.name,
    after,
    run: async (context) => {
      const mgmt = run.deployment.platform.clusters.find(({ role }) => role === 'mgmt');
      const found = mgmt && (await apiServerOf(run, mgmt, context));
      if (found === 'stopped') throw asleep(mgmt!, cluster);
      if (!found) return { isChanged: false, note: 'no Argo CD runs' };
      return forget(found, cluster, context);
    },
  };
}

async function forget(kube: Kube, { name }: ClusterPlan, { signal }: StepContext): Promise<StepResult> {
  const secret = { apiVersion: 'v1', kind: 'Secret', name: `cluster-${name}`, namespace: ARGO_CD_NAMESPACE };
  let isChanged = await kube.delete(secret, signal);
  const applications = await kube.list({ ...APPLICATIONS, labels: `${LABELS.cluster}=${name}` }, signal);
  for (const application of applications) {
    isChanged = (await kube.delete(refOf(application), signal)) || isChanged;
  }
  return { isChanged, note: countText(applications.length, 'Application') };
}

function asleep(mgmt: ClusterPlan, { name }: ClusterPlan): StepError {
  const aks = `--resource-group ${mgmt.resourceGroup} --name ${mgmt.resourceName}`;
  return new StepError(`${mgmt.name} is stopped, and Argo CD on it would look for ${name} when it wakes`, {
    advice: `start it, then run the same command again: az aks start ${aks}`,
  });
}

/** Before the whole fleet goes: nothing heals any more. */
export function stopArgoCdStep(run: Run, mgmt: ClusterPlan, after: readonly string[]): Step {
  return {
    id: 'argo-cd/stop',
    phase: 'argo-cd',
    title: 'Argo CD stops',
    cluster: mgmt.name,
    after,
    run: async (context) => {
      const kube = await apiServerOf(run, mgmt, context);
      if (!kube || kube === 'stopped') return { isChanged: false, note: 'no Argo CD runs' };
      return { isChanged: await kube.delete(CONTROLLER, context.signal) };
    },
  };
}

/**
 * Load balancers that Services asked for go before the cluster does: they may lie in other groups and hold addresses and
 * rules there, which nobody would clean up after it. Of a cluster that is stopped none can be asked.
 */
export function clearStep(run: Run, cluster: ClusterPlan, after: readonly string[]): Step {
  return {
    id: `clear/${cluster.name}`,
    phase: 'bootstrap',
    title: `What ${cluster.name} made in Azure`,
    cluster: cluster.name,
    after,
    run: async (context) => {
      try {
        const kube = await apiServerOf(run, cluster, context);
        if (!kube || kube === 'stopped') return { isChanged: false, note: kube ?? 'no API server' };
        const count = await clearBalancers(run, cluster, kube, context);
        return { isChanged: count > 0, note: countText(count, 'load balancer') };
      } catch (error) {
        context.signal.throwIfAborted();
        throw error instanceof StepError ? withWayOut(error, cluster) : error;
      }
    },
  };
}

/** An API server that never answers again must not keep its cluster for ever: that may go first, whatever is in it. */
function withWayOut(error: StepError, { resourceGroup, resourceName }: ClusterPlan): StepError {
  const away = `az aks delete --resource-group ${resourceGroup} --name ${resourceName}`;
  const advice = `delete the cluster yourself, then run the same command again, which takes the rest: ${away}`;
  return new StepError(error.message, {
    cause: error,
    advice: [error.advice, advice].filter(Boolean).join('; or, where that cannot be, '),
  });
}

/** Until none is left. One that comes again, since something still heals, is deleted again. */
async function clearBalancers(
  run: Run,
  cluster: ClusterPlan,
  kube: Kube,
  { signal, report }: StepContext,
): Promise<number> {
  const { clock } = run.world;
  const known = new Set<string>();
  let left: readonly KubeObject[] = [];
  const clear = async (): Promise<true | undefined> => {
    left = await balancers(kube, signal);
    if (left.length === 0) return true;
    for (const service of left) {
      known.add(placeOf(service));
      if (service.metadata['deletionTimestamp'] === undefined) await kube.delete(refOf(service), signal);
    }
    report(`waiting for ${countText(left.length, 'load balancer')} to go`);
    return undefined;
  };
  const deadline = { deadlineMs: GONE_WAIT_MS, everyMs: LOOK_EVERY_MS, now: clock.now };
  if ((await waitFor(clear, deadline, { signal, sleep: clock.sleep })) === true) return known.size;
  throw new StepError(`load balancers of ${cluster.name} do not go: ${left.map(placeOf).join(', ')}`, {
    advice: 'look at the events of these Services, then run the same command again',
  });
}

async function balancers(kube: Kube, signal: AbortSignal): Promise<readonly KubeObject[]> {
  const services = await kube.list(SERVICES, signal);
  return services.filter(
    ({ spec }) => (spec as { readonly type?: unknown } | undefined)?.type === 'LoadBalancer',
  );
}

/** The API server of a cluster that is there and runs; undefined where there is none. */
async function apiServerOf(
  run: Run,
  cluster: ClusterPlan,
  context: StepContext,
): Promise<Kube | 'stopped' | undefined> {
  const found = await clusterAtRest(run, cluster, context);
  if (powerOf(found) === 'Stopped') return 'stopped';
  return hasApiServer(found) ? run.world.kube(cluster.name, context.signal) : undefined;
}

function placeOf({ metadata: { name, namespace } }: KubeObject): string {
  return `${namespace}/${name}`;
}
