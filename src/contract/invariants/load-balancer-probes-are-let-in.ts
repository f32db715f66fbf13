import { broken, held, invariant, undetermined } from '../invariant.ts';
import { isPort, isProtocol, type Row, rulesBySubnet, wallOf } from '../security-rules.ts';

/** Probes ask node ports: the Service's own, or the one of its health check. */
const NODE_PORTS = [30_000, 32_767] as const;

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
  kinds: ['fleet', 'terraform', 'live'],
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
      const isOpen = before.some(letsProbesIn);
      if (wall < 0 || isOpen) yield held(path);
      else {
        yield broken(path, `the rules of ${subnet} keep the probes of the load balancer out`, {
          help: 'allow AzureLoadBalancer, any protocol and any port, above the row that denies',
        });
      }
    }
  },
});

function letsProbesIn({ access, protocol, sources, ports, isPartial }: Row): boolean {
  return (
    access === 'Allow' &&
    isPartial !== true &&
    isProtocol(protocol, 'Tcp') &&
    sources.some((source) => source === 'AzureLoadBalancer' || source === '*') &&
    ports.some((port) => NODE_PORTS.every((wanted) => isPort(port, wanted)))
  );
}
