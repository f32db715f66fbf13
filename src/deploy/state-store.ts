import { createHash } from 'node:crypto';
import { waitFor } from '../base/retry.ts';
import { StepError } from '../base/step-error.ts';
import { region } from '../catalog/regions.ts';
import { suffixOf } from '../model/names.ts';
import type { PlatformNames } from '../model/platform.ts';
import { RESOURCE_GROUP_API, resourceGroupPath } from './resource-group.ts';
import type { Deployment, Run, StateStore } from './run.ts';
import type { Step, StepContext } from './step.ts';

type AzureStore = Extract<StateStore, { readonly kind: 'azure' }>;

/** Of the resource types that hold the state; Azure takes them unchanged for years. */
const API = {
  provider: '2022-09-01',
  storage: '2025-08-01',
  roles: '2022-04-01',
} as const;

/** Built-in role "Storage Blob Data Contributor" (learn.microsoft.com, built-in-roles/storage). */
const BLOB_CONTRIBUTOR = 'ba92f5b4-2d11-453d-a403-e96b0029c9fe';

/** A new role reaches the data plane within minutes (learn.microsoft.com, role-based-access-control/troubleshooting). */
const ROLE_WAIT_MS = 10 * 60_000;
const LOOK_EVERY_MS = 10_000;
/** How long a state that was overwritten or deleted can be had back. */
const KEPT_DAYS = 30;

/** Where the states of a fleet are kept: a storage account of their own, which no root manages. */
export function stateStoreOf(names: PlatformNames, subscription: string): AzureStore {
  return {
    kind: 'azure',
    resourceGroup: names.stateResourceGroup,
    account: `${names.statePrefix}${suffixOf(names, subscription)}`,
    container: 'tfstate',
  };
}

/** Whether there is a store, so that a state can be asked for. */
export async function hasStateStore(run: Run, signal: AbortSignal): Promise<boolean> {
  const { stateStore } = run.deployment;
  if (stateStore.kind === 'local') return true;
  const path = `${accountPath(run.deployment, stateStore)}/blobServices/default/containers/${stateStore.container}`;
  return (await run.world.azure.get(path, API.storage, signal)) !== undefined;
}

/**
 * The store of the states, made on first use: no keys, no public blobs, every version kept for a month. It stays when
 * the fleet goes. A local one needs nothing.
 */
export function stateStep(run: Run, after: readonly string[]): Step | undefined {
  const store = run.deployment.stateStore;
  if (store.kind === 'local') return undefined;
  return {
    id: 'state',
    phase: 'state',
    title: 'State store',
    after,
    run: async (context) => {
      const isMade = await makeStore(run, store, context);
      // By a group, from a scope above or by another role: whoever is let in needs nothing.
      if (await run.world.lease.isReachable(context.signal))
        return { isChanged: isMade, note: store.account };
      const isGranted = await grantAccess(run, store, context);
      await awaitDataPlane(run, store, context);
      return { isChanged: isMade || isGranted, note: store.account };
    },
  };
}

async function makeStore(run: Run, store: AzureStore, { signal, report }: StepContext): Promise<boolean> {
  if (await hasStateStore(run, signal)) return false;
  const { deployment, world } = run;
  const { fleet } = deployment.platform;
  const tags = { fleet: fleet.name, environment: fleet.environment, 'managed-by': 'bulkhead' };
  const location = fleet.region;
  await registerStorage(run, { signal, report });
  report(`making the storage account ${store.account}`);
  await world.azure.put(
    resourceGroupPath(deployment, store.resourceGroup),
    RESOURCE_GROUP_API,
    { location, tags },
    signal,
  );
  const account = accountPath(deployment, store);
  const body = {
    location,
    tags,
    kind: 'StorageV2',
    sku: { name: hasZones(location) ? 'Standard_ZRS' : 'Standard_LRS' },
    properties: {
      allowBlobPublicAccess: false,
      allowSharedKeyAccess: false,
      defaultToOAuthAuthentication: true,
      minimumTlsVersion: 'TLS1_2',
      supportsHttpsTrafficOnly: true,
    },
  };
  await world.azure.put(account, API.storage, body, signal);
  const kept = { enabled: true, days: KEPT_DAYS };
  const service = {
    properties: {
      isVersioningEnabled: true,
      deleteRetentionPolicy: kept,
      containerDeleteRetentionPolicy: kept,
    },
  };
  await world.azure.put(`${account}/blobServices/default`, API.storage, service, signal);
  const container = `${account}/blobServices/default/containers/${store.container}`;
  await world.azure.put(container, API.storage, { properties: { publicAccess: 'None' } }, signal);
  return true;
}

