import { StepError } from '../base/step-error.ts';
import type { ClusterPlan } from '../model/platform.ts';
import { destroyRoot } from './apply-root.ts';
import type { RootOutlook } from './ask.ts';
import { clearStep, stopArgoCdStep, unregisterStep } from './clear-cluster.ts';
import { deploy, type DeployOptions, type Outcome } from './deploy.ts';
import { type Going, refuseStateless, refuseUnfit } from './down-obstacles.ts';
import { farewellOf } from './farewell.ts';
import { takeLease } from './lease.ts';
import { lookBack } from './outlook.ts';
import { clusterRoot, rootFolder, rootPaths } from './roots.ts';
import type { Run } from './run.ts';
import { hasStateStore } from './state-store.ts';
import type { Step, StepContext } from './step.ts';
import { deleteStopped } from './stopped-cluster.ts';

/**
 * Takes a fleet down, or some of its app clusters: what workloads made first, the app clusters, mgmt, the keeper, and the
 * foundation last. The store of the states stays. A second run goes on where the first one stopped.
 */
export function down(run: Run, part: DownPart | undefined, options: DeployOptions): Promise<Outcome> {
  return deploy(run, options, (onLost) => downSteps(run, part, { ...options, onLost }));
}

/** What goes where not all does: app clusters by name, or what runs the schedule. */
export type DownPart = { readonly clusters: readonly string[]; readonly hasKeeper: boolean };

type StepOptions = Pick<DeployOptions, 'parallel'> & { readonly onLost: (error: Error) => void };

/** The steps of `down`: of the whole fleet, or of a part alone. Throws for a part that is not there, or must not go alone. */
export function downSteps(run: Run, part: DownPart | undefined, options: StepOptions): readonly Step[] {
  const { platform } = run.deployment;
  const mgmt = platform.clusters.find(({ role }) => role === 'mgmt');
  const chosen = part
    ? platform.clusters.filter(({ name }) => part.clusters.includes(name))
    : platform.clusters;
  if (part && mgmt && chosen.includes(mgmt)) {
    throw new StepError(`${mgmt.name} cannot go alone: Argo CD on it keeps the other clusters`, {
      advice: 'take the whole fleet down, without --clusters',
    });
  }
  const keeper = rootPaths(platform).filter((path) => path === 'keeper' && part?.hasKeeper !== false);
  if (part?.hasKeeper === true && keeper.length === 0) {
    throw new StepError('the fleet file has no keeper', {
      advice: 'one that was taken out of it goes with the file as it was before',
    });
  }
  const paths = part ? [...chosen.map(({ name }) => clusterRoot(name)), ...keeper] : rootPaths(platform);
  const there = new Set<string>();
  const look = lookStep(run, { ...options, paths, there, clusters: chosen, isWhole: !part });
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
    const destroy = destroyStep(run, { path, title: `Cluster ${cluster.name}`, after: [clear.id] });
    const gone: Step = {
      ...destroy,
      cluster: cluster.name,
      run: async (context) => {
        const isDeleted = await deleteStopped(run, cluster, context);
        const { isChanged, ...told } = await destroy.run(context);
        return { isChanged: isChanged || isDeleted, ...told };
      },
    };
    return [whereThere(path, clear), whereThere(path, gone)];
  };
  const apps = chosen.filter((cluster) => cluster !== mgmt);
  if (part) {
    const forgotten = apps.map((cluster) => unregisterStep(run, cluster, [look.id]));
    return [
      look,
      ...apps.flatMap((cluster, index) => [
        whereThere(clusterRoot(cluster.name), forgotten[index]!),
        ...goCluster(cluster, [forgotten[index]!.id]),
      ]),
      ...keeper.map((path) => go(path, 'Keeper', [look.id])),
    ];
  }
  const stop = mgmt ? [whereThere(clusterRoot(mgmt.name), stopArgoCdStep(run, mgmt, [look.id]))] : [];
  const first = [look, ...stop].at(-1)!.id;
  const rootsOfApps = apps.map(({ name }) => clusterRoot(name));
  const rootsOfClusters = chosen.map(({ name }) => clusterRoot(name));
  return [
    look,
    ...stop,
    ...apps.flatMap((cluster) => goCluster(cluster, [first])),
    ...(mgmt ? goCluster(mgmt, [first, ...rootsOfApps]) : []),
    ...keeper.map((path) => go(path, 'Keeper', rootsOfClusters)),
    go('foundation', 'Foundation', [...rootsOfClusters, ...keeper]),
  ];
}

type Looking = StepOptions &
  Going & {
    readonly paths: readonly string[];
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
      await refuseUnfit(run, options, context.signal);
      const roots = await rootsThere(run, options, context);
      await refuseStateless(run, roots, options, context.signal);
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
