import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

export default invariant({
  id: 'vault-survives-deletion',
  title: 'In production, nobody can purge the vault',
  adr: 'ADR-A03',
  severity: 'error',
  why:
    'A destroy by Terraform purges the vault as well, with the CA of the mesh and every secret in it. With ' +
    'purge protection it only disappears, and comes back by name within its retention. A demo is built anew ' +
    'too often for that: its name would stay taken.',
  source:
    'azurerm 5.2.0, key_vault: purge_soft_delete_on_destroy; learn.microsoft.com, key-vault/soft-delete.',
  kinds: ['terraform', 'live'],
  needs: ['environment', 'vaults'],
  *check({ environment, vaults }) {
    if (environment !== 'production') return;
    for (const vault of vaults) {
      const place = placeOf(vault, 'hasPurgeProtection');
      if (!hasAll(vault, 'name', 'hasPurgeProtection')) yield unsaid(vault, 'name', 'hasPurgeProtection');
      else if (vault.hasPurgeProtection) yield held(place);
      else {
        yield broken(place, `the vault ${vault.name} of production can be purged with all its secrets`, {
          help: 'write `purge_protection_enabled = true`: it can never be switched off again',
        });
      }
    }
  },
});
