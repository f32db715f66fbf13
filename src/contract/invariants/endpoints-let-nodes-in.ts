import { formatCidr } from '../../base/cidr.ts';
import { hasAll } from '../evidence.ts';
import { broken, held, invariant, undetermined, unsaid } from '../invariant.ts';
import { letsIn, rulesBySubnet } from '../security-rules.ts';
import { listText } from '../wording.ts';

/** Key Vault, registries and most of what has a private endpoint answer HTTPS alone. */
const HTTPS = { protocol: 'Tcp', port: 443 };

export default invariant({
  id: 'endpoints-let-nodes-in',
  title: 'The security rules of private endpoints let every node in by HTTPS',
  adr: 'ADR-A03',
  severity: 'error',
  why:
    'Pods reach the vault from the addresses of their nodes. A subnet of private endpoints that keeps the nodes ' +
    'of one cluster out leaves that cluster without its secrets: External Secrets reports a timeout, and new ' +
    'pods wait for what never comes.',
  source:
    'learn.microsoft.com, key-vault/private-link-service and network-security-groups-overview, 2026-08.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['ranges', 'securityRules'],
  *check({ ranges, securityRules }) {
    const nodes = ranges.filter(
      ({ use, isUsed }) => (use === undefined || use === 'nodes') && isUsed !== false,
    );
    for (const { subnet, path, rows, holdsEndpoints } of rulesBySubnet(securityRules)) {
      if (holdsEndpoints === false) continue;
      if (holdsEndpoints === undefined || rows === undefined) {
        const open = holdsEndpoints === undefined ? 'private endpoints stand in it' : 'it lets the nodes in';
        yield undetermined(path, `whether ${open}: the security rules of ${subnet} are not fully known`);
        continue;
      }
      const isOpen = letsIn(rows, HTTPS);
      for (const range of nodes)
        if (!hasAll(range, 'use', 'range', 'name')) yield unsaid(range, 'use', 'range', 'name');
      const known = nodes.filter((range) => hasAll(range, 'use', 'range', 'name'));
      const closed = known.filter(({ range }) => !isOpen(range));
      if (closed.length === 0) {
        yield held(path);
        continue;
      }
      const whose = listText(closed.map(({ cluster, name }) => cluster ?? name));
      yield broken(path, `the security rules of ${subnet} keep HTTPS (TCP 443) of ${whose} out`, {
        help: `let ${listText(closed.map(({ range }) => formatCidr(range)))} in, above the row that denies`,
      });
    }
  },
});
