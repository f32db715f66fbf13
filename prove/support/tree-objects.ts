import { parseAllDocuments } from 'yaml';
import type { FileTree } from '../../src/base/file-tree.ts';
import type { KubernetesObject } from './server-side-apply.ts';

/** Files whose paths begin so, by the rest of their paths. */
export function filesBelow(tree: FileTree, start: string): ReadonlyMap<string, string> {
  return new Map(
    [...tree].flatMap(([path, content]) =>
      path.startsWith(start) ? [[path.slice(start.length), content] as const] : [],
    ),
  );
}

/** Kubernetes objects of the files whose paths begin so; what kustomize or a person reads is none. */
export function objectsBelow(tree: FileTree, start: string): readonly KubernetesObject[] {
  return [...filesBelow(tree, start)].flatMap(([rest, content]) => {
    const path = `${start}${rest}`;
    return path.endsWith('.yaml') && !path.endsWith('/kustomization.yaml') ? objectsIn(content) : [];
  });
}

/** Kubernetes objects in a text of YAML documents. */
export function objectsIn(text: string): readonly KubernetesObject[] {
  return parseAllDocuments(text).map((document) => document.toJS() as KubernetesObject);
}
