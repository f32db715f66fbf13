import { listAt, textAt } from '../body.ts';
import type { ArmRule, ArmWrite } from '../rule.ts';
import { isSame } from './body-values.ts';
import { isAction, whenAsked } from './judgement.ts';
import { CLUSTER, POOL, isStopped, poolsOf } from './pool-profiles.ts';
import { CODE_ASSUMED, STATUS_ASSUMED, github, learn, sources } from './sources.ts';

const START_STOP = learn('aks/start-stop-cluster', '2026-07-21');
const BAD_REQUEST = github('Azure/AKS/issues/1871', '2020-09-23');

const stoppedClustersWait: ArmRule = {
  id: 'stopped-cluster-takes-start-and-delete-only',
  source: sources(START_STOP, STATUS_ASSUMED, CODE_ASSUMED),
  types: [CLUSTER, POOL],
  check: (write, { store }) => {
    const cluster = write.id.type === POOL ? store.get(write.id.parent ?? '')?.body : write.current;
    if (!isStopped(cluster) || isAllowedOnStopped(write)) return undefined;
    const message = 'The cluster is stopped; while it is, it can only be started or deleted.';
    return { status: 409, code: 'OperationNotAllowed', message };
  },
};

const stopNeedsARunningCluster: ArmRule = {
  id: 'stop-needs-a-running-cluster',
  source: sources(github('MicrosoftDocs/azure-docs/issues/85161', '2021-12-12'), BAD_REQUEST),
  types: [CLUSTER],
  check: whenAsked(['stop'], ({ current }) =>
    isStopped(current)
      ? { status: 400, code: 'BadRequest', message: stateMessage('Stopped', 'stopping') }
      : undefined,
  ),
};

const startNeedsAStoppedCluster: ArmRule = {
  id: 'start-needs-a-stopped-cluster',
  source: sources(`like a second stop, ${BAD_REQUEST}`, CODE_ASSUMED),
  types: [CLUSTER],
  check: whenAsked(['start'], ({ current }) => {
    const isRunning = isSame(textAt(current, 'properties', 'powerState', 'code'), 'Running');
    return isRunning
      ? { status: 400, code: 'BadRequest', message: stateMessage('Running', 'starting') }
      : undefined;
  }),
};

const powerChangesWait: ArmRule = {
  id: 'power-changes-wait-for-operations',
  source: sources(START_STOP, 'that it is refused like any other operation is inferred'),
  types: [CLUSTER],
  check: whenAsked(['start', 'stop'], ({ id, action }, { running }) => {
    const other = running.get(id.key);
    if (other === undefined) return undefined;
    const progress = `${other.what} (operation ID: ${other.id}) is in progress on the cluster`;
    const message = `Operation ${action} is not allowed: ${progress}.`;
    return { status: 409, code: 'OperationNotAllowed', message };
  }),
};

const provisionedNodesAreNotStopped: ArmRule = {
  id: 'node-provisioning-rules-out-a-stop',
  source: sources(START_STOP, CODE_ASSUMED),
  types: [CLUSTER],
  check: whenAsked(['stop'], ({ current }) => {
    if (!isSame(textAt(current, 'properties', 'nodeProvisioningProfile', 'mode'), 'Auto')) return undefined;
    const message = 'A cluster with node auto-provisioning cannot be stopped.';
    return { status: 400, code: 'BadRequest', message };
  }),
};

const availabilitySetsAreNotStopped: ArmRule = {
  id: 'availability-sets-rule-out-a-stop',
  source: sources(START_STOP, github('Azure/AKS/issues/2349', '2021-05-24')),
  types: [CLUSTER],
  check: whenAsked(['stop'], ({ id, current }, { store }) => {
    const pools = [...listAt(current, 'properties', 'agentPoolProfiles'), ...poolsOf(id.key, store).values()];
    if (!pools.some((profile) => isSame(textAt(profile, 'type'), 'AvailabilitySet'))) return undefined;
    return {
      status: 400,
      code: 'BadRequest',
      message: 'A cluster with availability sets cannot be stopped.',
    };
  }),
};

const webhooksAreNotInTheWay: ArmRule = {
  id: 'webhooks-let-the-cluster-stop',
  source: START_STOP,
  types: [CLUSTER],
  check: whenAsked(['stop'], ({ id }, { kubernetes }) => {
    const [webhook] = kubernetes?.get(id.key)?.webhooksInTheWay ?? [];
    if (webhook === undefined) return undefined;
    const message = `The webhook ${webhook} catches nodes, leases or cluster roles, which a stop deletes.`;
    return { status: 400, code: 'ValidationError', message };
  }),
};

export const clusterPowerRules: readonly ArmRule[] = [
  powerChangesWait,
  stopNeedsARunningCluster,
  startNeedsAStoppedCluster,
  provisionedNodesAreNotStopped,
  availabilitySetsAreNotStopped,
  webhooksAreNotInTheWay,
  stoppedClustersWait,
];

/** Reading its credentials changes nothing, and a second stop has a refusal of its own. */
function isAllowedOnStopped(write: ArmWrite): boolean {
  if (write.id.type === CLUSTER && write.method === 'DELETE') return true;
  const isReading = write.method === 'POST' && /^list/i.test(write.action ?? '');
  return isReading || (write.id.type === CLUSTER && isAction(write, ['start', 'stop']));
}

function stateMessage(power: string, doing: string): string {
  const state = `Provisioning State(Succeeded) and Power State(${power})`;
  return `The managed cluster is in ${state}, ${doing} cannot be performed.`;
}
