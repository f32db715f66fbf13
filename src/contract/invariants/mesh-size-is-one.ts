import { type CiliumEvidence } from '../kubernetes-evidence.ts';
import { hasAll, placeOf, type With } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

const SIZES = [255, 511];

export default invariant({
  id: 'mesh-size-is-one',
  title: 'All clusters of a mesh are made for the same number of clusters, 255 or 511',
  adr: 'ADR-A02',
  severity: 'error',
  why:
    'The number decides how many bits of a security identity name the cluster. Clusters with different ' +
    "numbers read each other's identities wrongly and refuse to connect; it is fixed when Cilium is " +
    'installed. Half of the identities are what 511 clusters cost.',
  source: 'docs.cilium.io, network/clustermesh/setup, 1.20; the chart fails on any other number.',
  kinds: ['gitops', 'live'],
  needs: ['ciliums'],
  *check({ ciliums }) {
    let first: With<CiliumEvidence, 'cluster' | 'maxConnectedClusters'> | undefined;
    for (const side of ciliums) {
      if (side.isMeshed === false) continue;
      if (!hasAll(side, 'cluster', 'isMeshed', 'maxConnectedClusters')) {
        yield unsaid(side, 'cluster', 'isMeshed', 'maxConnectedClusters');
        continue;
      }
      const { cluster, maxConnectedClusters: max } = side;
      const place = placeOf(side, 'maxConnectedClusters');
      if (!SIZES.includes(max)) {
        yield broken(place, `${cluster} is made for ${max} clusters; the chart takes 255 or 511`, {
          help: 'write 255',
        });
        continue;
      }
      first ??= side;
      if (first.maxConnectedClusters === max) yield held(place);
      else {
        const message = `${cluster} is made for ${max} clusters, ${first.cluster} for ${first.maxConnectedClusters}`;
        yield broken(place, message, {
          help: `write ${first.maxConnectedClusters} where Cilium is not installed yet`,
          related: [{ message: first.cluster, path: placeOf(first, 'maxConnectedClusters') }],
        });
      }
    }
  },
});
