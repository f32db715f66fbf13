import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';
import { listText } from '../wording.ts';

const DOMAINS = [
  { key: 'topology.kubernetes.io/zone', what: 'zones' },
  { key: 'kubernetes.io/hostname', what: 'nodes' },
];

export default invariant({
  id: 'replicas-are-spread',
  title: 'Replicas of a workload are spread over nodes and zones',
  adr: 'ADR-A01',
  severity: 'warning',
  why:
    'Replicas on one node go with it, however many there are; on Spot that happens any day. Kubernetes ' +
    'spreads pods by itself only as long as nothing else weighs more, and fills the emptiest nodes first.',
  source: 'Source design, section 6.1; kubernetes.io, topology-spread-constraints, 2026-11.',
  kinds: ['gitops', 'live'],
  needs: ['podSets'],
  *check({ podSets }) {
    for (const set of podSets) {
      if (set.isPlatform === true || (set.replicas !== undefined && set.replicas < 2)) continue;
      if (!hasAll(set, 'name', 'replicas', 'spreadOver')) {
        yield unsaid(set, 'name', 'replicas', 'spreadOver');
        continue;
      }
      const missing = DOMAINS.filter(({ key }) => !set.spreadOver.includes(key));
      if (missing.length === 0) yield held(placeOf(set, 'spreadOver'));
      else {
        const what = listText(missing.map((domain) => domain.what));
        const keys = listText(missing.map(({ key }) => key));
        const message = `nothing spreads the ${set.replicas} replicas of ${set.name} over ${what}`;
        yield broken(placeOf(set, 'spreadOver'), message, {
          help: `add topologySpreadConstraints over ${keys}`,
        });
      }
    }
  },
});
