import { cidr, contains, formatCidr, sizeOf } from '../../base/cidr.ts';
import type { Cidr } from '../../base/cidr.ts';
import { clusterLimits } from '../../catalog/limits.ts';
import { hasAll, type OperatorEvidence } from '../evidence.ts';
import { broken, held, invariant, type Observation, unsaid } from '../invariant.ts';
import { nameText } from '../wording.ts';

const { max } = clusterLimits.authorizedIpRanges;
/** From /8 up a range holds 16.8 million addresses: what it keeps out is chance. */
const OPEN_PREFIX_MAX = 8;
const PRIVATE = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10'].map(cidr);

export default invariant({
  id: 'operators-can-reach-the-api-server',
  title: 'The API servers answer the operators, and nobody else',
  adr: 'ADR-0005',
  severity: 'error',
  why:
    'No security group stands before a public API server: the list of ranges is its only door. An empty ' +
    "list leaves it to the fleet's own egress, so that no person and no CI gets in; a list of everything " +
    "leaves it to passwords. Azure takes 200 entries, the fleet's own addresses among them.",
  source: 'learn.microsoft.com, aks/api-server-authorized-ip-ranges, 2026-08.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['operatorRanges'],
  *check({ operatorRanges }) {
    for (const access of operatorRanges) yield* judgeAccess(access);
  },
});

function* judgeAccess(access: OperatorEvidence): Iterable<Observation> {
  const { path, cluster, isOpen } = access;
  if (access.isRefused) {
    yield broken(
      path,
      `the API server of ${cluster ?? 'the cluster'} has no public address, and ranges that may reach it`,
      {
        help: 'remove `authorized_ip_ranges`: Azure refuses it on a private cluster',
      },
    );
    return;
  }
  for (const text of access.malformed ?? []) {
    yield broken(path, `${nameText(text)} among the ranges of the API server is none`, {
      help: 'write it like 203.0.113.0/24',
    });
  }
  if (access.malformed !== undefined && access.malformed.length > 0) return;
  if (isOpen === true) {
    yield broken(path, `the API server of ${cluster ?? 'the cluster'} answers everybody: no range is set`, {
      help: 'write the ranges that people, CI and the fleet itself come from',
    });
    return;
  }
  if (access.isPrivate === true) {
    yield judgePrivate(access);
    return;
  }
  if (!hasAll(access, 'ranges', 'egressAddresses')) {
    yield unsaid(access, 'ranges', 'egressAddresses');
    return;
  }
  const { ranges, egressAddresses } = access;
  if (ranges.length === 0) {
    yield broken(path, 'no operator range is given: neither people nor CI reach the API servers', {
      severity: 'warning',
      help: 'write the public ranges of your office, VPN or CI, e.g. `ipRanges: [203.0.113.0/24]`',
    });
  }
  if (ranges.length + egressAddresses > max) {
    const ours = egressAddresses === 0 ? 'ranges' : `ranges and ${egressAddresses} of the fleet's own`;
    yield broken(path, `${ranges.length} ${ours} are more than Azure's ${max}`, {
      help: 'join neighbouring ranges, or let people in through one VPN',
    });
  }
  for (const [index, range] of ranges.entries()) yield judge(range, [...path, index]);
}

/** Public addresses never reach a private API server; in a demo they open the vault all the same. */
function judgePrivate(access: OperatorEvidence): Observation {
  if (!hasAll(access, 'ranges')) return unsaid(access, 'ranges');
  const { path, ranges } = access;
  const isReached = ranges.some((range) => PRIVATE.some((space) => contains(space, range)));
  if (ranges.length === 0 || isReached) return held(path);
  return broken(path, 'the API servers are private: none of these addresses reaches them', {
    severity: 'note',
    help: 'let people and CI come by a VPN or from within the VNet, or write `apiServer: public`',
  });
}

function judge(range: Cidr, place: readonly (string | number)[]): Observation {
  const text = formatCidr(range);
  const help = 'write the ranges that people and CI come from';
  if (range.prefix === 0) return broken(place, `${text} lets everybody reach the API servers`, { help });
  // A private range is no door at all, however wide.
  if (PRIVATE.some((space) => contains(space, range))) {
    return broken(place, `${text} is private: the API servers see public addresses, so it lets nobody in`, {
      severity: 'warning',
      help: 'write the public address that these machines leave by',
    });
  }
  if (range.prefix > OPEN_PREFIX_MAX) return held(place);
  const millions = Math.round(sizeOf(range) / 1e6);
  return broken(place, `${text} lets ${millions} million addresses reach the API servers`, { help });
}
