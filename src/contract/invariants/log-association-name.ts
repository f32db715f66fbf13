import { hasAll } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';
import { nameText } from '../wording.ts';

const NAME = 'ContainerInsightsExtension';

export default invariant({
  id: 'log-association-name',
  title: `A collection rule of logs is joined to its cluster as ${NAME}`,
  adr: 'ADR-0005',
  severity: 'error',
  why:
    'The agent looks for an association of this very name. Under any other one Azure accepts it, Terraform ' +
    'reports success, and not one line of log arrives.',
  source: 'github.com/microsoft/Docker-Provider, scripts/onboarding/aks, 2026-08.',
  kinds: ['terraform', 'live'],
  needs: ['logAssociations'],
  *check({ logAssociations }) {
    for (const association of logAssociations) {
      if (!hasAll(association, 'name')) yield unsaid(association, 'name');
      else if (association.name === NAME) yield held(association.path);
      // Other rules, as those of managed Prometheus, have names of their own.
      else if (association.isOfContainerInsights === false) continue;
      else if (association.isOfContainerInsights === undefined) {
        yield unsaid(association, 'isOfContainerInsights');
      } else {
        yield broken(
          association.path,
          `a collection rule of logs is joined as ${nameText(association.name)}: no data flows`,
          { help: `write \`name = "${NAME}"\`` },
        );
      }
    }
  },
});
