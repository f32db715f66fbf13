import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FileTree } from '../../src/base/file-tree.ts';
import type { Arm } from '../../src/lab/arm/start.ts';
import { type AppliedRoot, openRoot, type RootOptions } from './applied-root.ts';

/** Every root of one environment against one lab. */
export type AppliedFleet = {
  readonly foundation: AppliedRoot;
  /** By the name of the cluster. */
  readonly clusters: ReadonlyMap<string, AppliedRoot>;
  /** Absent where the fleet never sleeps. */
  readonly keeper?: AppliedRoot;
  /** All of them by their paths below `terraform/`. */
  readonly roots: ReadonlyMap<string, AppliedRoot>;
  /** The foundation, then the clusters side by side, then the keeper: the order that the tree's README names. */
  readonly apply: () => Promise<void>;
  /** The same by plans that are kept. Gives them, as `terraform show -json` prints them, by the path of the root. */
  readonly applyPlans: () => Promise<ReadonlyMap<string, string>>;
  /** What each root would change, by its path; those with nothing to change are left out. */
  readonly replan: () => Promise<Readonly<Record<string, string>>>;
  /** The states, as `terraform show -json` prints them, by the path of the root. */
  readonly states: () => Promise<ReadonlyMap<string, string>>;
  /** The clusters and the keeper, then the foundation. */
  readonly destroy: () => Promise<void>;
  /** Ends what was started for the roots. */
  readonly close: () => Promise<void>;
};

const HANDED_DOWN = 'foundation.auto.tfvars.json';

/** Writes the Terraform of a tree below a folder and initialises its roots. */
export async function openFleet(
  tree: FileTree,
  folder: string,
  arm: Pick<Arm, 'environment'>,
  options: RootOptions = {},
): Promise<AppliedFleet> {
  for (const [path, content] of tree) {
    if (!path.startsWith('terraform/')) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const place = join(folder, 'terraform');
  const open = (path: string, like?: AppliedRoot): Promise<AppliedRoot> =>
    openRoot(join(place, path), arm, { ...options, ...(like && options.isResident ? { like } : {}) });
  // The foundation configures azurerm in a way of its own: it registers resource providers.
  const foundation = await open('foundation');
  const [name, ...others] = readdirSync(join(place, 'clusters')).toSorted();
  const first = await open(`clusters/${name}`);
  const clusters = new Map([
    [name!, first],
    ...(await all(others.map(async (other) => [other, await open(`clusters/${other}`, first)] as const))),
  ]);
  const keeper = existsSync(join(place, 'keeper')) ? await open('keeper', first) : undefined;
  const pathOf = (root: AppliedRoot): string => root.folder.slice(place.length + 1);
  const list = [foundation, ...clusters.values(), ...(keeper ? [keeper] : [])];
  const roots = new Map(list.map((root) => [pathOf(root), root]));

  const inOrder = async (apply: (root: AppliedRoot) => Promise<void>): Promise<void> => {
    await apply(foundation);
    const { cluster_inputs, keeper_inputs } = await foundation.outputs();
    for (const [name, { folder: own }] of clusters)
      handDown(own, (cluster_inputs as Record<string, unknown>)[name]);
    if (keeper) handDown(keeper.folder, keeper_inputs);
    await all([...clusters.values()].map(apply));
    if (keeper) await apply(keeper);
  };

  return {
    foundation,
    clusters,
    ...(keeper ? { keeper } : {}),
    roots,
    apply: () => inOrder((root) => root.apply()),
    applyPlans: async () => {
      const plans = new Map<string, string>();
      await inOrder(async (root) => {
        plans.set(pathOf(root), await root.plan());
        await root.applyPlan();
      });
      return plans;
    },
    replan: async () => {
      const changes = await all([...roots].map(async ([path, root]) => [path, await root.replan()] as const));
      return Object.fromEntries(changes.filter(([, change]) => change !== ''));
    },
    states: async () =>
      new Map(await all([...roots].map(async ([path, root]) => [path, await root.shown()] as const))),
    destroy: async () => {
      // Neither needs the other, and each waits 50 s for a diagnostic setting that goes.
      await all([...clusters.values(), ...(keeper ? [keeper] : [])].map((root) => root.destroy()));
      await foundation.destroy();
    },
    close: async () => {
      await all(list.map((root) => root.close()));
    },
  };
}

/** Waits for all, also where one fails: a root that still runs holds the lock of its state. */
async function all<T>(promises: readonly Promise<T>[]): Promise<T[]> {
  const outcomes = await Promise.allSettled(promises);
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw outcome.reason;
    return outcome.value;
  });
}

function handDown(folder: string, values: unknown): void {
  writeFileSync(join(folder, HANDED_DOWN), JSON.stringify(values ?? {}));
}
