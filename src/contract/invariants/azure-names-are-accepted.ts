import { nameProblem } from '../../catalog/azure-names.ts';
import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';
import { nameText } from '../wording.ts';

export default invariant({
  id: 'azure-names-are-accepted',
  title: 'Every Azure resource has a name that Azure takes',
  adr: 'ADR-0005',
  severity: 'error',
  why:
    'Each kind of resource has rules of its own for names, and Terraform checks some of them. The length of an ' +
    "identity's name and the characters of a subnet's are refused by Azure alone, in the middle of an apply.",
  source: 'learn.microsoft.com, azure-resource-manager/management/resource-name-rules, 2026-08.',
  // What runs has a name that was taken.
  kinds: ['fleet', 'terraform'],
  needs: ['azureNames'],
  *check({ azureNames }) {
    for (const entry of azureNames) {
      if (!hasAll(entry, 'type', 'label')) {
        yield unsaid(entry, 'type', 'label');
        continue;
      }
      const { type, label } = entry;
      const words = nameProblem(type, label);
      if (words === undefined) yield held(placeOf(entry, 'label'));
      else {
        yield broken(placeOf(entry, 'label'), `Azure takes no ${type} that is called ${nameText(label)}`, {
          at: 'key',
          help: `use ${words}`,
        });
      }
    }
  },
});
