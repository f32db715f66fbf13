import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

export default invariant({
  id: 'log-cap-range',
  title: 'Logs are collected, under a daily cap',
  adr: 'ADR-0005',
  severity: 'error',
  why:
    'Without a cap, a pod that logs in a loop is billed for as long as nobody looks. With a cap of zero ' +
    'nothing is collected, so that no alert can fire: neither on nodes that are not ready nor on a burst ' +
    'of evictions. Azure takes no workspace with a quota of 0 GB.',
  source: 'Source design, section 4; azurerm 5.2.0, log_analytics_workspace; azure-monitor/logs/daily-cap.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['logs'],
  *check({ logs, kind }) {
    for (const workspace of logs) {
      if (!hasAll(workspace, 'dailyCapGB')) {
        yield unsaid(workspace, 'dailyCapGB');
        continue;
      }
      const { dailyCapGB } = workspace;
      const place = placeOf(workspace, 'dailyCapGB');
      if (dailyCapGB > 0) yield held(place);
      else if (dailyCapGB < 0) {
        yield broken(place, 'the logs have no daily cap', {
          severity: 'warning',
          help: 'set one, e.g. 5 GB',
        });
      } else if (kind === 'fleet') {
        // A file that says zero gets no workspace: legal, and silent.
        yield broken(place, 'a cap of 0 GB collects no logs, and no alert on them can fire', {
          severity: 'warning',
          help: 'write what a day may cost, e.g. `dailyCapGB: 1`',
        });
      } else {
        yield broken(place, 'the daily cap is 0 GB, which Azure refuses', { help: 'set one, e.g. 1 GB' });
      }
    }
  },
});
