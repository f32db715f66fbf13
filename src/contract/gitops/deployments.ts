import type { Path } from '../../base/finding.ts';
import {
  applicationSpecPath,
  chartOf,
  isApplicationSet,
  pruneOf,
  sourcesOf,
} from '../kubernetes/argo-objects.ts';
import type { KubernetesObject } from '../kubernetes/object.ts';
import { yamlIn } from '../kubernetes/platform-objects.ts';
import { listOf, mapOf, textOf, textsOf, valueAt } from '../kubernetes/value-at.ts';
import { nameText } from '../wording.ts';
import { type Checkout, hasPlaceholder, pathFor, pathFrom, pathsFor } from './checkout.ts';
import { includedFolder } from './directory-filter.ts';
import {
  directoryContent,
  type FolderContent,
  inlinePatches,
  kustomizationIn,
  kustomizeContent,
} from './kustomize.ts';
import { type LayeredValues, parametersLayer, valuesBelow, type ValuesLayer } from './layered-values.ts';
import { filled, type Row, type RowContext, rowsFor, valueIn } from './rows.ts';

/** One Application in one cluster: what it brings there. */
export type Deployment = {
  /** The Application, or the set that makes it. */
  readonly object: KubernetesObject;
  /** The name of the cluster in Argo CD; undefined where the tree does not tell. */
  readonly cluster: string | undefined;
  /** Where objects go that name no namespace. */
  readonly namespace: string | undefined;
  readonly prunes: boolean | undefined;
  readonly releases: readonly Release[];
  readonly folders: readonly FolderContent[];
};

/** One installation of a chart. */
export type Release = {
  readonly chart: string;
  readonly cluster: string | undefined;
  readonly namespace: string | undefined;
  readonly values: LayeredValues;
};

/** The cluster that Argo CD itself is on, as Applications call it. */
export const IN_CLUSTER = 'https://kubernetes.default.svc';

type Draft = { readonly object: KubernetesObject; readonly row: Row; readonly destination: Destination };
type Destination = { readonly cluster: string | undefined; readonly namespace: string | undefined };
export type Tree = {
  readonly checkout: Checkout;
  /** The first document of each file. */
  readonly documents: ReadonlyMap<string, unknown>;
  /** Files of which something could not be read. */
  readonly unreadable: ReadonlySet<string>;
};

/** What the Applications and ApplicationSets among the objects bring into which clusters. */
export function deploymentsOf(
  objects: readonly KubernetesObject[],
  tree: Tree,
  context: RowContext,
): readonly Deployment[] {
  const drafts = objects
    .filter((object) => applicationSpecPath(object) !== undefined)
    .flatMap((object) =>
      rowsFor(object, context).flatMap((row) =>
        boundRows(object, row, context.checkout).map((bound) => ({
          object,
          row: bound,
          destination: destinationOf(object, bound),
        })),
      ),
    );
  const deployments = withNames(drafts).map((draft) => deploymentOf(draft, tree));
  return inMgmt(deployments);
}

/** Rows of which a path of the checkout tells what their placeholders stand for. */
function boundRows(object: KubernetesObject, row: Row, checkout: Checkout): readonly Row[] {
  const paths = sourcesOf(object).flatMap(({ value }) => [
    [textOf(valueAt(value, 'path')) ?? '', includedFolder(value) ?? ''].join('/'),
    ...(textsOf(valueAt(value, 'helm', 'valueFiles')) ?? []).map(withoutRef),
  ]);
  const open = paths.map((path) => filled(path, row)).filter(hasPlaceholder);
  for (const path of open) {
    const found = pathsFor(checkout, path);
    if (found.length > 0) {
      return found.map(({ bindings }) => ({ ...row, bindings: new Map([...row.bindings, ...bindings]) }));
    }
  }
  return [row];
}

/**
 * Names the clusters of rows that no path tells: another set with the same selector means the same clusters.
 */
