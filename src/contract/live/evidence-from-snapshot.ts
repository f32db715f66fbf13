import type { FileTree } from '../../base/file-tree.ts';
import { type Environment, environments } from '../../fleet/fleet.ts';
import { aliasOf } from '../cluster-alias.ts';
import type { ClusterEvidence, Evidence, NodePoolEvidence } from '../evidence.ts';
import type { FolderEvidence } from '../folder-evidence.ts';
import { accessGrantsOf as objectGrantsOf } from '../kubernetes/access-objects.ts';
import { type ObjectDocument, readObjectFolder } from '../kubernetes/documents.ts';
import { textOf, valueAt } from '../kubernetes/value-at.ts';
import { nameText } from '../wording.ts';
import { accessGrantsOf, identitiesByClient } from './arm-access.ts';
import { administrationOf } from './arm-administration.ts';
import { apiServersOf, clustersOf, issuersOf, nodePoolsOf, poolNamesOf } from './arm-clusters.ts';
import { natGatewaysOf, nodeSubnetsOf, rangesOf, securityRulesOf, subnetsOf } from './arm-network.ts';
import { type ArmResources, armResourcesOf, CLUSTER, lastStep } from './arm-resources.ts';
import { alertingOf, budgetsOf, federationsOf, logAssociationsOf, logsOf, vaultsOf } from './arm-services.ts';
import {
  ciliumsOf,
  type ClusterObjects,
  clusterObjects,
  meshIdentities,
  objectEvidence,
} from './cluster-objects.ts';

/**
 * Evidence of a running fleet, as two kinds of files:
 *
 *     arm/<any path>.json               resources of Azure as a GET gives them: one, a list, or a page of one
 *     kubernetes/<cluster>/<any path>   objects of that cluster as an API server gives them, JSON or YAML,
 *                                       alone or in a List
 *
 * `az resource list`, `az aks show` and `kubectl get -o json` write such files. What none of them holds is
 * undetermined: a type of resource that nobody asked for may exist all the same. Secrets need no content; names
 * of their entries are all that is read.
 */
export function evidenceFromSnapshot(files: FileTree, environment: Environment | undefined): FolderEvidence {
  const { documents, problems, locate } = readObjectFolder(files);
  const resources = armResourcesOf(documents.filter(({ file }) => file.startsWith('arm/')));
  const clusters = objectsByCluster(documents);
  const names = clusters.map(({ cluster }) => cluster);
  const nameOf = (id: string): string => {
    const resourceName = lastStep(id);
    return aliasOf(resourceName, names) ?? nameText(resourceName);
  };
  const where = environment ?? environmentOf(resources);
  const evidence: Evidence = {
    kind: 'live',
    isOfFiles: true,
    ...(where === undefined ? {} : { environment: where }),
    ...armEvidence(resources, clusters, nameOf),
    ...(clusters.length === 0 ? {} : objectEvidence(clusters, identitiesByClient(resources))),
    ...some({
      accessGrants: [
        ...accessGrantsOf(resources, nameOf),
        ...clusters.flatMap(({ objects }) => objectGrantsOf(objects)),
      ],
    }),
    ...(clusters.length === 0 ? {} : some({ ciliums: ciliumsOf(clusters) })),
    ...peersOf(clusters),
  };
  return { evidence, problems, locate };
}

function armEvidence(
  resources: ArmResources,
  objects: readonly ClusterObjects[],
  nameOf: (id: string) => string,
): Partial<Evidence> {
  const identities = meshIdentities(objects);
  const clusters = withClusters(clustersOf(resources, nameOf), objects).map((cluster): ClusterEvidence => ({
    ...cluster,
    ...identities.get(cluster.name ?? ''),
  }));
  const shown = nodePoolsOf(resources, nameOf);
  const nodePools = [...shown, ...openPools(clusters, shown)];
  const nodes = nodeSubnetsOf(nodePools);
  const alerting = alertingOf(resources);
  const region = regionOf(resources);
  return {
    ...(region === undefined ? {} : { region }),
    // A running fleet has no tiers but those of its clusters.
    ...(clusters.length === 0 ? {} : { tiers: [] }),
    ...some({
      clusters,
      nodePools,
      poolNames: poolNamesOf(shown),
      ranges: rangesOf(resources, nodes, clusters),
      securityRules: securityRulesOf(resources, nodes),
      federations: federationsOf(resources, issuersOf(resources, nameOf)),
      operatorRanges: apiServersOf(resources, nameOf),
      administration: administrationOf(resources, nameOf),
      logs: logsOf(resources),
      budgets: budgetsOf(resources),
      subnets: subnetsOf(resources, nodes),
      natGateways: natGatewaysOf(resources),
      vaults: vaultsOf(resources),
      logAssociations: logAssociationsOf(resources, nameOf),
    }),
    ...(alerting === undefined ? {} : { alerting }),
  };
}

