import { textAt } from '../body.ts';
import type { ArmRule } from '../rule.ts';
import { isSame } from './body-values.ts';
import { whenDeleted } from './judgement.ts';
import { unread } from './sources.ts';

const LOCK = 'microsoft.authorization/locks';

const lockedScopesStay: ArmRule = {
  id: 'locked-scopes-stay',
  source: unread('azure-resource-manager/management/lock-resources'),
  types: ['*'],
  check: whenDeleted(({ id }, { store }) => {
    if (id.type === LOCK) return undefined;
    const lock = store.ofType(LOCK).find(({ id: { parent = '' }, body }) => {
      const level = textAt(body, 'properties', 'level');
      const scope = parent.toLowerCase();
      const isAbove = id.key === scope || id.key.startsWith(`${scope}/`);
      const isBelow = scope.startsWith(`${id.key}/`);
      return (isSame(level, 'CanNotDelete') || isSame(level, 'ReadOnly')) && (isAbove || isBelow);
    });
    if (lock === undefined) return undefined;
    const why = `'${lock.id.parent}' is locked by '${lock.id.name}'`;
    const message = `The scope '${id.text}' cannot be deleted: ${why}.`;
    return { status: 409, code: 'ScopeLocked', message };
  }),
};

export const lockRules: readonly ArmRule[] = [lockedScopesStay];
