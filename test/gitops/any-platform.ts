import fc from 'fast-check';
import { parse, parseAllDocuments } from 'yaml';
import type { FileTree } from '../../src/base/file-tree.ts';
import { environments } from '../../src/fleet/fleet.ts';
import { synthesizeBootstrap } from '../../src/gitops/bootstrap.ts';
import { synthesizeGitops } from '../../src/gitops/tree.ts';
import type { Platform } from '../../src/model/platform.ts';
import { platformOf } from '../support/fleets.ts';

/** Whatever a YAML file holds; tests look into it and fail where it is not what they expect. */
export type Loose = ReturnType<typeof JSON.parse>;

const apps = ['app1', 'app2', 'app3'];
const clusters = ['mgmt', ...apps];
const pair = fc.uniqueArray(fc.constantFrom(...clusters), { minLength: 2, maxLength: 2 });
const workload = fc.record(
  {
    clusters: fc.uniqueArray(fc.constantFrom(...clusters), { minLength: 1 }),
    image: fc.constantFrom('ghcr.io/acme/storefront:1.4.2', 'registry:5000/a@sha256:00', 'no'),
    replicas: fc.integer({ min: 0, max: 4 }),
    critical: fc.boolean(),
    env: fc.dictionary(fc.constantFrom('A', 'ON', 'DB_PASSWORD'), fc.string({ unit: 'grapheme' })),
    secrets: fc.uniqueArray(fc.constantFrom('db-password', 'DB-password', '1st', 'api')),
    callers: fc.uniqueArray(fc.constantFrom('internet', 'storefront', 'cilium', 'nobody')),
    reaches: fc.uniqueArray(fc.constantFrom('y', 'base', 'api.example.com:443', '10.200.0.0/16:5432')),
  },
  { requiredKeys: ['clusters', 'image'] },
);

/** Fleets of one to three app clusters, in every combination of what the tree depends on. */
const anyPlatform: fc.Arbitrary<Platform> = fc
  .record({
    environment: fc.constantFrom(...environments),
    live: fc.boolean(),
    appCount: fc.integer({ min: 1, max: 3 }),
    cni: fc.constantFrom('cilium', 'cilium', 'azure-overlay'),
    clusterMesh: fc.boolean(),
    peers: fc.option(fc.array(pair, { maxLength: 4 }), { nil: undefined }),
    sync: fc.constantFrom('external-secrets', 'csi'),
    stack: fc.constantFrom('self', 'self', 'azure'),
    vmSizes: fc.constantFrom(['Standard_D2s_v3'], ['Standard_D2s_v3', 'Standard_D2ds_v5']),
    gitops: fc.constantFrom(undefined, { repo: 'https://git.example/a.git', path: 'x/y', revision: 'v1' }),
    workloads: fc.dictionary(fc.constantFrom('storefront', 'cilium', 'y', 'base'), workload, { maxKeys: 3 }),
  })
  .map(
    ({ environment, appCount, live, cni, clusterMesh, peers, sync, stack, vmSizes, gitops, workloads }) => {
      const present = ['mgmt', ...apps.slice(0, appCount)];
      const data = {
        name: 'any',
        region: 'koreacentral',
        live,
        gitops,
        network: {
          cni,
          clusterMesh: cni === 'cilium' && clusterMesh,
          peers: peers?.filter((names) => names.every((name) => present.includes(name))),
        },
        clusters: Object.fromEntries(present.map((name) => [name, { user: { vmSizes } }])),
        secrets: { sync },
        observability: { stack },
        workloads,
      };
      // What is undefined was left out of the file.
      return platformOf(JSON.parse(JSON.stringify(data)), environment);
    },
  );

const SEED = 20_261_122;
let sample: readonly Platform[] | undefined;

/**
 * Checks a property on a sample of fleets: one sample for all tests, since reading a tree back takes far
 * longer than writing it.
 */
export function forEachPlatform(property: (platform: Platform) => void): void {
  sample ??= fc.sample(anyPlatform, { seed: SEED, numRuns: 40 });
  for (const [index, platform] of sample.entries()) {
    try {
      property(platform);
    } catch (error) {
      throw new Error(`fleet ${index} of the sample: ${JSON.stringify(platform.fleet)}`, { cause: error });
    }
  }
}

/** Both folders, as they stand side by side. */
export function treeOf(platform: Platform): FileTree {
  const files = new Map<string, string>();
  for (const [path, text] of synthesizeGitops(platform)) files.set(`gitops/${path}`, text);
  for (const [path, text] of synthesizeBootstrap(platform)) files.set(`bootstrap/${path}`, text);
  return files;
}

export type Placed = { readonly path: string; readonly object: Loose };

const objectsByPlatform = new WeakMap<Platform, readonly Placed[]>();

/** Every Kubernetes object of the tree. */
export function objectsOf(platform: Platform): readonly Placed[] {
  const known = objectsByPlatform.get(platform);
  if (known) return known;
  const files = [...synthesizeGitops(platform)].filter(([path]) => path.endsWith('.yaml'));
  const objects = files.flatMap(([path, text]) =>
    parseAllDocuments(text)
      .map((document) => ({ path: `gitops/${path}`, object: document.toJS() as Loose }))
      .filter(({ object }) => object.kind !== 'Kustomization'),
  );
  objectsByPlatform.set(platform, objects);
  return objects;
}

export function objectsOfKind(platform: Platform, kind: string): readonly Loose[] {
  return objectsOf(platform).flatMap(({ object }) => (object.kind === kind ? [object] : []));
}

const valuesByPlatform = new WeakMap<Platform, Map<string, Loose>>();

/** Values of a component as they are read back; undefined where the cluster runs none. */
export function valuesOf(platform: Platform, cluster: string, component: string): Loose {
  let values = valuesByPlatform.get(platform);
  if (!values) {
    const files = [...synthesizeBootstrap(platform)].filter(([path]) => path.endsWith('.values.yaml'));
    values = new Map(files.map(([path, text]) => [path, parse(text)]));
    valuesByPlatform.set(platform, values);
  }
  return values.get(`${cluster}/${component}.values.yaml`);
}

/** Which clusters a set's generator finds, by the labels that bootstrap writes. */
export function selected(set: Loose, labelsByCluster: ReadonlyMap<string, Record<string, string>>): string[] {
  const { matchLabels = {}, matchExpressions = [] } = set.spec.generators[0].clusters.selector;
  return [...labelsByCluster].flatMap(([cluster, labels]) => {
    const byLabels = Object.entries(matchLabels).every(([key, value]) => labels[key] === value);
    const byExpressions = matchExpressions.every(
      ({ key, operator, values }: Loose) => operator === 'In' && values.includes(labels[key]),
    );
    return byLabels && byExpressions ? [cluster] : [];
  });
}
