import { armId } from './id.ts';
import { refreshParent } from './inline-children.ts';
import { kindOf } from './kinds/index.ts';
import type { Lab } from './lab.ts';

/** Takes a resource away, with all that lies below it; what its kind leaves behind or takes along is its own to say. */
export function removeResource(lab: Lab, id: string, now: number): void {
  const resource = lab.store.get(id);
  if (!resource) return;
  const gone = [...lab.store.below(resource.id.key), resource];
  lab.store.remove(resource.id.key);
  for (const each of gone) {
    kindOf(each.id.type).removed?.(each, lab, now);
    lab.hidden.delete(each.id.key);
  }
  refreshParent(lab, armId(resource.id.text));
}
