import type { Path } from '../base/finding.ts';
import { aliasOf } from './cluster-alias.ts';
import type { ClusterEvidence, Evidence } from './evidence.ts';
import type { Item } from './item.ts';

/**
 * What a GitOps tree says, with what Azure knows of the same clusters laid beside it: which pod range a cluster
 * was made with, which pools its autoscaler chooses between, which accounts its identities trust. `own` keeps
 * its parts; of `others` it gets those that it lacks, with their clusters called as the tree calls them.
 */
export function joinEvidence(own: Evidence, others: readonly Evidence[]): Evidence {
  const names = (own.clusters ?? []).flatMap(({ name }) => (name === undefined ? [] : [name]));
  let joined = own;
  const covered = new Set<string | undefined>();
  for (const other of others) {
    if (isOfAnother(own.environment, other.environment)) continue;
    const renamed = withNames(other, names);
    for (const { name } of renamed.clusters ?? []) covered.add(name);
    const clusters = own.clusters && joinClusters(joined.clusters ?? [], renamed.clusters ?? []);
    // Of pods, what Cilium gives out counts; all else in the network is Azure's to say.
    const ranges = joined.ranges && [
      ...joined.ranges,
      ...(renamed.ranges ?? []).filter(({ use }) => use !== 'pods'),
    ];
    joined = {
      ...renamed,
      ...joined,
      ...(clusters === undefined ? {} : { clusters }),
      ...(ranges === undefined ? {} : { ranges }),
    };
  }
  const strange = (own.clusters ?? []).filter(({ name }) => name !== undefined && !covered.has(name));
  return withOpenAccounts(own.federations === undefined ? withOpenCredentials(joined, strange) : joined);
}

/** The parts whose items name a cluster, and by which property. */
const NAMING = [
  ['nodePools', 'cluster'],
  ['poolNames', 'cluster'],
  ['ranges', 'cluster'],
  ['securityRules', 'cluster'],
  ['operatorRanges', 'cluster'],
  ['administration', 'cluster'],
  ['logAssociations', 'cluster'],
  ['federations', 'issuerCluster'],
  ['accessGrants', 'cluster'],
  // Teams name several clusters, by the names of the fleet file.
  ['teams', 'cluster'],
  ['administrators', 'cluster'],
] as const;

function withNames(evidence: Evidence, names: readonly string[]): Evidence {
  const alias = (name: string): string => aliasOf(name, names) ?? name;
  const parts: Record<string, unknown> = {};
  for (const [part, property] of NAMING) {
    const items = evidence[part];
    if (items !== undefined) parts[part] = items.map((item) => renamedItem(item, property, alias));
  }
  const clusters = evidence.clusters?.map((cluster) => renamedItem(cluster, 'name', alias));
  return { ...evidence, ...parts, ...(clusters === undefined ? {} : { clusters }) };
}

function renamedItem<One extends Item<object>>(
  item: One,
  property: string,
  alias: (name: string) => string,
): One {
  const name = (item as Readonly<Record<string, unknown>>)[property];
  return typeof name === 'string' ? { ...item, [property]: alias(name) } : item;
}

/** Each cluster with what the other evidence says of it and this does not. */
function joinClusters(
  own: readonly ClusterEvidence[],
  others: readonly ClusterEvidence[],
): readonly ClusterEvidence[] {
  return own.map((cluster) => {
    const same = others.filter(({ name }) => name !== undefined && name === cluster.name);
    const [other] = same;
    if (other === undefined || same.length > 1) return cluster;
    const known = Object.fromEntries(Object.entries(cluster).filter(([, value]) => value !== undefined));
    // What only the other says stands where the other says it.
    const places = Object.fromEntries(
      Object.keys(other)
        .filter((key) => !(key in known))
        .map((key) => [key, other.places?.[key as keyof ClusterEvidence['places']] ?? other.path]),
    );
    return { ...other, ...known, places: { ...places, ...cluster.places } } as ClusterEvidence;
  });
}

/** A cluster that nothing else knows may be trusted by credentials that nothing else knows. */
function withOpenCredentials(evidence: Evidence, strange: readonly ClusterEvidence[]): Evidence {
  if (evidence.federations === undefined || strange.length === 0) return evidence;
  const open = strange.map(({ path, name }) => ({
    path,
    ...(name === undefined ? {} : { issuerCluster: name }),
  }));
  return { ...evidence, federations: [...evidence.federations, ...open] };
}

/**
 * A credential of a cluster that the tree does not have may trust an account that stands somewhere else: of
 * that cluster, the accounts are not known.
 */
function withOpenAccounts(evidence: Evidence): Evidence {
  const { federations, tokenUsers, clusters } = evidence;
  if (federations === undefined || tokenUsers === undefined) return evidence;
  const names = new Set(clusters?.map(({ name }) => name));
  const strange = federations.find(({ issuerCluster }) => !names.has(issuerCluster));
  if (strange === undefined) return evidence;
  const open = {
    path: strange.path,
    ...(strange.issuerCluster === undefined ? {} : { cluster: strange.issuerCluster }),
  };
  return { ...evidence, tokenUsers: [...tokenUsers, open] };
}

function isOfAnother(a: Evidence['environment'], b: Evidence['environment']): boolean {
  return a !== undefined && b !== undefined && a !== b;
}

/** Evidence of one file among those of several: each path begins with the name of the file. */
export function ofFile(evidence: Evidence, file: string): Evidence {
  if (evidence.isOfFiles) return evidence;
  const parts: Record<string, unknown> = {};
  for (const part of ['clusters', ...NAMING.map(([name]) => name)] as const) {
    const items: readonly Item<object>[] | undefined = evidence[part];
    if (items !== undefined) parts[part] = items.map((item) => itemOfFile(item, file));
  }
  const { kind, environment } = evidence;
  return { kind, isOfFiles: true, ...(environment === undefined ? {} : { environment }), ...parts };
}

function itemOfFile(item: Item<object>, file: string): Item<object> {
  const places = Object.entries(item.places ?? {}) as readonly (readonly [string, Path])[];
  return {
    ...item,
    path: [file, ...item.path],
    places: Object.fromEntries(places.map(([key, path]) => [key, [file, ...path]])),
  };
}
