import { compareCidr, formatCidr } from '../../base/cidr.ts';
import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, undetermined, unsaid } from '../invariant.ts';
import { listText } from '../wording.ts';

export default invariant({
  id: 'cilium-pool-is-the-pod-range',
  title: "Cilium's pool is the pod range that AKS knows",
  adr: 'ADR-A02',
  severity: 'error',
  why:
    'The control plane of AKS routes to the pod range that it was given, Cilium gives pods addresses of its ' +
    'pool. Where they differ, pods reach each other and the API server does not reach them: webhooks time ' +
    'out, and logs and exec fail.',
  source: 'learn.microsoft.com, aks/use-byo-cni, podCidr, 2026-04-16.',
  kinds: ['gitops', 'live'],
  needs: ['ciliums', 'clusters'],
  *check({ ciliums, clusters }) {
    const rangeOf = new Map(clusters.map((cluster) => [cluster.name, cluster]));
    for (const side of ciliums) {
      const place = placeOf(side, 'podRanges');
      if (!hasAll(side, 'cluster', 'podRanges')) {
        yield unsaid(side, 'cluster', 'podRanges');
        continue;
      }
      // The chart's default has an invariant of its own.
      if (side.podRanges.length === 0) continue;
      const cluster = rangeOf.get(side.cluster);
      const range = cluster?.podRange;
      const written = listText(side.podRanges.map(formatCidr));
      if (range === undefined) {
        yield undetermined(place, `whether ${written} is the pod range of ${side.cluster} in AKS`);
      } else if (side.podRanges.every((own) => compareCidr(own, range) === 0)) yield held(place);
      else {
        const message = `Cilium on ${side.cluster} takes pods from ${written}, AKS knows ${formatCidr(range)}`;
        yield broken(place, message, {
          help: `write ${formatCidr(range)}: the one in AKS cannot be changed`,
          related: [{ message: 'the range in AKS', path: placeOf(cluster!, 'podRange') }],
        });
      }
    }
  },
});
