import type { FileTree } from '../../base/file-tree.ts';
import { compareText } from '../../base/order.ts';
import { type Environment, environments } from '../../fleet/fleet.ts';
import type { ClusterEvidence, DependencyEvidence, Evidence, TextEvidence } from '../evidence.ts';
import type { FolderEvidence } from '../folder-evidence.ts';
import type { GlobalServiceEvidence } from '../kubernetes-evidence.ts';
import { accessGrantsOf } from '../kubernetes/access-objects.ts';
import { applicationSetsOf, applicationsOf, isApplicationSet } from '../kubernetes/argo-objects.ts';
import { readObjectFolder } from '../kubernetes/documents.ts';
import { type KubernetesObject, namePath } from '../kubernetes/object.ts';
import { objectTexts, valuesTexts } from '../kubernetes/object-texts.ts';
import { expandersOf, globalServicesOf, webhooksOf } from '../kubernetes/platform-objects.ts';
import type { PlacedObject } from '../kubernetes/placed-object.ts';
import { nodeChoicesOf, podSetsOf, workloadsOf } from '../kubernetes/pod-sets.ts';
import {
  externalSecretObjectsOf,
  secretSyncsOf,
  storedSecretsOf,
  subjectOf,
  tokenUsersOf,
} from '../kubernetes/secret-objects.ts';
import { listOf, textOf, valueAt } from '../kubernetes/value-at.ts';
import { chartPods, chartTokenUsers, chartWebhooks } from './chart-pods.ts';
import { checkoutOf } from './checkout.ts';
import { type CiliumFacts, ciliumFacts } from './cilium-values.ts';
import { type Deployment, deploymentsOf, type Release } from './deployments.ts';
import { clusterSecretsOf } from './rows.ts';
import {
  generatedSecrets,
  isTemplated,
  objectsOf,
  placedObjects,
  readableFiles,
  unclaimedReleases,
} from './tree-objects.ts';

/**
 * Evidence of a GitOps directory: plain manifests, Kustomize folders, Applications and ApplicationSets of Argo
 * CD, values of charts. `files` are its YAML and JSON by path. Objects are matched by kind and by what they
 * refer to, never by their names or folders. The tree is one environment's; without a name for it, it is the
 * one that all cluster selectors agree on.
 */
export function evidenceFromTree(files: FileTree, environment: Environment | undefined): FolderEvidence {
  const checkout = checkoutOf(files);
  const folder = readObjectFolder(readableFiles(checkout));
  const { documents, problems, locate } = folder;
  const written = objectsOf(documents).filter((object) => !isTemplated(object));
  const tree = {
    checkout,
    documents: new Map(documents.filter(({ index }) => index === 0).map(({ file, value }) => [file, value])),
    unreadable: new Set(problems.flatMap(({ file }) => (file === undefined ? [] : [file]))),
  };
  const deployments = deploymentsOf(written, tree, { checkout, clusterSecrets: clusterSecretsOf(written) });
  const claimed = deployments.flatMap(({ releases }) => releases);
  const releases = distinctReleases([...claimed, ...unclaimedReleases(documents, claimed)]);
  const objects = placedObjects(written, deployments);
  const isWhole =
    problems.length === 0 && deployments.every(({ folders }) => folders.every((content) => content.isWhole));
  const where = environment ?? environmentOf(written);
  const evidence: Evidence = {
    kind: 'gitops',
    isOfFiles: true,
    ...(where === undefined ? {} : { environment: where }),
    ...networkEvidence(releases, deployments, objects),
    ...objectEvidence(objects, releases, isWhole),
    storedSecrets: [
      ...storedSecretsOf(objects),
      ...generatedSecrets(documents),
      // What cannot be read may be a Secret.
      ...problems.map(({ file = '' }) => ({ path: [file, 0] })),
    ],
    texts: textsOf(objects, releases),
    applicationSets: applicationSetsOf(written),
    applications: applicationsOf(written, (object) => chartsOf(object, deployments)),
  };
  return { evidence, problems, locate };
}

/** The Kubernetes objects and charts, whoever brings them where. */
function objectEvidence(
  objects: readonly PlacedObject[],
  releases: readonly Release[],
  isWhole: boolean,
): Partial<Evidence> {
  const podSets = podSetsOf(objects, isWhole);
  return {
    podSets: [...podSets, ...releases.flatMap(chartPods)],
    nodeChoices: nodeChoicesOf(objects),
    workloads: workloadsOf(objects, podSets),
    secretSyncs: secretSyncsOf(objects),
    externalSecretObjects: externalSecretObjectsOf(objects),
    tokenUsers: [...tokenUsersOf(objects), ...releases.flatMap(tokenUsersOfRelease)],
    webhooks: [...webhooksOf(objects, podSets), ...releases.flatMap(chartWebhooks)],
    expanders: expandersOf(objects),
    accessGrants: accessGrantsOf(objects),
  };
}

/** The mesh, as the values of Cilium make it. Without Cilium, the tree says nothing of any network. */
function networkEvidence(
  releases: readonly Release[],
  deployments: readonly Deployment[],
  objects: readonly PlacedObject[],
): Partial<Evidence> {
  const facts = releases
    .filter(({ chart }) => chart === 'cilium')
    .map(({ values, cluster }) => ciliumFacts(values, cluster));
  const globalServices = globalServicesOf(objects);
  const peers = peersOf(facts);
  return {
    clusters: clustersOf(facts, deployments),
    globalServices,
    ...(facts.length === 0
      ? {}
      : {
          ciliums: facts.map(({ cilium }) => cilium),
          ranges: facts.flatMap(({ ranges }) => ranges),
          peers,
          dependencies: dependenciesOf(globalServices, peers),
        }),
  };
}

