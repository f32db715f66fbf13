import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

export default invariant({
  id: 'templates-stop-on-a-missing-fact',
  title: 'A template of Applications stops where a fact is missing',
  adr: 'ADR-0005',
  severity: 'warning',
  why:
    'Cluster Secrets carry what only Azure knows: client ids, the address of the vault. Where one is missing, ' +
    'a Go template writes `<no value>` and the older kind leaves its placeholder, and both are deployed. ' +
    'With missingkey=error the ApplicationSet says which fact is missing, and changes nothing.',
  source: 'Argo CD 3.5, operator-manual/applicationset/GoTemplate.',
  kinds: ['gitops', 'live'],
  needs: ['applicationSets'],
  *check({ applicationSets }) {
    for (const set of applicationSets) {
      if (!hasAll(set, 'name', 'isGoTemplate', 'stopsOnMissingKey')) {
        yield unsaid(set, 'name', 'isGoTemplate', 'stopsOnMissingKey');
      } else if (!set.isGoTemplate) {
        yield broken(placeOf(set, 'isGoTemplate'), `${set.name} deploys placeholders that nothing fills`, {
          help: 'write `goTemplate: true` and `goTemplateOptions: [missingkey=error]`',
        });
      } else if (set.stopsOnMissingKey) yield held(placeOf(set, 'stopsOnMissingKey'));
      else {
        yield broken(placeOf(set, 'stopsOnMissingKey'), `${set.name} writes <no value> for a missing fact`, {
          help: 'write `goTemplateOptions: [missingkey=error]`',
        });
      }
    }
  },
});
