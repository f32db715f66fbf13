import { hasAll, type With } from '../evidence.ts';
import { broken, held, invariant, type Observation, undetermined, unsaid } from '../invariant.ts';
import type { CiliumEvidence, MeshPeer } from '../kubernetes-evidence.ts';
import { listText, nameHelp } from '../wording.ts';

/** Where the load balancer of the mesh API listens; the chart has no value for it. */
const MESH_PORT = 2379;

type Side = With<CiliumEvidence, 'cluster' | 'peers'>;

export default invariant({
  id: 'mesh-values-are-mutual',
  title: 'Each side of a mesh lists the other, at the address where it is',
  adr: 'ADR-A02',
  severity: 'error',
  why:
    'Both clusters of a pair connect to each other, each by its own list. Where one side is missing, or ' +
    'points at an address that nobody has, services are seen in one direction alone, identities are unknown ' +
    'in the other, and policies drop what they should let in. The agents report it in a log that nobody ' +
    'reads.',
  source: 'docs.cilium.io, network/clustermesh, 1.20; values of the Cilium chart 1.20.0.',
  kinds: ['gitops', 'live'],
  needs: ['ciliums'],
  *check({ ciliums }) {
    const sides = new Map(
      ciliums.flatMap((side) => (side.cluster === undefined ? [] : [[side.cluster, side]])),
    );
    const areAllNamed = ciliums.every((side) => side.cluster !== undefined);
    for (const side of ciliums) {
      if (!hasAll(side, 'cluster', 'peers')) yield unsaid(side, 'cluster', 'peers');
      else for (const peer of side.peers) yield judge(side, peer, sides, areAllNamed);
    }
  },
});

function judge(
  side: Side,
  peer: MeshPeer,
  sides: ReadonlyMap<string, CiliumEvidence>,
  areAllNamed: boolean,
): Observation {
  const own = side.cluster;
  if (peer.cluster === own) {
    return broken(peer.path, `${own} lists itself among its peers`, { help: 'remove it' });
  }
  const other = sides.get(peer.cluster);
  if (other === undefined) {
    const names = [...sides.keys()].filter((name) => name !== own);
    const message = `whether ${peer.cluster}, which is not here, lists ${own}`;
    return undetermined(peer.path, message, areAllNamed ? nameHelp(peer.cluster, names) : undefined);
  }
  if (other.isMeshed === false) {
    return broken(peer.path, `${own} connects to ${peer.cluster}, which has no mesh API`, {
      help: `write \`clustermesh.useAPIServer: true\` for ${peer.cluster}, or remove the pair`,
    });
  }
  if (other.peers === undefined || other.isMeshed === undefined) {
    return undetermined(peer.path, `whether ${peer.cluster} lists ${own}`);
  }
  if (!other.peers.some(({ cluster }) => cluster === own)) {
    return broken(peer.path, `${own} lists ${peer.cluster}, and ${peer.cluster} does not list ${own}`, {
      help: `add ${own} to the list of ${peer.cluster}, or remove the pair`,
      related: [{ message: `the values of ${peer.cluster}`, path: other.path }],
    });
  }
  return judgeAddress(own, peer, other);
}

function judgeAddress(own: string, peer: MeshPeer, other: CiliumEvidence): Observation {
  const { addresses, cluster, path, port } = peer;
  const { meshAddress } = other;
  if (addresses === undefined || meshAddress === undefined) {
    return undetermined(path, `whether ${own} reaches the mesh API of ${cluster} at its address`);
  }
  if (port !== undefined && port !== MESH_PORT) {
    return broken(path, `${own} looks for ${cluster} at port ${port}, and its mesh API is at ${MESH_PORT}`, {
      help: `write \`port: ${MESH_PORT}\``,
    });
  }
  if (addresses.includes(meshAddress)) return held(path);
  const written = addresses.length === 0 ? 'nowhere' : `at ${listText(addresses)}`;
  return broken(path, `${own} looks for ${cluster} ${written}, and its mesh API is at ${meshAddress}`, {
    help: `write ${meshAddress}`,
    related: [{ message: `the address of ${cluster}`, path: other.places?.meshAddress ?? other.path }],
  });
}
