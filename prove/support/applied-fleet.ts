import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { FileTree } from '../../src/base/file-tree.ts';
import type { Arm } from '../../src/lab/arm/start.ts';
import { type AppliedRoot, openRoot } from './applied-root.ts';

/** Every root of one environment against one lab. */
export type AppliedFleet = {
  readonly foundation: AppliedRoot;
  /** By the name of the cluster. */
  readonly clusters: ReadonlyMap<string, AppliedRoot>;
  /** Absent where the fleet never sleeps. */
  readonly keeper?: AppliedRoot;
  /** The foundation, then the clusters side by side, then the keeper: the order that the tree's README names. */
  readonly apply: () => Promise<void>;
  /** What each root would change, by its path; those with nothing to change are left out. */
  readonly replan: () => Promise<Readonly<Record<string, string>>>;
  /** The other way round. */
  readonly destroy: () => Promise<void>;
};

const HANDED_DOWN = 'foundation.auto.tfvars.json';

/** Writes the Terraform of a tree below a folder and initialises its roots. */
export async function openFleet(tree: FileTree, folder: string, arm: Arm): Promise<AppliedFleet> {
  for (const [path, content] of tree) {
    if (!path.startsWith('terraform/')) continue;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  const place = join(folder, 'terraform');
  const foundation = await openRoot(join(place, 'foundation'), arm);
  const names = readdirSync(join(place, 'clusters')).toSorted();
  const clusters = new Map<string, AppliedRoot>();
  for (const name of names) clusters.set(name, await openRoot(join(place, 'clusters', name), arm));
  const hasKeeper = existsSync(join(place, 'keeper'));
  const keeper = hasKeeper ? await openRoot(join(place, 'keeper'), arm) : undefined;
  const leaves = [...clusters.values(), ...(keeper ? [keeper] : [])];

  return {
    foundation,
    clusters,
    ...(keeper ? { keeper } : {}),
    apply: async () => {
      await foundation.apply();
      const { cluster_inputs, keeper_inputs } = await foundation.outputs();
      for (const [name, { folder }] of clusters)
        handDown(folder, (cluster_inputs as Record<string, unknown>)[name]);
      if (keeper) handDown(keeper.folder, keeper_inputs);
      await Promise.all([...clusters.values()].map((root) => root.apply()));
      await keeper?.apply();
    },
    replan: async () => {
      const changes = await Promise.all(
        [foundation, ...leaves].map(
          async (root) => [root.folder.slice(place.length + 1), await root.replan()] as const,
        ),
      );
      return Object.fromEntries(changes.filter(([, change]) => change !== ''));
    },
    destroy: async () => {
      await keeper?.destroy();
      await Promise.all([...clusters.values()].map((root) => root.destroy()));
      await foundation.destroy();
    },
  };
}

function handDown(folder: string, values: unknown): void {
  writeFileSync(join(folder, HANDED_DOWN), JSON.stringify(values ?? {}));
}
