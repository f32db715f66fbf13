import type { ArmId } from './resource.ts';

/** What the path of a request names: one resource, or something that is asked of a scope. */
export type ArmTarget =
  | { readonly kind: 'resource'; readonly id: ArmId }
  | {
      /** `…/virtualNetworks/v/subnets` to list, `…/managedClusters/c/start` to act on. */
      readonly kind: 'collection';
      /** What the path stands below, as it was sent: a resource, a group, a subscription, or nothing: the tenant. */
      readonly scope: string;
      /** The type of what is listed, in lower case. */
      readonly type: string;
      /** The path's last segment, as it was sent. */
      readonly word: string;
      /** The resource that the path stands below, if it is one: of an action, the one that acts. */
      readonly owner?: ArmId;
    };

const SUBSCRIPTION = 'microsoft.resources/subscriptions';
const GROUP = 'microsoft.resources/resourcegroups';

type Walk = { text: string; type: string; name: string; parent: string | undefined };

/**
 * Reads the path of a request to Azure Resource Manager. Undefined when it is no such path. Segments are decoded.
 * The parent of what lies directly in a group is the group, of what lies directly in a subscription the subscription,
 * of what lies in the tenant none.
 */
export function armTarget(path: string): ArmTarget | undefined {
  const segments = decoded(path);
  if (segments === undefined || segments.length === 0) return undefined;
  let place: Walk | undefined;
  let namespace: string | undefined;
  let index = 0;
  while (index < segments.length) {
    const word = segments[index]!;
    const name = segments[index + 1];
    const scope: string = place?.text ?? '';
    if (word.toLowerCase() === 'providers' && name !== undefined && index + 2 < segments.length) {
      namespace = name;
      const type: string = segments[index + 2]!;
      const next = segments[index + 3];
      const typeName = `${namespace}/${type}`.toLowerCase();
      if (next === undefined) return collection(segments, place, scope, typeName, type);
      const text: string = `${scope}/${word}/${namespace}/${type}/${next}`;
      place = { text, type: typeName, name: next, parent: place?.text };
      index += 4;
      continue;
    }
    const typeName = typeOfPair(place, word, namespace);
    if (typeName === undefined) return undefined;
    if (name === undefined) return collection(segments, place, scope, typeName, word);
    place = { text: `${scope}/${word}/${name}`, type: typeName, name, parent: place?.text };
    index += 2;
  }
  return place && { kind: 'resource', id: idOf(place, segments) };
}

/** The identity of the resource with this id. Throws when it is no id of one. */
export function armId(text: string): ArmId {
  const target = armTarget(text);
  if (target?.kind !== 'resource') throw new Error(`${text} is no id of a resource`);
  return target.id;
}

/** A child's identity: `armChild(vnet, 'subnets', 'nodes')`. */
export function armChild(parent: ArmId, type: string, name: string): ArmId {
  return armId(`${parent.text}/${type}/${name}`);
}

/** A type as its id writes it: `Microsoft.Network/virtualNetworks/subnets`. */
export function armTypeText({ text }: ArmId): string {
  const [, type] = /^.*\/providers\/(.+)$/i.exec(text) ?? [];
  if (type === undefined) return 'Microsoft.Resources/resourceGroups';
  const [namespace, ...pairs] = type.split('/');
  return [namespace, ...pairs.filter((_, index) => index % 2 === 0)].join('/');
}

/** The part of an id up to its group, `/subscriptions/…/resourceGroups/rg`, as it was sent; else its subscription. */
export function groupScope(id: ArmId): string {
  return /^\/subscriptions\/[^/]+(?:\/resourcegroups\/[^/]+)?/i.exec(id.text)?.[0] ?? '';
}

function collection(
  segments: readonly string[],
  place: Walk | undefined,
  scope: string,
  type: string,
  word: string,
): ArmTarget {
  const owner = place && idOf(place, segments);
  return { kind: 'collection', scope, type, word, ...(owner ? { owner } : {}) };
}

function typeOfPair(
  place: Walk | undefined,
  word: string,
  namespace: string | undefined,
): string | undefined {
  const lower = word.toLowerCase();
  if (place === undefined) {
    if (lower === 'subscriptions') return SUBSCRIPTION;
    return lower === 'providers' || lower === 'tenants' ? `microsoft.resources/${lower}` : undefined;
  }
  if (namespace !== undefined) return `${place.type}/${lower}`;
  if (place.type === SUBSCRIPTION && lower === 'resourcegroups') return GROUP;
  return `microsoft.resources/${lower}`;
}

function idOf({ text, type, name, parent }: Walk, segments: readonly string[]): ArmId {
  const isInSubscription = segments[0]!.toLowerCase() === 'subscriptions';
  const isInGroup = isInSubscription && segments[2]?.toLowerCase() === 'resourcegroups';
  return {
    text,
    key: text.toLowerCase(),
    type,
    name,
    ...(isInSubscription && segments[1] !== undefined ? { subscription: segments[1] } : {}),
    ...(isInGroup && segments[3] !== undefined ? { resourceGroup: segments[3] } : {}),
    ...(parent === undefined ? {} : { parent }),
  };
}

function decoded(path: string): string[] | undefined {
  try {
    return path
      .split('/')
      .filter((segment) => segment !== '')
      .map((segment) => decodeURIComponent(segment));
  } catch {
    return undefined;
  }
}
