import { parseAllDocuments } from 'yaml';
import type { FileTree } from '../../base/file-tree.ts';
import { pairs } from './pairs.ts';

/** A file of manifests or values that Argo CD reads, and what of it differs. */
export type ObjectChange = {
  /** `gitops/clusters/app1/workloads/storefront/deployment.yaml`. */
  readonly file: string;
  /** `Deployment storefront/storefront`; of a values file, its name alone. */
  readonly object: string;
  /** `forget`: it leaves the tree and stays in the cluster, where nobody keeps it any more. */
  readonly action: 'create' | 'update' | 'delete' | 'forget';
  /** Fields that differ, as `spec.replicas`. Empty for what comes or goes whole. */
  readonly fields: readonly FieldChange[];
};

export type FieldChange = { readonly path: string; readonly before?: string; readonly after?: string };

/** What differs between two trees of YAML: the Kubernetes objects in them, and chart values. */
export function diffObjects(base: FileTree, head: FileTree): readonly ObjectChange[] {
  const clusters = new Set([...head.keys()].map(clusterOf));
  const files = pairs([...base.keys()].filter(isYaml), [...head.keys()].filter(isYaml), (file) => file);
  return files.flatMap(([before, after]) => {
    const file = (after ?? before)!;
    const [old, now] = [before && base.get(before), after && head.get(after)];
    if (old === now) return [];
    const [gone, made] = [documentsOf(file, old), documentsOf(file, now)];
    return diffDocuments(file, gone, made, clusters.has(clusterOf(file)));
  });
}

/** Undefined of a file that is no cluster's. */
function clusterOf(file: string): string | undefined {
  return /^gitops\/clusters\/([^/]+)\//.exec(file)?.[1];
}

function isYaml(file: string): boolean {
  return file.endsWith('.yaml');
}

type Document = { readonly object: string; readonly fields: ReadonlyMap<string, string> };

function diffDocuments(
  file: string,
  base: readonly Document[],
  head: readonly Document[],
  isClusterKept: boolean,
): ObjectChange[] {
  return pairs(base, head, ({ object }) => object).flatMap(([before, after]): ObjectChange[] => {
    const { object } = (after ?? before)!;
    if (!before) return [{ file, object, action: 'create', fields: [] }];
    if (!after) {
      const action = isClusterKept && isUnpruned(before) ? 'forget' : 'delete';
      return [{ file, object, action, fields: [] }];
    }
    const fields = diffFields(before.fields, after.fields);
    return fields.length === 0 ? [] : [{ file, object, action: 'update', fields }];
  });
}

/** Argo CD deletes what leaves the tree, but for this (Argo CD 3.4, sync-options). */
function isUnpruned({ fields }: Document): boolean {
  const options = fields.get('metadata.annotations.argocd.argoproj.io/sync-options') ?? '';
  return options.split(',').some((option) => option.trim() === 'Prune=false');
}

function diffFields(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): FieldChange[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((path): FieldChange[] => {
    const [old, now] = [before.get(path), after.get(path)];
    if (old === now) return [];
    return [
      { path, ...(old === undefined ? {} : { before: old }), ...(now === undefined ? {} : { after: now }) },
    ];
  });
}

function documentsOf(file: string, text: string | undefined): Document[] {
  if (text === undefined) return [];
  return parseAllDocuments(text).flatMap((document): Document[] => {
    const value: unknown = document.toJS();
    if (value === null || typeof value !== 'object') return [];
    const fields = new Map<string, string>();
    addFields(fields, '', value);
    return [{ object: nameOf(file, value as Record<string, unknown>), fields }];
  });
}

function nameOf(file: string, { kind, metadata }: Record<string, unknown>): string {
  if (typeof kind !== 'string' || metadata === null || typeof metadata !== 'object') {
    return file.slice(file.lastIndexOf('/') + 1);
  }
  const { name, namespace } = metadata as Record<string, unknown>;
  return `${kind} ${typeof namespace === 'string' ? `${namespace}/` : ''}${String(name)}`;
}

/** Leaves by path. Entries of a list are told apart by their name where they have one, else by their place. */
function addFields(found: Map<string, string>, path: string, value: unknown): void {
  if (value === null || typeof value !== 'object' || Object.keys(value).length === 0) {
    found.set(path, typeof value === 'string' ? value : JSON.stringify(value));
    return;
  }
  if (Array.isArray(value)) {
    const keys = listKeys(value);
    for (const [index, inner] of value.entries()) addFields(found, `${path}[${keys[index]}]`, inner);
    return;
  }
  for (const [key, inner] of Object.entries(value)) {
    addFields(found, path === '' ? key : `${path}.${key}`, inner);
  }
}

/** The second of one name is `name#2`: no entry may hide another. */
function listKeys(entries: readonly unknown[]): readonly string[] {
  const seen = new Map<string, number>();
  return entries.map((entry, index) => {
    const name = nameIn(entry);
    if (name === undefined) return String(index);
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}#${count}`;
  });
}

/** A rule of Prometheus has no name, and moves when another comes before it. */
function nameIn(entry: unknown): string | undefined {
  if (entry === null || typeof entry !== 'object') return undefined;
  const { name, alert, record } = entry as Record<string, unknown>;
  return [name, alert, record].find((key) => typeof key === 'string');
}
