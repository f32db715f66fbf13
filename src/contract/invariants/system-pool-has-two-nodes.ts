import { systemPoolLimits } from '../../catalog/limits.ts';
import { groupBy, groupByPlace, hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';
import { countText, listText } from '../wording.ts';

const { minNodes, recommendedNodes } = systemPoolLimits.documented;

export default invariant({
  id: 'system-pool-has-two-nodes',
  title: `A system pool has ${minNodes} nodes at least`,
  adr: 'ADR-A01',
  severity: 'warning',
  why:
    'With one system node, its loss or its upgrade takes name resolution, metrics and admission of the ' +
    'whole cluster away for minutes. AKS accepts it, documents two and recommends three; a demo may live ' +
    'with it, at half the price.',
  source: `${systemPoolLimits.documented.source}.`,
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['nodePools'],
  *check({ nodePools }) {
    const system = nodePools.filter(({ mode }) => mode !== 'User');
    for (const pool of system) {
      if (!hasAll(pool, 'mode', 'cluster', 'nodesMin')) yield unsaid(pool, 'mode', 'cluster', 'nodesMin');
    }
    const known = system.filter((pool) => hasAll(pool, 'mode', 'cluster', 'nodesMin'));
    for (const { place, items } of groupByPlace(known, (pool) => placeOf(pool, 'nodesMin'))) {
      for (const [nodes, pools] of groupBy(items, ({ nodesMin }) => nodesMin)) {
        if (nodes >= minNodes) {
          yield held(place);
          continue;
        }
        const clusters = pools.map(({ cluster }) => cluster);
        const has =
          clusters.length === 1 ? `pool of ${clusters[0]} has` : `pools of ${listText(clusters)} each have`;
        const message = `the system ${has} ${countText(nodes, 'node')}; AKS documents ${minNodes}`;
        yield broken(place, message, {
          help: `write \`system: { nodes: ${recommendedNodes} }\` for a cluster that must outlive a node`,
        });
      }
    }
  },
});
