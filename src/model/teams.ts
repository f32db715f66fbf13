import { compareText } from '../base/order.ts';
import type { Fleet, Team } from '../fleet/fleet.ts';

/** What one team may do where. */
export type TeamPlan = {
  readonly name: string;
  /** Id of the Entra group that gets the roles. */
  readonly group: string;
  /** The namespaces that it reaches, by cluster in the order of the fleet; clusters where it has none are left out. */
  readonly clusters: readonly TeamCluster[];
  /** Role assignments of the group, in the order of clusters. */
  readonly roles: readonly TeamRole[];
};

export type TeamCluster = { readonly cluster: string; readonly namespaces: readonly string[] };

export type TeamRole = {
  /** Name of a role that Azure has built in. */
  readonly role: string;
  readonly scope: TeamScope;
  readonly why: string;
};

/** The cluster as a resource, or one namespace inside it: `<id of the cluster>/namespaces/<namespace>`. */
export type TeamScope =
  | { readonly kind: 'cluster'; readonly cluster: string }
  | { readonly kind: 'namespace'; readonly cluster: string; readonly namespace: string };

/** Fetches the address of the API server and its certificate, and allows nothing inside. */
const CLUSTER_USER = 'Azure Kubernetes Service Cluster User Role';
/**
 * Reads and writes what Kubernetes itself has in a namespace, Secrets among it, and neither roles nor what others define
 * (learn.microsoft.com, aks/manage-azure-rbac, 2026-08). Not the Admin of that family: who may bind roles leaves Git.
 */
const WRITER = 'Azure Kubernetes Service RBAC Writer';

/** The teams of a fleet: their namespaces cluster by cluster, and the roles that let them in there and nowhere else. */
export function planTeams(fleet: Fleet): readonly TeamPlan[] {
  return fleet.teams.map((team) => {
    const clusters = fleet.clusters
      .filter(({ name }) => team.clusters.includes(name))
      .map(({ name }) => ({ cluster: name, namespaces: namespacesOf(fleet, team, name) }))
      .filter(({ namespaces }) => namespaces.length > 0);
    return { name: team.name, group: team.group, clusters, roles: clusters.flatMap(rolesIn) };
  });
}

/** A workload lives in the namespace of its name; of those of the team, the ones that run there. */
function namespacesOf(fleet: Fleet, team: Team, cluster: string): readonly string[] {
  const running = fleet.workloads
    .filter(({ name, clusters }) => team.workloads.includes(name) && clusters.includes(cluster))
    .map(({ name }) => name);
  return [...new Set([...running, ...team.namespaces])].toSorted(compareText);
}

function rolesIn({ cluster, namespaces }: TeamCluster): readonly TeamRole[] {
  return [
    {
      role: CLUSTER_USER,
      scope: { kind: 'cluster', cluster },
      why: 'lets the team fetch a kubeconfig; no right inside the cluster',
    },
    ...namespaces.map((namespace): TeamRole => ({
      role: WRITER,
      scope: { kind: 'namespace', cluster, namespace },
      why: 'the team works in this namespace and in no other',
    })),
  ];
}
