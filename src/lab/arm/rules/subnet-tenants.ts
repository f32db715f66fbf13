import { listAt, objectAt, textAt } from '../body.ts';
import type { ArmBody, ArmResource, ArmStore } from '../resource.ts';
import { isSame } from './body-values.ts';
import { CLUSTER, POOL } from './pool-profiles.ts';

export const CONTAINER_GROUP = 'microsoft.containerinstance/containergroups';
export const CONTAINER_ENVIRONMENT = 'microsoft.app/managedenvironments';
export const PRIVATE_ENDPOINT = 'microsoft.network/privateendpoints';

/** The resources that lie in a subnet and keep it from going. */
export function tenantsOf(subnetKey: string, store: ArmStore): readonly ArmResource[] {
  return Object.keys(SUBNETS_IN).flatMap((type) =>
    store.ofType(type).filter(({ body }) => SUBNETS_IN[type]!(body).some((id) => isSame(id, subnetKey))),
  );
}

/** Where a body names the subnets that it lies in, by type. */
const SUBNETS_IN: Readonly<Record<string, (body: ArmBody) => readonly (string | undefined)[]>> = {
  [CLUSTER]: (body) => [
    textAt(body, 'properties', 'apiServerAccessProfile', 'subnetId'),
    ...listAt(body, 'properties', 'agentPoolProfiles').flatMap(subnetsOfPool),
  ],
  [POOL]: (body) => subnetsOfPool(objectAt(body, 'properties')),
  [PRIVATE_ENDPOINT]: (body) => [textAt(body, 'properties', 'subnet', 'id')],
  [CONTAINER_GROUP]: subnetsOfContainerGroup,
  [CONTAINER_ENVIRONMENT]: (body) => [subnetOfEnvironment(body)],
  'microsoft.network/networkinterfaces': (body) =>
    listAt(body, 'properties', 'ipConfigurations').map((each) => textAt(each, 'properties', 'subnet', 'id')),
};

/** The ids of the subnets that a container group asks for. */
export function subnetsOfContainerGroup(body: ArmBody): readonly string[] {
  return listAt(body, 'properties', 'subnetIds').flatMap((subnet) => textAt(subnet, 'id') ?? []);
}

/** The id of the subnet that a Container Apps environment asks for. */
export function subnetOfEnvironment(body: ArmBody): string | undefined {
  return textAt(body, 'properties', 'vnetConfiguration', 'infrastructureSubnetId');
}

function subnetsOfPool(profile: ArmBody): readonly (string | undefined)[] {
  return [textAt(profile, 'vnetSubnetID'), textAt(profile, 'podSubnetID')];
}
