import type { FleetData } from '../../test/support/fleets.ts';

type Clusters = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The fleet with these settings of its network. */
export function withNetwork(fleet: FleetData, more: object): FleetData {
  return { ...fleet, network: { ...(fleet['network'] as object), ...more } };
}

/** The fleet with another address range for the subnet of a cluster. */
export function withSubnet(fleet: FleetData, name: string, range: string): FleetData {
  const { subnets } = fleet['network'] as { readonly subnets: object };
  return withNetwork(fleet, { subnets: { ...subnets, [name]: range } });
}

/** The fleet with another number of nodes in the user pool of a cluster. */
export function withPool(fleet: FleetData, name: string, nodes: string): FleetData {
  const clusters = fleet['clusters'] as Clusters;
  const user = { ...(clusters[name]!['user'] as object), nodes };
  return { ...fleet, clusters: { ...clusters, [name]: { ...clusters[name], user } } };
}

/** The fleet of `mgmt` and `app1` with one cluster more, which is like `app1` and a peer of `mgmt`. */
export function withCluster(fleet: FleetData, name: string): FleetData {
  const clusters = fleet['clusters'] as Clusters;
  const network = fleet['network'] as { readonly subnets: object; readonly peers: readonly unknown[] };
  return {
    ...fleet,
    clusters: { ...clusters, [name]: clusters['app1']! },
    network: {
      ...network,
      subnets: { ...network.subnets, [name]: '10.5.0.0/16' },
      peers: [...network.peers, ['mgmt', name]],
    },
  };
}

/** The demo of the fleet without a cluster: no workload and no peer of it is left either. */
export function withoutCluster(fleet: FleetData, name: string): FleetData {
  const without = (record: object): object =>
    Object.fromEntries(Object.entries(record).filter(([key]) => key !== name));
  const network = fleet['network'] as {
    readonly subnets: object;
    readonly peers: readonly (readonly string[])[];
  };
  const workloads = fleet['workloads'] as Readonly<Record<string, { readonly clusters: readonly string[] }>>;
  return {
    ...fleet,
    clusters: without(fleet['clusters'] as object),
    environments: { demo: (fleet['environments'] as { readonly demo: object }).demo },
    network: {
      ...network,
      subnets: without(network.subnets),
      peers: network.peers.filter((pair) => !pair.includes(name)),
    },
    workloads: Object.fromEntries(
      Object.entries(workloads).map(([key, workload]) => [
        key,
        { ...workload, clusters: workload.clusters.filter((cluster) => cluster !== name) },
      ]),
    ),
  };
}
