import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

const SERVICES = {
  'container-instances': 'Microsoft.ContainerInstance/containerGroups',
  'container-apps': 'Microsoft.App/environments',
} as const;

export default invariant({
  id: 'container-subnets-are-delegated',
  title: 'Subnets of containers are handed to the service that runs them',
  adr: 'ADR-A02',
  severity: 'error',
  why:
    'A container group in a subnet that is not handed to Container Instances is refused ' +
    '(SubnetMissingRequiredDelegation), as is an environment with workload profiles. One without profiles is refused ' +
    'the other way round (ManagedEnvironmentSubnetIsDelegated), and only after minutes.',
  source:
    'API errors of both names, public reports read 2026-11-22; learn.microsoft.com, container-apps/networking.',
  kinds: ['terraform'],
  needs: ['subnets'],
  *check({ subnets }) {
    for (const subnet of subnets) {
      if (!hasAll(subnet, 'name', 'tenants')) {
        yield unsaid(subnet, 'name', 'tenants');
        continue;
      }
      const { name, tenants, delegations } = subnet;
      const place = placeOf(subnet, 'delegations');
      if (tenants.length > 0 && delegations === undefined) yield unsaid(subnet, 'delegations');
      if (delegations === undefined) continue;
      for (const tenant of new Set(tenants)) {
        if (tenant === 'consumption-apps') {
          if (delegations.length === 0) yield held(place);
          else {
            yield broken(
              place,
              `${name} is handed to a service and holds an environment without workload profiles`,
              {
                help: 'give the environment a `workload_profile`, or take the delegation away',
              },
            );
          }
        } else if (delegations.includes(SERVICES[tenant])) yield held(place);
        else {
          yield broken(place, `${name} holds containers and is not handed to ${SERVICES[tenant]}`, {
            help: `add a \`delegation\` with the service ${SERVICES[tenant]}`,
          });
        }
      }
    }
  },
});
