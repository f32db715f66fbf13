import { holdToCapacity } from '../capacity-rule.ts';
import { placeOf } from '../evidence.ts';
import { held, invariant, undetermined, unsaid } from '../invariant.ts';

export default invariant({
  id: 'demo-user-pools-are-spot',
  alias: 'C2',
  title: 'In demo, every user node pool is Spot',
  adr: 'ADR-A01',
  severity: 'error',
  why:
    'A demo exists to show the platform at the lowest price, and to show what an eviction does. One ' +
    'On-Demand user pool costs five times its Spot price and hides the evictions that the demo is there to ' +
    'show. A demo before an audience says `live: true`: then, and only then, mgmt may stand on On-Demand ' +
    'nodes.',
  source: 'Source design, section 7, C2, and the warning in section 2.1.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['environment', 'nodePools'],
  *check({ environment, live, nodePools }) {
    if (environment !== 'demo') return;
    const judged = [];
    for (const pool of nodePools) {
      if (pool.mode === undefined) yield unsaid(pool, 'mode');
      if (pool.mode !== 'User') continue;
      const place = placeOf(pool, 'capacityType');
      if (pool.role === 'app' || pool.capacityType !== 'OnDemand') judged.push(pool);
      else if (pool.role === undefined) yield unsaid(pool, 'role');
      else if (live?.value === true) yield held(place);
      else if (live?.value === false) judged.push(pool);
      else yield undetermined(place, 'the evidence does not say whether the demo is live');
    }
    yield* holdToCapacity(judged, {
      capacityType: 'Spot',
      environment,
      help: ({ role }) =>
        role === 'mgmt'
          ? 'write Spot here, or say `live: true` when the demo has an audience'
          : live?.value === true
            ? '`live: true` is for mgmt: put the cluster in tier 2, or write `capacity: Spot` for it'
            : 'write Spot here, or leave it out: demo decides Spot by itself',
    });
  },
});
