import { HOURS_A_MONTH, metered, type Priced } from '../component.ts';

/** Azure's own Prometheus and Grafana. No rate of theirs is on record: the lines stand, without an amount. */
export default {
  id: 'managed-metrics',
  *components({ fleet }, book) {
    if (fleet.observability.stack !== 'azure') return;
    yield metered(book, 'managed-grafana-node', {
      id: 'metrics/grafana-node',
      service: 'Metrics',
      name: 'Managed Grafana, instance',
      quantity: HOURS_A_MONTH,
      basis: `${HOURS_A_MONTH} h`,
    });
    yield metered(book, 'managed-grafana-user', {
      id: 'metrics/grafana-users',
      service: 'Metrics',
      name: 'Managed Grafana, active users',
      basis: 'depends on the people who look',
    });
    yield metered(book, 'managed-prometheus-samples', {
      id: 'metrics/prometheus-samples',
      service: 'Metrics',
      name: 'managed Prometheus, samples',
      basis: 'depends on the pods',
    });
  },
} satisfies Priced;
