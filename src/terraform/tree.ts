import { type FileTree, joinTrees } from '../base/file-tree.ts';
import type { Platform } from '../model/platform.ts';
import { clusterRoots } from './cluster/root.ts';
import { foundationRoot } from './foundation/root.ts';
import { keeperRoot } from './keeper/root.ts';
import { LOCAL_BACKEND_FILE } from './local-backend.ts';
import { readme } from './readme.ts';
import { rootFiles } from './root-files.ts';
import type { Root } from './root.ts';

/**
 * The Terraform of a fleet: `foundation/`, `clusters/<name>/` and, where something keeps the schedule, `keeper/`. Each
 * is a root with a state of its own, in the order in which they are applied. Pure: same platform, same bytes.
 */
export function synthesizeTerraform(platform: Platform): FileTree {
  const roots = terraformRoots(platform);
  return joinTrees([
    [
      '',
      new Map([
        ['.gitignore', gitignore()],
        ['README.md', readme(platform, roots)],
      ]),
    ],
    ...roots.map((root) => [root.path, rootFiles(platform, root)] as const),
  ]);
}

/** What whoever runs Terraform here by hand must not commit: 215 MB of azurerm, states and plans, which hold values. */
function gitignore(): string {
  const lines = ['.terraform/', '*.tfstate', '*.tfstate.*', '*.tfplan', LOCAL_BACKEND_FILE];
  return `# What Terraform leaves here. The lock file of the providers belongs into Git.\n${lines.join('\n')}\n`;
}

/** The roots, in the order in which they are applied. */
export function terraformRoots(platform: Platform): readonly Root[] {
  const keeper = keeperRoot(platform);
  return [foundationRoot(platform), ...clusterRoots(platform), ...(keeper ? [keeper] : [])];
}
