import { parse, parseAllDocuments } from 'yaml';
import type { FileTree } from '../../src/base/file-tree.ts';

/** Whatever an object holds; a test looks into it and fails where it is not what it expects. */
export type Loose = ReturnType<typeof JSON.parse>;

/** A cluster as Argo CD sees it. */
export type Store = {
  readonly list: () => Promise<readonly Loose[]>;
  /** Server-side apply under Argo CD's name; undefined when it was done, else what the API server says. */
  readonly apply: (object: Loose) => Promise<string | undefined>;
  readonly remove: (object: Loose) => Promise<void>;
};

/** Argo CD with the clusters that it looks after. */
export type ArgoCd = {
  /** The cluster that it runs on itself, with its own objects. */
  readonly own: Store;
  readonly clusters: ReadonlyMap<string, Store>;
  /** The Applications that a set has on a cluster: none when its generator does not choose that cluster. */
  readonly generate: (set: Loose, cluster: string) => Promise<readonly Loose[]>;
  /** What Kustomize makes of the files of a folder. */
  readonly kustomize: (files: FileTree, patches: readonly Loose[]) => Promise<readonly Loose[]>;
};

/** The repository as Argo CD checks it out. */
export type Commit = { readonly files: FileTree };

const TRACKING = 'argocd.argoproj.io/tracking-id';
const WAVE = 'argocd.argoproj.io/sync-wave';
const SYNC_OPTIONS = 'argocd.argoproj.io/sync-options';
const COMPARE_OPTIONS = 'argocd.argoproj.io/compare-options';
const IN_CLUSTER = 'https://kubernetes.default.svc';

/** What an Application says of itself after a sync. */
export type Outcome =
  | { readonly status: 'Synced' }
  /** What is left of another state, and is not to go; or what could not be applied. */
  | { readonly status: 'OutOfSync' | 'Failed'; readonly why: string };

/**
 * A moment of Argo CD 3.4.4, as its source decides what is made, changed and deleted: each Application is brought up to
 * the commit once, in the order of the names or the reverse. ApplicationSets are `create-update`: an Application that
 * no row gives any more is neither changed nor deleted. Charts are left out, since nothing of them is ever pruned here.
 */
export async function reconcile(
  argo: ArgoCd,
  commit: Commit,
  {
    isReversed = false,
    after = async () => undefined,
  }: { isReversed?: boolean; after?: (name: string) => Promise<void> } = {},
): Promise<ReadonlyMap<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  const root = (await argo.own.list()).find(isNamed('Application', 'root'));
  if (root) outcomes.set('root', await syncApplication(argo, commit, root));
  for (const set of (await argo.own.list()).filter(({ kind }) => kind === 'ApplicationSet')) {
    for (const cluster of argo.clusters.keys()) {
      for (const application of await argo.generate(set, cluster)) await argo.own.apply(application);
    }
  }
  const applications = (await argo.own.list())
    .filter(({ kind, metadata }) => kind === 'Application' && metadata.name !== 'root')
    .toSorted((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1));
  for (const application of isReversed ? applications.toReversed() : applications) {
    const { name } = application.metadata;
    outcomes.set(name, await syncApplication(argo, commit, application));
    await after(name);
  }
  return outcomes;
}

