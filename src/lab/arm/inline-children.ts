import { listAt, textAt, withProperties } from './body.ts';
import { armChild, armId } from './id.ts';
import type { InlineChildren } from './kind.ts';
import { kindOf } from './kinds/index.ts';
import type { Lab } from './lab.ts';
import type { ArmBody, ArmId, ArmResource } from './resource.ts';

/** Writes the children that a parent's body lists, and lists those that there are. */
export function writeInlineChildren(
  lab: Lab,
  parent: ArmResource,
  writeChild: (id: ArmId, body: ArmBody) => void,
): void {
  for (const inline of kindOf(parent.id.type).inlineChildren ?? []) {
    const items = listAt(parent.body, 'properties', inline.property);
    const isSent = Array.isArray((parent.body['properties'] as ArmBody | undefined)?.[inline.property]);
    const names = new Set(items.map((item) => textAt(item, 'name')?.toLowerCase()));
    if (isSent && inline.isExhaustive) {
      for (const { id } of childrenOf(lab, parent.id, inline)) {
        if (!names.has(id.name.toLowerCase())) lab.store.remove(id.key);
      }
    }
    for (const item of items) {
      const name = textAt(item, 'name');
      if (name !== undefined) writeChild(armChild(parent.id, inline.type, name), inline.childOf(item));
    }
  }
  refresh(lab, parent.id);
}

/** After a child was written or removed alone: its parent's list says so. */
export function refreshParent(lab: Lab, child: ArmId): void {
  if (child.parent !== undefined && lab.store.get(child.parent)) refresh(lab, armId(child.parent));
}

function refresh(lab: Lab, parent: ArmId): void {
  for (const inline of kindOf(parent.type).inlineChildren ?? []) {
    const { id, body } = lab.store.get(parent.text)!;
    const items = childrenOf(lab, parent, inline).map((child) => inline.itemOf(child));
    lab.store.put({ id, body: withProperties(body, { [inline.property]: items }) });
  }
}

function childrenOf(lab: Lab, parent: ArmId, { type }: InlineChildren): readonly ArmResource[] {
  const childType = `${parent.type}/${type}`.toLowerCase();
  return lab.store.below(parent.text).filter(({ id }) => id.type === childType);
}
