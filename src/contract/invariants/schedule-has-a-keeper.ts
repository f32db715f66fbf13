import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

export default invariant({
  id: 'schedule-has-a-keeper',
  title: 'Something outside the clusters keeps the schedule',
  adr: 'ADR-0005',
  severity: 'warning',
  why:
    'A stopped cluster cannot start itself. Without a keeper, the fleet sleeps and wakes when somebody ' +
    'types the command, and a forgotten evening costs as much as a working day.',
  source: 'learn.microsoft.com, aks/start-stop-cluster, 2026-07-21; source design, section 5.2.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['schedules'],
  *check({ schedules }) {
    for (const schedule of schedules) {
      if (!hasAll(schedule, 'asleep', 'hasKeeper')) yield unsaid(schedule, 'asleep', 'hasKeeper');
      // Destroying and making again is the work of CI, which is outside already.
      else if (schedule.asleep === 'destroy') continue;
      else if (schedule.hasKeeper) yield held(placeOf(schedule, 'hasKeeper'));
      else {
        yield broken(
          placeOf(schedule, 'hasKeeper'),
          'nothing keeps the schedule: the fleet sleeps and wakes by hand',
          {
            help: 'write `keeper: { run: container-instance }`, or leave `keeper` out',
          },
        );
      }
    }
  },
});