/** Zone-redundant storage needs zones (learn.microsoft.com, storage/common/storage-redundancy). */
function hasZones(location: string): boolean {
  return (region(location)?.zones.length ?? 0) > 0;
}

/** A fresh subscription knows no storage, and Terraform, which registers the rest, comes later. */
async function registerStorage({ deployment, world }: Run, { signal, report }: StepContext): Promise<void> {
  const { azure, clock } = world;
  const provider = `/subscriptions/${deployment.subscription}/providers/Microsoft.Storage`;
  const look = async (): Promise<true | undefined> => {
    const found = (await azure.get(provider, API.provider, signal)) as
      | { readonly registrationState?: string }
      | undefined;
    return found?.registrationState === 'Registered' ? true : undefined;
  };
  if ((await look()) === true) return;
  report('registering Microsoft.Storage');
  await azure.post(`${provider}/register`, API.provider, undefined, signal);
  const deadline = { deadlineMs: ROLE_WAIT_MS, everyMs: LOOK_EVERY_MS, now: clock.now };
  if ((await waitFor(look, deadline, { signal, sleep: clock.sleep })) === true) return;
  throw new StepError('Azure does not register Microsoft.Storage for the subscription', {
    advice: 'look at it: az provider show --namespace Microsoft.Storage',
  });
}

/** Owning a subscription gives no right to read its blobs. */
async function grantAccess(run: Run, store: AzureStore, { signal, report }: StepContext): Promise<boolean> {
  const { deployment, world } = run;
  const caller = await world.azure.caller(signal);
  const scope = accountPath(deployment, store);
  const assignments = `${scope}/providers/Microsoft.Authorization/roleAssignments`;
  // Given already, it is on its way: through groups too, and from scopes above.
  const filter = new URLSearchParams({ $filter: `assignedTo('${caller.objectId}')` });
  const given = await world.azure.list(`${assignments}?${filter}`, API.roles, signal);
  if (given.some((assignment) => roleIdOf(assignment).endsWith(BLOB_CONTRIBUTOR))) return false;
  report('giving you the role Storage Blob Data Contributor on it');
  const definitions = `/subscriptions/${deployment.subscription}/providers/Microsoft.Authorization/roleDefinitions`;
  const body = {
    properties: {
      roleDefinitionId: `${definitions}/${BLOB_CONTRIBUTOR}`,
      principalId: caller.objectId,
      principalType: caller.kind,
    },
  };
  const name = uuidOf(`${scope} ${caller.objectId} ${BLOB_CONTRIBUTOR}`);
  await world.azure.put(`${assignments}/${name}`, API.roles, body, signal);
  return true;
}

async function awaitDataPlane(
  { world }: Run,
  store: AzureStore,
  { signal, report }: StepContext,
): Promise<void> {
  const { clock, lease } = world;
  const look = async (): Promise<true | undefined> => {
    if (await lease.isReachable(signal)) return true;
    report('waiting for the role to reach the storage account');
    return undefined;
  };
  const deadline = { deadlineMs: ROLE_WAIT_MS, everyMs: LOOK_EVERY_MS, now: clock.now };
  if ((await waitFor(look, deadline, { signal, sleep: clock.sleep })) === true) return;
  throw new StepError(`the storage account ${store.account} still refuses this sign-in`, {
    advice: `give yourself the role Storage Blob Data Contributor on ${store.account}, and look at its firewall`,
  });
}

function accountPath(deployment: Deployment, store: AzureStore): string {
  return `${resourceGroupPath(deployment, store.resourceGroup)}/providers/Microsoft.Storage/storageAccounts/${store.account}`;
}

function roleIdOf(assignment: unknown): string {
  const { properties } = assignment as { readonly properties?: { readonly roleDefinitionId?: string } };
  return properties?.roleDefinitionId?.toLowerCase() ?? '';
}

/** The same name for the same grant: a second run, or another machine's, makes no second one. */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(text).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
