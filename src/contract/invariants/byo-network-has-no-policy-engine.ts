import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';
import { nameText } from '../wording.ts';

export default invariant({
  id: 'byo-network-has-no-policy-engine',
  title: 'A cluster that brings its network along asks AKS for no network policy',
  adr: 'ADR-A02',
  severity: 'error',
  why:
    'Network policy is then the business of what is brought along. Azure refuses an engine of its own beside ' +
    'it, which neither validate nor plan knows.',
  source: 'learn.microsoft.com, aks/use-byo-cni, 2026-04-16; azurerm 5.2.0, four gates, 2026-11-22.',
  kinds: ['terraform', 'live'],
  needs: ['clusters'],
  *check({ clusters }) {
    for (const cluster of clusters) {
      const place = placeOf(cluster, 'networkPolicy');
      if (cluster.cni === undefined || cluster.cni === 'azure-overlay') continue;
      if (!hasAll(cluster, 'name', 'networkPolicy')) yield unsaid(cluster, 'name', 'networkPolicy');
      else if (cluster.networkPolicy === '') yield held(place);
      else {
        const engine = nameText(cluster.networkPolicy);
        yield broken(
          place,
          `${cluster.name} brings its network along and asks for the ${engine} policy engine`,
          {
            help: 'remove `network_policy`: Cilium keeps policies itself',
          },
        );
      }
    }
  },
});
