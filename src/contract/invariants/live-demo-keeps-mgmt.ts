import { groupByPlace, hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';
import { listText } from '../wording.ts';

export default invariant({
  id: 'live-demo-keeps-mgmt',
  title: 'In a demo before an audience, mgmt stands on On-Demand nodes',
  adr: 'ADR-A01',
  severity: 'warning',
  why:
    'An eviction of mgmt takes Grafana and Argo CD off the screen, and a new Spot node may not come at ' +
    'all. `live: true` puts tier 1 on On-Demand nodes for that reason; an override, or another tier for ' +
    'mgmt, undoes it.',
  source: 'Source design, section 2.1, the warning about live demos.',
  // Nothing but the file says whether somebody watches.
  kinds: ['fleet'],
  needs: ['environment', 'live', 'nodePools'],
  *check({ environment, live, nodePools }) {
    if (environment !== 'demo') return;
    if (!hasAll(live, 'value')) {
      yield unsaid(live, 'value');
      return;
    }
    if (!live.value) return;
    for (const pool of nodePools) {
      if (!hasAll(pool, 'mode', 'role', 'capacityType', 'cluster')) {
        yield unsaid(pool, 'mode', 'role', 'capacityType', 'cluster');
      }
    }
    const judged = nodePools
      .filter((pool) => hasAll(pool, 'mode', 'role', 'capacityType', 'cluster'))
      .filter(({ mode, role }) => mode === 'User' && role === 'mgmt');
    for (const { place, items } of groupByPlace(judged, (pool) => placeOf(pool, 'capacityType'))) {
      const spot = items.filter(({ capacityType }) => capacityType === 'Spot');
      if (spot.length === 0) yield held(place);
      else {
        const whose = listText(spot.map(({ cluster }) => cluster));
        yield broken(place, `the demo is live, and ${whose} stands on Spot nodes`, {
          help: 'write OnDemand here, or leave it out: `live: true` decides On-Demand for tier 1',
          related: [{ message: 'the demo is live', path: live.path }],
        });
      }
    }
  },
});
