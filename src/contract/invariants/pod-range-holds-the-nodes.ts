import { formatCidr } from '../../base/cidr.ts';
import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, undetermined, unsaid } from '../invariant.ts';
import { mostNodes, nodeCountText } from '../node-count.ts';
import { poolsOfCluster } from '../pools-of-cluster.ts';
import { countText } from '../wording.ts';

/** Of each block, the first and the last address, the router's and the health endpoint's are Cilium's. */
const BLOCK_OVERHEAD = 4;
/** Cilium's default, and Azure's only one: a wide range is cut into blocks of this size. */
const BLOCK_PREFIX = 24;

export default invariant({
  id: 'pod-range-holds-the-nodes',
  title: 'A pod range has a block for every node, and a block an address for every pod',
  adr: 'ADR-A02',
  severity: 'error',
  why:
    'Each node takes one block of the pod range when it joins. The node after the last block stays ' +
    'NotReady, and so does every node that replaces an evicted one until its block is given back. The ' +
    'range of a running cluster cannot be changed: Azure replaces the cluster.',
  source:
    'docs.cilium.io, network/concepts/ipam/cluster-pool, 1.20; learn.microsoft.com, ' +
    'aks/concepts-network-azure-cni-overlay.',
  needs: ['clusters', 'nodePools'],
  *check({ clusters, nodePools }) {
    const poolsOf = poolsOfCluster(nodePools, 'nodesMax', 'capacityType', 'maxPods');
    for (const cluster of clusters) {
      if (!hasAll(cluster, 'name', 'podRange', 'podMaskPerNode')) {
        yield unsaid(cluster, 'name', 'podRange', 'podMaskPerNode');
        continue;
      }
      const { name, podRange, podMaskPerNode } = cluster;
      // The range is the cluster's own; where the size of a block stands apart, that is what to look at.
      const isElsewhere = cluster.places?.podMaskPerNode !== undefined;
      const place = placeOf(cluster, isElsewhere ? 'podMaskPerNode' : 'podRange');
      const pools = poolsOf(name);
      if (pools === undefined) {
        yield undetermined(place, `how many nodes and pods ${name} may have`);
        continue;
      }
      const most = mostNodes(pools);
      const blocks = Math.floor(2 ** (podMaskPerNode - podRange.prefix));
      const podsOnBlock = Math.max(0, 2 ** (32 - podMaskPerNode) - BLOCK_OVERHEAD);
      const maxPods = Math.max(0, ...pools.map((pool) => pool.maxPods));
      if (blocks < most.nodes + most.surge) {
        const prefix = Math.min(BLOCK_PREFIX, podMaskPerNode) - Math.ceil(Math.log2(most.nodes + most.surge));
        const room = `${countText(blocks, 'block')} of /${podMaskPerNode}`;
        yield broken(place, `${formatCidr(podRange)} has ${room} for ${nodeCountText(most)} of ${name}`, {
          help: isElsewhere
            ? 'write a smaller block, or fewer nodes'
            : `write a /${prefix} or wider, or leave it out`,
        });
      } else if (podsOnBlock < maxPods) {
        const range = formatCidr(podRange);
        const message = `${range} gives each node of ${name} ${podsOnBlock} addresses for ${maxPods} pods`;
        const mask = 32 - Math.ceil(Math.log2(maxPods + BLOCK_OVERHEAD));
        const help = isElsewhere
          ? `write \`clusterPoolIPv4MaskSize: ${mask}\``
          : 'write a wider range, or a lower maxPods';
        yield broken(place, message, { help });
      } else yield held(place);
    }
  },
});
