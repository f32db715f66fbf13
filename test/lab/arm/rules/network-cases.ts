import {
  ADDRESS,
  CONTAINERS,
  ENDPOINTS,
  GATEWAY,
  GROUP,
  NODES,
  OTHER_GROUP,
  type RuleCase,
  SECURITY_GROUP,
  SMALL,
  VNET,
  delegatedTo,
  securityRule,
  subnet,
  vnet,
} from './sound-world.ts';

const NEW_SUBNET = `${VNET}/subnets/more`;
const NEW_VNET = `${GROUP}/providers/Microsoft.Network/virtualNetworks/more`;
const NEW_RULE = `${SECURITY_GROUP}/securityRules/more`;
const V2_GATEWAY = `${GROUP}/providers/Microsoft.Network/natGateways/zonal`;
const V2_ADDRESS = `${GROUP}/providers/Microsoft.Network/publicIPAddresses/zonal`;
const CONTAINER_GROUP = `${GROUP}/providers/Microsoft.ContainerInstance/containerGroups/keeper`;
const ENDPOINT = `${GROUP}/providers/Microsoft.Network/privateEndpoints/vault`;
const ENVIRONMENT = `${GROUP}/providers/Microsoft.App/managedEnvironments/keeper`;
const ZONE = 'providers/Microsoft.Network/privateDnsZones/privatelink.vaultcore.azure.net';
const LINK = `${GROUP}/${ZONE}/virtualNetworkLinks/fleet`;

const standardV2 = { location: 'koreacentral', sku: { name: 'StandardV2' }, properties: {} };
const keeper = { location: 'koreacentral', properties: { subnetIds: [{ id: CONTAINERS }] } };
const zones = {
  [`${GROUP}/${ZONE}`]: { location: 'global' },
  [`${OTHER_GROUP}/${ZONE}`]: { location: 'global' },
};

/** Networks and their subnets. */
export const networkCases: readonly RuleCase[] = [
  {
    name: 'a subnet over another',
    rule: 'subnets-do-not-overlap',
    status: 400,
    code: 'NetcfgSubnetRangesOverlap',
    refused: { id: NEW_SUBNET, body: subnet('10.1.128.8/29') },
    passes: { id: NEW_SUBNET, body: subnet('10.1.128.16/29') },
  },
  {
    name: 'subnets over each other in the body of their network',
    rule: 'subnets-do-not-overlap',
    status: 400,
    code: 'NetcfgSubnetRangesOverlap',
    refused: {
      id: NEW_VNET,
      body: networkOf(['10.9.0.0/16'], { a: '10.9.0.0/24', b: '10.9.0.128/25' }),
    },
    passes: { id: NEW_VNET, body: networkOf(['10.9.0.0/16'], { a: '10.9.0.0/24', b: '10.9.1.0/24' }) },
  },
  {
    name: 'a subnet outside its network',
    rule: 'subnets-lie-in-their-network',
    status: 400,
    code: 'NetcfgInvalidSubnet',
    refused: { id: NEW_SUBNET, body: subnet('10.2.0.0/24') },
    passes: { id: NEW_SUBNET, body: subnet('10.1.200.0/24') },
  },
  {
    name: 'a network shrunk below a subnet',
    rule: 'subnets-lie-in-their-network',
    status: 400,
    code: 'NetcfgInvalidSubnet',
    refused: { id: VNET, body: networkOf(['10.1.0.0/16']) },
    passes: { id: VNET, body: networkOf(['10.1.0.0/16', '10.4.0.0/24', '10.5.0.0/24']) },
  },
  {
    name: 'a malformed range',
    rule: 'address-prefixes-are-well-formed',
    status: 400,
    code: 'InvalidAddressPrefixFormat',
    refused: { id: NEW_VNET, body: networkOf(['10.9.0.0']) },
    passes: { id: NEW_VNET, body: networkOf(['10.9.0.0/16', 'fd00:db8:deca::/48']) },
  },
  {
    name: 'a range with host bits set',
    rule: 'address-prefixes-are-well-formed',
    status: 400,
    code: 'InvalidCIDRNotation',
    refused: { id: NEW_SUBNET, body: subnet('10.1.200.1/24') },
    passes: { id: NEW_SUBNET, body: { properties: { addressPrefix: '10.1.200.0/24' } } },
  },
  {
    name: 'the delete of a subnet in use',
    rule: 'used-subnets-stay',
    status: 400,
    code: 'InUseSubnetCannotBeDeleted',
    refused: { method: 'DELETE', id: NODES },
    passes: { method: 'DELETE', id: SMALL },
  },
  {
    name: 'the delete of a network with a subnet in use',
    rule: 'used-subnets-stay',
    status: 400,
    code: 'InUseSubnetCannotBeDeleted',
    refused: { method: 'DELETE', id: VNET },
    passes: { method: 'DELETE', id: VNET, without: [NODES] },
  },
  {
    name: 'a network written without a subnet in use',
    rule: 'used-subnets-stay',
    status: 400,
    code: 'InUseSubnetCannotBeDeleted',
    refused: { id: VNET, body: networkOf(['10.1.0.0/16', '10.4.0.0/24'], {}) },
    passes: { id: VNET, body: networkOf(['10.1.0.0/16', '10.4.0.0/24'], { nodes: '10.1.0.0/17' }) },
  },
  {
    name: 'a second write at once in one network',
    rule: 'network-writes-are-one-at-a-time',
    status: 429,
    code: 'AnotherOperationInProgress',
    refused: { id: ENDPOINTS, body: subnet('10.4.0.0/25'), running: { [SMALL]: 'PUT' } },
    passes: { id: ENDPOINTS, body: subnet('10.4.0.0/25'), running: { [GATEWAY]: 'PUT' } },
  },
  {
    name: 'a second link at once of one zone',
    rule: 'network-writes-are-one-at-a-time',
    status: 429,
    code: 'AnotherOperationInProgress',
    refused: { id: LINK, body: linkTo(VNET), beside: zones, running: { [`${GROUP}/${ZONE}`]: 'PUT' } },
    passes: { id: LINK, body: linkTo(VNET), beside: zones, running: { [`${OTHER_GROUP}/${ZONE}`]: 'PUT' } },
  },
  {
    name: 'a network in a second zone of the same name',
    rule: 'network-is-linked-to-one-zone-of-a-name',
    status: 400,
    code: 'BadRequest',
    isAsync: true,
    refused: {
      id: LINK,
      body: linkTo(VNET),
      beside: { ...zones, [`${OTHER_GROUP}/${ZONE}/virtualNetworkLinks/other`]: linkTo(VNET.toLowerCase()) },
    },
    passes: {
      id: LINK,
      body: linkTo(VNET),
      beside: { ...zones, [`${OTHER_GROUP}/${ZONE}/virtualNetworkLinks/other`]: linkTo(NEW_VNET) },
    },
  },
];

