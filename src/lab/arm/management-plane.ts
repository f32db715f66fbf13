import { type Answer, failed, type LabRequest, sentBody } from './answer.ts';
import { type ArmTarget, armTarget } from './id.ts';
import { kindOf } from './kinds/index.ts';
import { register } from './kinds/resources.ts';
import type { Lab } from './lab.ts';
import { operationResult, operationStatus } from './operations.ts';
import type { ArmBody, ArmId, ArmResource } from './resource.ts';
import { actOn, deleteResource, notFound, writeResource, type WriteContext } from './write.ts';

/** Azure Resource Manager: `https://management.azure.com`. */
export function answerManagement(lab: Lab, request: LabRequest, context: WriteContext): Answer {
  const target = armTarget(request.path);
  if (!target) return unknown(request);
  if (target.kind === 'collection') return answerCollection(lab, target, request, context);
  const { id } = target;
  switch (request.method) {
    case 'GET':
      return answerGet(lab, id, request, context.now);
    case 'HEAD':
      return { status: lab.store.get(id.text) ? 204 : 404 };
    case 'PUT':
    case 'PATCH':
      return writeResource(lab, id, request, context);
    case 'DELETE':
      return deleteResource(lab, id, request, context);
    default:
      return unknown(request);
  }
}

function answerGet(lab: Lab, id: ArmId, request: LabRequest, now: number): Answer {
  const words = id.type.split('/');
  const last = words.at(-1);
  if (words.at(-2) === 'locations' && (last === 'operations' || last === 'operationresults')) {
    const poll = `${request.origin}${request.path}?${request.query}`;
    const answer =
      last === 'operations' ? operationStatus(lab, id.name, now) : operationResult(lab, id.name, poll, now);
    return answer ?? notFound(id);
  }
  const body = lab.store.get(id.text)?.body ?? kindOf(id.type).virtual?.(id, lab);
  return body ? { status: 200, body } : notFound(id);
}

function answerCollection(
  lab: Lab,
  target: ArmTarget & { readonly kind: 'collection' },
  request: LabRequest,
  context: WriteContext,
): Answer {
  const { scope, type, word, owner } = target;
  if (request.method === 'GET') {
    if (owner && !kindOf(type).isListedAnywhere && !isThere(lab, owner)) return notFound(owner);
    const { collection } = kindOf(type);
    const body = collection?.(scope, lab) ?? { value: listed(lab, scope, type, request.query) };
    return { status: 200, body };
  }
  if (request.method !== 'POST') return unknown(request);
  const registration = /\/providers\/([^/]+)\/(register|unregister)$/i.exec(request.path);
  if (registration) {
    const isOn = registration[2]!.toLowerCase() === 'register';
    return { status: 200, body: register(lab, scope, decodeURIComponent(registration[1]!), isOn) };
  }
  const resource = owner && existing(lab, owner);
  const answer = resource && actOn(lab, resource, { word, request }, context);
  if (answer) return answer;
  // `…/providers/Microsoft.ContainerRegistry/checkNameAvailability` acts on no resource.
  const action = kindOf(type).actions?.[word.toLowerCase()];
  if (action && owner) {
    const reply = action({ resource: { id: owner, body: {} }, sent: sentBody(request) ?? {}, lab });
    if ('status' in reply) return reply;
  }
  return owner && !isThere(lab, owner) ? notFound(owner) : unknown(request);
}

function listed(lab: Lab, scope: string, type: string, query: URLSearchParams): readonly ArmBody[] {
  const start = `${scope.toLowerCase()}/`;
  const stored = lab.store.ofType(type).filter(({ id }) => id.key.startsWith(start));
  const virtual = kindOf(type).virtualList?.(scope, query, lab) ?? [];
  return [...stored.map(({ body }) => body), ...virtual];
}

function existing(lab: Lab, id: ArmId): ArmResource | undefined {
  const virtual = kindOf(id.type).virtual?.(id, lab);
  return lab.store.get(id.text) ?? (virtual && { id, body: virtual });
}

/** A place in which nobody has to make anything, a location or a subscription, is always there. */
function isThere(lab: Lab, id: ArmId): boolean {
  const isMade = id.resourceGroup !== undefined;
  return !isMade || existing(lab, id) !== undefined;
}

function unknown({ method, path }: LabRequest): Answer {
  return { ...failed(404, 'NotKnownToTheLab', `The lab does not know ${method} ${path}.`), isUnknown: true };
}
