import { parseAllDocuments, type Tags } from 'yaml';

/** What stands in a manifest. */
export type ManifestObject = Readonly<Record<string, unknown>> & {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: Readonly<Record<string, unknown>> & {
    readonly name: string;
    readonly namespace?: string;
  };
};

/**
 * Charts are read by the API machinery as YAML 1.1 without its dates, base-60 numbers and sets: `on` is true, and
 * `12:30` and `2026-11-22` are texts.
 */
const isPlain = (tag: Tags[number]): boolean =>
  typeof tag === 'string' || (!/timestamp|set|omap|pairs/.test(tag.tag) && tag.format !== 'TIME');

/** Nothing is nested in its own alias here: a document may repeat an anchor so often. */
const ALIASES_MAX = 1000;

/**
 * The objects of a rendered chart; lists are taken apart, empty documents passed over. A document that is no object is
 * told in words.
 */
export function parseManifest(text: string): readonly ManifestObject[] | { readonly problem: string } {
  const documents = parseAllDocuments(text, {
    version: '1.1',
    merge: true,
    customTags: (tags) => tags.filter(isPlain),
    prettyErrors: true,
  });
  const objects: ManifestObject[] = [];
  for (const document of documents) {
    if (document.errors.length > 0) return { problem: document.errors[0]!.message };
    const value: unknown = document.toJS({ maxAliasCount: ALIASES_MAX });
    if (value === null || value === undefined) continue;
    for (const item of itemsOf(value)) {
      if (!isObject(item)) return { problem: `no Kubernetes object: ${JSON.stringify(value).slice(0, 120)}` };
      objects.push(item);
    }
  }
  return objects;
}

function itemsOf(value: unknown): readonly unknown[] {
  const { kind, items } = value as { readonly kind?: unknown; readonly items?: unknown };
  return typeof kind === 'string' && kind.endsWith('List') && Array.isArray(items) ? items : [value];
}

function isObject(value: unknown): value is ManifestObject {
  const { apiVersion, kind, metadata } = (value ?? {}) as Partial<ManifestObject>;
  return typeof apiVersion === 'string' && typeof kind === 'string' && typeof metadata?.name === 'string';
}
