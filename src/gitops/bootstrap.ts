import type { FileTree } from '../base/file-tree.ts';
import type { Platform } from '../model/platform.ts';
import { bootstrapReadme } from './bootstrap-readme.ts';
import { componentPurpose, componentValues, valuesFile } from './component-sets.ts';
import { renderMap } from './manifest.ts';

/**
 * The folder `bootstrap/` of an environment: for each cluster the values of its charts, which bootstrap
 * renders with and Argo CD goes on using, and what a person does with them, step by step. Pure.
 */
export function synthesizeBootstrap(platform: Platform): FileTree {
  const files = new Map<string, string>();
  for (const cluster of platform.clusters) {
    files.set(`${cluster.name}/README.md`, bootstrapReadme(platform, cluster));
    for (const { id } of cluster.components) {
      const values = componentValues(platform, cluster, id);
      files.set(`${cluster.name}/${valuesFile(id)}`, renderMap(componentPurpose(id), values));
    }
  }
  return files;
}
