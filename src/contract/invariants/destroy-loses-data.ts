import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

export default invariant({
  id: 'destroy-loses-data',
  title: 'A fleet that is destroyed each night keeps nothing in its clusters',
  adr: 'ADR-0005',
  severity: 'note',
  why:
    'What lives in a cluster goes with it: metrics, dashboards that were made by hand, and every volume. ' +
    'Vault, registry and logs are in the foundation and stay. The addresses of the API servers change each ' +
    'morning.',
  source: 'learn.microsoft.com, aks/start-stop-cluster, 2026-07-21; source design, section 5.2.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['schedules'],
  *check({ schedules }) {
    for (const schedule of schedules) {
      if (!hasAll(schedule, 'asleep')) yield unsaid(schedule, 'asleep');
      else if (schedule.asleep === 'stop') yield held(placeOf(schedule, 'asleep'));
      else {
        yield broken(
          placeOf(schedule, 'asleep'),
          'every night takes the metrics and volumes of all clusters with it',
          {
            help: 'write `stop` to keep them; the disks are then paid for at night',
          },
        );
      }
    }
  },
});
