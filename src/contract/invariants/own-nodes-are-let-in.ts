import { formatCidr } from '../../base/cidr.ts';
import { hasAll } from '../evidence.ts';
import { broken, held, invariant, undetermined, unsaid } from '../invariant.ts';
import { letsEverythingIn, rulesBySubnet } from '../security-rules.ts';

export default invariant({
  id: 'own-nodes-are-let-in',
  title: 'The nodes of a cluster reach each other on every port',
  adr: 'ADR-A02',
  severity: 'error',
  why:
    'AKS asks for every protocol and port between the nodes of one cluster: kubelets, node ports, health ' +
    "checks and, under VXLAN, every pod on another node. A row that denies the VNet denies the cluster's " +
    'own nodes, too, unless one above it lets them in.',
  source: 'learn.microsoft.com, aks/concepts-network, 2026-08.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['ranges', 'securityRules'],
  *check({ ranges, securityRules }) {
    for (const range of ranges) if (range.use === undefined) yield unsaid(range, 'use');
    const nodes = ranges
      .filter((range) => hasAll(range, 'cluster', 'range'))
      .filter(({ use, isUsed }) => use === 'nodes' && isUsed !== false);
    const rangeOf = new Map(nodes.map(({ cluster, range }) => [cluster, range]));
    for (const { subnet, cluster, path, rows } of rulesBySubnet(securityRules)) {
      if (rows === undefined) {
        yield undetermined(path, `whether ${subnet} lets its own nodes in: a row of it is not fully known`);
        continue;
      }
      if (cluster === undefined) continue;
      const range = rangeOf.get(cluster);
      if (range === undefined) yield undetermined(path, `which addresses the nodes of ${cluster} have`);
      else if (letsEverythingIn(rows, range)) yield held(path);
      else {
        yield broken(path, `the rules of ${subnet} keep the nodes of ${cluster} from each other`, {
          help: `let ${formatCidr(range)} in, any protocol and any port, above every row that denies`,
        });
      }
    }
  },
});
