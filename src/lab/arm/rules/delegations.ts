import { listAt, textAt } from '../body.ts';
import type { ArmBody } from '../resource.ts';
import type { ArmRule } from '../rule.ts';
import { SUBNET, delegationsOf, subnetAt } from './address-space.ts';
import { whenWritten } from './judgement.ts';
import {
  CONTAINER_ENVIRONMENT,
  CONTAINER_GROUP,
  PRIVATE_ENDPOINT,
  subnetOfEnvironment,
  subnetsOfContainerGroup,
  tenantsOf,
} from './subnet-tenants.ts';
import { REPORTS } from './sources.ts';

/** The delegations that tenants need, by their type. */
const NEEDED: Readonly<Record<string, string>> = {
  [CONTAINER_GROUP]: 'microsoft.containerinstance/containergroups',
  [CONTAINER_ENVIRONMENT]: 'microsoft.app/environments',
};

const groupsLieInDelegatedSubnets: ArmRule = {
  id: 'container-groups-lie-in-delegated-subnets',
  source: REPORTS,
  types: [CONTAINER_GROUP],
  check: whenWritten((body, _write, { store }) => {
    for (const id of subnetsOfContainerGroup(body)) {
      const subnet = subnetAt(id, store);
      if (subnet === undefined || delegationsOf(subnet.body).includes(NEEDED[CONTAINER_GROUP]!)) continue;
      const message = `The subnet ${id} is not delegated to Microsoft.ContainerInstance/containerGroups.`;
      return { status: 400, code: 'SubnetMissingRequiredDelegation', message };
    }
    return undefined;
  }),
};

const usedDelegationsStay: ArmRule = {
  id: 'used-delegations-stay',
  source: REPORTS,
  types: [SUBNET],
  check: whenWritten((body, { id, current }, { store }) => {
    const kept = delegationsOf(body);
    const gone = delegationsOf(current).filter((service) => !kept.includes(service));
    const tenant = tenantsOf(id.key, store).find(({ id: { type } }) => gone.includes(NEEDED[type] ?? ''));
    if (tenant === undefined) return undefined;
    const service = NEEDED[tenant.id.type];
    const message = `The subnet ${id.name} has to stay delegated to ${service} for ${tenant.id.text}.`;
    return { status: 400, code: 'SubnetMissingRequiredDelegation', message };
  }),
};

const endpointsStayOut: ArmRule = {
  id: 'private-endpoints-stay-out-of-delegated-subnets',
  source: REPORTS,
  types: [PRIVATE_ENDPOINT],
  check: whenWritten((body, _write, { store }) => {
    const id = textAt(body, 'properties', 'subnet', 'id');
    const delegations = delegationsOf(subnetAt(id, store)?.body);
    if (delegations.length === 0) return undefined;
    const services = delegations.join(', ');
    const message = `The subnet ${id} is delegated to ${services} and takes no private endpoint.`;
    return { status: 400, code: 'PrivateEndpointCreationNotAllowedAsSubnetIsDelegated', message };
  }),
};

const consumptionEnvironmentsStayOut: ArmRule = {
  id: 'consumption-environments-stay-out-of-delegated-subnets',
  source: REPORTS,
  types: [CONTAINER_ENVIRONMENT],
  check: whenWritten((body, _write, { store }) => {
    const id = subnetOfEnvironment(body);
    if (hasWorkloadProfiles(body) || delegationsOf(subnetAt(id, store)?.body).length === 0) return undefined;
    const message = `The environment has no workload profiles and cannot lie in the delegated subnet ${id}.`;
    return { status: 400, code: 'ManagedEnvironmentSubnetIsDelegated', message, isAsync: true };
  }),
};

export const delegationRules: readonly ArmRule[] = [
  groupsLieInDelegatedSubnets,
  usedDelegationsStay,
  endpointsStayOut,
  consumptionEnvironmentsStayOut,
];

function hasWorkloadProfiles(body: ArmBody): boolean {
  return listAt(body, 'properties', 'workloadProfiles').length > 0;
}