/** Clusters of which the snapshot has objects and no resource are clusters all the same. */
function withClusters(
  clusters: readonly ClusterEvidence[],
  objects: readonly ClusterObjects[],
): readonly ClusterEvidence[] {
  const names = new Set(clusters.map(({ name }) => name));
  const others = objects.filter(({ cluster }) => !names.has(cluster));
  return [
    ...clusters,
    ...others.map(({ cluster, objects: [first] }) => ({ path: first?.path ?? [], name: cluster })),
  ];
}

/** A cluster that shows no pool has some all the same; where none shows any, nobody asked for pools. */
function openPools(
  clusters: readonly ClusterEvidence[],
  pools: readonly NodePoolEvidence[],
): readonly NodePoolEvidence[] {
  const shown = new Set(pools.map(({ cluster }) => cluster));
  if (shown.size === 0) return [];
  return clusters.flatMap(({ path, name }) =>
    name === undefined || shown.has(name) ? [] : [{ path, cluster: name }],
  );
}

function objectsByCluster(documents: readonly ObjectDocument[]): readonly ClusterObjects[] {
  const byCluster = new Map<string, ObjectDocument[]>();
  for (const document of documents) {
    const cluster = /^kubernetes\/([^/]+)\//.exec(document.file)?.[1];
    if (cluster === undefined) continue;
    const own = byCluster.get(cluster);
    if (own) own.push(document);
    else byCluster.set(cluster, [document]);
  }
  return [...byCluster].map(([cluster, own]) => clusterObjects(nameText(cluster), own));
}

/** Pairs of clusters of which one lists the other; each pair once. */
function peersOf(clusters: readonly ClusterObjects[]): Pick<Evidence, 'peers'> {
  const ciliums = ciliumsOf(clusters);
  if (ciliums.length === 0 || ciliums.some(({ peers }) => peers === undefined)) return {};
  const names = new Set(ciliums.map(({ cluster }) => cluster));
  const pairs = new Map<string, NonNullable<Evidence['peers']>[number]>();
  for (const { cluster = '', peers = [] } of ciliums) {
    for (const peer of peers) {
      const pair =
        cluster < peer.cluster ? ([cluster, peer.cluster] as const) : ([peer.cluster, cluster] as const);
      if (names.has(peer.cluster) && !pairs.has(pair.join(' ')))
        pairs.set(pair.join(' '), { path: peer.path, pair });
    }
  }
  return { peers: [...pairs.values()] };
}

/** The region of all clusters; where they stand in several, of none. */
function regionOf(resources: ArmResources): Evidence['region'] {
  const [first, ...others] = resources.ofType(CLUSTER).map(({ path, value }) => ({
    path: [...path, 'location'],
    name: textOf(valueAt(value, 'location'))?.toLowerCase().replaceAll(' ', ''),
  }));
  if (first?.name === undefined || others.some(({ name }) => name !== first.name)) return undefined;
  return { path: first.path, name: first.name };
}

/** What the tags of the clusters agree on. */
function environmentOf(resources: ArmResources): Environment | undefined {
  const said = resources.ofType(CLUSTER).map(({ value }) => textOf(valueAt(value, 'tags', 'environment')));
  const [first, ...others] = new Set(said.map((text) => text?.toLowerCase()));
  return others.length === 0 ? environments.find((environment) => environment === first) : undefined;
}

/** The lists that are not empty. */
function some<Lists extends Readonly<Record<string, readonly unknown[]>>>(lists: Lists): Partial<Lists> {
  return Object.fromEntries(Object.entries(lists).filter(([, list]) => list.length > 0)) as Partial<Lists>;
}
