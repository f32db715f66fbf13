import { groupBy, hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, undetermined, unsaid } from '../invariant.ts';

export default invariant({
  id: 'log-agent-has-its-rule',
  title: 'Every log agent has a collection rule that says what it sends, and where',
  adr: 'ADR-0005',
  severity: 'error',
  why:
    'An agent that signs in by its identity sends what a collection rule joined to its cluster tells it, and ' +
    'nothing without one. The agent runs, is healthy, takes its share of every node, and the tables stay empty.',
  source: 'github.com/microsoft/Docker-Provider, scripts/onboarding/aks, 2026-08; source design, section 4.',
  kinds: ['terraform', 'live'],
  needs: ['clusters'],
  *check({ clusters, logAssociations = [] }) {
    const joined = groupBy(logAssociations, ({ cluster }) => cluster);
    const hasAllClusters = logAssociations.every((association) => hasAll(association, 'cluster'));
    for (const cluster of clusters) {
      if (!hasAll(cluster, 'name', 'logAgent')) yield unsaid(cluster, 'name', 'logAgent');
      if (cluster.name === undefined || cluster.logAgent !== 'by identity') continue;
      const place = placeOf(cluster, 'logAgent');
      const rules = (joined.get(cluster.name) ?? []).map((rule) => rule.isOfContainerInsights);
      if (rules.includes(true)) yield held(place);
      else if (rules.includes(undefined) || !hasAllClusters) {
        yield undetermined(place, `whether a collection rule of logs is joined to ${cluster.name}`);
      } else {
        yield broken(place, `no collection rule is joined to ${cluster.name}: its log agent sends nothing`, {
          help: 'add an azurerm_monitor_data_collection_rule_association called ContainerInsightsExtension',
        });
      }
    }
  },
});
