import type { MeterId } from '../../catalog/meters.ts';
import type { LogAlert } from '../../model/alerts/alert.ts';
import { metered, type Priced } from '../component.ts';

/** A rule that looks once an hour pays the rate of a quarter-hourly one: there is none below. */
const LOG_METERS: Readonly<Record<LogAlert['frequencyMinutes'], MeterId>> = {
  5: 'log-alert-rule-5-min',
  15: 'log-alert-rule-15-min',
  60: 'log-alert-rule-15-min',
};

/**
 * Rules over logs, by how often they look; rules over metrics, by what they measure. Those over the activity log are
 * free (azure.microsoft.com, pricing/details/monitor).
 */
export default {
  id: 'alerts',
  *components({ alerts }, book) {
    for (const alert of alerts) {
      const line = {
        id: `alerts/${alert.id}`,
        service: 'Alerts',
        name: `alert ${alert.id}`,
        quantity: 1,
      } as const;
      if (alert.kind === 'log') {
        yield metered(book, LOG_METERS[alert.frequencyMinutes], { ...line, basis: basisOf(alert) });
      } else if (alert.kind === 'metric') {
        yield metered(book, 'metric-alert-series', { ...line, basis: '1 time series' });
      }
    }
  },
} satisfies Priced;

/** Series are what the query answers with, and ours answer with what is wrong alone. */
function basisOf({ frequencyMinutes, splitBy }: LogAlert): string {
  const look = `1 rule, looks every ${frequencyMinutes === 60 ? 'hour' : `${frequencyMinutes} minutes`}`;
  return splitBy === undefined ? look : `${look}; more than one cluster that fires costs a tenth each`;
}
