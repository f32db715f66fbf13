import type { Path } from '../../base/finding.ts';
import type { StoredSecretEvidence } from '../kubernetes-evidence.ts';
import { type ObjectDocument, objectsIn } from '../kubernetes/documents.ts';
import { type KubernetesObject, objectAt } from '../kubernetes/object.ts';
import type { PlacedObject } from '../kubernetes/placed-object.ts';
import { listOf, mapOf, textOf, textsOf, valueAt } from '../kubernetes/value-at.ts';
import { nameText } from '../wording.ts';
import { type Checkout, folderOf, hasPlaceholder } from './checkout.ts';
import type { Deployment, Release } from './deployments.ts';
import { type Patch, patchedPaths } from './kustomize.ts';
import type { LayeredValues } from './layered-values.ts';

/** Files that are no objects, whatever they hold: a chart's own, and those that Helm fills. */
const OF_CHART = /(?:^|\/)(?:Chart\.yaml|Chart\.lock|values(?:[.-][\w.-]+)?\.ya?ml)$/;

/** Folders of a checkout that Kubernetes never sees. */
const OUTSIDE = /(?:^|\/)(?:\.[^/]+|node_modules|vendor)\//;

/** The files of a checkout that are read: neither hidden ones nor the templates of charts, which are no YAML. */
export function readableFiles(checkout: Checkout): ReadonlyMap<string, string> {
  const charts = [...checkout.files.keys()].filter((path) => /(?:^|\/)Chart\.yaml$/.test(path)).map(folderOf);
  const templates = charts.flatMap((folder) =>
    ['templates', 'crds', 'charts'].map((name) => `${folder === '' ? '' : `${folder}/`}${name}/`),
  );
  return new Map(
    [...checkout.files].filter(
      ([path]) => !OUTSIDE.test(`/${path}`) && !templates.some((folder) => path.startsWith(folder)),
    ),
  );
}

/** The objects of the tree as they are written, before anything says where they go. */
export function objectsOf(documents: readonly ObjectDocument[]): readonly KubernetesObject[] {
  return documents
    .filter(({ file }) => !OF_CHART.test(file))
    .flatMap(objectsIn)
    .flatMap(({ path, value }) => {
      const object = objectAt(path, value);
      return object === undefined || isBuildFile(object) ? [] : [object];
    });
}

/** The objects with where they run, by the Applications that bring them there. */
export function placedObjects(
  objects: readonly KubernetesObject[],
  deployments: readonly Deployment[],
): readonly PlacedObject[] {
  const byFile = new Map<string, Bringing[]>();
  for (const { cluster, namespace, prunes, folders } of deployments) {
    for (const { files, patches } of folders) {
      for (const file of new Set(files)) {
        const list = byFile.get(file);
        const bringing = { cluster, namespace, prunes, patches };
        if (list) list.push(bringing);
        else byFile.set(file, [bringing]);
      }
    }
  }
  return objects.map((object) => placed(object, byFile.get(String(object.path[0])) ?? []));
}

type Bringing = Pick<Deployment, 'cluster' | 'namespace' | 'prunes'> & { readonly patches: readonly Patch[] };

/** Kinds that stand in no namespace, of those that a fleet's tree has. */
const CLUSTER_WIDE =
  /^(?:Cluster\w+|Namespace|PersistentVolume|StorageClass|PriorityClass|CustomResourceDefinition|APIService|\w+WebhookConfiguration)$/;

function namespaceOf(bringings: readonly Bringing[]): string | undefined {
  return bringings.find(({ namespace }) => namespace !== undefined)?.namespace;
}

function placed(object: KubernetesObject, bringings: readonly Bringing[]): PlacedObject {
  const clusters = bringings.map(({ cluster }) => cluster);
  const prunes = bringings.map((bringing) => bringing.prunes);
  const patched = bringings.flatMap(({ patches }) => patchedPaths(object, patches));
  return {
    ...object,
    namespace: object.namespace ?? (CLUSTER_WIDE.test(object.kind) ? undefined : namespaceOf(bringings)),
    patched: [...object.patched, ...patched],
    clusters:
      clusters.length > 0 && clusters.every((cluster) => cluster !== undefined)
        ? [...new Set(clusters)]
        : undefined,
    isPlatform: false,
    isPruned: prunes.includes(true)
      ? true
      : prunes.length > 0 && prunes.every((one) => one === false)
        ? false
        : undefined,
  };
}

/** Secrets that Kustomize makes of literals and files. */
export function generatedSecrets(documents: readonly ObjectDocument[]): readonly StoredSecretEvidence[] {
  return documents.flatMap(({ file, index, value }) => {
    const generators = listOf(valueAt(value, 'secretGenerator')) ?? [];
    return generators.map((generator, position): StoredSecretEvidence => {
      const path: Path = [file, index, 'secretGenerator', position];
      const name = textOf(valueAt(generator, 'name')) ?? '';
      const literals = (textsOf(valueAt(generator, 'literals')) ?? []).map(
        (literal) => literal.split('=')[0]!,
      );
      const files = ['files', 'envs'].flatMap((key) => textsOf(valueAt(generator, key)) ?? []);
      return { path, name: `Secret ${nameText(name)}`, keys: [...literals, ...files].map(nameText) };
    });
  });
}

/**
 * Values files that no Application names, by the chart that their own names say: `app1/cilium.values.yaml`.
 * The folder is then the cluster.
 */
export function unclaimedReleases(
  documents: readonly ObjectDocument[],
  releases: readonly Release[],
): readonly Release[] {
  const claimed = new Set(releases.flatMap(({ values }) => values.layers.map(({ path }) => path[0])));
  return documents.flatMap(({ file, index, value }) => {
    const chart = chartNamedBy(file);
    if (chart === undefined || claimed.has(file) || mapOf(value) === undefined) return [];
    if (valueAt(value, 'apiVersion') !== undefined || valueAt(value, 'kind') !== undefined) return [];
    const path = [file, index];
    const row = { values: {}, bindings: new Map<string, string>() };
    const values: LayeredValues = { layers: [{ value, path }], isWhole: true, row, path };
    const cluster = folderOf(file).split('/').at(-1);
    return [{ chart, cluster: cluster === '' ? undefined : cluster, namespace: undefined, values }];
  });
}

const NAMED_CHARTS: Readonly<Record<string, string>> = {
  cilium: 'cilium',
  'external-secrets': 'external-secrets',
  'argo-cd': 'argo-cd',
  argocd: 'argo-cd',
  'kube-prometheus-stack': 'kube-prometheus-stack',
};

function chartNamedBy(file: string): string | undefined {
  const name = file.slice(file.lastIndexOf('/') + 1).replace(/\.ya?ml$/, '');
  const chart = /^(?:values[.-])?([a-z-]+?)(?:[.-]values)?$/.exec(name)?.[1];
  const isNamed = chart !== undefined && /values/.test(name) && Object.hasOwn(NAMED_CHARTS, chart);
  return isNamed ? NAMED_CHARTS[chart] : undefined;
}

/** Files with a `kind` that no API server knows. */
function isBuildFile({ apiVersion, kind }: KubernetesObject): boolean {
  return (
    apiVersion.startsWith('kustomize.config.k8s.io/') && (kind === 'Kustomization' || kind === 'Component')
  );
}

/** Whether an object is written as a template of something else, so that its facts are not its own. */
export function isTemplated({ name, kind }: KubernetesObject): boolean {
  return hasPlaceholder(name) || hasPlaceholder(kind);
}
