import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

export default invariant({
  id: 'workload-identity-is-enabled',
  alias: 'C4',
  title: 'Clusters issue tokens, and hand them to pods as workload identities',
  adr: 'ADR-A03',
  severity: 'error',
  why:
    'Without an OIDC issuer no federated credential can trust the cluster, and without workload identity no ' +
    'pod gets a token: what is left is a client secret in the cluster. The one is on by default since ' +
    'Kubernetes 1.34, the other never is, and an apply with the second alone fails.',
  source: 'learn.microsoft.com, aks/workload-identity-overview, 2026-08; azurerm 5.2.0, terraform apply.',
  kinds: ['terraform', 'live'],
  needs: ['clusters'],
  *check({ clusters }) {
    for (const cluster of clusters) {
      if (!hasAll(cluster, 'name', 'hasOidcIssuer', 'hasWorkloadIdentity')) {
        yield unsaid(cluster, 'name', 'hasOidcIssuer', 'hasWorkloadIdentity');
      } else if (!cluster.hasOidcIssuer) {
        yield broken(placeOf(cluster, 'hasOidcIssuer'), `${cluster.name} has no OIDC issuer`, {
          help: 'write `oidc_issuer_enabled = true`: going back replaces the cluster',
        });
      } else if (!cluster.hasWorkloadIdentity) {
        yield broken(placeOf(cluster, 'hasWorkloadIdentity'), `${cluster.name} has no workload identity`, {
          help: 'write `workload_identity_enabled = true`',
        });
      } else yield held(placeOf(cluster, 'hasWorkloadIdentity'));
    }
  },
});
