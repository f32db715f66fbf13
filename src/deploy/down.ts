import { StepError } from '../base/step-error.ts';
import { listText } from '../contract/wording.ts';
import type { ClusterPlan } from '../model/platform.ts';
import { destroyRoot } from './apply-root.ts';
import type { RootOutlook } from './ask.ts';
import { clearStep, stopArgoCdStep, unregisterStep } from './clear-cluster.ts';
import { deploy, type DeployOptions, type Outcome } from './deploy.ts';
import { farewellOf } from './farewell.ts';
import { takeLease } from './lease.ts';
import { MANAGED_CLUSTER_API, managedClusterPath } from './managed-cluster.ts';
import { lookBack } from './outlook.ts';
import { isWithoutPlace, openValues } from './preflight/open-values.ts';
import { checkSignIn } from './preflight/sign-in.ts';
import { clusterRoot, rootFolder, rootPaths } from './roots.ts';
import type { Run } from './run.ts';
import { hasStateStore } from './state-store.ts';
import type { Step, StepContext } from './step.ts';

/**
 * Takes a fleet down, or some of its app clusters: what workloads made first, the app clusters, mgmt, the keeper, and the
 * foundation last. The store of the states stays. A second run goes on where the first one stopped.
 */
export function down(
  run: Run,
  clusters: readonly string[] | undefined,
  options: DeployOptions,
): Promise<Outcome> {
  return deploy(run, options, (onLost) => downSteps(run, clusters, { ...options, onLost }));
}

type StepOptions = Pick<DeployOptions, 'parallel'> & { readonly onLost: (error: Error) => void };

/** The steps of `down`: of the whole fleet, or of the named clusters alone. Throws for a cluster that must not go alone. */
export function downSteps(
  run: Run,
  names: readonly string[] | undefined,
  options: StepOptions,
): readonly Step[] {
  const { platform } = run.deployment;
  const mgmt = platform.clusters.find(({ role }) => role === 'mgmt');
  const chosen = names ? platform.clusters.filter(({ name }) => names.includes(name)) : platform.clusters;
  if (names && mgmt && chosen.includes(mgmt)) {
    throw new StepError(`${mgmt.name} cannot go alone: Argo CD on it keeps the other clusters`, {
      advice: 'take the whole fleet down, without --clusters',
    });
  }
  const paths = names ? chosen.map(({ name }) => clusterRoot(name)) : rootPaths(platform);
  const there = new Set<string>();
  const look = lookStep(run, { ...options, paths, there, clusters: chosen, isWhole: !names });
  const whereThere = (path: string, step: Step): Step => ({
    ...step,
    run: async (context) =>
      there.has(path) ? step.run(context) : { isChanged: false, note: 'nothing is there' },
  });
  const go = (path: string, title: string, after: readonly string[]): Step =>
    whereThere(path, destroyStep(run, { path, title, after }));
  const goCluster = (cluster: ClusterPlan, after: readonly string[]): readonly Step[] => {
    const path = clusterRoot(cluster.name);
    const clear = clearStep(run, cluster, after);
    const gone = go(path, `Cluster ${cluster.name}`, [clear.id]);
    return [whereThere(path, clear), { ...gone, cluster: cluster.name }];
  };
  const apps = chosen.filter((cluster) => cluster !== mgmt);
  if (names) {
    const forgotten = apps.map((cluster) => unregisterStep(run, cluster, [look.id]));
    return [
      look,
      ...apps.flatMap((cluster, index) => [
        whereThere(clusterRoot(cluster.name), forgotten[index]!),
        ...goCluster(cluster, [forgotten[index]!.id]),
      ]),
    ];
  }
  const stop = mgmt ? [whereThere(clusterRoot(mgmt.name), stopArgoCdStep(run, mgmt, [look.id]))] : [];
  const first = [look, ...stop].at(-1)!.id;
  const rootsOfApps = apps.map(({ name }) => clusterRoot(name));
  const rootsOfClusters = chosen.map(({ name }) => clusterRoot(name));
  const keeper = paths.includes('keeper') ? ['keeper'] : [];
  return [
    look,
    ...stop,
    ...apps.flatMap((cluster) => goCluster(cluster, [first])),
    ...(mgmt ? goCluster(mgmt, [first, ...rootsOfApps]) : []),
    ...keeper.map((path) => go(path, 'Keeper', rootsOfClusters)),
    go('foundation', 'Foundation', [...rootsOfClusters, ...keeper]),
  ];
}

