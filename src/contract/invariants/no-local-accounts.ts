import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

export default invariant({
  id: 'no-local-accounts',
  alias: 'C4',
  title: 'Clusters have no static admin credential',
  adr: 'ADR-A03',
  severity: 'error',
  why:
    'A local account is a certificate that is an admin of the whole cluster for years, that nobody can ' +
    'withdraw from one person, and that stands in every Terraform state that read it. Without local accounts ' +
    'people, CI and Argo CD come by Entra; Azure refuses to switch them off where Entra is not set up.',
  source: 'learn.microsoft.com, aks/manage-local-accounts-managed-azure-ad, 2026-08; azurerm 5.2.0.',
  kinds: ['terraform', 'live'],
  needs: ['clusters'],
  *check({ clusters }) {
    for (const cluster of clusters) {
      const place = placeOf(cluster, 'hasLocalAccounts');
      if (!hasAll(cluster, 'name', 'hasLocalAccounts')) yield unsaid(cluster, 'name', 'hasLocalAccounts');
      else if (cluster.hasLocalAccounts) {
        yield broken(place, `${cluster.name} has local accounts`, {
          help: 'write `local_account_disabled = true`, with the Entra block beside it',
        });
      } else if (cluster.hasEntra === undefined) yield unsaid(cluster, 'hasEntra');
      else if (cluster.hasEntra) yield held(place);
      else {
        yield broken(place, `${cluster.name} has neither local accounts nor Entra: Azure refuses it`, {
          help: 'write `azure_active_directory_role_based_access_control { azure_rbac_enabled = true, ... }`',
        });
      }
    }
  },
});
