import { broken, held, invariant, undetermined } from '../invariant.ts';
import { rulesBySubnet, wallOf } from '../security-rules.ts';

export default invariant({
  id: 'subnets-deny-by-default',
  title: 'The security rules of every subnet end in a deny',
  adr: 'ADR-A02',
  severity: 'error',
  why:
    "Azure's own row 65000 lets the whole VNet into every subnet. Rows that allow something change nothing " +
    'then: only a row that denies the rest makes them a list of who may come in.',
  source: 'learn.microsoft.com, network-security-groups-overview: default rules; source design, section 3.2.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['securityRules'],
  *check({ securityRules }) {
    for (const { subnet, path, rows } of rulesBySubnet(securityRules)) {
      if (rows === undefined)
        yield undetermined(path, `how the rules of ${subnet} end: a row of it is not fully known`);
      else if (wallOf(rows) >= 0) yield held(path);
      else {
        yield broken(path, `nothing denies what the rules of ${subnet} do not allow`, {
          help: 'end the list in a row that denies VirtualNetwork, any protocol and any port',
        });
      }
    }
  },
});
