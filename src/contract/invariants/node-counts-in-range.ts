import { nodePoolLimits, systemPoolLimits } from '../../catalog/limits.ts';
import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

const { max } = nodePoolLimits.nodes;
const { minNodes } = systemPoolLimits.enforced;

export default invariant({
  id: 'node-counts-in-range',
  title: "A pool's least is not above its most, and no system pool is empty",
  adr: 'ADR-0005',
  severity: 'error',
  why:
    'Azure refuses a minimum above the maximum, more than a thousand nodes in one pool, and a last system ' +
    'pool without a node. Terraform notices none of it before the apply, when the network and the vault ' +
    'are made already.',
  source:
    'azurerm 5.2.0, kubernetes_cluster_node_pool; learn.microsoft.com, aks/use-system-pools, 2026-04-30.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['nodePools'],
  *check({ nodePools }) {
    for (const pool of nodePools) {
      if (!hasAll(pool, 'cluster', 'name', 'mode', 'nodesMin', 'nodesMax')) {
        yield unsaid(pool, 'cluster', 'name', 'mode', 'nodesMin', 'nodesMax');
        continue;
      }
      const { name, cluster, mode, nodesMin, nodesMax } = pool;
      const whose = `pool ${name} of ${cluster}`;
      const least = mode === 'System' ? minNodes : nodePoolLimits.nodes.min;
      if (nodesMin < least) {
        yield broken(placeOf(pool, 'nodesMin'), `${whose} may have ${nodesMin} nodes; AKS keeps ${least}`, {
          help: `set its minimum to ${least} or more`,
        });
      } else if (nodesMin > nodesMax) {
        const message = `${whose} has at least ${nodesMin} nodes and at most ${nodesMax}`;
        yield broken(placeOf(pool, 'nodesMin'), message, { help: 'set the minimum to the maximum or less' });
      } else if (nodesMax > max) {
        yield broken(placeOf(pool, 'nodesMax'), `${whose} may have ${nodesMax} nodes; AKS allows ${max}`, {
          help: 'share them among several pools',
        });
      } else yield held(placeOf(pool, 'nodesMax'));
    }
  },
});
