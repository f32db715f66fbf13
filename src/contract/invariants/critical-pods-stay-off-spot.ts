import { hasAll, placeOf, type With } from '../evidence.ts';
import { broken, held, invariant, type Observation, unsaid } from '../invariant.ts';
import type { PodSetEvidence } from '../kubernetes-evidence.ts';

const PARTS = ['name', 'isCritical', 'hasState', 'toleratesSpot', 'spotChoice'] as const;

export default invariant({
  id: 'critical-pods-stay-off-spot',
  title: 'In production, critical pods and those with state stay off Spot nodes',
  adr: 'ADR-A01',
  severity: 'error',
  why:
    'A Spot node goes with half a minute of notice. What must not be evicted cannot stand there, and a ' +
    'volume takes minutes to follow its pod: it is detached, attached in the same zone, and checked. In demo ' +
    'there is nothing but Spot to stand on (C2).',
  source: 'Source design, section 6.1; learn.microsoft.com, aks/spot-node-pool, 2026-08.',
  kinds: ['gitops', 'live'],
  needs: ['environment', 'podSets'],
  *check({ environment, podSets }) {
    if (environment !== 'production') return;
    for (const set of podSets) {
      if (set.isCritical === false && set.hasState === false) continue;
      if (!hasAll(set, ...PARTS)) yield unsaid(set, ...PARTS);
      else yield judge(set);
    }
  },
});

function judge(set: With<PodSetEvidence, (typeof PARTS)[number]>): Observation {
  const place = placeOf(set, 'toleratesSpot');
  if (!set.toleratesSpot || set.spotChoice === 'never') return held(place);
  const what = set.isCritical ? 'is critical' : 'keeps state in volumes';
  return broken(place, `${set.name} ${what}, and may stand on Spot nodes`, {
    severity: set.isCritical ? 'error' : 'warning',
    help:
      'remove the toleration of kubernetes.azure.com/scalesetpriority, or require ' +
      'kubernetes.azure.com/scalesetpriority not in (spot)',
  });
}
