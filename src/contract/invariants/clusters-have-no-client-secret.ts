import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

export default invariant({
  id: 'clusters-have-no-client-secret',
  alias: 'C4',
  title: 'Clusters act by managed identities, and by no client secret',
  adr: 'ADR-A03',
  severity: 'error',
  why:
    'A service principal comes with a client secret, which stands in the state and runs out within two years: ' +
    'on that day the cluster can neither scale nor mend a load balancer. Azure keeps the credential of a ' +
    'managed identity itself. Going back from an identity replaces the cluster.',
  source: 'learn.microsoft.com, aks/use-managed-identity, 2026-08; azurerm 5.2.0, kubernetes_cluster.',
  kinds: ['terraform', 'live'],
  needs: ['clusters'],
  *check({ clusters }) {
    for (const cluster of clusters) {
      const place = placeOf(cluster, 'hasClientSecret');
      if (!hasAll(cluster, 'name', 'hasClientSecret')) yield unsaid(cluster, 'name', 'hasClientSecret');
      else if (!cluster.hasClientSecret) yield held(place);
      else {
        yield broken(place, `${cluster.name} is a service principal with a client secret`, {
          help: 'write `identity { type = "UserAssigned", identity_ids = [...] }` in its place',
        });
      }
    }
  },
});