function withNames(drafts: readonly Draft[]): readonly Draft[] {
  const namesBySelector = new Map<string, Set<string>>();
  for (const { row, destination } of drafts) {
    if (row.selector === undefined || destination.cluster === undefined) continue;
    const names = namesBySelector.get(row.selector) ?? new Set();
    namesBySelector.set(row.selector, names.add(destination.cluster));
  }
  return drafts.flatMap((draft) => {
    const { object, row, destination } = draft;
    const names = row.selector === undefined ? undefined : namesBySelector.get(row.selector);
    if (destination.cluster !== undefined || names === undefined) return [draft];
    return [...names].map((name) => {
      const bound = { ...row, bindings: new Map([...row.bindings, ['.name', name], ['name', name]]) };
      return { object, row: bound, destination: destinationOf(object, bound) };
    });
  });
}

/** Calls the cluster that Argo CD is on by its name, where the tree tells which that is. */
function inMgmt(deployments: readonly Deployment[]): readonly Deployment[] {
  const hosts = new Set(
    deployments
      .filter(({ releases }) => releases.some(({ chart }) => chart === 'argo-cd'))
      .flatMap(({ cluster }) => (cluster === undefined || cluster === IN_CLUSTER ? [] : [cluster])),
  );
  const [host, ...others] = hosts;
  const known = others.length === 0 ? host : undefined;
  const rename = (cluster: string | undefined): string | undefined =>
    cluster === IN_CLUSTER ? known : cluster;
  return deployments.map((deployment) => ({
    ...deployment,
    cluster: rename(deployment.cluster),
    releases: deployment.releases.map((release) => ({ ...release, cluster: rename(release.cluster) })),
  }));
}

function destinationOf(object: KubernetesObject, row: Row): Destination {
  const at = [...applicationSpecPath(object)!, 'destination'];
  const told = (key: string): string | undefined => {
    const text = filled(textOf(valueAt(object.value, ...at, key)) ?? '', row);
    return text === '' || hasPlaceholder(text) ? undefined : text;
  };
  const server = textOf(valueAt(object.value, ...at, 'server')) ?? '';
  const isInCluster = server === IN_CLUSTER || told('name') === 'in-cluster';
  // A set that goes by the server's address goes by its row, which has the name as well.
  const byRow = isApplicationSet(object) && hasPlaceholder(server) ? nameOf(row) : undefined;
  const name = told('name') ?? byRow;
  return {
    cluster: isInCluster ? IN_CLUSTER : name && nameText(name),
    namespace: told('namespace'),
  };
}

function nameOf(row: Row): string | undefined {
  return valueIn(row, '.name') ?? valueIn(row, 'name') ?? valueIn(row, '.cluster') ?? valueIn(row, 'cluster');
}

function deploymentOf({ object, row, destination }: Draft, tree: Tree): Deployment {
  const releases: Release[] = [];
  const folders: FolderContent[] = [];
  const { cluster, namespace } = destination;
  const place = { cluster, namespace };
  for (const { path, value } of sourcesOf(object)) {
    const at = [...object.path, ...path];
    const chart = chartOf(value);
    if (chart !== undefined) {
      releases.push({ ...place, chart, values: valuesOf(tree, row, value, at, undefined) });
      continue;
    }
    const folder = folderFor(tree.checkout, filled(textOf(valueAt(value, 'path')) ?? '', row));
    if (folder === undefined) continue;
    const own = tree.documents.get(`${folder}/Chart.yaml`);
    if (own === undefined) {
      const content = contentOf(tree, folder, value);
      folders.push(content);
      for (const { path: chartPath, value: chart, folder: base } of content.charts) {
        releases.push(...kustomizeRelease(tree, chart, chartPath, base, place));
      }
    } else releases.push(...chartsWithin(own, valuesOf(tree, row, value, at, folder), place));
  }
  return { object, ...destination, prunes: pruneOf(object), releases, folders };
}

function folderFor(checkout: Checkout, path: string): string | undefined {
  if (path === '' || path === '.') return undefined;
  const found = pathFor(checkout, path);
  return found !== undefined && checkout.folders.has(found) ? found : undefined;
}

function contentOf({ checkout, documents }: Tree, folder: string, source: unknown): FolderContent {
  // Who says something of the directory says that it is one.
  const isDirectory = Object.values(mapOf(valueAt(source, 'directory')) ?? {}).some(Boolean);
  const isKustomize = !isDirectory && kustomizationIn(checkout, folder) !== undefined;
  const content = isKustomize
    ? kustomizeContent(checkout, documents, folder)
    : directoryContent(checkout, folder, source);
  const own = inlinePatches(valueAt(source, 'kustomize', 'patches'), () => undefined);
  return { ...content, patches: [...content.patches, ...own] };
}

