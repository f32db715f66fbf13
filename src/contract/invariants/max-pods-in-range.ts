import { nodePoolLimits, systemPoolLimits } from '../../catalog/limits.ts';
import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

const { min, max } = nodePoolLimits.maxPods;
const systemMin = systemPoolLimits.pods.min;

export default invariant({
  id: 'max-pods-in-range',
  title: `A node takes ${min} to ${max} pods, a system node ${systemMin} at least`,
  adr: 'ADR-0005',
  severity: 'error',
  why:
    'AKS refuses other numbers, and takes none of them back: max pods is fixed when a pool is made. Each ' +
    'pod that a node could take costs 20 MB of its memory, whether it comes or not, up to a quarter of the ' +
    'node.',
  source: 'learn.microsoft.com, aks/quotas-skus-regions, 2026-08; aks/use-system-pools, 2026-04-30.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['nodePools'],
  *check({ nodePools }) {
    for (const pool of nodePools) {
      if (!hasAll(pool, 'cluster', 'mode', 'maxPods')) {
        yield unsaid(pool, 'cluster', 'mode', 'maxPods');
        continue;
      }
      const least = pool.mode === 'System' ? systemMin : min;
      const place = placeOf(pool, 'maxPods');
      if (pool.maxPods >= least && pool.maxPods <= max) yield held(place);
      else {
        const whose = `${pool.mode === 'System' ? 'system' : 'user'} nodes of ${pool.cluster}`;
        yield broken(place, `${whose} take ${pool.maxPods} pods; AKS allows ${least} to ${max}`, {
          help: `write ${least} to ${max}, or leave it out`,
        });
      }
    }
  },
});