/** The clusters that Cilium or an Application names. Argo CD's own is mgmt, and the others are not. */
function clustersOf(
  facts: readonly CiliumFacts[],
  deployments: readonly Deployment[],
): readonly ClusterEvidence[] {
  const found = facts.map(({ cluster }) => cluster);
  const names = new Set(found.map(({ name }) => name));
  for (const { cluster, object } of deployments) {
    if (cluster === undefined || names.has(cluster)) continue;
    names.add(cluster);
    found.push({ path: namePath(object), name: cluster });
  }
  const hosts = new Set(
    deployments
      .filter(({ releases }) => releases.some(({ chart }) => chart === 'argo-cd'))
      .map(({ cluster }) => cluster),
  );
  if (hosts.size === 0 || hosts.has(undefined)) return found;
  return found.map((cluster) => ({
    ...cluster,
    ...(cluster.name === undefined ? {} : { role: hosts.has(cluster.name) ? 'mgmt' : 'app' }),
  }));
}

/** Pairs of clusters of the tree of which one at least lists the other; each pair once. */
function peersOf(facts: readonly CiliumFacts[]): NonNullable<Evidence['peers']> {
  const names = new Set(facts.map(({ cilium }) => cilium.cluster));
  const pairs = new Map<string, NonNullable<Evidence['peers']>[number]>();
  for (const { cilium } of facts) {
    // A list that cannot be read could hold any pair.
    if (cilium.peers === undefined || cilium.cluster === undefined) {
      pairs.set(`unknown ${pairs.size}`, { path: cilium.places?.peers ?? cilium.path });
      continue;
    }
    for (const { cluster, path } of cilium.peers) {
      if (!names.has(cluster) || cluster === cilium.cluster) continue;
      const [a = '', b = ''] = [cluster, cilium.cluster].toSorted(compareText);
      if (!pairs.has(`${a} ${b}`)) pairs.set(`${a} ${b}`, { path, pair: [a, b] });
    }
  }
  return [...pairs.values()];
}

/** A Service of the mesh that has no pods of its own needs those of another cluster; one peer with some is enough. */
function dependenciesOf(
  services: readonly GlobalServiceEvidence[],
  peers: NonNullable<Evidence['peers']>,
): readonly DependencyEvidence[] {
  return services.flatMap((service): DependencyEvidence[] => {
    const { path, name, cluster, shares } = service;
    if (shares !== false || name === undefined || cluster === undefined) return [];
    const givers = services.filter((other) => other.name === name && other.shares === true);
    const near = givers.filter((giver) =>
      peers.some(
        ({ pair }) =>
          giver.cluster !== undefined && [cluster, giver.cluster].every((one) => pair?.includes(one)),
      ),
    );
    return (near.length > 0 ? near : givers).map((giver) => ({
      path,
      from: cluster,
      ...(giver.cluster === undefined ? {} : { to: giver.cluster }),
      what: `calls to ${name}`,
    }));
  });
}

function textsOf(objects: readonly PlacedObject[], releases: readonly Release[]): readonly TextEvidence[] {
  const layers = new Map(
    releases.flatMap(({ values }) => values.layers.map((layer) => [JSON.stringify(layer.path), layer])),
  );
  return [
    ...objects.flatMap(objectTexts),
    ...[...layers.values()].flatMap(({ value, path }) => valuesTexts(value, path)),
  ];
}

function tokenUsersOfRelease(release: Release): NonNullable<Evidence['tokenUsers']> {
  const { cluster, namespace } = release;
  return chartTokenUsers(release).map(({ path, name }) => ({
    path,
    ...(cluster === undefined ? {} : { cluster }),
    ...(name === undefined || namespace === undefined ? {} : { subject: subjectOf(namespace, name) }),
  }));
}

/** Several rows may stand for one installation. */
function distinctReleases(releases: readonly Release[]): readonly Release[] {
  const distinct = new Map<string, Release>();
  for (const release of releases) {
    const { chart, cluster, namespace, values } = release;
    const layers = values.layers.map(({ path }) => path);
    distinct.set(JSON.stringify([chart, cluster, namespace, layers, values.path]), release);
  }
  return [...distinct.values()];
}

/** The charts that an Application installs in any of its clusters. */
function chartsOf(object: KubernetesObject, deployments: readonly Deployment[]): readonly string[] {
  return deployments
    .filter((deployment) => deployment.object === object)
    .flatMap(({ releases }) => releases.map(({ chart }) => chart));
}

/** The environment that the cluster selectors of all sets name, where they name one. */
function environmentOf(objects: readonly KubernetesObject[]): Environment | undefined {
  const named = objects.filter(isApplicationSet).flatMap(({ value }) =>
    (listOf(valueAt(value, 'spec', 'generators')) ?? []).flatMap((generator) => {
      const labels = ['clusters', 'selector', 'matchLabels', 'bulkhead.dev/environment'];
      return textOf(valueAt(generator, ...labels)) ?? [];
    }),
  );
  const [first, ...others] = new Set(named);
  return others.length === 0 ? environments.find((environment) => environment === first) : undefined;
}
