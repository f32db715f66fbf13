import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, undetermined, unsaid } from '../invariant.ts';
import { shortageText } from '../wording.ts';

export default invariant({
  id: 'platform-fits',
  title: 'What AKS and the platform ask for fits the nodes that they may run on',
  adr: 'ADR-A01',
  severity: 'error',
  why:
    'A pod that fits nowhere stays Pending: a system pool that is too small has no CoreDNS or no network ' +
    'operator, and the whole cluster waits for it. AKS keeps a part of each node for itself, and its own ' +
    'pods take more before the first of ours.',
  source:
    'learn.microsoft.com, aks/node-resource-reservations, 2026-06-11; requests of AKS pods as read on ' +
    'public clusters, 2024 to 2026.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['capacities'],
  *check({ capacities }) {
    for (const capacity of capacities) {
      if (!hasAll(capacity, 'cluster', 'mode', 'machines', 'platform')) {
        yield unsaid(capacity, 'cluster', 'mode', 'machines', 'platform');
        continue;
      }
      const { cluster, mode, machines, platform, room } = capacity;
      const place = placeOf(capacity, 'room');
      if (room === undefined) {
        yield undetermined(place, `what pods may use on ${machines} is not on record`);
        continue;
      }
      const short = shortageText(platform, room);
      if (short === undefined) yield held(place);
      else {
        const pool = `the ${mode === 'System' ? 'system' : 'user'} pool of ${cluster}`;
        yield broken(place, `the platform does not fit ${pool}: it asks for ${short} on ${machines}`, {
          help:
            mode === 'System'
              ? 'add a node, or take a larger size'
              : 'allow more nodes, or take a larger size',
        });
      }
    }
  },
});
