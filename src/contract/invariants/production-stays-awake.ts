import { broken, held, invariant } from '../invariant.ts';

export default invariant({
  id: 'production-stays-awake',
  title: 'Production has no off-hours',
  adr: 'ADR-A01',
  severity: 'warning',
  why:
    'A stopped cluster gives its machines back, and starting it needs the region to have them again: that ' +
    'is not promised, and for Spot least of all. Start and stop lie 15 to 30 minutes apart, and nothing ' +
    'but start and delete is allowed in between.',
  source: 'learn.microsoft.com, aks/start-stop-cluster, 2026-07-21.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['environment', 'schedules'],
  *check({ environment, schedules }) {
    if (environment !== 'production') return;
    if (schedules.length === 0) yield held(['schedule']);
    for (const { path } of schedules) {
      yield broken(path, 'production is put to sleep, and may not wake', {
        at: 'key',
        help: 'move `schedule` to `environments.demo`, or write `schedule: null` for production',
      });
    }
  },
});
