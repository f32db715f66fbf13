import { type Cidr, compareCidr, overlaps, parseCidr } from '../../base/cidr.ts';
import { hasAll } from '../evidence.ts';
import { broken, held, invariant, undetermined, unsaid } from '../invariant.ts';
import { peersOf } from '../mesh.ts';
import { isWholeNetwork, rulesBySubnet, wallOf } from '../security-rules.ts';
import { listText } from '../wording.ts';

type Owner = { readonly cluster: string; readonly range: Cidr };

export default invariant({
  id: 'only-peers-are-let-in',
  title: 'The security rules of a cluster let no cluster in that is not its peer',
  adr: 'ADR-A02',
  severity: 'error',
  why:
    'Separate clusters keep a failure or a break-in where it is only as long as their nodes cannot reach ' +
    'each other. One row that lets a whole network in makes the separation a matter of good manners.',
  source: 'Source design, sections 1.2 and 3.2; learn.microsoft.com, network-security-groups-overview.',
  needs: ['peers', 'ranges', 'securityRules'],
  *check({ peers, ranges, securityRules }) {
    for (const range of ranges) {
      if (range.use === undefined || (range.use === 'nodes' && !hasAll(range, 'cluster', 'range'))) {
        yield unsaid(range, 'use', 'cluster', 'range');
      }
    }
    const owners = ranges
      .filter((range) => hasAll(range, 'cluster', 'range'))
      .filter(({ use, isUsed }) => use === 'nodes' && isUsed !== false)
      .toSorted((a, b) => compareCidr(a.range, b.range));
    const arePeers = peersOf(peers);
    for (const { subnet, cluster, path, rows } of rulesBySubnet(securityRules)) {
      if (rows === undefined) {
        yield undetermined(path, `which clusters ${subnet} lets in: a row of it is not fully known`);
        continue;
      }
      if (cluster === undefined) continue;
      const wall = wallOf(rows);
      // Nothing keeps anybody out then: that is another invariant's to say.
      if (wall < 0) continue;
      const open = rows.slice(0, wall).filter(({ access }) => access === 'Allow');
      let isTight = true;
      for (const { name, sources } of open) {
        const others = sources
          .flatMap((source) => ownersOf(source, owners))
          .filter((from) => from !== cluster);
        const strangers = others.filter((from) => arePeers(cluster, from) === false);
        const unknown = others.find((from) => arePeers(cluster, from) === undefined);
        if (unknown !== undefined) {
          isTight = false;
          yield undetermined(path, `whether ${unknown} is a peer of ${cluster}`);
        }
        if (strangers.length === 0) continue;
        isTight = false;
        const are = new Set(strangers).size === 1 ? 'is no peer' : 'are no peers';
        yield broken(
          path,
          `row ${name} of ${subnet} lets ${listText(strangers)} in, which ${are} of ${cluster}`,
          {
            help: 'name the node ranges of the peers in it and nothing wider, or add the pair to `peers`',
          },
        );
      }
      if (isTight) yield held(path);
    }
  },
});

/**
 * The clusters whose nodes a source stands for. Service tags other than the whole network hold none of them.
 */
function ownersOf(source: string, owners: readonly Owner[]): readonly string[] {
  if (isWholeNetwork(source)) return owners.map(({ cluster }) => cluster);
  const parsed = parseCidr(source);
  if (!parsed.ok) return [];
  // Sorted and disjoint: the ones that overlap follow each other.
  let first = 0;
  for (let last = owners.length; first < last;) {
    const middle = (first + last) >> 1;
    if (owners[middle]!.range.address < parsed.value.address) first = middle + 1;
    else last = middle;
  }
  const found: string[] = [];
  const before = owners[first - 1];
  if (before && overlaps(before.range, parsed.value)) found.push(before.cluster);
  for (let index = first; index < owners.length && overlaps(owners[index]!.range, parsed.value); index++) {
    found.push(owners[index]!.cluster);
  }
  return found;
}
