import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';
import { listText } from '../wording.ts';

export default invariant({
  id: 'requests-are-set',
  title: 'Every container of a workload says how much CPU and memory it needs',
  adr: 'ADR-A01',
  severity: 'warning',
  why:
    'The scheduler and the autoscaler count requests and nothing else. A container without one is put where ' +
    'there is no room, makes no node come, and is the first to be killed when the node runs out of memory.',
  source: 'kubernetes.io, concepts/configuration/manage-resources-containers, 2026-11.',
  kinds: ['gitops', 'live'],
  needs: ['podSets'],
  *check({ podSets }) {
    for (const set of podSets) {
      if (set.isPlatform === true) continue;
      if (!hasAll(set, 'name', 'containersWithoutRequests')) {
        yield unsaid(set, 'name', 'containersWithoutRequests');
        continue;
      }
      const { name, containersWithoutRequests: containers } = set;
      const place = placeOf(set, 'containersWithoutRequests');
      if (containers.length === 0) yield held(place);
      else {
        const message = `${listText(containers)} of ${name} asks for no CPU, or for no memory`;
        yield broken(place, message, { help: 'write `resources.requests` with cpu and memory' });
      }
    }
  },
});
