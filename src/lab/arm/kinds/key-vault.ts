import { objectAt, textAt, valueAt, without, withProperties } from '../body.ts';
import { armId } from '../id.ts';
import type { ArmKind } from '../kind.ts';
import type { Lab } from '../lab.ts';
import type { ArmBody, ArmId } from '../resource.ts';

const VAULT = 'microsoft.keyvault/vaults';
const DAY_MS = 24 * 60 * 60 * 1000;

/** learn.microsoft.com, key-vault/general/soft-delete-overview, 2026-02: 90 days unless the vault says 7 to 90. */
const RETENTION_DAYS = 90;

const vaults: ArmKind = {
  type: VAULT,
  isLongRunning: true,
  isDeletedAtOnce: true,
  complete: ({ id, body }, lab, current) => {
    const { createMode, ...asked } = objectAt(body, 'properties');
    const deleted = createMode === 'recover' && !current ? lab.softDeleted.get(id.key) : undefined;
    const properties = deleted ? objectAt(deleted, 'properties') : asked;
    return withProperties(
      { ...without(deleted ?? {}, 'deletionDate'), ...body, properties },
      {
        vaultUri: `https://${id.name.toLowerCase()}.vault.azure.net/`,
        enableSoftDelete: true,
        softDeleteRetentionInDays: properties['softDeleteRetentionInDays'] ?? RETENTION_DAYS,
      },
    );
  },
  written: ({ id }, lab) => {
    lab.softDeleted.delete(id.key);
  },
  removed: ({ id, body }, lab, now) => {
    lab.softDeleted.set(id.key, { ...body, deletionDate: new Date(now).toISOString() });
  },
};

/** `…/locations/koreacentral/deletedVaults/kv`, where azurerm looks before it makes a vault of that name. */
const deletedVaults: ArmKind = {
  type: 'microsoft.keyvault/locations/deletedvaults',
  isLongRunning: true,
  virtual: (id, lab) => {
    const found = deletedVault(lab, id);
    return found && shown(id.text, found.key, found.body);
  },
  actions: {
    purge: ({ resource, lab }) => {
      const found = deletedVault(lab, resource.id)!;
      lab.softDeleted.delete(found.key);
      for (const key of lab.secrets.keys()) if (key.startsWith(`${found.key}/`)) lab.secrets.delete(key);
      return { meanwhile: {}, change: {} };
    },
  },
};

/** The same, of a whole subscription. */
const deletedVaultList: ArmKind = {
  type: 'microsoft.keyvault/deletedvaults',
  virtualList: (scope, _, lab) =>
    [...lab.softDeleted]
      .filter(([key]) => armId(key).type === VAULT && key.startsWith(`${scope.toLowerCase()}/`))
      .map(([key, body]) => {
        const place = `locations/${textAt(body, 'location') ?? 'global'}/deletedVaults/${armId(key).name}`;
        return shown(`${scope}/providers/Microsoft.KeyVault/${place}`, key, body);
      }),
};

export const keyVault: readonly ArmKind[] = [vaults, deletedVaults, deletedVaultList];

function deletedVault(
  lab: Lab,
  { name, subscription, text }: ArmId,
): { key: string; body: ArmBody } | undefined {
  const location = /\/locations\/([^/]+)\//i.exec(text)?.[1]?.toLowerCase();
  for (const [key, body] of lab.softDeleted) {
    const id = armId(key);
    const isIt =
      id.type === VAULT && id.name === name.toLowerCase() && id.subscription === subscription?.toLowerCase();
    if (isIt && textAt(body, 'location')?.toLowerCase() === location) return { key, body };
  }
  return undefined;
}

function shown(id: string, key: string, body: ArmBody): ArmBody {
  const deletionDate = textAt(body, 'deletionDate') ?? '';
  const days = Number(valueAt(body, 'properties', 'softDeleteRetentionInDays') ?? RETENTION_DAYS);
  return {
    id,
    name: armId(key).name,
    type: 'Microsoft.KeyVault/deletedVaults',
    properties: {
      vaultId: textAt(body, 'id') ?? key,
      location: body['location'],
      tags: body['tags'] ?? {},
      deletionDate,
      scheduledPurgeDate: new Date(Date.parse(deletionDate) + days * DAY_MS).toISOString(),
      ...(valueAt(body, 'properties', 'enablePurgeProtection') === true
        ? { purgeProtectionEnabled: true }
        : {}),
    },
  };
}
