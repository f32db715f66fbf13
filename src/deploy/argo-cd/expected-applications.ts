import type { FileTree } from '../../base/file-tree.ts';
import { compareText } from '../../base/order.ts';
import { CLUSTER } from '../../gitops/application-set.ts';
import { clusterFacts } from '../../gitops/cluster-facts.ts';
import type { ClusterPlan, Platform } from '../../model/platform.ts';
import { objectsIn } from '../bootstrap/objects.ts';

type Selector = {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly { readonly key: string; readonly values: readonly string[] }[];
};

/** As the tree writes them. */
export type ApplicationSet = {
  readonly kind: string;
  readonly spec: {
    readonly generators: readonly { readonly clusters: { readonly selector: Selector } }[];
    readonly template: { readonly metadata: { readonly name: string } };
  };
};

const FOLDER = 'gitops/argocd/';

/** The ApplicationSets that the root of the tree keeps. */
export function applicationSets(tree: FileTree): readonly ApplicationSet[] {
  const files = [...tree.keys()].filter((path) => path.startsWith(FOLDER) && path.endsWith('.yaml'));
  return files
    .flatMap((path) => objectsIn(tree, path) as readonly object[] as readonly ApplicationSet[])
    .filter(({ kind }) => kind === 'ApplicationSet');
}

/**
 * Names of the Applications that Argo CD makes of the sets for a cluster once it knows it, the root's among those of
 * mgmt: what is not there yet is waited for too.
 */
export function expectedApplications(
  sets: readonly ApplicationSet[],
  platform: Platform,
  cluster: ClusterPlan,
): readonly string[] {
  const facts = clusterFacts(platform, cluster);
  const labels = new Map(facts.flatMap((fact) => (fact.kind === 'label' ? [[fact.key, fact.value]] : [])));
  const names = sets.flatMap(({ spec }) =>
    spec.generators.some(({ clusters: { selector } }) => isChosen(selector, labels))
      ? [spec.template.metadata.name.replace(CLUSTER, cluster.name)]
      : [],
  );
  return [...(cluster.role === 'mgmt' ? ['root'] : []), ...names.toSorted(compareText)];
}

/** The tree's expressions are all of the operator In. */
function isChosen(
  { matchLabels = {}, matchExpressions = [] }: Selector,
  labels: ReadonlyMap<string, string>,
): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels.get(key) === value) &&
    matchExpressions.every(({ key, values }) => values.includes(labels.get(key) ?? ''))
  );
}