/** What lies in subnets beside nodes. */
export const delegationCases: readonly RuleCase[] = [
  {
    name: 'a container group in a subnet that is not delegated',
    rule: 'container-groups-lie-in-delegated-subnets',
    status: 400,
    code: 'SubnetMissingRequiredDelegation',
    refused: { id: CONTAINER_GROUP, body: { ...keeper, properties: { subnetIds: [{ id: ENDPOINTS }] } } },
    passes: { id: CONTAINER_GROUP, body: keeper },
  },
  {
    name: 'a delegation removed while it is used',
    rule: 'used-delegations-stay',
    status: 400,
    code: 'SubnetMissingRequiredDelegation',
    refused: { id: CONTAINERS, body: subnet('10.4.0.128/26'), beside: { [CONTAINER_GROUP]: keeper } },
    passes: { id: CONTAINERS, body: subnet('10.4.0.128/26') },
  },
  {
    name: 'a private endpoint in a delegated subnet',
    rule: 'private-endpoints-stay-out-of-delegated-subnets',
    status: 400,
    code: 'PrivateEndpointCreationNotAllowedAsSubnetIsDelegated',
    refused: { id: ENDPOINT, body: { properties: { subnet: { id: CONTAINERS } } } },
    passes: { id: ENDPOINT, body: { properties: { subnet: { id: ENDPOINTS } } } },
  },
  {
    name: 'a consumption-only environment in a delegated subnet',
    rule: 'consumption-environments-stay-out-of-delegated-subnets',
    status: 400,
    code: 'ManagedEnvironmentSubnetIsDelegated',
    isAsync: true,
    refused: { id: ENVIRONMENT, body: environment({}), beside: delegatedSmall() },
    passes: {
      id: ENVIRONMENT,
      body: environment({ workloadProfiles: [{ name: 'c' }] }),
      beside: delegatedSmall(),
    },
  },
];

