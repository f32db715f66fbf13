import { broken, held, invariant, undetermined } from '../invariant.ts';
import { rulesBySubnet, wallOf } from '../security-rules.ts';

export default invariant({
  id: 'load-balancer-probes-are-let-in',
  title: "Node subnets let the probes of Azure's load balancer in",
  adr: 'ADR-A02',
  severity: 'error',
  why:
    'Probes come from 168.63.129.16, which the tag VirtualNetwork holds, too: a row that denies the VNet ' +
    'denies them. Every load balancer of the cluster then takes its nodes for dead, the mesh endpoint ' +
    'among them.',
  source: 'learn.microsoft.com, service-tags-overview and what-is-ip-address-168-63-129-16.',
  needs: ['securityRules'],
  *check({ securityRules }) {
    for (const { subnet, cluster, path, rows } of rulesBySubnet(securityRules)) {
      if (rows === undefined) {
        yield undetermined(path, `whether ${subnet} lets probes in: a row of it is not fully known`);
        continue;
      }
      if (cluster === undefined) continue;
      const wall = wallOf(rows);
      const before = wall < 0 ? rows : rows.slice(0, wall);
      const isOpen = before.some(
        ({ access, sources }) =>
          access === 'Allow' && sources.some((source) => source === 'AzureLoadBalancer' || source === '*'),
      );
      if (wall < 0 || isOpen) yield held(path);
      else {
        yield broken(path, `the rules of ${subnet} keep the probes of the load balancer out`, {
          help: 'allow AzureLoadBalancer, any protocol and any port, above the row that denies',
        });
      }
    }
  },
});
