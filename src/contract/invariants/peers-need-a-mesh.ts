import type { Path } from '../../base/finding.ts';
import { type Evidence, hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, type Observation, undetermined, unsaid } from '../invariant.ts';
import { listText } from '../wording.ts';

type Peer = NonNullable<Evidence['peers']>[number];

export default invariant({
  id: 'peers-need-a-mesh',
  title: 'Peers are clusters of a mesh',
  adr: 'ADR-A02',
  severity: 'warning',
  why:
    'A pair of peers says which clusters reach each other over the mesh. Where the mesh is off the pair opens ' +
    'nothing, and whoever reads the file believes that it does.',
  source:
    'docs.cilium.io, network/clustermesh/setup, and the Cilium chart 1.20.0; source design, section 3.2.',
  needs: ['clusters', 'peers'],
  *check({ clusters, peers }) {
    const byName = new Map(clusters.map((cluster) => [cluster.name, cluster]));
    const areAllNamed = clusters.every((cluster) => hasAll(cluster, 'name'));
    /** Pairs that one switch makes useless: told once, at the first of them. */
    const useless = new Map<string, { readonly switchPath: Path; readonly pairs: Peer[] }>();
    for (const peer of peers) {
      if (!hasAll(peer, 'pair')) {
        yield unsaid(peer, 'pair');
        continue;
      }
      const both = peer.pair.flatMap((name) => byName.get(name) ?? []);
      const off = both.find(({ isMeshed }) => isMeshed === false);
      if (off) {
        const switchPath = placeOf(off, 'isMeshed');
        const key = JSON.stringify(switchPath);
        const found = useless.get(key);
        if (found) found.pairs.push(peer);
        else useless.set(key, { switchPath, pairs: [peer] });
        continue;
      }
      // A name that no cluster has is another invariant's to tell.
      if (both.length < 2 && areAllNamed) continue;
      const place = placeOf(peer, 'pair');
      const isSaid = both.length === 2 && both.every(({ isMeshed }) => isMeshed === true);
      yield isSaid ? held(place) : undetermined(place, `whether ${listText(peer.pair)} are in a mesh`);
    }
    for (const { switchPath, pairs } of useless.values()) yield judge(pairs, switchPath);
  },
});

function judge(pairs: readonly Peer[], switchPath: Path): Observation {
  const names = pairs.map(({ pair }) => `${pair![0]} with ${pair![1]}`);
  const what = pairs.length === 1 ? 'a pair of peers means' : `${pairs.length} pairs of peers mean`;
  return broken(placeOf(pairs[0]!, 'pair'), `without a mesh, ${what} nothing: ${listText(names)}`, {
    help: 'remove `peers`, or write `clusterMesh: true`',
    related: [{ message: 'the mesh is off here', path: switchPath }],
  });
}
