import { type Answer, failed, type LabRequest, refused, sentBody } from './answer.ts';
import { merged, objectAt, withProperties } from './body.ts';
import { armTypeText } from './id.ts';
import { refreshParent, writeInlineChildren } from './inline-children.ts';
import type { ArmKind } from './kind.ts';
import { kindOf } from './kinds/index.ts';
import { withIdentity } from './kinds/managed-identity.ts';
import { type Lab, noteWrite, worldOf } from './lab.ts';
import { type OperationFault, operationHeaders, startOperation } from './operations.ts';
import { removeResource } from './removal.ts';
import type { ArmBody, ArmId, ArmResource } from './resource.ts';
import type { ArmWrite, Refusal } from './rule.ts';
import { uuidOf } from './uuid.ts';

/** When a write comes, and what a fault makes of the operation that it starts. */
export type WriteContext = { readonly now: number; readonly fault: OperationFault };

/** PUT and PATCH: judged by the rules, completed by the type's kind, stored, and polled where Azure has it polled. */
export function writeResource(lab: Lab, id: ArmId, request: LabRequest, context: WriteContext): Answer {
  const sent = sentBody(request);
  if (!sent)
    return failed(
      400,
      'InvalidRequestContent',
      'The request content was invalid and could not be deserialized.',
    );
  const current = lab.store.get(id.text)?.body;
  if (request.method === 'PATCH' && !current) return notFound(id);
  const method = request.method === 'PATCH' ? 'PATCH' : 'PUT';
  const body = current && method === 'PATCH' ? merged(current, sent) : sent;
  const write = { method, id, body, headers: request.headers, ...(current ? { current } : {}) } as const;
  const refusal = judge(lab, write, context.now);
  if (refusal && !refusal.isAsync) return refused(refusal);

  const kind = kindOf(id.type);
  lab.hidden.set(id.key, body);
  storeCompleted(lab, { id, body }, kind.isLongRunning ? (current ? 'Updating' : 'Creating') : 'Succeeded');
  if (!kind.isLongRunning) return { status: 200, body: lab.store.get(id.text)!.body };
  const change = kind.isStateless ? {} : { properties: { provisioningState: 'Succeeded' } };
  const failure = refusal && { failure: { code: refusal.code, message: refusal.message } };
  const operation = startOperation(lab, { id, what: method, change, ...failure }, context.now, context.fault);
  return {
    status: current ? 200 : 201,
    headers: operationHeaders(operation, id, request.origin),
    body: lab.store.get(id.text)!.body,
  };
}

/** DELETE: 204 when nothing is there, as Azure answers it. */
export function deleteResource(lab: Lab, id: ArmId, request: LabRequest, context: WriteContext): Answer {
  const resource = lab.store.get(id.text);
  if (!resource) return id.type === 'microsoft.resources/resourcegroups' ? notFound(id) : { status: 204 };
  const { body: current } = resource;
  const refusal = judge(lab, { method: 'DELETE', id, current, headers: request.headers }, context.now);
  if (refusal && !refusal.isAsync) return refused(refusal);
  const kind = kindOf(id.type);
  if (!kind.isLongRunning || kind.isDeletedAtOnce) {
    removeResource(lab, id.text, context.now);
    return { status: kind.deletedStatus ?? 204 };
  }
  lab.store.put({ id: resource.id, body: withProperties(current, { provisioningState: 'Deleting' }) });
  refreshParent(lab, id);
  const failure = refusal && { failure: { code: refusal.code, message: refusal.message } };
  const operation = startOperation(lab, { id, what: 'DELETE', ...failure }, context.now, context.fault);
  return { status: 202, headers: operationHeaders(operation, id, request.origin) };
}

/** POST of an action on a resource: `…/managedClusters/aks/stop`. Undefined when its type knows no such action. */
export function actOn(
  lab: Lab,
  resource: ArmResource,
  { word, request }: { readonly word: string; readonly request: LabRequest },
  context: WriteContext,
): Answer | undefined {
  const { id, body: current } = resource;
  const action = kindOf(id.type).actions?.[word.toLowerCase()];
  if (!action) return undefined;
  const sent = sentBody(request) ?? {};
  const write = { method: 'POST', id, action: word, body: sent, current, headers: request.headers } as const;
  const refusal = judge(lab, write, context.now);
  if (refusal && !refusal.isAsync) return refused(refusal);
  const answer = action({ resource, sent, lab });
  if ('status' in answer) return answer;
  if (lab.store.get(id.text)) lab.store.put({ id, body: merged(current, answer.meanwhile) });
  const failure = refusal && { failure: { code: refusal.code, message: refusal.message } };
  const operation = startOperation(
    lab,
    { id, what: word.toLowerCase(), change: answer.change, ...failure },
    context.now,
    context.fault,
  );
  return { status: 202, headers: operationHeaders(operation, id, request.origin) };
}

/** Azure's answer to a GET of what is not there. */
export function notFound({ type, text, name, resourceGroup }: ArmId): Answer {
  if (type === 'microsoft.resources/resourcegroups') {
    return failed(404, 'ResourceGroupNotFound', `Resource group '${name}' could not be found.`);
  }
  const place = resourceGroup === undefined ? '' : ` under resource group '${resourceGroup}'`;
  return failed(404, 'ResourceNotFound', `The Resource '${text}'${place} was not found.`);
}

/** What the rules say to a write, which counts as made. A no at once comes before one that comes in the end. */
function judge(lab: Lab, write: ArmWrite, now: number): Refusal | undefined {
  const world = worldOf(lab, now);
  noteWrite(lab, { key: write.id.key, method: write.method, at: now });
  let late: Refusal | undefined;
  for (const { types, check } of lab.settings.rules) {
    if (!types.includes(write.id.type) && !types.includes('*')) continue;
    const refusal = check(write, world);
    if (refusal && !refusal.isAsync) return refusal;
    late ??= refusal;
  }
  return late;
}

function storeCompleted(lab: Lab, sent: ArmResource, state: string): void {
  const { id } = sent;
  const kind = kindOf(id.type);
  const current = lab.store.get(id.text);
  const identity = { id: id.text, name: id.name, type: armTypeText(id) };
  const echo = withIdentity({ ...sent.body, ...identity }, id, lab);
  const completed = kind.complete?.({ id, body: echo }, lab, current?.body) ?? echo;
  lab.store.put({ id: current?.id ?? id, body: withState(lab, completed, kind, state) });
  writeInlineChildren(lab, lab.store.get(id.text)!, (child, body) => {
    storeCompleted(lab, { id: child, body }, 'Succeeded');
  });
  kind.written?.(lab.store.get(id.text)!, lab);
  refreshParent(lab, id);
}

function withState(lab: Lab, body: ArmBody, { isStateless, etag }: ArmKind, state: string): ArmBody {
  const marked = etag === undefined ? {} : { [etag]: `"${uuidOf(`revision ${(lab.revision += 1)}`)}"` };
  if (isStateless) return { ...body, ...marked, properties: objectAt(body, 'properties') };
  return { ...withProperties(body, { provisioningState: state }), ...marked };
}