/** The values of a source in Argo CD's order: files, then what the Application writes, then parameters. */
function valuesOf(
  { checkout, documents, unreadable }: Tree,
  row: Row,
  source: unknown,
  path: Path,
  chartFolder: string | undefined,
): LayeredValues {
  const layers: ValuesLayer[] = [];
  let isWhole = true;
  const addFile = (file: string | undefined): void => {
    const value = file === undefined ? undefined : documents.get(file);
    if (file !== undefined && value !== undefined) layers.push({ value, path: [file, 0] });
    // A file of comments alone says nothing, and is there.
    else if (file === undefined || !checkout.files.has(file) || unreadable.has(file)) isWhole = false;
  };
  if (chartFolder !== undefined && checkout.files.has(`${chartFolder}/values.yaml`))
    addFile(`${chartFolder}/values.yaml`);
  for (const written of textsOf(valueAt(source, 'helm', 'valueFiles')) ?? []) {
    const name = filled(written, row);
    const isOfRepository = written.startsWith('$');
    if (isOfRepository) addFile(pathFor(checkout, withoutRef(name)));
    // Beside a chart of a Helm repository, a file is one that the chart brings.
    else addFile(chartFolder === undefined ? undefined : pathFrom(chartFolder, name));
  }
  const text = textOf(valueAt(source, 'helm', 'values'));
  const written = text === undefined ? undefined : yamlIn(filled(text, row));
  if (text !== undefined && text.trim() !== '' && mapOf(written) === undefined) isWhole = false;
  if (written !== undefined) layers.push({ value: written, path: [...path, 'helm', 'values'] });
  const object = valueAt(source, 'helm', 'valuesObject');
  if (object !== undefined) layers.push({ value: object, path: [...path, 'helm', 'valuesObject'] });
  const parameters = valueAt(source, 'helm', 'parameters');
  if (parameters !== undefined) {
    const value = parametersLayer(parameters);
    if (value === undefined) isWhole = false;
    else layers.push({ value, path: [...path, 'helm', 'parameters'] });
  }
  if (valueAt(source, 'helm', 'fileParameters') !== undefined) isWhole = false;
  return { layers, isWhole, row, path };
}

/** The charts that a chart of the tree is made of; each has its values under its own name. */
function chartsWithin(
  chart: unknown,
  values: LayeredValues,
  place: Pick<Release, 'cluster' | 'namespace'>,
): readonly Release[] {
  return (listOf(valueAt(chart, 'dependencies')) ?? []).flatMap((dependency) => {
    const name = textOf(valueAt(dependency, 'name'));
    if (name === undefined) return [];
    const key = textOf(valueAt(dependency, 'alias')) ?? name;
    return [{ ...place, chart: name, values: valuesBelow(values, [key]) }];
  });
}

function kustomizeRelease(
  { documents }: Tree,
  chart: unknown,
  path: Path,
  folder: string,
  place: Pick<Release, 'cluster' | 'namespace'>,
): readonly Release[] {
  const name = textOf(valueAt(chart, 'name'));
  if (name === undefined) return [];
  const written = [
    ...(textsOf(valueAt(chart, 'additionalValuesFiles')) ?? []),
    ...[textOf(valueAt(chart, 'valuesFile'))].filter((file) => file !== undefined),
  ];
  const files = written.map((file) => pathFrom(folder, file));
  const layers = files.flatMap((file): ValuesLayer[] => {
    const value = file === undefined ? undefined : documents.get(file);
    return file === undefined || value === undefined ? [] : [{ value, path: [file, 0] }];
  });
  const isWhole = layers.length === files.length;
  const inline = valueAt(chart, 'valuesInline');
  if (inline !== undefined) layers.push({ value: inline, path: [...path, 'valuesInline'] });
  const namespace = textOf(valueAt(chart, 'namespace')) ?? place.namespace;
  const values = { layers, isWhole, row: { values: {}, bindings: new Map() }, path };
  return [{ ...place, namespace, chart: name, values }];
}

/** `$values/platform/values.yaml` is a path of the repository that another source calls `values`. */
function withoutRef(file: string): string {
  return file.replace(/^\$[\w-]+\//, '');
}
