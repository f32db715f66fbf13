import { hasAll, placeOf, type With } from '../evidence.ts';
import { broken, held, invariant, type Observation, unsaid } from '../invariant.ts';
import type { PodSetEvidence } from '../kubernetes-evidence.ts';

const TAINT = 'kubernetes.azure.com/scalesetpriority=spot:NoSchedule';

export default invariant({
  id: 'spot-pods-tolerate-and-choose',
  title: 'Pods for Spot nodes both tolerate the taint and choose the nodes',
  adr: 'ADR-A01',
  severity: 'error',
  why:
    'A toleration only opens Spot nodes: without an affinity the pods stand anywhere, and the On-Demand ' +
    'pool grows for them. An affinity only points at Spot nodes: without the toleration their taint keeps ' +
    'the pods off, and those that accept nothing else stay Pending.',
  source: 'learn.microsoft.com, aks/spot-node-pool, 2026-08.',
  kinds: ['gitops', 'live'],
  needs: ['podSets'],
  *check({ podSets }) {
    for (const set of podSets) {
      // Parts of the platform stand where there is room.
      if (set.isPlatform === true) continue;
      if (!hasAll(set, 'name', 'toleratesSpot', 'spotChoice')) {
        yield unsaid(set, 'name', 'toleratesSpot', 'spotChoice');
      } else if (set.toleratesSpot || set.spotChoice === 'only' || set.spotChoice === 'preferred') {
        yield judge(set);
      }
    }
  },
});

function judge(set: With<PodSetEvidence, 'name' | 'toleratesSpot' | 'spotChoice'>): Observation {
  const { name, toleratesSpot, spotChoice } = set;
  if (!toleratesSpot) {
    const isPending = spotChoice === 'only';
    const end = isPending ? 'accepts no other: its pods stay Pending' : 'its preference is never met';
    const message = `${name} does not tolerate Spot nodes, and ${isPending ? end : `prefers them: ${end}`}`;
    return broken(placeOf(set, 'toleratesSpot'), message, {
      severity: isPending ? 'error' : 'warning',
      help: `tolerate ${TAINT}`,
    });
  }
  if (spotChoice !== 'none') return held(placeOf(set, 'spotChoice'));
  return broken(placeOf(set, 'toleratesSpot'), `${name} tolerates Spot nodes and does not choose them`, {
    severity: 'warning',
    help:
      'prefer nodes with kubernetes.azure.com/scalesetpriority in (spot), or require others and drop the ' +
      'toleration',
  });
}
