import { cidr, compareCidr, formatCidr } from '../../base/cidr.ts';
import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

/** What the chart takes where nobody writes a range. */
const DEFAULT = cidr('10.0.0.0/8');

export default invariant({
  id: 'pod-pool-is-explicit',
  title: `Cilium gives pods a range of their own, not its default ${formatCidr(DEFAULT)}`,
  adr: 'ADR-A02',
  severity: 'error',
  why:
    'The default of the chart holds nearly every private network. Pods then have the addresses of nodes, of ' +
    'the vault, and of the pods in every other cluster, and none of these is reached any more.',
  source: 'Cilium chart 1.20.0, ipam.operator.clusterPoolIPv4PodCIDRList.',
  kinds: ['gitops', 'live'],
  needs: ['ciliums'],
  *check({ ciliums }) {
    for (const side of ciliums) {
      const place = placeOf(side, 'podRanges');
      if (!hasAll(side, 'cluster', 'podRanges')) {
        yield unsaid(side, 'cluster', 'podRanges');
        continue;
      }
      const isDefault = side.podRanges.some((range) => compareCidr(range, DEFAULT) === 0);
      if (side.podRanges.length > 0 && !isDefault) yield held(place);
      else {
        const message = `Cilium on ${side.cluster} takes pods from its default, ${formatCidr(DEFAULT)}`;
        yield broken(place, message, {
          help: 'write the pod range of the cluster: `ipam.operator.clusterPoolIPv4PodCIDRList`',
        });
      }
    }
  },
});
