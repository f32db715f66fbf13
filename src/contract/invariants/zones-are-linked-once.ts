import type { ZoneLinkEvidence } from '../azure-evidence.ts';
import { hasAll } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';
import { nameText } from '../wording.ts';

export default invariant({
  id: 'zones-are-linked-once',
  title: 'A network is linked to one private zone of each name',
  adr: 'ADR-A03',
  severity: 'error',
  why:
    'Two zones of one name would answer one question differently, so Azure refuses the second link to a network, ' +
    'after minutes. It happens when each root makes the zone of the vault for itself: one makes it, the others look ' +
    'it up.',
  source: 'API error BadRequest of virtualNetworkLinks, public reports read 2026-11-22.',
  kinds: ['terraform'],
  needs: ['zoneLinks'],
  *check({ zoneLinks }) {
    const seen = new Map<string, ZoneLinkEvidence>();
    for (const link of zoneLinks) {
      if (!hasAll(link, 'zone', 'network')) {
        yield unsaid(link, 'zone', 'network');
        continue;
      }
      const { path, zone, network } = link;
      const key = JSON.stringify([zone, network]);
      const first = seen.get(key);
      if (first === undefined) {
        seen.set(key, link);
        yield held(path);
        continue;
      }
      const what =
        link.zoneId !== undefined && link.zoneId === first.zoneId ? 'one zone' : 'two zones called';
      const message = `a network is linked to ${what} ${nameText(zone)}${what === 'one zone' ? ' twice' : ''}`;
      yield broken(path, message, {
        help: 'keep one zone and one link; let the other roots look the zone up',
        related: [{ message: 'the first link', path: first.path }],
      });
    }
  },
});
