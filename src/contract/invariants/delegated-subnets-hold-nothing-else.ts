import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';
import { listText } from '../wording.ts';

export default invariant({
  id: 'delegated-subnets-hold-nothing-else',
  title: 'A subnet that is handed to a service holds no node and no private endpoint',
  adr: 'ADR-A02',
  severity: 'error',
  why:
    'Azure refuses both: SubnetIsDelegated for nodes, PrivateEndpointCreationNotAllowedAsSubnetIsDelegated for ' +
    'endpoints, each in the middle of an apply. A services subnet for endpoints and containers is two subnets.',
  source:
    'learn.microsoft.com, error code SubnetIsDelegated; private-link/private-endpoint-overview, 2026-08.',
  kinds: ['terraform', 'live'],
  needs: ['subnets'],
  *check({ subnets }) {
    for (const subnet of subnets) {
      if (!hasAll(subnet, 'name', 'delegations')) {
        yield unsaid(subnet, 'name', 'delegations');
        continue;
      }
      const { name, delegations, isOfNodes, isOfEndpoints } = subnet;
      if (delegations.length === 0) continue;
      const place = placeOf(subnet, 'delegations');
      const inside = [...(isOfNodes ? ['nodes'] : []), ...(isOfEndpoints ? ['private endpoints'] : [])];
      if (inside.length > 0) {
        yield broken(place, `${name} is handed to ${listText(delegations)} and holds ${listText(inside)}`, {
          help: `give the ${listText(inside)} a subnet of their own`,
        });
      } else if (isOfNodes === false && isOfEndpoints === false) yield held(place);
      else yield unsaid(subnet, 'isOfNodes', 'isOfEndpoints');
    }
  },
});
