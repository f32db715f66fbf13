import { merged } from '../../../../src/lab/arm/body.ts';
import { armId, armTarget } from '../../../../src/lab/arm/id.ts';
import { roleIds } from '../../../../src/lab/arm/kinds/built-in-roles.ts';
import type { ArmBody, ArmStore } from '../../../../src/lab/arm/resource.ts';
import type { ArmLimits, ArmRule, ArmWorld, ArmWrite } from '../../../../src/lab/arm/rule.ts';
import { memoryStore } from '../../../../src/lab/arm/store.ts';

/** A request, and in what it differs from the sound world that it comes to. */
export type Ask = {
  /** PUT when absent. */
  readonly method?: ArmWrite['method'];
  readonly id: string;
  readonly body?: ArmBody;
  readonly headers?: ArmWrite['headers'];
  /** Resources over those of the sound world. */
  readonly beside?: Readonly<Record<string, ArmBody>>;
  readonly without?: readonly string[];
  /** What is done to a resource while the request comes, by its id. */
  readonly running?: Readonly<Record<string, string>>;
  readonly limits?: ArmLimits;
  readonly softDeleted?: Readonly<Record<string, ArmBody>>;
  readonly recentWrites?: ArmWorld['recentWrites'];
  readonly kubernetes?: Readonly<Record<string, NonNullable<ReturnType<KubernetesOf>>>>;
};

type KubernetesOf = NonNullable<ArmWorld['kubernetes']>['get'];

/** A refusal, with the nearest request that is let through. */
export type RuleCase = {
  readonly name: string;
  readonly rule: string;
  readonly status: number;
  readonly code: string;
  readonly isAsync?: true;
  /** Other rules that refuse the same request, for which there is no telling which one Azure names. */
  readonly also?: readonly string[];
  readonly refused: Ask;
  readonly passes: Ask;
};

export const NOW = Date.parse('2026-11-22T12:00:00Z');
export const SUBSCRIPTION = '/subscriptions/00000000-0000-0000-0000-000000000001';
export const GROUP = `${SUBSCRIPTION}/resourceGroups/rg`;
export const OTHER_GROUP = `${SUBSCRIPTION}/resourceGroups/rg-other`;
export const PRINCIPAL = '11111111-1111-1111-1111-111111111111';

