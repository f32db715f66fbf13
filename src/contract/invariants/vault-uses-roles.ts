import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

export default invariant({
  id: 'vault-uses-roles',
  alias: 'C4',
  title: 'Roles decide who reads the vault, and no access policies',
  adr: 'ADR-A03',
  severity: 'error',
  why:
    'With access policies a vault keeps a list of its own beside the roles of the subscription: whoever may ' +
    'write to the vault can add themselves to it and read every secret. Roles are given in one place, are ' +
    'seen in one place, and reach down to a single secret.',
  source: 'learn.microsoft.com, key-vault/rbac-access-policy, 2026-08; azurerm 5.2.0, key_vault.',
  kinds: ['terraform', 'live'],
  needs: ['vaults'],
  *check({ vaults }) {
    for (const vault of vaults) {
      if (!hasAll(vault, 'name', 'usesRoles')) yield unsaid(vault, 'name', 'usesRoles');
      else if (vault.usesRoles) yield held(placeOf(vault, 'usesRoles'));
      else {
        yield broken(placeOf(vault, 'usesRoles'), `the vault ${vault.name} goes by access policies`, {
          help: 'write `rbac_authorization_enabled = true`, and give its readers a role on it',
        });
      }
    }
  },
});
