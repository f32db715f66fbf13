import type { ArmBody } from './resource.ts';

/** The value at a path of keys, or undefined where the path leads out of the objects. */
export function valueAt(body: unknown, ...path: readonly string[]): unknown {
  let value = body;
  for (const key of path) {
    if (!isObject(value)) return undefined;
    value = value[key];
  }
  return value;
}

/** The string at a path of keys; undefined where there is none, or an empty one. */
export function textAt(body: unknown, ...path: readonly string[]): string | undefined {
  const value = valueAt(body, ...path);
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** The object at a path of keys; an empty one where there is none. */
export function objectAt(body: unknown, ...path: readonly string[]): ArmBody {
  const value = valueAt(body, ...path);
  return isObject(value) ? value : {};
}

/** The objects in the list at a path of keys; none where there is no list. */
export function listAt(body: unknown, ...path: readonly string[]): readonly ArmBody[] {
  const value = valueAt(body, ...path);
  return Array.isArray(value) ? value.filter((item) => isObject(item)) : [];
}

/** The body with these properties over its own. */
export function withProperties(body: ArmBody, properties: ArmBody): ArmBody {
  return { ...body, properties: { ...objectAt(body, 'properties'), ...properties } };
}

/** The body without some of its keys. */
export function without(body: ArmBody, ...keys: readonly string[]): ArmBody {
  return Object.fromEntries(Object.entries(body).filter(([key]) => !keys.includes(key)));
}

/** JSON merge patch (RFC 7396): objects merge, null removes, anything else replaces. */
export function merged(body: ArmBody, patch: ArmBody): ArmBody {
  const result: Record<string, unknown> = { ...body };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else result[key] = isObject(value) ? merged(objectAt(result, key), value) : value;
  }
  return result;
}

function isObject(value: unknown): value is ArmBody {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
