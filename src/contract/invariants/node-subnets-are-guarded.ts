import { hasAll } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

export default invariant({
  id: 'node-subnets-are-guarded',
  title: 'Before every node subnet stands a security group with rows of its own',
  adr: 'ADR-A02',
  severity: 'error',
  why:
    "Without one, Azure's own row lets the whole VNet in: the nodes of every other cluster, and whatever else " +
    'stands there. Rows that AKS writes into the group of its node resource group open doors and close none.',
  source: 'learn.microsoft.com, network-security-groups-overview: default rules; source design, section 3.2.',
  kinds: ['terraform', 'live'],
  needs: ['subnets'],
  *check({ subnets }) {
    for (const subnet of subnets) {
      if (!hasAll(subnet, 'name', 'isOfNodes')) yield unsaid(subnet, 'name', 'isOfNodes');
      else if (!subnet.isOfNodes) continue;
      else if (subnet.hasSecurityGroup === undefined) yield unsaid(subnet, 'hasSecurityGroup');
      else if (subnet.hasSecurityGroup) yield held(subnet.path);
      else {
        yield broken(subnet.path, `nothing stands before the node subnet ${subnet.name}`, {
          help: 'join a security group that lists who may come in and denies VirtualNetwork',
        });
      }
    }
  },
});
