import { hasAll } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';
import { nameText } from '../wording.ts';

export default invariant({
  id: 'ranges-are-well-formed',
  title: 'Every address range is one',
  adr: 'ADR-0005',
  severity: 'error',
  why:
    'Terraform takes any text for the range of a network or a subnet. Azure refuses one with a digit too many, or ' +
    'with bits set behind its prefix (InvalidCIDRNotation), when the network is half made.',
  source:
    'azurerm 5.2.0, four gates, 2026-11-22; API errors InvalidCIDRNotation and InvalidAddressPrefixFormat.',
  // The grammar of the fleet file takes none, and what runs was taken.
  kinds: ['terraform'],
  needs: ['ranges'],
  *check({ ranges }) {
    for (const range of ranges) {
      // Those of pods and ClusterIPs are settings of a cluster, whose form azurerm checks itself.
      if (range.use === 'pods' || range.use === 'cluster-ips') continue;
      if (range.range !== undefined) yield held(range.path);
      else if (!hasAll(range, 'written', 'name')) yield unsaid(range, 'range');
      else {
        yield broken(range.path, `the range of ${range.name}, ${nameText(range.written)}, is none`, {
          help: 'write it like 10.1.0.0/16, with no bit set behind the prefix',
        });
      }
    }
  },
});
