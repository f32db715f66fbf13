import type { Platform } from '../model/platform.ts';
import { checkoutOf, pathInCheckout } from './checkout.ts';
import { renderManifests, renderMap } from './manifest.ts';
import type { PatchedObjects } from './vault-access.ts';
import type { YamlMap } from './yaml.ts';

/** The files of the tree as they are gathered, by path. */
export type Files = Map<string, string>;

/** One file for each kind of object, and Kustomize's list of them where there is something to patch. */
export function addFolder(
  files: Files,
  path: string,
  purpose: string,
  { objects, patches }: PatchedObjects,
): void {
  const names = objects.map(({ kind }) => `${kebab(kind)}.yaml`);
  objects.forEach((object, index) =>
    files.set(`${path}/${names[index]}`, renderManifests(purpose, [object])),
  );
  if (patches.length > 0) addKustomization(files, path, purpose, names);
}

/** Kustomize's list of files. An empty one is a folder in which nothing is, which Git could not keep. */
export function addKustomization(
  files: Files,
  path: string,
  purpose: string,
  resources: readonly string[],
): void {
  const list = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources };
  files.set(
    `${path}/kustomization.yaml`,
    renderMap(`${purpose} The facts of a cluster are patched in.`, list),
  );
}

function kebab(kind: string): string {
  return kind.replaceAll(/(?<=[a-z])(?=[A-Z])/g, '-').toLowerCase();
}

/** What a source says more where Kustomize has something to patch. */
export function kustomized({ patches }: Pick<PatchedObjects, 'patches'>): YamlMap {
  return patches.length > 0 ? { kustomize: { patches } } : {};
}

/** A folder of this tree as the source of an Application. */
export function folderSource(platform: Platform, path: string, more: YamlMap = {}): YamlMap {
  const { repo, revision } = checkoutOf(platform.fleet);
  return {
    repoURL: repo,
    targetRevision: revision,
    path: pathInCheckout(platform.fleet, `gitops/${path}`),
    ...more,
  };
}
