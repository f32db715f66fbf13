import { compareText } from '../../base/order.ts';
import type { ArmResource, ArmStore } from './resource.ts';

/** A store in memory. */
export function memoryStore(resources: readonly ArmResource[] = []): ArmStore {
  const byKey = new Map(resources.map((resource) => [resource.id.key, resource]));
  const inOrder = (matches: (resource: ArmResource) => boolean): ArmResource[] =>
    [...byKey.values()].filter(matches).sort((a, b) => compareText(a.id.key, b.id.key));
  return {
    get: (id) => byKey.get(id.toLowerCase()),
    ofType: (type) => inOrder(({ id }) => id.type === type),
    below: (id) => {
      const start = `${id.toLowerCase()}/`;
      return inOrder(({ id: { key } }) => key.startsWith(start));
    },
    all: () => inOrder(() => true),
    put: (resource) => {
      byKey.set(resource.id.key, resource);
    },
    remove: (id) => {
      const key = id.toLowerCase();
      byKey.delete(key);
      for (const other of byKey.keys()) if (other.startsWith(`${key}/`)) byKey.delete(other);
    },
  };
}
