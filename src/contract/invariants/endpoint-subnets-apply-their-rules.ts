import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

/** Settings under which a security group sees the traffic of private endpoints. */
const SEEING = new Set(['Enabled', 'NetworkSecurityGroupEnabled']);

export default invariant({
  id: 'endpoint-subnets-apply-their-rules',
  title: 'The security rules of an endpoint subnet hold for its private endpoints',
  adr: 'ADR-A02',
  severity: 'error',
  why:
    'By default a security group does not see what goes to a private endpoint: its rows are there, look right, ' +
    'and every machine of the VNet reaches the vault. A switch of the subnet makes them hold; without a group ' +
    'there is nothing that could.',
  source: 'learn.microsoft.com, private-link/disable-private-endpoint-network-policy, 2026-08.',
  kinds: ['terraform', 'live'],
  needs: ['subnets'],
  *check({ subnets }) {
    for (const subnet of subnets) {
      if (!hasAll(subnet, 'name', 'isOfEndpoints')) yield unsaid(subnet, 'name', 'isOfEndpoints');
      else if (!subnet.isOfEndpoints) continue;
      else if (subnet.endpointPolicies === undefined) yield unsaid(subnet, 'endpointPolicies');
      else if (SEEING.has(subnet.endpointPolicies)) {
        if (subnet.hasSecurityGroup === undefined) yield unsaid(subnet, 'hasSecurityGroup');
        else if (subnet.hasSecurityGroup) yield held(placeOf(subnet, 'endpointPolicies'));
        else {
          yield broken(subnet.path, `nothing stands before the private endpoints of ${subnet.name}`, {
            help: 'join a security group that lets the nodes in on 443 and denies VirtualNetwork',
          });
        }
      } else {
        yield broken(
          placeOf(subnet, 'endpointPolicies'),
          `no security rule of ${subnet.name} holds for its private endpoints`,
          { help: 'write `private_endpoint_network_policies = "Enabled"`' },
        );
      }
    }
  },
});
