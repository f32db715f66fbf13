import { textAt, withProperties } from '../body.ts';
import { armChild, armId } from '../id.ts';
import type { ArmKind } from '../kind.ts';
import type { ArmBody, ArmId } from '../resource.ts';
import { digitsOf } from '../uuid.ts';

/**
 * A storage account that nobody has to make: where Terraform keeps its states. It stands in no list, since it is not what
 * is tried out.
 */
export const STATE_ACCOUNT = 'bulkheadlab';
export const STATE_CONTAINER = 'tfstate';

const PLANES = ['blob', 'queue', 'table', 'file', 'dfs', 'web'] as const;

/** azurerm refuses 201 of its create, and 202 of its delete: both are done at once. */
const accounts: ArmKind = {
  type: 'microsoft.storage/storageaccounts',
  complete: ({ id, body }) => withProperties(body, endpoints(id.name)),
  written: ({ id }, lab) => {
    for (const service of ['blobServices', 'fileServices'] as const) {
      const child = armChild(id, service, 'default');
      if (!lab.store.get(child.text)) lab.store.put({ id: child, body: serviceBody(child, service) });
    }
  },
  virtual: (id) => (id.name.toLowerCase() === STATE_ACCOUNT ? stateAccount(id) : undefined),
  actions: {
    listkeys: ({ resource }) => ({
      status: 200,
      body: {
        keys: ['key1', 'key2'].map((keyName) => ({
          keyName,
          value: Buffer.from(digitsOf(`${keyName} of ${resource.id.key}`, 64)).toString('base64'),
          permissions: 'FULL',
        })),
      },
    }),
  },
};

/** Containers are made by Azure Resource Manager or by the account's own endpoint, and are the same ones. */
const containers: ArmKind = {
  type: 'microsoft.storage/storageaccounts/blobservices/containers',
  isStateless: true,
  etag: 'etag',
  complete: ({ body }) =>
    withProperties(body, { publicAccess: textAt(body, 'properties', 'publicAccess') ?? 'None' }),
  removed: ({ id }, lab) => {
    lab.containers.delete(containerKey(id));
  },
};

export const storage: readonly ArmKind[] = [accounts, containers];

/** The key under which the blobs of a container are kept. */
function containerKey(container: ArmId): string {
  const account = armId(armId(container.parent!).parent!);
  return `${account.name}/${container.name}`.toLowerCase();
}

function endpoints(name: string): ArmBody {
  const urls = PLANES.map((plane) => [plane, `https://${name.toLowerCase()}.${plane}.core.windows.net/`]);
  return { primaryEndpoints: Object.fromEntries(urls), statusOfPrimary: 'available' };
}

function stateAccount(id: ArmId): ArmBody {
  return {
    id: id.text,
    name: id.name,
    type: 'Microsoft.Storage/storageAccounts',
    kind: 'StorageV2',
    location: 'koreacentral',
    sku: { name: 'Standard_LRS', tier: 'Standard' },
    properties: { ...endpoints(id.name), provisioningState: 'Succeeded' },
  };
}

function serviceBody(id: ArmId, service: string): ArmBody {
  return { id: id.text, name: id.name, type: `Microsoft.Storage/storageAccounts/${service}`, properties: {} };
}
