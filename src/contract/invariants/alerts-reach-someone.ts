import { hasAll } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';
import { countText } from '../wording.ts';

export default invariant({
  id: 'alerts-reach-someone',
  title: 'Alerts reach somebody',
  adr: 'ADR-0005',
  severity: 'warning',
  why:
    'An action group without a receiver is legal and silent: rules fire, are billed, and are seen by ' +
    'whoever happens to open the portal. Nodes that are not ready and a log cap that is reached are not ' +
    'found that way.',
  source: 'Source design, section 4; azurerm 5.2.0, monitor_action_group.',
  kinds: ['fleet', 'terraform', 'live'],
  needs: ['alerting'],
  *check({ alerting }) {
    if (!hasAll(alerting, 'alerts', 'receivers')) yield unsaid(alerting, 'alerts', 'receivers');
    else if (alerting.alerts === 0) return;
    else if (alerting.receivers > 0) yield held(alerting.path);
    else {
      yield broken(
        alerting.path,
        `nobody is told when one of ${countText(alerting.alerts, 'alert rule')} fires`,
        {
          help: 'write who: `alerts: { email: platform@acme.example }`',
        },
      );
    }
  },
});