type Looking = StepOptions & {
  readonly paths: readonly string[];
  readonly clusters: readonly ClusterPlan[];
  readonly isWhole: boolean;
  /** Filled with the roots that have something, once somebody has agreed to let go of them. */
  readonly there: Set<string>;
};

/** What there is, and whether it may go. */
function lookStep(run: Run, options: Looking): Step {
  return {
    id: 'look',
    phase: 'preflight',
    title: 'What would go',
    after: [],
    run: async (context) => {
      await refuseStranger(run, context.signal);
      const roots = await rootsThere(run, options, context);
      await refuseStateless(run, roots, options.clusters, context.signal);
      if (roots.length === 0) return { isChanged: false, note: 'nothing is there' };
      await run.ask.end(farewellOf(run, roots, options.isWhole), context.signal);
      for (const { root } of roots) options.there.add(root);
      return { isChanged: false };
    },
  };
}

/** The roots whose states hold something. */
async function rootsThere(
  run: Run,
  { paths, parallel, onLost }: Looking,
  context: StepContext,
): Promise<readonly RootOutlook[]> {
  if (!(await hasStateStore(run, context.signal))) return [];
  await takeLease(run, onLost, context);
  const looked = await lookBack(run, { paths, atOnce: parallel }, context);
  return looked.filter((of) => of.kind === 'planned' && of.changes.length > 0);
}

/** The first of what preflight would tell of the sign-in and the subscription. */
async function refuseStranger(run: Run, signal: AbortSignal): Promise<void> {
  const refusals = isWithoutPlace(run.deployment)
    ? openValues(run.deployment)
    : await checkSignIn(run, signal);
  const found = refusals.find(({ severity }) => severity === 'error');
  if (found) throw new StepError(found.message, { advice: found.advice });
}

/**
 * A cluster that is in Azure and in no state is one that a killed run made, or one whose states are elsewhere: what is
 * told to be gone must not run on.
 */
async function refuseStateless(
  run: Run,
  roots: readonly RootOutlook[],
  clusters: readonly ClusterPlan[],
  signal: AbortSignal,
): Promise<void> {
  const lost: string[] = [];
  for (const cluster of clusters) {
    if (roots.some(({ root }) => root === clusterRoot(cluster.name))) continue;
    const path = managedClusterPath(run.deployment, cluster);
    if ((await run.world.azure.get(path, MANAGED_CLUSTER_API, signal)) !== undefined) lost.push(cluster.name);
  }
  if (lost.length === 0) return;
  const [are, them] = lost.length === 1 ? ['is', 'it'] : ['are', 'them'];
  throw new StepError(`${listText(lost)} ${are} in Azure, and no state that was looked at knows of ${them}`, {
    advice:
      'where the states are kept elsewhere, say so with --state; after a run that was killed, run `bulkhead up`, ' +
      `which takes ${them} over, and then this again`,
  });
}

function destroyStep(run: Run, step: Pick<Step, 'title' | 'after'> & { readonly path: string }): Step {
  const { path, title, after } = step;
  return {
    id: path,
    phase: path === 'keeper' || path === 'foundation' ? path : 'clusters',
    title,
    after,
    run: async (context) => {
      const root = await rootFolder(run, path, context.signal);
      if (!root) throw new Error(`${path} was looked at without the foundation`);
      return destroyRoot(root, run.world, context);
    },
  };
}