export const VNET = `${GROUP}/providers/Microsoft.Network/virtualNetworks/vnet`;
export const NODES = `${VNET}/subnets/nodes`;
export const SMALL = `${VNET}/subnets/small`;
export const CONTAINERS = `${VNET}/subnets/containers`;
export const ENDPOINTS = `${VNET}/subnets/endpoints`;
export const GATEWAY = `${GROUP}/providers/Microsoft.Network/natGateways/gateway`;
export const ADDRESS = `${GROUP}/providers/Microsoft.Network/publicIPAddresses/address`;
export const CLUSTER = `${GROUP}/providers/Microsoft.ContainerService/managedClusters/aks`;
export const SYSTEM_POOL = `${CLUSTER}/agentPools/system`;
export const USER_POOL = `${CLUSTER}/agentPools/user`;
export const IDENTITY = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/control`;
export const CREDENTIAL = `${IDENTITY}/federatedIdentityCredentials/first`;
export const ASSIGNMENT = `${VNET}/providers/Microsoft.Authorization/roleAssignments/may-join`;
export const SECURITY_GROUP = `${GROUP}/providers/Microsoft.Network/networkSecurityGroups/nsg`;
export const WORKSPACE = `${GROUP}/providers/Microsoft.OperationalInsights/workspaces/logs`;

/** A role definition's id. */
export function role(name: string): string {
  return `${SUBSCRIPTION}/providers/Microsoft.Authorization/roleDefinitions/${roleIds[name]}`;
}

export function subnet(prefix: string, properties: ArmBody = {}): ArmBody {
  return { properties: { addressPrefixes: [prefix], delegations: [], ...properties } };
}

export function delegatedTo(serviceName: string): ArmBody {
  return { delegations: [{ name: 'delegation', properties: { serviceName } }] };
}

export const vnet: ArmBody = {
  location: 'koreacentral',
  properties: {
    addressSpace: { addressPrefixes: ['10.1.0.0/16', '10.4.0.0/24'] },
    provisioningState: 'Succeeded',
  },
};

export const systemProfile: ArmBody = {
  name: 'system',
  mode: 'System',
  count: 1,
  vmSize: 'Standard_D2s_v3',
  osDiskType: 'Ephemeral',
  osDiskSizeGB: 50,
  maxPods: 60,
  nodeTaints: ['CriticalAddonsOnly=true:NoSchedule'],
  nodeLabels: {},
  type: 'VirtualMachineScaleSets',
  vnetSubnetID: NODES,
};

const userProfile: ArmBody = {
  mode: 'User',
  count: 2,
  enableAutoScaling: true,
  minCount: 0,
  maxCount: 5,
  vmSize: 'Standard_D2s_v3',
  availabilityZones: ['1', '2', '3'],
  osDiskType: 'Ephemeral',
  osDiskSizeGB: 50,
  maxPods: 60,
  scaleSetPriority: 'Spot',
  scaleSetEvictionPolicy: 'Delete',
  spotMaxPrice: -1,
  nodeLabels: { 'kubernetes.azure.com/scalesetpriority': 'spot' },
  nodeTaints: ['kubernetes.azure.com/scalesetpriority=spot:NoSchedule'],
  type: 'VirtualMachineScaleSets',
  vnetSubnetID: NODES,
};

const clusterBody: ArmBody = {
  location: 'koreacentral',
  sku: { name: 'Base', tier: 'Free' },
  identity: { type: 'UserAssigned', userAssignedIdentities: { [IDENTITY]: {} } },
  properties: {
    kubernetesVersion: '1.35',
    currentKubernetesVersion: '1.35.2',
    dnsPrefix: 'aks',
    disableLocalAccounts: true,
    aadProfile: { managed: true },
    agentPoolProfiles: [systemProfile],
    apiServerAccessProfile: {
      authorizedIPRanges: ['20.0.0.4/32', '203.0.113.0/24'],
      enablePrivateCluster: false,
    },
    networkProfile: {
      networkPlugin: 'none',
      networkPolicy: '',
      outboundType: 'userAssignedNATGateway',
      podCidr: '10.201.0.0/16',
      serviceCidr: '172.20.0.0/16',
      dnsServiceIP: '172.20.0.10',
    },
    nodeProvisioningProfile: { mode: 'Manual' },
    powerState: { code: 'Running' },
  },
};

/** The sound cluster with these properties over its own. */
export function cluster(properties: ArmBody = {}, rest: ArmBody = {}): ArmBody {
  return merged(merged(clusterBody, rest), { properties });
}

/** The sound cluster with its system pool changed. */
export function clusterWithPool(profile: ArmBody): ArmBody {
  return cluster({ agentPoolProfiles: [merged(systemProfile, profile)] });
}

/** The sound Spot pool, changed. */
export function userPool(profile: ArmBody = {}): ArmBody {
  return { properties: merged(userProfile, profile) };
}

/** The system pool as a resource of its own, changed. */
export function systemPool(profile: ArmBody = {}): ArmBody {
  const { name: _, ...properties } = merged(systemProfile, profile);
  return { properties };
}

/** A pool that bears its user no Spot. */
export const REGULAR: ArmBody = {
  scaleSetPriority: 'Regular',
  scaleSetEvictionPolicy: null,
  spotMaxPrice: null,
  nodeLabels: null,
  nodeTaints: null,
};

export function securityRule(properties: ArmBody = {}): ArmBody {
  return {
    properties: {
      direction: 'Inbound',
      access: 'Allow',
      protocol: '*',
      priority: 100,
      sourceAddressPrefix: 'VirtualNetwork',
      sourcePortRange: '*',
      destinationAddressPrefix: '10.1.0.0/16',
      destinationPortRange: '*',
      ...properties,
    },
  };
}

export function credential(properties: ArmBody = {}): ArmBody {
  const issuer = 'https://koreacentral.oic.prod-aks.azure.com/tenant/issuer/';
  const subject = 'system:serviceaccount:external-secrets:eso-kv';
  return { properties: { audiences: ['api://AzureADTokenExchange'], issuer, subject, ...properties } };
}

export function assignment(properties: ArmBody = {}): ArmBody {
  return {
    properties: { principalId: PRINCIPAL, roleDefinitionId: role('Network Contributor'), ...properties },
  };
}

const standard: ArmBody = { location: 'koreacentral', sku: { name: 'Standard' }, properties: {} };

const SOUND: Readonly<Record<string, ArmBody>> = {
  [GROUP]: { location: 'koreacentral', properties: { provisioningState: 'Succeeded' } },
  [OTHER_GROUP]: { location: 'koreacentral', properties: { provisioningState: 'Succeeded' } },
  [VNET]: vnet,
  [NODES]: subnet('10.1.0.0/17', { natGateway: { id: GATEWAY } }),
  [SMALL]: subnet('10.1.128.0/28', { natGateway: { id: GATEWAY } }),
  [ENDPOINTS]: subnet('10.4.0.0/25'),
  [CONTAINERS]: subnet('10.4.0.128/26', delegatedTo('Microsoft.ContainerInstance/containerGroups')),
  [ADDRESS]: standard,
  [GATEWAY]: { ...standard, properties: { publicIpAddresses: [{ id: ADDRESS }] } },
  [SECURITY_GROUP]: { location: 'koreacentral', properties: {} },
  [`${SECURITY_GROUP}/securityRules/allow`]: securityRule(),
  [IDENTITY]: { location: 'koreacentral', properties: { principalId: PRINCIPAL } },
  [CREDENTIAL]: credential(),
  [ASSIGNMENT]: assignment({ scope: VNET }),
  [WORKSPACE]: { location: 'koreacentral', properties: {} },
  [CLUSTER]: cluster(),
  [SYSTEM_POOL]: systemPool(),
  [USER_POOL]: userPool(),
};

/** The write and the world of a request. The last word of a POST's path is its action. */
export function asked(ask: Ask): { readonly write: ArmWrite; readonly world: ArmWorld } {
  const store = storeOf(ask);
  const { method = 'PUT', headers = {} } = ask;
  const target = armTarget(ask.id)!;
  const id = target.kind === 'resource' ? target.id : target.owner!;
  const current = store.get(id.text)?.body;
  const body = ask.body && method === 'PATCH' ? merged(current ?? {}, ask.body) : ask.body;
  const write: ArmWrite = {
    method,
    id,
    headers,
    ...(target.kind === 'collection' ? { action: target.word } : {}),
    ...(body ? { body } : {}),
    ...(current ? { current } : {}),
  };
  const world: ArmWorld = {
    store,
    now: NOW,
    softDeleted: new Map(byKey(ask.softDeleted)),
    running: new Map(byKey(ask.running).map(([key, what]) => [key, { id: 'operation', what, since: NOW }])),
    limits: ask.limits ?? {},
    kubernetes: new Map(byKey(ask.kubernetes)),
    ...(ask.recentWrites ? { recentWrites: ask.recentWrites } : {}),
  };
  return { write, world };
}

/** The ids of the rules that refuse a request, in their order. */
export function refusing(ask: Ask, rules: readonly ArmRule[]): readonly string[] {
  const { write, world } = asked(ask);
  const judging = rules.filter(({ types }) => types.includes('*') || types.includes(write.id.type));
  return judging.filter(({ check }) => check(write, world) !== undefined).map(({ id }) => id);
}

function storeOf({ beside = {}, without = [] }: Ask): ArmStore {
  const all = { ...SOUND, ...beside };
  const store = memoryStore(Object.entries(all).map(([id, body]) => ({ id: armId(id), body })));
  for (const id of without) store.remove(id);
  return store;
}

function byKey<T>(record: Readonly<Record<string, T>> = {}): [string, T][] {
  return Object.entries(record).map(([id, value]) => [id.toLowerCase(), value]);
}
