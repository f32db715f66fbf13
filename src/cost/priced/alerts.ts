import { metered, type Priced } from '../component.ts';

/** Log alert rules, priced by how often they look; an hourly rule pays the rate of a quarter-hourly one. */
export default {
  id: 'alerts',
  *components({ alerts }, book) {
    for (const { id, frequencyMinutes } of alerts) {
      yield metered(book, frequencyMinutes === 5 ? 'log-alert-rule-5-min' : 'log-alert-rule-15-min', {
        id: `alerts/${id}`,
        service: 'Alerts',
        name: `alert ${id}`,
        quantity: 1,
        basis: `1 rule, looks every ${frequencyMinutes === 5 ? '5 minutes' : 'hour'}`,
      });
    }
  },
} satisfies Priced;
