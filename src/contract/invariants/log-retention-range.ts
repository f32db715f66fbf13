import { sharedServiceLimits } from '../../catalog/limits.ts';
import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

const { min, max } = sharedServiceLimits.logRetentionDays;

export default invariant({
  id: 'log-retention-range',
  title: `Logs are kept ${min} to ${max} days`,
  adr: 'ADR-0005',
  severity: 'error',
  why:
    'A Log Analytics workspace takes no other number. The first 31 days are part of the price of ' +
    'ingestion, each later month is paid for.',
  source: 'azurerm 5.2.0, log_analytics_workspace; source design, section 4.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['logs'],
  *check({ logs }) {
    for (const workspace of logs) {
      const place = placeOf(workspace, 'retentionDays');
      if (!hasAll(workspace, 'retentionDays')) yield unsaid(workspace, 'retentionDays');
      else if (workspace.retentionDays >= min && workspace.retentionDays <= max) yield held(place);
      else {
        yield broken(
          place,
          `logs are to be kept ${workspace.retentionDays} days; Azure takes ${min} to ${max}`,
          {
            help:
              workspace.retentionDays < min
                ? `write ${min}: fewer days cost the same`
                : `write ${max} or less`,
          },
        );
      }
    }
  },
});
