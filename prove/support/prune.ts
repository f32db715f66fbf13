import type { KubernetesObject } from './server-side-apply.ts';

const SYNC_OPTIONS = 'argocd.argoproj.io/sync-options';

/** What makes an object the same one in two trees. */
export function identityOf({ apiVersion, kind, metadata }: KubernetesObject): string {
  // A new version of a group is no new object.
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
  return [group, kind, metadata.namespace ?? '', metadata.name].join('/');
}

/**
 * What Argo CD deletes when an Application with automated prune goes from one set of objects to another: what is
 * gone from it, but for what says `Prune=false` (Argo CD 3.5 documentation, sync-options).
 */
export function prunedObjects(
  before: readonly KubernetesObject[],
  after: readonly KubernetesObject[],
): readonly KubernetesObject[] {
  const stay = new Set(after.map(identityOf));
  return before.filter((object) => !stay.has(identityOf(object)) && !hasOption(object, 'Prune=false'));
}

/** What goes with an Application that is deleted with its objects: all but what says `Delete=false` (the same page). */
export function cascadedObjects(objects: readonly KubernetesObject[]): readonly KubernetesObject[] {
  return objects.filter((object) => !hasOption(object, 'Delete=false'));
}

function hasOption({ metadata }: KubernetesObject, option: string): boolean {
  const { annotations } = metadata as { readonly annotations?: Readonly<Record<string, string>> };
  return (annotations?.[SYNC_OPTIONS] ?? '').split(',').some((each) => each.trim() === option);
}