/** Egress. */
export const natCases: readonly RuleCase[] = [
  {
    name: 'a Standard address on a StandardV2 gateway',
    rule: 'gateway-addresses-are-of-its-sku',
    status: 400,
    code: 'NatGatewayPublicIpSkuMismatch',
    refused: {
      id: V2_GATEWAY,
      body: { ...standardV2, properties: { publicIpAddresses: [{ id: ADDRESS }] } },
    },
    passes: {
      id: V2_GATEWAY,
      body: { ...standardV2, properties: { publicIpAddresses: [{ id: V2_ADDRESS }] } },
      beside: { [V2_ADDRESS]: standardV2 },
    },
  },
  {
    name: 'a StandardV2 address on a Standard gateway',
    rule: 'gateway-addresses-are-of-its-sku',
    status: 400,
    code: 'NatGatewayPublicIpSkuMismatch',
    refused: {
      id: GATEWAY,
      body: { sku: { name: 'Standard' }, properties: { publicIpAddresses: [{ id: V2_ADDRESS }] } },
      beside: { [V2_ADDRESS]: standardV2 },
    },
    passes: { id: GATEWAY, body: { properties: { publicIpAddresses: [{ id: ADDRESS.toUpperCase() }] } } },
  },
  {
    name: 'a Standard gateway upgraded in place',
    rule: 'gateway-sku-stays',
    status: 400,
    code: 'NatGatewaySkuCannotBeChanged',
    refused: { id: GATEWAY, body: standardV2 },
    passes: { method: 'PATCH', id: GATEWAY, body: { tags: { team: 'platform' } } },
  },
  {
    name: 'a StandardV2 gateway on a subnet of container groups',
    rule: 'standard-v2-gateway-stays-off-container-subnets',
    status: 400,
    code: 'NatGatewayNotSupportedOnDelegatedSubnet',
    refused: { id: CONTAINERS, body: containersWith(V2_GATEWAY), beside: { [V2_GATEWAY]: standardV2 } },
    passes: { id: CONTAINERS, body: containersWith(GATEWAY) },
  },
  {
    name: 'a public address too many',
    rule: 'public-address-count',
    status: 400,
    code: 'PublicIPCountLimitReached',
    refused: { id: V2_ADDRESS, body: standardV2, limits: { publicIps: 1 } },
    passes: { id: V2_ADDRESS, body: { ...standardV2, location: 'japaneast' }, limits: { publicIps: 1 } },
  },
];

/** Security groups. */
export const securityRuleCases: readonly RuleCase[] = [
  {
    name: 'a priority out of range',
    rule: 'security-rule-priority-in-range',
    status: 400,
    code: 'SecurityRuleInvalidPriority',
    refused: { id: NEW_RULE, body: securityRule({ priority: 99 }) },
    passes: { id: NEW_RULE, body: securityRule({ priority: 4096 }) },
  },
  {
    name: 'the priority of a rule that is there',
    rule: 'security-rules-differ-in-priority',
    status: 400,
    code: 'SecurityRuleConflict',
    refused: { id: NEW_RULE, body: securityRule() },
    passes: { id: NEW_RULE, body: securityRule({ direction: 'Outbound' }) },
  },
  {
    name: 'a priority twice in the body of a group',
    rule: 'security-rules-differ-in-priority',
    status: 400,
    code: 'SecurityRuleConflict',
    refused: { id: SECURITY_GROUP, body: securityGroupOf(100, 110, 100) },
    passes: { id: SECURITY_GROUP, body: securityGroupOf(100, 110, 120) },
  },
  {
    name: 'a service tag in a list of ranges',
    rule: 'service-tags-stand-alone',
    status: 400,
    code: 'SecurityRuleParameterContainsUnsupportedValue',
    refused: { id: NEW_RULE, body: fromRanges(['10.1.0.0/16', 'VirtualNetwork']) },
    passes: { id: NEW_RULE, body: fromRanges(['10.1.0.0/16', '10.2.0.0/16', 'fd00::/8']) },
  },
  {
    name: 'a rule without ports',
    rule: 'security-rule-names-its-ports',
    status: 400,
    code: 'InvalidRequestFormat',
    refused: { id: NEW_RULE, body: securityRule({ priority: 200, destinationPortRange: '' }) },
    passes: {
      id: NEW_RULE,
      body: securityRule({ priority: 200, destinationPortRange: '', destinationPortRanges: ['443'] }),
    },
  },
];

function networkOf(
  addressPrefixes: readonly string[],
  subnets?: Readonly<Record<string, string>>,
): typeof vnet {
  const listed = Object.entries(subnets ?? {}).map(([name, prefix]) => ({ name, ...subnet(prefix) }));
  return {
    location: 'koreacentral',
    properties: { addressSpace: { addressPrefixes }, ...(subnets ? { subnets: listed } : {}) },
  };
}

function linkTo(id: string): typeof vnet {
  return { location: 'global', properties: { virtualNetwork: { id } } };
}

function containersWith(gateway: string): typeof vnet {
  const delegation = delegatedTo('Microsoft.ContainerInstance/containerGroups');
  return subnet('10.4.0.128/26', { ...delegation, natGateway: { id: gateway } });
}

function environment(properties: typeof vnet): typeof vnet {
  return { properties: { ...properties, vnetConfiguration: { infrastructureSubnetId: SMALL } } };
}

function delegatedSmall(): Readonly<Record<string, typeof vnet>> {
  return { [SMALL]: subnet('10.1.128.0/28', delegatedTo('Microsoft.App/environments')) };
}

function fromRanges(sourceAddressPrefixes: readonly string[]): typeof vnet {
  return securityRule({ priority: 200, sourceAddressPrefix: '', sourceAddressPrefixes });
}

function securityGroupOf(...priorities: readonly number[]): typeof vnet {
  const rules = priorities.map((priority, index) => ({
    name: `rule${index}`,
    ...securityRule({ priority }),
  }));
  return { location: 'koreacentral', properties: { securityRules: rules } };
}
