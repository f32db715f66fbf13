import { times } from '../../base/money.ts';
import { metered, type Priced } from '../component.ts';

const DAYS_A_MONTH = 30;

/**
 * Ingested logs: how much depends on the pods, so the line is a rate; the cap bounds it. The cap is a fuse and not a
 * budget, and is documented to fail to blow at times (learn.microsoft.com, daily-cap).
 */
export default {
  id: 'logs',
  *components({ fleet }, book) {
    const { dailyCapGB, retentionDays } = fleet.observability.logs;
    if (dailyCapGB === 0) return;
    const { rate, free } = book.meters['log-ingestion'];
    const billedAtCapGB = Math.max(0, dailyCapGB * DAYS_A_MONTH - (free?.quantity ?? 0));
    yield metered(book, 'log-ingestion', {
      id: 'logs/ingestion',
      service: 'Logs',
      name: 'log ingestion',
      basis: `depends on the pods; at the cap of ${dailyCapGB} GB a day ${billedAtCapGB} GB are billed`,
      ...(rate === undefined ? {} : { ceiling: times(rate, billedAtCapGB) }),
    });
    // The first 31 days are part of the ingestion price (learn.microsoft.com, cost-logs).
    if (retentionDays > 31) {
      yield metered(book, 'log-retention', {
        id: 'logs/retention',
        service: 'Logs',
        name: `log retention beyond 31 days, to ${retentionDays}`,
        basis: 'depends on the pods',
      });
    }
  },
} satisfies Priced;