async function syncApplication(argo: ArgoCd, commit: Commit, { metadata, spec }: Loose): Promise<Outcome> {
  const failed = (why: string): Outcome => ({ status: 'Failed', why });
  const project = (await argo.own.list()).find(isNamed('AppProject', spec.project));
  if (!project) return failed(`there is no project ${spec.project}`);
  const { name: cluster, server, namespace } = spec.destination;
  const store = server === IN_CLUSTER ? argo.own : argo.clusters.get(cluster);
  if (!store) return failed(`there is no cluster ${cluster}`);
  const place = { name: cluster ?? 'mgmt', server: server ?? `https://${cluster}.example` };
  // util/argo/argo.go, ValidatePermissions.
  if (!isDestination(project, place, namespace)) return failed(`${namespace} is no destination`);
  const targets: Loose[] = [];
  for (const source of spec.sources ?? [spec.source]) {
    if (source.path === undefined) return { status: 'Synced' };
    const found = await manifestsOf(argo, commit, source);
    if (found === undefined) return failed(`${source.path}: app path does not exist`);
    targets.push(...found.map((object) => tracked(object, metadata.name, namespace)));
  }
  // controller/state.go, CompareAppState: what the project does not hold is not seen at all.
  const live = (await store.list()).filter(
    (object) => trackerOf(object) === metadata.name && isPermitted(project, place, object),
  );
  const stray = targets.find((object) => !isPermitted(project, place, object));
  if (stray) return failed(`${identity(stray)} is not permitted in ${spec.project}`);
  return syncTo(store, spec.syncPolicy.automated, targets, live);
}

async function syncTo(
  store: Store,
  { prune, allowEmpty }: Loose,
  targets: readonly Loose[],
  live: readonly Loose[],
): Promise<Outcome> {
  const wanted = new Set(targets.map(identity));
  const extra = live.filter((object) => !wanted.has(identity(object)));
  const seen = extra.filter((object) => !hasOption(object, COMPARE_OPTIONS, 'IgnoreExtraneous'));
  // controller/appcontroller.go, autoSync.
  const isWipe = prune && !allowEmpty && targets.length === 0 && seen.length > 0;
  if (isWipe) return { status: 'Failed', why: 'auto-sync will wipe out all resources' };
  for (const object of targets.toSorted((a, b) => waveOf(a) - waveOf(b))) {
    const refusal = await store.apply(object);
    if (refusal !== undefined) return { status: 'Failed', why: `${identity(object)}: ${refusal}` };
  }
  // gitops-engine, pkg/sync/sync_context.go, pruneObject; in the reverse order of waves.
  const goes = extra.filter((object) => prune && !hasOption(object, SYNC_OPTIONS, 'Prune=false'));
  for (const object of goes.toSorted((a, b) => waveOf(b) - waveOf(a))) await store.remove(object);
  const left = seen.filter((object) => !goes.includes(object));
  return left.length === 0
    ? { status: 'Synced' }
    : { status: 'OutOfSync', why: left.map(identity).join(', ') };
}

/** Undefined where the path is not in the commit (util/app/path/path.go). */
async function manifestsOf(
  argo: ArgoCd,
  { files }: Commit,
  source: Loose,
): Promise<readonly Loose[] | undefined> {
  const start = `${source.path}/`;
  const below = new Map(
    [...files].flatMap(([path, text]) =>
      path.startsWith(start) ? [[path.slice(start.length), text] as const] : [],
    ),
  );
  if (below.size === 0) return undefined;
  if (!source.directory && below.has('kustomization.yaml')) {
    return argo.kustomize(below, source.kustomize?.patches ?? []);
  }
  return [...directoryFiles(below, source)].flatMap(([, text]) => objectsIn(text));
}

/** The files of a folder that are read, by reposerver/repository/repository.go, getPotentiallyValidManifests. */
export function directoryFiles(files: FileTree, { directory }: { readonly directory?: Directory }): FileTree {
  const { recurse = false, include = '*' } = directory ?? {};
  const isTaken = (path: string): boolean =>
    /\.(?:yaml|yml|json)$/.test(path) && (recurse || !path.includes('/')) && isLike(include, path);
  return new Map([...files].filter(([path]) => isTaken(path)));
}

type Directory = { readonly recurse?: boolean; readonly include?: string };

/** A commit changes few files, and each is read by several Applications, again and again. */
const objectsByText = new Map<string, readonly Loose[]>();

function objectsIn(text: string): readonly Loose[] {
  const known = objectsByText.get(text);
  if (known) return known;
  const objects = parseAllDocuments(text).map((document) => document.toJS() as Loose);
  objectsByText.set(text, objects);
  return objects;
}

