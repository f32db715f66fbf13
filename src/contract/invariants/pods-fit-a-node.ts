import { allocatable } from '../../catalog/node-reservations.ts';
import { vmSize } from '../../catalog/vm-sizes.ts';
import { hasAll, type NodePoolEvidence, placeOf, type Resources, type With } from '../evidence.ts';
import { broken, held, invariant, type Observation, undetermined, unsaid } from '../invariant.ts';
import { poolsOfCluster } from '../pools-of-cluster.ts';
import { shortageText } from '../wording.ts';

type Pool = With<NodePoolEvidence, 'vmSize' | 'maxPods' | 'nodesMax'>;

export default invariant({
  id: 'pods-fit-a-node',
  title: 'No pod of a workload asks for more than a node has',
  adr: 'ADR-A01',
  severity: 'error',
  why:
    'A pod that asks for more than any node leaves to it stays Pending, however many nodes the autoscaler may ' +
    'add, and it adds none. AKS keeps a part of each node for itself, so that a pod of two CPUs fits no node of two.',
  source: 'learn.microsoft.com, aks/cluster-autoscaler-overview and aks/node-resource-reservations, 2026-08.',
  // A fleet file's workloads are held against all that runs beside them.
  kinds: ['gitops', 'live'],
  needs: ['workloads', 'nodePools'],
  *check({ workloads, nodePools }) {
    const poolsOf = poolsOfCluster(nodePools, 'vmSize', 'maxPods', 'nodesMax');
    for (const workload of workloads) {
      if (!hasAll(workload, 'name', 'clusters', 'podRequests')) {
        yield unsaid(workload, 'name', 'clusters', 'podRequests');
        continue;
      }
      const { name, clusters, podRequests } = workload;
      for (const cluster of clusters) {
        yield judge(placeOf(workload, 'podRequests'), { name, cluster, podRequests }, poolsOf(cluster));
      }
    }
  },
});

function judge(
  path: Observation['path'],
  { name, cluster, podRequests }: { name: string; cluster: string; podRequests: Resources },
  pools: readonly Pool[] | undefined,
): Observation {
  const rooms = pools?.filter(({ nodesMax }) => nodesMax > 0).map(roomOn);
  if (rooms === undefined || rooms.length === 0) {
    return undetermined(path, `whether a node of ${cluster} is large enough for a pod of ${name}`);
  }
  const shortages = rooms.map((room) => room && shortageText(podRequests, room));
  if (shortages.some((short, index) => short === undefined && rooms[index] !== undefined)) return held(path);
  // A size that is not on record may be large enough.
  if (rooms.includes(undefined)) {
    return undetermined(path, `whether a node of ${cluster} is large enough for a pod of ${name}`);
  }
  const known = rooms.filter((room) => room !== undefined);
  const largest = {
    cpuMillis: Math.max(...known.map(({ cpuMillis }) => cpuMillis)),
    memoryMiB: Math.max(...known.map(({ memoryMiB }) => memoryMiB)),
  };
  // Each may be there, on another node.
  const asked = shortageText(podRequests, largest) ?? shortages[0];
  return broken(path, `no node of ${cluster} is large enough for a pod of ${name}: it asks for ${asked}`, {
    help: 'take a larger size, or lower the requests',
  });
}

/** What a node of the pool leaves to pods, DaemonSets among them. */
function roomOn({ vmSize: name, maxPods }: Pool): Resources | undefined {
  const size = vmSize(name);
  if (size === undefined) return undefined;
  const { cpuMillis, usableMemoryMiB } = allocatable(size, maxPods);
  return { cpuMillis, memoryMiB: usableMemoryMiB };
}
