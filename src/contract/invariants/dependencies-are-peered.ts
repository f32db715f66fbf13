import type { Path, Related } from '../../base/finding.ts';
import {
  type ClusterEvidence,
  type DependencyEvidence,
  groupBy,
  groupByPlace,
  hasAll,
  placeOf,
  type With,
} from '../evidence.ts';
import { broken, held, invariant, type Observation, undetermined, unsaid } from '../invariant.ts';
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
      const cut = groupBy(
        routes.filter(({ isOpen }) => isOpen === false),
        ({ what, to }) => `${what} ${to}`,
      );
      for (const parts of cut.values()) yield cutOff(place, parts, clusters);
      if (cut.size > 0) continue;
      const unknown = routes.find(({ isOpen }) => isOpen === undefined);
      if (unknown) yield undetermined(place, `whether ${unknown.from} and ${unknown.to} are peers in a mesh`);
      else if (routes.length > 0) yield held(place);
    }
  },
});

type Route = With<DependencyEvidence, 'from' | 'to' | 'what'> & { readonly isMesh: boolean | undefined };

/** What is the same, needed of the same cluster by one or more that cannot reach it. */
function cutOff(place: Path, routes: readonly Route[], clusters: readonly ClusterEvidence[]): Observation {
  const [first] = routes as readonly [Route];
  const from = listText(routes.map((route) => route.from));
  const isMesh = first.isMesh !== false;
  const why = isMesh ? 'they are no peers' : 'there is no mesh';
  const others = routes.length > 1 ? ' and the others' : '';
  const otherwise =
    first.what === 'metrics' ? 'write `stack: azure`' : 'have in one cluster what calls and what is called';
  return broken(place, `${first.what} from ${from} cannot reach ${first.to}: ${why}`, {
    help: isMesh
      ? `add [${first.to}, ${first.from}]${others} to \`peers\`, or ${otherwise}`
      : `${otherwise}, or join the clusters in a mesh`,
    ...(isMesh ? {} : { related: meshlessOf(clusters, first.from, first.to) }),
  });
}

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
