import { textAt } from '../body.ts';
import { armTarget } from '../id.ts';
import type { ArmRule } from '../rule.ts';
import { isSame } from './body-values.ts';
import { whenWritten } from './judgement.ts';
import { REPORTS } from './sources.ts';

const LINK = 'microsoft.network/privatednszones/virtualnetworklinks';

const networkHasOneZoneOfAName: ArmRule = {
  id: 'network-is-linked-to-one-zone-of-a-name',
  source: REPORTS,
  types: [LINK],
  check: whenWritten((body, { id }, { store }) => {
    const network = textAt(body, 'properties', 'virtualNetwork', 'id');
    const zone = zoneName(id.parent);
    const other = store.ofType(LINK).find((link) => {
      const isElsewhere = !isSame(link.id.parent, id.parent) && isSame(zoneName(link.id.parent), zone);
      return isElsewhere && isSame(textAt(link.body, 'properties', 'virtualNetwork', 'id'), network);
    });
    if (other === undefined) return undefined;
    const message = `${network} is linked to a zone of the name ${zone} already, by ${other.id.text}.`;
    return { status: 400, code: 'BadRequest', message, isAsync: true };
  }),
};

export const privateDnsRules: readonly ArmRule[] = [networkHasOneZoneOfAName];

function zoneName(id: string | undefined): string | undefined {
  const target = armTarget(id ?? '');
  return target?.kind === 'resource' ? target.id.name : undefined;
}
