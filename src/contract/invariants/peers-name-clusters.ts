import { quote } from '../../base/quote.ts';
import type { Path } from '../../base/finding.ts';
import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, undetermined, unsaid } from '../invariant.ts';
import { nameHelp } from '../wording.ts';

export default invariant({
  id: 'peers-name-clusters',
  title: 'Peers are pairs of two clusters of the fleet, each pair once',
  adr: 'ADR-A02',
  severity: 'error',
  why:
    "The pairs of peers are the one source of both sides' mesh configuration and of the security rules " +
    'between them. A name that is misspelt opens nothing, and the clusters that were meant stay apart.',
  source: 'Source design, section 3.2; docs.cilium.io, network/clustermesh, 1.20.',
  needs: ['clusters', 'peers'],
  *check({ clusters, peers }) {
    const names = clusters.flatMap(({ name }) => (name === undefined ? [] : [name]));
    const known = new Set(names);
    const seen = new Map<string, Path>();
    for (const peer of peers) {
      const place = placeOf(peer, 'pair');
      if (!hasAll(peer, 'pair')) {
        yield unsaid(peer, 'pair');
        continue;
      }
      const [a, b] = peer.pair;
      const key = a < b ? `${a} ${b}` : `${b} ${a}`;
      const first = seen.get(key);
      const stranger = peer.pair.findIndex((name) => !known.has(name));
      if (stranger >= 0) {
        const name = peer.pair[stranger]!;
        if (names.length < clusters.length) {
          yield undetermined([...place, stranger], `whether a cluster is called ${quote(name)}`);
          continue;
        }
        yield broken([...place, stranger], `no cluster is called ${quote(name)}`, {
          help: nameHelp(name, names),
        });
      } else if (a === b) {
        yield broken(place, `${a} is paired with itself`, { help: 'name the cluster that it talks to' });
      } else if (first) {
        yield broken(place, `${a} and ${b} are paired twice`, {
          severity: 'warning',
          help: 'remove one: a pair works both ways',
          related: [{ message: 'the first time', path: first }],
        });
      } else {
        seen.set(key, place);
        yield held(place);
      }
    }
  },
});
