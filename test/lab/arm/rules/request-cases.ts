import type { ArmBody } from '../../../../src/lab/arm/resource.ts';
import type { ArmRecentWrite } from '../../../../src/lab/arm/rule.ts';
import {
  CLUSTER,
  CREDENTIAL,
  GROUP,
  IDENTITY,
  NODES,
  NOW,
  OTHER_GROUP,
  type RuleCase,
  SMALL,
  SUBSCRIPTION,
  USER_POOL,
  VNET,
  WORKSPACE,
  cluster,
  credential,
  subnet,
  userPool,
  vnet,
} from './sound-world.ts';

const NEW_GROUP = `${SUBSCRIPTION}/resourceGroups/rg-more`;
const NEW_VNET = `${GROUP}/providers/Microsoft.Network/virtualNetworks/more`;
const LOCK = `${GROUP}/providers/Microsoft.Authorization/locks/keep`;
const ETAG = '"5d4c3b2a"';
const tagged = { location: 'koreacentral', properties: {} };

/** What holds for every type. */
export const requestCases: readonly RuleCase[] = [
  {
    name: 'a resource provider that is not registered',
    rule: 'resource-provider-is-registered',
    status: 409,
    code: 'MissingSubscriptionRegistration',
    refused: { id: CLUSTER, body: cluster(), limits: { unregistered: ['Microsoft.ContainerService'] } },
    passes: { id: CLUSTER, body: cluster(), limits: { unregistered: ['Microsoft.App'] } },
  },
  {
    name: 'a type that a policy denies',
    rule: 'policy-allows-the-type',
    status: 403,
    code: 'RequestDisallowedByPolicy',
    refused: { id: VNET, body: vnet, limits: { deniedTypes: ['Microsoft.Network/virtualNetworks'] } },
    passes: {
      id: NODES,
      body: subnet('10.1.0.0/17'),
      limits: { deniedTypes: ['Microsoft.Network/virtualNetworks'] },
    },
  },
  {
    name: 'a resource in a group that is not there',
    rule: 'resource-group-is-there',
    status: 404,
    code: 'ResourceGroupNotFound',
    refused: { id: inGroup(NEW_VNET, NEW_GROUP), body: vnet },
    passes: {
      id: inGroup(NEW_VNET, GROUP.toUpperCase().replace('/SUBSCRIPTIONS', '/subscriptions')),
      body: vnet,
    },
  },
  {
    name: 'a subnet of a network that is not there',
    rule: 'parent-resource-is-there',
    status: 404,
    code: 'ParentResourceNotFound',
    refused: { id: `${NEW_VNET}/subnets/nodes`, body: subnet('10.1.0.0/17') },
    passes: { id: `${VNET.toLowerCase()}/subnets/nodes`, body: subnet('10.1.0.0/17') },
  },
  {
    name: 'a write to a group that is being deleted',
    rule: 'resource-group-is-not-being-deleted',
    status: 409,
    code: 'ResourceGroupBeingDeleted',
    refused: { id: NEW_VNET, body: vnet, running: { [GROUP]: 'DELETE' } },
    passes: { id: NEW_VNET, body: vnet, running: { [OTHER_GROUP]: 'DELETE' } },
  },
  {
    name: 'a group that is written while it is being deleted',
    rule: 'resource-group-is-not-being-deleted',
    status: 409,
    code: 'ResourceGroupBeingDeleted',
    refused: {
      id: GROUP,
      body: tagged,
      beside: { [GROUP]: { properties: { provisioningState: 'Deleting' } } },
    },
    passes: { id: NEW_GROUP, body: tagged },
  },
  {
    name: 'a delete under a lock',
    rule: 'locked-scopes-stay',
    status: 409,
    code: 'ScopeLocked',
    refused: { method: 'DELETE', id: SMALL, beside: lock('CanNotDelete') },
    passes: { method: 'DELETE', id: LOCK, beside: lock('CanNotDelete') },
  },
  {
    name: 'the delete of what holds something locked',
    rule: 'locked-scopes-stay',
    status: 409,
    code: 'ScopeLocked',
    refused: {
      method: 'DELETE',
      id: GROUP,
      beside: lock('CanNotDelete', `${VNET}/providers/Microsoft.Authorization/locks/keep`),
    },
    passes: {
      method: 'DELETE',
      id: OTHER_GROUP,
      beside: lock('CanNotDelete', `${VNET}/providers/Microsoft.Authorization/locks/keep`),
    },
  },
  {
    name: 'the same id in another region',
    rule: 'location-stays',
    status: 409,
    code: 'InvalidResourceLocation',
    refused: { id: WORKSPACE, body: { location: 'japaneast' } },
    passes: { id: WORKSPACE, body: { location: 'Korea Central' } },
  },
  {
    name: 'the same group in another region',
    rule: 'location-stays',
    status: 409,
    code: 'InvalidResourceGroupLocation',
    refused: { id: GROUP, body: { location: 'japaneast' } },
    passes: { id: GROUP, body: { location: 'koreacentral', tags: {} } },
  },
  {
    name: 'an etag that is stale',
    rule: 'if-match-is-fresh',
    status: 412,
    code: 'PreconditionFailed',
    refused: {
      id: VNET,
      body: vnet,
      headers: { 'if-match': '"old"' },
      beside: { [VNET]: { ...vnet, etag: ETAG } },
    },
    passes: {
      id: VNET,
      body: vnet,
      headers: { 'if-match': ETAG },
      beside: { [VNET]: { ...vnet, etag: ETAG } },
    },
  },
  {
    name: 'a create of what is there already',
    rule: 'if-match-is-fresh',
    status: 412,
    code: 'PreconditionFailed',
    refused: { id: VNET, body: vnet, headers: { 'if-none-match': '*' } },
    passes: { id: VNET, body: vnet, headers: { 'if-match': '', 'if-none-match': '' } },
  },
  {
    name: 'the 21st write of a cluster in a burst',
    rule: 'cluster-writes-are-throttled',
    status: 429,
    code: 'Throttled',
    refused: { id: CLUSTER, body: cluster(), recentWrites: writes(20, CLUSTER) },
    passes: { id: CLUSTER, body: cluster(), recentWrites: writes(20, CLUSTER, 61) },
  },
  {
    name: 'the 21st write of a pool in a burst',
    rule: 'cluster-writes-are-throttled',
    status: 429,
    code: 'Throttled',
    refused: { id: USER_POOL, body: userPool(), recentWrites: writes(20, USER_POOL) },
    passes: { id: USER_POOL, body: userPool(), recentWrites: writes(20, CLUSTER) },
  },
  {
    name: 'the 201st write of a subscription in a burst',
    rule: 'subscription-writes-are-throttled',
    status: 429,
    code: 'SubscriptionRequestsThrottled',
    refused: { id: NEW_VNET, body: vnet, recentWrites: writes(200, VNET) },
    passes: { method: 'DELETE', id: SMALL, recentWrites: writes(200, VNET) },
  },
  {
    name: 'a second write of an identity within four seconds',
    rule: 'identity-writes-are-throttled',
    status: 429,
    code: 'TooManyRequests',
    refused: { id: CREDENTIAL, body: credential(), recentWrites: writes(1, IDENTITY, 3) },
    passes: { id: CREDENTIAL, body: credential(), recentWrites: writes(1, IDENTITY, 4) },
  },
];

