import { listAt, objectAt, textAt } from '../body.ts';
import type { ArmBody } from '../resource.ts';
import type { ArmRule, ArmWorld, ArmWrite, Refusal } from '../rule.ts';
import { networkKeyOf } from './address-space.ts';
import { isSame } from './body-values.ts';
import { isUpsert, whenWritten } from './judgement.ts';
import { CLUSTER, POOL, askedPools, isUpgrade } from './pool-profiles.ts';
import { isGranted } from './role-grants.ts';
import { REPORTS, STATUS_ASSUMED, sources, troubleshoot } from './sources.ts';

/** Built-in roles that may join a subnet or a public address. */
const JOINING_ROLES = ['Network Contributor', 'Contributor', 'Owner'];

const operationsAreOneAtATime: ArmRule = {
  id: 'cluster-operations-are-one-at-a-time',
  source: `provider output and ${REPORTS}`,
  types: [CLUSTER, POOL],
  check: (write, { running }) => {
    const { id } = write;
    if (!isUpsert(write) && !(id.type === POOL && write.method === 'DELETE')) return undefined;
    const isBelow = (key: string): boolean => id.type === CLUSTER && key.startsWith(`${id.key}/agentpools/`);
    // A delete of a pool ends what runs on that pool; what runs on its cluster it has to wait for.
    const isOwn = (key: string): boolean => key === id.key && write.method !== 'DELETE';
    const isAbove = (key: string): boolean => id.type === POOL && key === id.parent?.toLowerCase();
    const other = [...running].find(([key]) => isOwn(key) || isBelow(key) || isAbove(key));
    if (other === undefined) return undefined;
    const [key, { id: operation, what, since }] = other;
    const started = new Date(since).toISOString();
    const progress = `${what} (operation ID: ${operation}) is in progress on ${key} since ${started}`;
    const message = `Operation is not allowed: ${progress}.`;
    return { status: 409, code: 'OperationNotAllowed', message };
  },
};

const budgetsLetNodesGo: ArmRule = {
  id: 'disruption-budgets-allow-an-upgrade',
  source: sources(troubleshoot('unsatisfiablepdb-error'), STATUS_ASSUMED),
  types: [CLUSTER, POOL],
  check: (write, world) => {
    const key = write.id.type === POOL ? (write.id.parent ?? '').toLowerCase() : write.id.key;
    const [budget] = world.kubernetes?.get(key)?.closedBudgets ?? [];
    if (budget === undefined || !isUpgrade(write, world)) return undefined;
    const message = `The disruption budget ${budget} allows no pod to go, so that no node could be drained.`;
    return { status: 400, code: 'UnsatisfiablePDB', message };
  },
};

const controlPlaneMayJoin: ArmRule = {
  id: 'control-plane-identity-may-join',
  source: troubleshoot('linkedauthorizationfailed-error'),
  types: [CLUSTER],
  check: whenWritten((body, _write, world) => {
    const identity = controlPlaneIdentity(body);
    const principal = identity && textAt(world.store.get(identity)?.body, 'properties', 'principalId');
    if (principal === undefined) return undefined;
    const need = { principals: [principal], roles: JOINING_ROLES };
    const closed = linkedIds(body).find((on) => !isGranted({ ...need, on }, world.store));
    if (closed === undefined) return undefined;
    const who = `${identity} with object id ${principal}`;
    const message = `The identity ${who} has no permission to join ${closed}.`;
    return { status: 403, code: 'LinkedAuthorizationFailed', message };
  }),
};

const networkIsReady: ArmRule = {
  id: 'network-of-the-nodes-is-ready',
  source: sources(troubleshoot('virtualnetworknotinsucceededstate-error'), STATUS_ASSUMED),
  types: [CLUSTER, POOL],
  check: (write, world) => {
    const subnets = askedPools(write, world).flatMap(({ profile }) => textAt(profile, 'vnetSubnetID') ?? []);
    for (const network of new Set(subnets.map(networkKeyOf))) {
      const state = textAt(world.store.get(network)?.body, 'properties', 'provisioningState');
      const isBusy = [...world.running.keys()].some((key) => isNetworkOperation(key, network));
      if (!isBusy && (state === undefined || isSame(state, 'Succeeded'))) continue;
      const now = isBusy ? 'Updating' : state;
      const message = `${network} is in ${now} state. It needs to be in Succeeded state.`;
      return { status: 400, code: 'VirtualNetworkNotInSucceededState', message };
    }
    return undefined;
  },
};

export const clusterOperationRules: readonly ArmRule[] = [
  operationsAreOneAtATime,
  networkIsReady,
  controlPlaneMayJoin,
  budgetsLetNodesGo,
];

/**
 * The running operations that a delete of a cluster or a pool ends, each with the error that it ends in
 * (learn.microsoft.com, troubleshoot aksoperationpreempted-error, 2026-08).
 */
export function preemptedBy(
  { method, id }: ArmWrite,
  { running }: ArmWorld,
): readonly { readonly operationId: string; readonly failure: Pick<Refusal, 'code' | 'message'> }[] {
  if (method !== 'DELETE' || (id.type !== CLUSTER && id.type !== POOL)) return [];
  return [...running]
    .filter(
      ([key, { what }]) => what !== 'DELETE' && (key === id.key || key.startsWith(`${id.key}/agentpools/`)),
    )
    .map(([key, { id: operationId, what }]) => {
      const message = `${what} of ${key} was ended by the delete of ${id.text}.`;
      return { operationId, failure: { code: 'AKSOperationPreemptedByDelete', message } };
    });
}

/** What runs on a network or its subnets, not on what is attached to them, such as role assignments. */
export function isNetworkOperation(key: string, networkKey: string): boolean {
  return (
    key === networkKey ||
    (key.startsWith(`${networkKey}/`) && !key.slice(networkKey.length).includes('/providers/'))
  );
}

function controlPlaneIdentity(body: ArmBody): string | undefined {
  if (!isSame(textAt(body, 'identity', 'type'), 'UserAssigned')) return undefined;
  return Object.keys(objectAt(body, 'identity', 'userAssignedIdentities'))[0];
}

/** The subnets and public addresses that a cluster joins. */
function linkedIds(body: ArmBody): readonly string[] {
  const subnets = listAt(body, 'properties', 'agentPoolProfiles').flatMap((profile) =>
    ['vnetSubnetID', 'podSubnetID'].flatMap((key) => textAt(profile, key) ?? []),
  );
  const outbound = listAt(
    body,
    'properties',
    'networkProfile',
    'loadBalancerProfile',
    'outboundIPs',
    'publicIPs',
  );
  return [...subnets, ...outbound.flatMap((address) => textAt(address, 'id') ?? [])];
}
