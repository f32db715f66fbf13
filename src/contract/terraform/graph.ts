import { type AzureId, azureId, idOf, isSameResource } from './azure-id.ts';
import { expressionAt, referencesOf } from './configuration.ts';
import { configurationOf, type FileIndex, follow, indexFile } from './references.ts';
import type { Instance, ShownFile } from './shown-file.ts';

/** What an attribute that names another resource leads to. */
export type Link =
  | { readonly kind: 'none' }
  | { readonly kind: 'resource'; readonly to: Instance }
  /** Known, and the name of nothing in these files. */
  | { readonly kind: 'elsewhere'; readonly id: string }
  | { readonly kind: 'unknown' };

/** All files together: ids lead from one to the other, references within each. */
export type Graph = {
  readonly files: readonly ShownFile[];
  /** What the files make or hold, of these types, in the order of the files. */
  readonly managed: (...types: readonly string[]) => readonly Instance[];
  readonly link: (from: Instance, path: readonly (string | number)[], ...types: readonly string[]) => Link;
  /** Whether the configuration gives an attribute a value; undefined where it cannot be seen. */
  readonly isWritten: (instance: Instance, path: readonly (string | number)[]) => boolean | undefined;
  /** What has that id: made in one of the files before it is looked up in another. */
  readonly find: (id: AzureId, ...types: readonly string[]) => Instance | undefined;
  readonly idOf: (instance: Instance) => AzureId | undefined;
  /** The one thing that stands for a resource that is made in one file and looked up in others. */
  readonly canonical: (instance: Instance) => Instance;
};

/** Joins plans and states into one graph. */
export function graphOf(files: readonly ShownFile[]): Graph {
  const indexes = new Map(files.map((file) => [file.name, indexFile(file)]));
  const byType = new Map<string, Instance[]>();
  const byId = new Map<string, { id: AzureId; instance: Instance }[]>();
  const ownId = (instance: Instance): AzureId | undefined =>
    idOf(instance, indexes.get(instance.file)?.file.subscription);
  for (const index of indexes.values()) {
    for (const instance of index.instances.values()) {
      if (instance.mode === 'managed') pushTo(byType, instance.type, instance);
      const id = ownId(instance);
      if (id) pushTo(byId, id.key, { id, instance });
    }
  }
  const find = (id: AzureId, ...types: readonly string[]): Instance | undefined => {
    const found = (byId.get(id.key) ?? [])
      .filter((entry) => isSameResource(entry.id, id) && types.includes(entry.instance.type))
      .map(({ instance }) => instance);
    return found.find(({ mode }) => mode === 'managed') ?? found[0];
  };
  const canonical = (instance: Instance): Instance => {
    const id = instance.mode === 'data' ? ownId(instance) : undefined;
    return (id && find(id, instance.type)) ?? instance;
  };
  const link: Graph['link'] = (from, path, ...types) => {
    const value = valueAt(from.values, path);
    if (typeof value === 'string' && value !== '') {
      const id = azureId(value);
      const to = id && find(id, ...types);
      return to ? { kind: 'resource', to } : { kind: 'elsewhere', id: value };
    }
    if (value !== undefined) return { kind: 'none' };
    const index = indexes.get(from.file);
    const to = index && referred(index, from, path, types);
    return typeof to === 'object' ? { kind: 'resource', to: canonical(to) } : { kind: to ?? 'unknown' };
  };
  return {
    files,
    managed: (...types) => types.flatMap((type) => byType.get(type) ?? []),
    link,
    isWritten: (instance, path) => {
      const index = indexes.get(instance.file);
      return index && isWritten(index, instance, path);
    },
    find,
    idOf: ownId,
    canonical,
  };
}

/** What the configuration says where the value is not known yet. */
function referred(
  index: FileIndex,
  from: Instance,
  path: readonly (string | number)[],
  types: readonly string[],
): Instance | 'none' | 'unknown' {
  const config = configurationOf(index, from);
  if (!config) return 'unknown';
  if (isWritten(index, from, path) === false) return 'none';
  return follow(index, from, referencesOf(expressionAt(config, path)), types) ?? 'unknown';
}

/** Blocks that are made by `dynamic` are not among what the configuration shows. */
function isWritten(
  index: FileIndex,
  instance: Instance,
  path: readonly (string | number)[],
): boolean | undefined {
  const config = configurationOf(index, instance);
  if (!config) return undefined;
  if (expressionAt(config, path) !== undefined) return true;
  return path.length > 1 && expressionAt(config, path.slice(0, -1)) === undefined ? undefined : false;
}

function valueAt(values: unknown, path: readonly (string | number)[]): unknown {
  let value = values;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = (value as Record<string | number, unknown>)[step];
  }
  return value;
}

function pushTo<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const list = map.get(key);
  if (list) list.push(value);
  else map.set(key, [value]);
}
