import {
  ADDRESS,
  ASSIGNMENT,
  CLUSTER,
  ENDPOINTS,
  type RuleCase,
  SYSTEM_POOL,
  USER_POOL,
  VNET,
  assignment,
  cluster,
  role,
  userPool,
  vnet,
} from './sound-world.ts';

const NEW_POOL = `${CLUSTER}/agentPools/more`;
const STOPPED = { [CLUSTER]: cluster({ powerState: { code: 'Stopped' } }) };

/** What cannot be now. */
export const operationCases: readonly RuleCase[] = [
  {
    name: 'a write to a cluster that is being written',
    rule: 'cluster-operations-are-one-at-a-time',
    status: 409,
    code: 'OperationNotAllowed',
    refused: { id: CLUSTER, body: cluster(), running: { [CLUSTER]: 'PUT' } },
    passes: { method: 'DELETE', id: CLUSTER, running: { [CLUSTER]: 'PUT' } },
  },
  {
    name: 'a write to a cluster whose pool is being written',
    rule: 'cluster-operations-are-one-at-a-time',
    status: 409,
    code: 'OperationNotAllowed',
    refused: { id: CLUSTER, body: cluster(), running: { [USER_POOL]: 'PUT' } },
    passes: { id: NEW_POOL, body: userPool(), running: { [USER_POOL]: 'PUT' } },
  },
  {
    name: 'the delete of a pool while its cluster is being written',
    rule: 'cluster-operations-are-one-at-a-time',
    status: 409,
    code: 'OperationNotAllowed',
    refused: { method: 'DELETE', id: USER_POOL, running: { [CLUSTER]: 'PUT' } },
    passes: { method: 'DELETE', id: USER_POOL, running: { [USER_POOL]: 'PUT' } },
  },
  {
    name: 'a cluster in a network that is updating',
    rule: 'network-of-the-nodes-is-ready',
    status: 400,
    code: 'VirtualNetworkNotInSucceededState',
    refused: {
      id: CLUSTER,
      body: cluster(),
      beside: { [VNET]: { ...vnet, properties: { provisioningState: 'Updating' } } },
    },
    passes: { id: CLUSTER, body: cluster(), beside: { [VNET]: vnet } },
  },
  {
    name: 'a pool in a network of which a subnet is being written',
    rule: 'network-of-the-nodes-is-ready',
    status: 400,
    code: 'VirtualNetworkNotInSucceededState',
    refused: { id: NEW_POOL, body: userPool(), running: { [ENDPOINTS]: 'PUT' } },
    passes: { id: NEW_POOL, body: userPool(), running: { [ASSIGNMENT]: 'PUT' } },
  },
  {
    name: 'a control plane that may not join the subnet',
    rule: 'control-plane-identity-may-join',
    status: 403,
    code: 'LinkedAuthorizationFailed',
    refused: {
      id: CLUSTER,
      body: cluster(),
      beside: { [ASSIGNMENT]: assignment({ scope: VNET, roleDefinitionId: role('Reader') }) },
    },
    passes: {
      id: CLUSTER,
      body: cluster(),
      beside: { [ASSIGNMENT]: assignment({ scope: VNET.toUpperCase(), roleDefinitionId: role('Owner') }) },
    },
  },
  {
    name: 'a control plane that may not join the address of its load balancer',
    rule: 'control-plane-identity-may-join',
    status: 403,
    code: 'LinkedAuthorizationFailed',
    refused: { id: CLUSTER, body: balanced() },
    passes: {
      id: CLUSTER,
      body: balanced(),
      beside: {
        [`${ADDRESS}/providers/Microsoft.Authorization/roleAssignments/join`]: assignment({ scope: ADDRESS }),
      },
    },
  },
  {
    name: 'an upgrade against a budget that allows no eviction',
    rule: 'disruption-budgets-allow-an-upgrade',
    status: 400,
    code: 'UnsatisfiablePDB',
    refused: {
      id: CLUSTER,
      body: cluster({ kubernetesVersion: '1.36' }),
      kubernetes: { [CLUSTER]: { closedBudgets: ['shop/checkout'] } },
    },
    passes: { id: CLUSTER, body: cluster(), kubernetes: { [CLUSTER]: { closedBudgets: ['shop/checkout'] } } },
  },
  {
    name: 'anything but start and delete on a stopped cluster',
    rule: 'stopped-cluster-takes-start-and-delete-only',
    status: 409,
    code: 'OperationNotAllowed',
    refused: { method: 'PATCH', id: CLUSTER, body: { tags: {} }, beside: STOPPED },
    passes: { method: 'POST', id: `${CLUSTER}/start`, beside: STOPPED },
  },
  {
    name: 'a pool of a stopped cluster',
    rule: 'stopped-cluster-takes-start-and-delete-only',
    status: 409,
    code: 'OperationNotAllowed',
    refused: { method: 'DELETE', id: USER_POOL, beside: STOPPED },
    passes: { method: 'DELETE', id: CLUSTER, beside: STOPPED },
  },
  {
    name: 'a command in a stopped cluster',
    rule: 'stopped-cluster-takes-start-and-delete-only',
    status: 409,
    code: 'OperationNotAllowed',
    refused: { method: 'POST', id: `${CLUSTER}/runCommand`, beside: STOPPED },
    passes: { method: 'POST', id: `${CLUSTER}/listClusterUserCredential`, beside: STOPPED },
  },
  {
    name: 'a stop of a stopped cluster',
    rule: 'stop-needs-a-running-cluster',
    status: 400,
    code: 'BadRequest',
    refused: { method: 'POST', id: `${CLUSTER}/stop`, beside: STOPPED },
    passes: { method: 'POST', id: `${CLUSTER}/stop` },
  },
  {
    name: 'a start of a running cluster',
    rule: 'start-needs-a-stopped-cluster',
    status: 400,
    code: 'BadRequest',
    refused: { method: 'POST', id: `${CLUSTER}/start` },
    passes: { method: 'POST', id: `${CLUSTER}/start`, beside: STOPPED },
  },
  {
    name: 'a start while the cluster is stopping',
    rule: 'power-changes-wait-for-operations',
    status: 409,
    code: 'OperationNotAllowed',
    refused: { method: 'POST', id: `${CLUSTER}/start`, beside: STOPPED, running: { [CLUSTER]: 'stop' } },
    passes: { method: 'POST', id: `${CLUSTER}/start`, beside: STOPPED, running: { [VNET]: 'PUT' } },
  },
  {
    name: 'a stop with node auto-provisioning',
    rule: 'node-provisioning-rules-out-a-stop',
    status: 400,
    code: 'BadRequest',
    refused: {
      method: 'POST',
      id: `${CLUSTER}/stop`,
      beside: { [CLUSTER]: cluster({ nodeProvisioningProfile: { mode: 'Auto' } }) },
    },
    passes: { method: 'POST', id: `${CLUSTER}/stop` },
  },
  {
    name: 'a stop with availability sets',
    rule: 'availability-sets-rule-out-a-stop',
    status: 400,
    code: 'BadRequest',
    refused: {
      method: 'POST',
      id: `${CLUSTER}/stop`,
      beside: { [USER_POOL]: userPool({ type: 'AvailabilitySet' }) },
    },
    passes: { method: 'POST', id: `${CLUSTER}/stop` },
  },
  {
    name: 'a stop with a webhook over nodes',
    rule: 'webhooks-let-the-cluster-stop',
    status: 400,
    code: 'ValidationError',
    refused: {
      method: 'POST',
      id: `${CLUSTER}/stop`,
      kubernetes: { [CLUSTER]: { webhooksInTheWay: ['policy'] } },
    },
    passes: { method: 'POST', id: `${CLUSTER}/stop`, kubernetes: { [CLUSTER]: { webhooksInTheWay: [] } } },
  },
  {
    name: 'a write to the system pool of a cluster that is starting',
    rule: 'cluster-operations-are-one-at-a-time',
    status: 409,
    code: 'OperationNotAllowed',
    refused: {
      method: 'PATCH',
      id: SYSTEM_POOL,
      body: { properties: { count: 2 } },
      running: { [CLUSTER]: 'start' },
    },
    passes: { method: 'PATCH', id: SYSTEM_POOL, body: { properties: { count: 2 } } },
  },
];

function balanced(): ReturnType<typeof cluster> {
  return cluster({
    networkProfile: {
      outboundType: 'loadBalancer',
      loadBalancerProfile: { outboundIPs: { publicIPs: [{ id: ADDRESS }] } },
    },
  });
}