/** pkg/apis/application/v1alpha1/app_project_types.go, IsLiveResourcePermitted. */
function isPermitted({ spec }: Loose, place: Place, object: Loose): boolean {
  const group = object.apiVersion.includes('/') ? object.apiVersion.split('/')[0] : '';
  const isListed = (list: readonly Loose[]): boolean =>
    list.some((one) => isLike(one.group, group) && isLike(one.kind, object.kind));
  const { namespace } = object.metadata;
  if (namespace === undefined) return isListed(spec.clusterResourceWhitelist ?? []);
  const whitelist = spec.namespaceResourceWhitelist;
  return (whitelist === undefined || isListed(whitelist)) && isDestination({ spec }, place, namespace);
}

type Place = { readonly name: string; readonly server: string };

/** The same file, isDestinationMatched, for a project that forbids nothing by `!`. */
function isDestination({ spec }: Loose, place: Place, namespace: string): boolean {
  return spec.destinations.some(
    (row: Loose) =>
      (isLike(row.name ?? '', place.name) || isLike(row.server ?? '', place.server)) &&
      isLike(row.namespace ?? '', namespace),
  );
}

/** A pattern of Argo CD, as far as this tree has some: `*` for any text, slashes among it. */
function isLike(pattern: string, text: string): boolean {
  if (/[!?[\]{}\\]/.test(pattern)) throw new Error(`a pattern that nobody reads here: ${pattern}`);
  const escaped = pattern.replaceAll(/[.+^$()|]/g, String.raw`\$&`).replaceAll('*', '.*');
  return new RegExp(`^${escaped}$`).test(text);
}

/** util/argo/resource_tracking.go: by annotation, since Argo CD 3.0. */
function tracked(object: Loose, application: string, namespace: string): Loose {
  const { apiVersion, kind, metadata } = object;
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
  const place = CLUSTER_WIDE.test(kind) ? {} : { namespace: metadata.namespace ?? namespace };
  const id = `${application}:${group}/${kind}:${place.namespace ?? ''}/${metadata.name}`;
  const annotations = { ...metadata.annotations, [TRACKING]: id };
  return { ...object, metadata: { ...metadata, ...place, annotations } };
}

const CLUSTER_WIDE = /^(?:Namespace|Cluster\w+)$/;

function trackerOf({ metadata }: Loose): string | undefined {
  return metadata.annotations?.[TRACKING]?.split(':')[0];
}

export function identity({ apiVersion, kind, metadata }: Loose): string {
  const group = apiVersion.includes('/') ? `${apiVersion.split('/')[0]}/` : '';
  return `${group}${kind} ${metadata.namespace === undefined ? '' : `${metadata.namespace}/`}${metadata.name}`;
}

function isNamed(kind: string, name: string): (object: Loose) => boolean {
  return (object) => object.kind === kind && object.metadata.name === name;
}

function hasOption({ metadata }: Loose, annotation: string, option: string): boolean {
  const written: string = metadata.annotations?.[annotation] ?? '';
  return written.split(',').some((each) => each.trim() === option);
}

function waveOf({ metadata }: Loose): number {
  return Number(metadata.annotations?.[WAVE] ?? 0);
}

/** A cluster that takes everything whose namespace it has. */
export function memoryStore(namespaces: readonly string[]): Store {
  const objects = new Map<string, Loose>();
  return {
    list: async () => [...objects.values()],
    apply: async (object) => {
      const { namespace } = object.metadata;
      const hasPlace =
        namespace === undefined || namespaces.includes(namespace) || objects.has(`Namespace ${namespace}`);
      if (hasPlace) objects.set(identity(object), object);
      return hasPlace ? undefined : `namespaces "${namespace}" not found`;
    },
    remove: async (object) => {
      objects.delete(identity(object));
    },
  };
}

/** What Kustomize takes of a folder, without the patches. */
export async function listedResources(files: FileTree): Promise<readonly Loose[]> {
  const { resources } = parse(files.get('kustomization.yaml')!) as { resources: readonly string[] };
  return resources.map((name) => parse(files.get(name)!) as Loose);
}
