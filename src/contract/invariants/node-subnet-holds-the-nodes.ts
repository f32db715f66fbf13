import { formatCidr, usableIn } from '../../base/cidr.ts';
import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, undetermined, unsaid } from '../invariant.ts';
import { meshOf } from '../mesh.ts';
import { mostNodes, nodeCountText } from '../node-count.ts';
import { poolsOfCluster } from '../pools-of-cluster.ts';

export default invariant({
  id: 'node-subnet-holds-the-nodes',
  title: 'A node subnet has an address for every node that its cluster may have',
  adr: 'ADR-A02',
  severity: 'error',
  why:
    'A node takes one address of its subnet, and an upgrade adds nodes before it removes any. When ' +
    'addresses run out, scaling and upgrades fail with SubnetIsFull long after the deployment; a subnet ' +
    'with nodes in it cannot be moved.',
  source:
    'learn.microsoft.com, error code SubnetIsFull; virtual-networks-faq: Azure keeps five addresses of a ' +
    'subnet.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['clusters', 'ranges', 'nodePools'],
  *check({ clusters, ranges, nodePools }) {
    const poolsOf = poolsOfCluster(nodePools, 'nodesMax', 'capacityType');
    const isMeshed = meshOf(clusters);
    for (const subnet of ranges) {
      if (subnet.use === undefined) yield unsaid(subnet, 'use');
      if (subnet.use !== 'nodes' || subnet.isUsed === false) continue;
      if (!hasAll(subnet, 'range', 'cluster')) {
        yield unsaid(subnet, 'range', 'cluster');
        continue;
      }
      const { range, cluster } = subnet;
      const place = placeOf(subnet, 'range');
      const pools = poolsOf(cluster);
      if (pools === undefined) {
        yield undetermined(place, `how many nodes ${cluster} may have`);
        continue;
      }
      const most = mostNodes(pools);
      const meshAddresses = isMeshed(cluster) === false ? 0 : 1;
      const needed = most.nodes + most.surge + meshAddresses;
      const usable = usableIn(range);
      if (needed <= usable) yield held(place);
      else if (needed === usable + 1 && isMeshed(cluster) === undefined) {
        yield undetermined(place, `whether ${cluster} needs an address for the mesh`);
      } else {
        const mesh = meshAddresses === 0 ? '' : ', beside the mesh endpoint';
        const text = formatCidr(range);
        const message = `${text} of ${cluster} has ${usable} addresses for ${nodeCountText(most)}${mesh}`;
        yield broken(place, message, {
          help: `write a /${prefixFor(needed)} or wider, or allow fewer nodes`,
        });
      }
    }
  },
});

/** The smallest subnet with this many addresses for hosts: Azure keeps five. */
function prefixFor(hosts: number): number {
  return 32 - Math.ceil(Math.log2(hosts + 5));
}
