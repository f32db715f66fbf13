import { clusterLimits } from '../../catalog/limits.ts';
import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';
import { countText } from '../wording.ts';

const { min, max } = clusterLimits.stopStartGapMinutes;

export default invariant({
  id: 'sleep-is-long-enough',
  title: `A sleeping fleet has ${max} minutes before it wakes`,
  adr: 'ADR-0005',
  severity: 'warning',
  why:
    `AKS asks for ${min} to ${max} minutes between the end of a stop and the next start, and refuses a start while ` +
    'the stop still runs. A fleet that is to wake sooner is not awake in the morning, or keeps its machines all ' +
    'night.',
  source: 'learn.microsoft.com, aks/start-stop-cluster, 2026-07-21.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['schedules'],
  *check({ schedules }) {
    for (const schedule of schedules) {
      if (!hasAll(schedule, 'asleep', 'shortestSleepMinutes')) {
        yield unsaid(schedule, 'asleep', 'shortestSleepMinutes');
        continue;
      }
      const { asleep, shortestSleepMinutes: minutes } = schedule;
      const place = placeOf(schedule, 'shortestSleepMinutes');
      // To destroy a fleet and to make it again takes longer than any of this, and is the work of CI.
      if (asleep === 'destroy') continue;
      if (minutes >= max) yield held(place);
      else if (minutes === 0) {
        yield broken(place, 'the schedule is awake around the clock: nothing ever stops', {
          help: 'write shorter hours, or leave `schedule` out',
        });
      } else {
        const message = `the fleet sleeps for ${countText(minutes, 'minute')}; AKS wants ${min} to ${max} before a start`;
        yield broken(place, message, {
          help: `leave ${max} minutes between the hours, or stay awake through them`,
        });
      }
    }
  },
});
