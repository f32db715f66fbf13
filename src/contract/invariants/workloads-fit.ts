import { type CapacityEvidence, hasAll, placeOf, type Resources } from '../evidence.ts';
import { broken, held, invariant, type Observation, undetermined, unsaid } from '../invariant.ts';
import { listText, shortageText } from '../wording.ts';

export default invariant({
  id: 'workloads-fit',
  title: 'Workloads fit the user nodes, and each of their pods fits one',
  adr: 'ADR-A01',
  severity: 'error',
  why:
    'The autoscaler adds nodes up to the maximum and no further: replicas beyond it stay Pending, and a ' +
    'pod that asks for more than one node has stays Pending however many there are. Both look like an ' +
    'outage of the application.',
  source: 'learn.microsoft.com, aks/cluster-autoscaler-overview and aks/node-resource-reservations, 2026-08.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['capacities'],
  *check({ capacities }) {
    for (const capacity of capacities) {
      if (!hasAll(capacity, 'mode')) yield unsaid(capacity, 'mode');
      else if (capacity.mode === 'User') yield* judge(capacity);
    }
  },
});

function* judge(capacity: CapacityEvidence): Iterable<Observation> {
  if (!hasAll(capacity, 'cluster', 'machines', 'platform', 'workloads', 'pods')) {
    yield unsaid(capacity, 'cluster', 'machines', 'platform', 'workloads', 'pods');
    return;
  }
  const { cluster, machines, room, platform, workloads, roomOnOneNode, pods } = capacity;
  if (pods.length === 0) return;
  const place = placeOf(capacity, 'room');
  if (room === undefined || roomOnOneNode === undefined) {
    yield undetermined(place, `what pods may use on ${machines} is not on record`);
    return;
  }
  const large = pods.flatMap(({ workload, ...requests }) => {
    const short = shortageText(requests, roomOnOneNode);
    return short === undefined ? [] : [{ workload, short }];
  });
  if (large.length > 0) {
    const names = listText(large.map(({ workload, short }) => `${workload} (${short})`));
    yield broken(place, `no node of ${cluster} is large enough for a pod of ${names}`, {
      help: 'take a larger size, or lower the requests',
    });
  }
  const all: Resources = {
    cpuMillis: platform.cpuMillis + workloads.cpuMillis,
    memoryMiB: platform.memoryMiB + workloads.memoryMiB,
  };
  const short = shortageText(all, room);
  if (short !== undefined) {
    yield broken(
      place,
      `the workloads do not fit ${cluster}: with the platform they ask for ${short} on ${machines}`,
      {
        help: 'allow more nodes, take a larger size, or lower replicas or requests',
      },
    );
  } else if (large.length === 0) yield held(place);
}
