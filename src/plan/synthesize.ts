import { type FileTree, joinTrees } from '../base/file-tree.ts';
import { synthesizeBootstrap } from '../gitops/bootstrap.ts';
import { synthesizeGitops } from '../gitops/tree.ts';
import type { Platform } from '../model/platform.ts';
import { synthesizeTerraform } from '../terraform/tree.ts';

/** The files of one environment: `terraform/`, `bootstrap/`, `gitops/`. */
export function synthesize(platform: Platform): FileTree {
  return joinTrees([
    ['terraform', synthesizeTerraform(platform)],
    ['bootstrap', synthesizeBootstrap(platform)],
    ['gitops', synthesizeGitops(platform)],
  ]);
}
