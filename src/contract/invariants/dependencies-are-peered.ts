import type { Related } from '../../base/finding.ts';
import { type ClusterEvidence, groupByPlace, hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, undetermined, unsaid } from '../invariant.ts';
import { meshOf, peersOf } from '../mesh.ts';
import { listText } from '../wording.ts';

export default invariant({
  id: 'dependencies-are-peered',
  title: 'What one cluster needs of another crosses a pair of peers',
  adr: 'ADR-A02',
  severity: 'error',
  why:
    'Clusters that are no peers cannot reach each other: no mesh route leads there, and the security rules ' +
    'deny it. Metrics that an app cluster writes to mgmt are then lost, and its dashboards and alerts stay ' +
    'empty.',
  source: 'Source design, sections 1.2 and 3.2; docs.cilium.io, network/clustermesh, 1.20.',
  needs: ['clusters', 'peers', 'dependencies'],
  *check({ clusters, peers, dependencies }) {
    const isMeshed = meshOf(clusters);
    const arePeers = peersOf(peers);
    for (const { place, items } of groupByPlace(dependencies, (dependency) => placeOf(dependency, 'to'))) {
      for (const item of items) {
        if (!hasAll(item, 'from', 'to', 'what')) yield unsaid(item, 'from', 'to', 'what');
      }
      const routes = items
        .filter((item) => hasAll(item, 'from', 'to', 'what'))
        .map((item) => {
          const isMesh = both(isMeshed(item.from), isMeshed(item.to));
          return { ...item, isMesh, isOpen: both(isMesh, arePeers(item.from, item.to)) };
        });
      const cut = routes.filter(({ isOpen }) => isOpen === false);
      const [first] = cut;
      if (first === undefined) {
        const unknown = routes.find(({ isOpen }) => isOpen === undefined);
        if (unknown)
          yield undetermined(place, `whether ${unknown.from} and ${unknown.to} are peers in a mesh`);
        else if (routes.length > 0) yield held(place);
        continue;
      }
      const from = listText(cut.map((item) => item.from));
      const isMesh = first.isMesh !== false;
      const why = isMesh ? 'they are no peers' : 'there is no mesh';
      const others = cut.length > 1 ? ' and the others' : '';
      yield broken(place, `${first.what} of ${from} cannot reach ${first.to}: ${why}`, {
        help: isMesh
          ? `add [${first.to}, ${first.from}]${others} to \`peers\`, or write \`stack: azure\``
          : 'write `stack: azure`, or join the clusters in a mesh',
        ...(isMesh ? {} : { related: meshlessOf(clusters, first.from, first.to) }),
      });
    }
  },
});

/** The place that leaves one of the two without a mesh. */
function meshlessOf(clusters: readonly ClusterEvidence[], ...names: readonly string[]): readonly Related[] {
  const found = clusters
    .filter(({ name }) => name !== undefined && names.includes(name))
    .find(({ cni, isMeshed }) => cni === 'azure-overlay' || isMeshed === false);
  if (found === undefined) return [];
  const isOverlay = found.cni === 'azure-overlay';
  return [
    {
      message: isOverlay ? 'there is no mesh over this network' : 'the mesh is off here',
      path: placeOf(found, isOverlay ? 'cni' : 'isMeshed'),
    },
  ];
}

/** Both at once, as far as that is known. */
function both(a: boolean | undefined, b: boolean | undefined): boolean | undefined {
  if (a === false || b === false) return false;
  return a === undefined || b === undefined ? undefined : true;
}
