import type { Path } from '../../base/finding.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { yamlIn } from '../kubernetes/platform-objects.ts';
import { booleanOf, listOf, mapOf, textOf, textsOf, valueAt } from '../kubernetes/value-at.ts';
import { type Checkout, filesIn, pathFrom } from './checkout.ts';
import { directoryFilter } from './directory-filter.ts';

/** The files of a folder as Kustomize or Argo CD's directories read it. */
export type FolderContent = {
  readonly files: readonly string[];
  readonly patches: readonly Patch[];
  /** Charts that Kustomize renders itself, each where it is written. */
  readonly charts: readonly { readonly path: Path; readonly value: unknown; readonly folder: string }[];
  /** Whether all that it takes in is in the checkout. */
  readonly isWhole: boolean;
};

/** What one patch changes: the objects that it names, and the paths in them. */
export type Patch = {
  readonly kind: string | undefined;
  readonly name: string | undefined;
  readonly paths: readonly Path[];
};

type Documents = ReadonlyMap<string, unknown>;

const NAMES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** Every object, whatever it is called: Kustomize changes names, namespaces and replicas by lists of their own. */
const EVERY = { kind: undefined, name: undefined };

/** Whether a folder is one that Kustomize builds. */
export function kustomizationIn({ files }: Checkout, folder: string): string | undefined {
  return NAMES.map((name) => (folder === '' ? name : `${folder}/${name}`)).find((path) => files.has(path));
}

/** What a folder of Kustomize takes in, bases and components included. `documents` holds the files' values. */
export function kustomizeContent(checkout: Checkout, documents: Documents, folder: string): FolderContent {
  const content = {
    files: [] as string[],
    patches: [] as Patch[],
    charts: [] as { path: Path; value: unknown; folder: string }[],
    isWhole: true,
  };
  const seen = new Set<string>();
  const visit = (current: string): void => {
    const file = kustomizationIn(checkout, current);
    if (file === undefined || seen.has(file)) return;
    seen.add(file);
    const value = documents.get(file);
    if (value === undefined) content.isWhole = false;
    content.patches.push(...patchesIn(checkout, value, current));
    for (const [index, chart] of (listOf(valueAt(value, 'helmCharts')) ?? []).entries()) {
      content.charts.push({ path: [file, 0, 'helmCharts', index], value: chart, folder: current });
    }
    if (valueAt(value, 'generators') !== undefined) content.isWhole = false;
    for (const key of ['resources', 'bases', 'components']) {
      for (const resource of textsOf(valueAt(value, key)) ?? []) {
        const path = pathFrom(current, resource);
        if (path !== undefined && checkout.files.has(path)) content.files.push(path);
        else if (path !== undefined && checkout.folders.has(path)) visit(path);
        else content.isWhole = false;
      }
    }
  };
  visit(folder);
  return content;
}

/** What a directory of plain manifests holds, as far as the source of the Application takes it. */
export function directoryContent(checkout: Checkout, folder: string, source: unknown): FolderContent {
  const isDeep = booleanOf(valueAt(source, 'directory', 'recurse')) ?? false;
  const takes = directoryFilter(source);
  const start = folder === '' ? 0 : folder.length + 1;
  const files = filesIn(checkout, folder, isDeep).filter((path) => takes(path.slice(start)) !== false);
  return { files, patches: [], charts: [], isWhole: takes('') !== undefined };
}

/** The patches in a list as Kustomize and Applications write it: with a target, or objects of their own. */
export function inlinePatches(
  patches: unknown,
  contentOf: (path: string) => string | undefined,
): readonly Patch[] {
  return (listOf(patches) ?? []).flatMap((item) => {
    const file = textOf(valueAt(item, 'path'));
    const text = textOf(valueAt(item, 'patch')) ?? (file === undefined ? undefined : contentOf(file));
    const target = valueAt(item, 'target');
    const body = text === undefined ? undefined : yamlIn(text);
    return [patchOf(target, body)];
  });
}

/** The paths of an object that patches may change. */
export function patchedPaths(object: KubernetesObject, patches: readonly Patch[]): readonly Path[] {
  return patches
    .filter(
      ({ kind, name }) =>
        (kind === undefined || kind === object.kind) && (name === undefined || name === object.name),
    )
    .flatMap(({ paths }) => paths);
}

function patchesIn(checkout: Checkout, kustomization: unknown, folder: string): readonly Patch[] {
  const contentOf = (path: string): string | undefined => {
    const found = pathFrom(folder, path);
    return found === undefined ? undefined : checkout.files.get(found);
  };
  const strategic = (listOf(valueAt(kustomization, 'patchesStrategicMerge')) ?? []).map((item) => {
    const text = textOf(item) ?? '';
    return patchOf(undefined, yamlIn(contentOf(text) ?? text));
  });
  const isSet = (key: string): boolean => valueAt(kustomization, key) !== undefined;
  return [
    ...inlinePatches(valueAt(kustomization, 'patches'), contentOf),
    ...inlinePatches(valueAt(kustomization, 'patchesJson6902'), contentOf),
    ...strategic,
    ...(listOf(valueAt(kustomization, 'replicas')) ?? []).map((item) => ({
      kind: undefined,
      name: textOf(valueAt(item, 'name')),
      paths: [['spec', 'replicas']],
    })),
    ...(isSet('namespace') ? [{ ...EVERY, paths: [['metadata', 'namespace']] }] : []),
    ...(isSet('namePrefix') || isSet('nameSuffix') ? [{ ...EVERY, paths: [['metadata', 'name']] }] : []),
    ...(isSet('transformers') || isSet('replacements') ? [{ ...EVERY, paths: [[]] }] : []),
  ];
}

/** A patch that cannot be read may change everything of what it names. */
function patchOf(target: unknown, body: unknown): Patch {
  const operations = listOf(body);
  const kind = textOf(valueAt(target, 'kind')) ?? textOf(valueAt(body, 'kind'));
  const name = plainName(textOf(valueAt(target, 'name')) ?? textOf(valueAt(body, 'metadata', 'name')));
  if (operations) return { kind, name, paths: operations.map((operation) => pointerOf(operation)) };
  const map = mapOf(body);
  if (map === undefined) return { kind, name, paths: [[]] };
  const { apiVersion: _, kind: __, ...rest } = map;
  const paths = leavesOf(rest).filter((path) => path.join('.') !== 'metadata.name');
  return { kind, name, paths: paths.filter((path) => path.join('.') !== 'metadata.namespace') };
}

/** Kustomize takes the names of targets as patterns; one that is none names one object. */
function plainName(name: string | undefined): string | undefined {
  return name !== undefined && /^[\w.-]+$/.test(name) && !name.includes('.*') ? name : undefined;
}

/** RFC 6901: `~1` is a slash, `~0` a tilde. A list's position stands for the whole list. */
function pointerOf(operation: unknown): Path {
  const steps = (textOf(valueAt(operation, 'path')) ?? '').split('/').slice(1);
  const names = steps.map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
  const position = names.findIndex((step) => step === '-' || /^\d+$/.test(step));
  return position < 0 ? names : names.slice(0, position);
}

/** Lists are merged or replaced by rules of the schema: what a patch says of one may change all of it. */
function leavesOf(map: unknown): readonly Path[] {
  const inner = mapOf(map);
  if (inner === undefined) return [[]];
  return Object.entries(inner).flatMap(([key, value]) => leavesOf(value).map((path) => [key, ...path]));
}
