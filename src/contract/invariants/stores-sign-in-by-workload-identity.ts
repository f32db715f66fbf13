import { hasAll, placeOf } from '../evidence.ts';
import { broken, held, invariant, unsaid } from '../invariant.ts';
import { nameText } from '../wording.ts';

export default invariant({
  id: 'stores-sign-in-by-workload-identity',
  alias: 'C4',
  title: 'Secret stores reach the vault by workload identity',
  adr: 'ADR-A03',
  severity: 'error',
  why:
    'A service principal needs a client secret, which is one more secret to hide and to rotate. The identity ' +
    'of the nodes is shared by every pod on them, so each could read the vault. A ServiceAccount that Entra ' +
    'trusts needs no secret and is nobody else.',
  source: 'Source design, section 7, C4; external-secrets.io, provider/azure-key-vault, 2.9.0.',
  kinds: ['gitops', 'live'],
  needs: ['externalSecretObjects'],
  *check({ externalSecretObjects }) {
    for (const store of externalSecretObjects) {
      if (store.isAzureStore === false) continue;
      if (!hasAll(store, 'isAzureStore', 'name', 'authType')) {
        yield unsaid(store, 'isAzureStore', 'name', 'authType');
      } else if (store.authType === 'WorkloadIdentity') yield held(placeOf(store, 'authType'));
      else {
        const message = `${store.name} reads the vault as ${nameText(store.authType)}`;
        yield broken(placeOf(store, 'authType'), message, {
          help: 'write `authType: WorkloadIdentity` and a `serviceAccountRef`',
        });
      }
    }
  },
});
