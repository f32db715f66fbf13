import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';
import { nameText } from '../wording.ts';

/** Policies under which no Application is deleted because its row is gone. */
const KEEPING = new Set(['create-only', 'create-update']);

export default invariant({
  id: 'applicationsets-survive-a-lost-cluster',
  title: 'An ApplicationSet that loses a cluster takes nothing from it',
  adr: 'ADR-0005',
  severity: 'error',
  why:
    'A cluster Secret that vanishes, or loses a label, takes its row out of the generator. Argo CD then ' +
    'deletes the Application and, by its finalizer, all that it deployed: the network of the cluster among ' +
    'it. `create-update` keeps the Application, `preserveResourcesOnDeletion` leaves the finalizer off.',
  source:
    'Argo CD 3.5, operator-manual/applicationset, Application-Deletion and ' +
    'Controlling-Resource-Modification.',
  kinds: ['gitops', 'live'],
  needs: ['applicationSets'],
  *check({ applicationSets }) {
    for (const set of applicationSets) {
      if (set.applicationsSync === undefined) yield unsaid(set, 'applicationsSync');
      else if (KEEPING.has(set.applicationsSync)) yield held(placeOf(set, 'applicationsSync'));
      else {
        const message = `${set.name ?? 'a set'} deletes an Application whose row is gone`;
        const written =
          set.applicationsSync === 'sync' ? '' : ` instead of ${nameText(set.applicationsSync)}`;
        yield broken(placeOf(set, 'applicationsSync'), message, {
          help: `write \`applicationsSync: create-update\`${written}`,
        });
      }
      if (!hasAll(set, 'name', 'preservesResources')) yield unsaid(set, 'name', 'preservesResources');
      else if (set.preservesResources) yield held(placeOf(set, 'preservesResources'));
      else {
        const message = `an Application of ${set.name} that is deleted empties its cluster`;
        yield broken(placeOf(set, 'preservesResources'), message, {
          help: 'write `preserveResourcesOnDeletion: true`',
        });
      }
    }
  },
});
