import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

export default invariant({
  id: 'log-agent-signs-in-by-identity',
  title: 'The agent of Container Insights signs in by its identity',
  adr: 'ADR-0005',
  severity: 'error',
  why:
    'An agent that signs in by the key of the workspace is retired since 2026-09-30: it sends nothing any ' +
    'more, and the alerts on its tables stay silent. The key also opens the workspace to whoever reads it.',
  source: 'learn.microsoft.com, azure-monitor/containers/container-insights-authentication, 2026-08.',
  kinds: ['terraform', 'live'],
  needs: ['clusters'],
  *check({ clusters }) {
    for (const cluster of clusters) {
      const place = placeOf(cluster, 'logAgent');
      if (!hasAll(cluster, 'name', 'logAgent')) yield unsaid(cluster, 'name', 'logAgent');
      else if (cluster.logAgent === 'none') continue;
      else if (cluster.logAgent === 'by identity') yield held(place);
      else {
        yield broken(place, `the log agent of ${cluster.name} signs in by the key of the workspace`, {
          help: 'write `msi_auth_for_monitoring_enabled = true`, with a collection rule and its association',
        });
      }
    }
  },
});