/** Names, with the nearest one that Azure takes. */
const NAMES: readonly (readonly [type: string, refused: string, taken: string, code?: string])[] = [
  ['Microsoft.ContainerService/managedClusters', 'a'.repeat(64), 'a'.repeat(63)],
  ['Microsoft.ContainerService/managedClusters', 'aks-', 'aks-1'],
  ['Microsoft.KeyVault/vaults', 'kv--fleet', 'kv-fleet', 'VaultNameNotValid'],
  ['Microsoft.KeyVault/vaults', `k${'v'.repeat(24)}`, `k${'v'.repeat(23)}`, 'VaultNameNotValid'],
  ['Microsoft.ContainerRegistry/registries', 'cr-fleet', 'crfleet'],
  ['Microsoft.Storage/storageAccounts', 'stFleet', 'stfleet', 'AccountNameInvalid'],
  ['Microsoft.OperationalInsights/workspaces', 'log', 'logs'],
  ['Microsoft.ManagedIdentity/userAssignedIdentities', 'id', 'id1'],
  ['Microsoft.ContainerInstance/containerGroups', 'Keeper', 'keeper'],
];

export const nameCases: readonly RuleCase[] = [
  ...NAMES.map(([type, refused, taken, code = 'InvalidResourceName']): RuleCase => {
    const ask = (name: string): RuleCase['refused'] => ({
      id: `${GROUP}/providers/${type}/${name}`,
      body: type.endsWith('managedClusters') ? cluster() : {},
    });
    const name = `${refused} as a name in ${type}`;
    return {
      name,
      rule: 'names-fit-their-type',
      status: 400,
      code,
      refused: ask(refused),
      passes: ask(taken),
    };
  }),
  {
    name: 'a node pool with a name of thirteen characters',
    rule: 'names-fit-their-type',
    status: 400,
    code: 'InvalidResourceName',
    refused: { id: `${CLUSTER}/agentPools/spotd2sv3spot`, body: userPool() },
    passes: { id: `${CLUSTER}/agentPools/spotd2sv3spo`, body: userPool() },
  },
  {
    name: 'a group with a dot at its end',
    rule: 'names-fit-their-type',
    status: 400,
    code: 'InvalidResourceName',
    refused: { id: `${NEW_GROUP}.`, body: tagged },
    passes: { id: `${NEW_GROUP}.1`, body: tagged },
  },
];

function inGroup(id: string, group: string): string {
  return id.replace(GROUP, group);
}

function lock(level: string, id = LOCK): Readonly<Record<string, ArmBody>> {
  return { [id]: { properties: { level } } };
}

/** Writes of one resource, all so many seconds ago. */
function writes(count: number, id: string, secondsAgo = 0): readonly ArmRecentWrite[] {
  const at = NOW - secondsAgo * 1000;
  return Array.from({ length: count }, () => ({ key: id.toLowerCase(), method: 'PUT', at }));
}
