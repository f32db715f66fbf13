import { openArm } from '../../../src/adapters/azure/arm.ts';
import { openLease } from '../../../src/adapters/azure/blob-lease.ts';
import { openLogin } from '../../../src/adapters/azure/credential.ts';
import { openVault } from '../../../src/adapters/azure/vault.ts';
import { SIGNAL } from './transports.ts';

/** What a walk has found. */
export type Walked = {
  readonly caller: { readonly tenant: string; readonly objectId: string; readonly kind: string };
  readonly group: string;
  readonly secret: string | undefined;
  readonly secrets: readonly string[];
  readonly isReachable: boolean;
  readonly gone: boolean;
};

/** Goes once through all that the adapters do, as this process's environment leads, and writes what it found as JSON. */
const GROUP = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-walk';
const VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/kv-walk`;
const URI = 'https://kv-walk.vault.azure.net/';

const login = openLogin(process.env);
const retry = { tries: 3, waitMs: 10, maxWaitMs: 10 };
const arm = openArm(login, { retry });
const vault = openVault(login, { retry });
const lease = openLease(
  login,
  { account: 'bulkheadlab', container: 'tfstate', name: 'walk.lease' },
  { retry },
);

const caller = await arm.caller(SIGNAL);
const group = (await arm.put(GROUP, '2023-07-01', { location: 'koreacentral' }, SIGNAL)) as {
  location: string;
};
await arm.put(VAULT, '2026-02-01', { location: 'koreacentral', properties: {} }, SIGNAL);
await vault.set(URI, 'word', 'swordfish', SIGNAL);
const secret = await vault.get(URI, 'word', SIGNAL);
const secrets = (await vault.list(URI, SIGNAL)).map(({ name }) => name);
const isReachable = await lease.isReachable(SIGNAL);
const held = await lease.acquire('walk', (error) => process.stderr.write(String(error)), SIGNAL);
await held.release();
await arm.delete(VAULT, '2026-02-01', SIGNAL);
await arm.delete(GROUP, '2023-07-01', SIGNAL);
const gone = (await arm.get(GROUP, '2023-07-01', SIGNAL)) === undefined;
const walked: Walked = { caller, group: group.location, secret, secrets, isReachable, gone };
process.stdout.write(JSON.stringify(walked));
