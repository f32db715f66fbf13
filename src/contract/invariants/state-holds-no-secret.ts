import { hasAll } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';

export default invariant({
  id: 'state-holds-no-secret',
  alias: 'C4',
  title: 'No secret is made or written by way of the Terraform state',
  adr: 'ADR-A03',
  severity: 'error',
  why:
    'Terraform keeps what it makes and what it writes in its state, as plain text, with every earlier ' +
    'version of it: whoever may plan may read. Since 1.11 a value can be written without being kept, and a ' +
    'secret that is made elsewhere never comes near the state.',
  source:
    'developer.hashicorp.com, terraform/language/manage-sensitive-data; azurerm 5.2.0, key_vault_secret.',
  kinds: ['terraform'],
  needs: ['stateSecrets'],
  *check({ stateSecrets }) {
    if (stateSecrets.length === 0) yield held([]);
    for (const secret of stateSecrets) {
      if (!hasAll(secret, 'what')) yield unsaid(secret, 'what');
      else {
        yield broken(secret.path, `${secret.what} stands in the Terraform state`, {
          help: 'write it with `value_wo` from an ephemeral resource, or put it into the vault by hand',
        });
      }
    }
  },
});
