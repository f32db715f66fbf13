import type { VaultEvidence } from '../azure-evidence.ts';
import type { Evidence } from '../evidence.ts';
import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, type Observation, undetermined, unsaid } from '../invariant.ts';

export default invariant({
  id: 'vault-is-not-public',
  alias: 'C4',
  title: 'The vault answers named callers alone, in production within the VNet alone',
  adr: 'ADR-A03',
  severity: 'error',
  why:
    'A vault "in" a subnet is reached by a private endpoint, and by everybody else as well until its public ' +
    'address is closed. A demo may leave it open to its operators, who have no machine within the VNet to ' +
    'write secrets from; to the whole internet it is open to whoever finds a token.',
  source: 'learn.microsoft.com, key-vault/network-security, 2026-08; source design, section 3.1.',
  kinds: ['terraform', 'live'],
  needs: ['vaults'],
  *check({ environment, vaults }) {
    for (const vault of vaults) yield judge(vault, environment);
  },
});

function judge(vault: VaultEvidence, environment: Evidence['environment']): Observation {
  if (!hasAll(vault, 'name', 'isPublic')) return unsaid(vault, 'name', 'isPublic');
  const place = placeOf(vault, 'isPublic');
  if (!vault.isPublic) return held(place);
  if (environment === 'production') {
    return broken(place, `the vault ${vault.name} of production has a public address`, {
      help: 'write `public_network_access_enabled = false`, and reach it by a private endpoint',
    });
  }
  if (vault.defaultAction === undefined) return unsaid(vault, 'defaultAction');
  if (vault.defaultAction === 'Allow') {
    return broken(placeOf(vault, 'defaultAction'), `the vault ${vault.name} answers the whole internet`, {
      help: 'write `network_acls { bypass = "None", default_action = "Deny", ip_rules = [...] }`',
    });
  }
  if (environment === undefined) {
    return undetermined(place, `whether ${vault.name} is of production, where it needs no public address`);
  }
  return held(place);
}
