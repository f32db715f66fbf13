import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

/** Of the thirty seconds of notice, seeing it and beginning the drain takes some. */
const SECONDS_MAX = 25;
const NOTICE_SECONDS = 30;

export default invariant({
  id: 'grace-period-inside-the-notice',
  title: `Pods on Spot nodes end within ${SECONDS_MAX} seconds`,
  adr: 'ADR-A01',
  severity: 'error',
  why:
    'Azure announces that it takes a Spot node thirty seconds ahead, at best. A pod that takes longer to end ' +
    'is cut off: requests in flight are lost, files stay half written. Kubernetes gives every pod thirty ' +
    'seconds unless told otherwise, which is the whole notice.',
  source: 'learn.microsoft.com, virtual-machines/linux/scheduled-events, Preempt, 2026-08.',
  kinds: ['gitops', 'live'],
  needs: ['podSets'],
  *check({ podSets }) {
    for (const set of podSets) {
      if (set.isPlatform === true || set.toleratesSpot === false || set.spotChoice === 'never') continue;
      if (!hasAll(set, 'name', 'toleratesSpot', 'graceSeconds')) {
        yield unsaid(set, 'name', 'toleratesSpot', 'graceSeconds');
        continue;
      }
      const { name, graceSeconds } = set;
      if (graceSeconds <= SECONDS_MAX) yield held(placeOf(set, 'graceSeconds'));
      else {
        const isOver = graceSeconds > NOTICE_SECONDS;
        const rest = isOver ? 'longer than any notice' : 'the whole of the notice';
        yield broken(
          placeOf(set, 'graceSeconds'),
          `${name} may stand on Spot and takes ${graceSeconds} s to end, ${rest}`,
          {
            severity: isOver ? 'error' : 'warning',
            help: `write \`terminationGracePeriodSeconds: ${SECONDS_MAX}\` or less`,
          },
        );
      }
    }
  },
});
