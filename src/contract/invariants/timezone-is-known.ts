import { quote } from '../../base/quote.ts';
import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

/**
 * Names of the IANA database: offsets such as +09:00 know no summer time, and not every reader takes them.
 */
const ZONE_NAME = /^(?:UTC|[A-Z][A-Za-z_]{1,30}(?:\/[A-Z][A-Za-z0-9_+-]{0,30}){1,2})$/;

export default invariant({
  id: 'timezone-is-known',
  title: "The schedule's time zone is one of the IANA database",
  adr: 'ADR-0005',
  severity: 'error',
  why:
    'The hours are read in this zone, summer time among them. A zone that the keeper does not know leaves ' +
    'it without a clock, and the fleet as it is.',
  source: 'IANA time zone database.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['schedules'],
  *check({ schedules }) {
    for (const schedule of schedules) {
      const place = placeOf(schedule, 'timezone');
      if (!hasAll(schedule, 'timezone')) yield unsaid(schedule, 'timezone');
      else if (isZone(schedule.timezone)) yield held(place);
      else {
        yield broken(place, `${quote(schedule.timezone)} is no time zone`, {
          help: 'write an IANA name, e.g. Asia/Seoul or UTC',
        });
      }
    }
  },
});

function isZone(name: string): boolean {
  if (!ZONE_NAME.test(name)) return false;
  // Nearly everybody's zone is listed, in 2 ms; the first formatter of a process takes 20 (Node 20.20).
  if (Intl.supportedValuesOf('timeZone').includes(name)) return true;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
