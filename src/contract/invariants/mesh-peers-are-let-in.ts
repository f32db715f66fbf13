import { type Cidr, formatCidr } from '../../base/cidr.ts';
import { meshLimits } from '../../catalog/limits.ts';
import { broken, held, invariant, undetermined, unsaid } from '../invariant.ts';
import { meshOf } from '../mesh.ts';
import { letsIn, rulesBySubnet } from '../security-rules.ts';
import { listText } from '../wording.ts';

const API_PORT = meshLimits.apiServerPort.port;
/**
 * VXLAN carries the pods' traffic, health checks the nodes, the mesh API hands out identities and services.
 */
const FLOWS = [
  { protocol: 'Udp', port: 8472, what: 'VXLAN (UDP 8472)' },
  { protocol: 'Tcp', port: 4240, what: 'health checks (TCP 4240)' },
  { protocol: 'Tcp', port: API_PORT, what: `the mesh API (TCP ${API_PORT})` },
  // ICMP has no ports: a row for it names all of them. Without it only Cilium's own report is wrong.
  { protocol: 'Icmp', port: 0, what: 'pings (ICMP)', isMild: true },
];

export default invariant({
  id: 'mesh-peers-are-let-in',
  title: 'The security rules of a cluster let its mesh peers in',
  adr: 'ADR-A02',
  severity: 'error',
  why:
    'A deny rule ends the list of each node subnet, so every peer needs rows of its own, on both sides. A ' +
    'row that is missing on one side gives a mesh that connects and carries nothing, or carries one way.',
  source: 'docs.cilium.io, network/clustermesh and operations/system_requirements, 1.20.',
  needs: ['clusters', 'peers', 'ranges', 'securityRules'],
  *check({ clusters, peers, ranges, securityRules }) {
    const isMeshed = meshOf(clusters);
    const nodes = new Map(
      ranges
        .filter(({ use, isUsed }) => use === 'nodes' && isUsed !== false)
        .map((range) => [range.cluster, range]),
    );
    const flowsOf = new Map<string, readonly ((range: Cidr) => boolean)[]>();
    for (const { cluster, rows } of rulesBySubnet(securityRules)) {
      if (cluster !== undefined && rows)
        flowsOf.set(
          cluster,
          FLOWS.map((flow) => letsIn(rows, flow)),
        );
    }
    for (const peer of peers) {
      if (peer.pair === undefined) {
        yield unsaid(peer, 'pair');
        continue;
      }
      const [a, b] = peer.pair;
      if (a === b || isMeshed(a) === false || isMeshed(b) === false) continue;
      if (isMeshed(a) === undefined || isMeshed(b) === undefined) {
        yield undetermined(peer.path, `whether ${a} and ${b} are in a mesh`);
        continue;
      }
      for (const [to, from] of [
        [a, b],
        [b, a],
      ] as const) {
        const range = nodes.get(from)?.range;
        const flows = flowsOf.get(to);
        if (range === undefined || flows === undefined) {
          yield undetermined(peer.path, `whether the security rules of ${to} let ${from} in`);
          continue;
        }
        const closed = FLOWS.filter((_, index) => !flows[index]!(range));
        if (closed.length === 0) yield held(peer.path);
        else {
          yield broken(
            peer.path,
            `the security rules of ${to} keep ${listText(closed.map(({ what }) => what))} of its peer ${from} out`,
            {
              ...(closed.every(({ isMild }) => isMild) ? { severity: 'warning' } : {}),
              help: `let ${formatCidr(range)} in, above the row that denies`,
            },
          );
        }
      }
    }
  },
});
