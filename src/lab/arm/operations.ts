import type { Answer } from './answer.ts';
import { merged } from './body.ts';
import { refreshParent } from './inline-children.ts';
import type { Operation } from './kept.ts';
import type { ArmId } from './resource.ts';
import { kindOf } from './kinds/index.ts';
import type { Lab } from './lab.ts';
import { uuidOf } from './uuid.ts';
import { removeResource } from './removal.ts';

/** What a fault makes of the operation that a request starts. */
export type OperationFault = {
  readonly slowMs?: number;
  readonly failure?: { readonly code: string; readonly message: string };
};

type NewOperation = Pick<Operation, 'what' | 'change' | 'failure'> & { readonly id: ArmId };

/** Longest that a poll of a running operation is held, so that a client told not to wait does not spin. */
const POLL_HELD_MS = 250;

/** Operations that have ended and are remembered; ARM keeps them for a day or so. */
const ENDED_MAX = 1000;

/** Starts one; it ends when its time has come and something is asked of the lab. */
export function startOperation(
  lab: Lab,
  { id, what, change, failure }: NewOperation,
  now: number,
  fault: OperationFault = {},
): Operation {
  const reason = fault.failure ?? failure;
  const operation: Operation = {
    id: uuidOf(`${what} ${id.key} ${(lab.revision += 1)}`),
    key: id.key,
    what,
    since: now,
    until: now + lab.settings.latencyMs + (fault.slowMs ?? 0),
    ...(reason ? { failure: reason } : {}),
    ...(change ? { change } : {}),
  };
  lab.operations.set(operation.id, operation);
  return operation;
}

/** Ends the operations whose time has come, in the order in which they began. True if one did. */
export function settle(lab: Lab, now: number): boolean {
  const due = [...lab.operations.values()].filter(({ end, until }) => end === undefined && until <= now);
  for (const operation of due) {
    lab.operations.set(operation.id, { ...operation, end: operation.until });
    if (operation.what === 'DELETE' && !operation.failure)
      removeResource(lab, operation.key, operation.until);
    else finish(lab, operation);
  }
  const ended = [...lab.operations.values()].filter(({ end }) => end !== undefined);
  for (const { id } of ended.slice(0, -ENDED_MAX)) lab.operations.delete(id);
  return due.length > 0;
}

function finish(lab: Lab, { key, failure, change }: Operation): void {
  const resource = lab.store.get(key);
  if (!resource) return;
  const patch = failure ? { properties: { provisioningState: 'Failed' } } : (change ?? {});
  const changed = { ...resource, body: merged(resource.body, patch) };
  lab.store.put(changed);
  kindOf(changed.id.type).written?.(changed, lab);
  refreshParent(lab, changed.id);
}

/** The headers of an answer that accepts an operation. */
export function operationHeaders({ id: name }: Operation, id: ArmId, origin: string): Record<string, string> {
  const subscription = id.subscription === undefined ? '' : `/subscriptions/${id.subscription}`;
  const namespace = id.type.split('/')[0]!;
  const path = `${subscription}/providers/${namespace}/locations/lab/operations/${name}`;
  return {
    'azure-asyncoperation': `${origin}${path}?api-version=2025-01-01`,
    location: `${origin}${path.replace('/operations/', '/operationResults/')}?api-version=2025-01-01`,
    'retry-after': '0',
  };
}

/** Answers a poll of `…/operations/<id>`. Undefined for an operation that there never was. */
export function operationStatus(lab: Lab, name: string, now: number): Answer | undefined {
  const operation = lab.operations.get(name.toLowerCase());
  if (!operation) return undefined;
  const { since, until, end, failure } = operation;
  const status = end === undefined ? 'InProgress' : failure ? 'Failed' : 'Succeeded';
  const times = {
    startTime: new Date(since).toISOString(),
    ...(end === undefined ? {} : { endTime: new Date(end).toISOString() }),
  };
  return {
    status: 200,
    headers: { 'retry-after': '0' },
    body: { name, status, ...times, ...(status === 'Failed' ? { error: failure } : {}) },
    ...(end === undefined ? { delayMs: Math.min(POLL_HELD_MS, until - now) } : {}),
  };
}

/** Answers a poll of `…/operationResults/<id>`: 202 while it runs, 200 when it is done. */
export function operationResult(lab: Lab, name: string, poll: string, now: number): Answer | undefined {
  const operation = lab.operations.get(name.toLowerCase());
  if (!operation) return undefined;
  const { end, failure, until } = operation;
  if (end === undefined) {
    const headers = { location: poll, 'retry-after': '0' };
    return { status: 202, headers, delayMs: Math.min(POLL_HELD_MS, until - now) };
  }
  if (failure) return { status: 409, body: { error: failure } };
  return { status: 200, body: lab.store.get(operation.key)?.body ?? {} };
}
