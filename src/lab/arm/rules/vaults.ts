import { textAt, valueAt } from '../body.ts';
import type { ArmBody } from '../resource.ts';
import type { ArmRule } from '../rule.ts';
import { isSame, numberAt } from './body-values.ts';
import { whenAsked, whenWritten } from './judgement.ts';
import { CODE_ASSUMED, REPORTS, STATUS_ASSUMED, github, learn, sources } from './sources.ts';

const VAULT = 'microsoft.keyvault/vaults';
const DELETED_VAULT = 'microsoft.keyvault/locations/deletedvaults';

const ERRORS = learn('key-vault/general/common-error-codes', '2026-08');

const nameIsFree: ArmRule = {
  id: 'vault-name-is-free',
  source: sources(ERRORS, REPORTS),
  types: [VAULT],
  check: whenWritten((_body, { id }, { store }) => {
    const other = store
      .ofType(VAULT)
      .find((vault) => isSame(vault.id.name, id.name) && vault.id.key !== id.key);
    if (other === undefined) return undefined;
    const message = `The vault name ${id.name} is taken; vault names are global.`;
    return { status: 409, code: 'VaultAlreadyExists', message };
  }),
};

const nameIsNotHeld: ArmRule = {
  id: 'vault-name-is-not-held',
  source: github('Azure/azure-cli/issues/29115', '2024-06-06'),
  types: [VAULT],
  check: whenWritten((body, { id, current }, { softDeleted }) => {
    const held = [...softDeleted.keys()].find((key) => key.split('/').at(-1) === id.name.toLowerCase());
    const recovers = isSame(textAt(body, 'properties', 'createMode'), 'recover');
    if (held === undefined || current !== undefined || (recovers && held === id.key)) return undefined;
    const message = `A vault of the name ${id.name} exists in deleted state; recover it or purge it.`;
    return { status: 409, code: 'ConflictError', message };
  }),
};

const protectedVaultsAreNotPurged: ArmRule = {
  id: 'protected-vaults-are-not-purged',
  source: sources(
    github('microsoft/AzureTRE/issues/1760', '2022-05-01'),
    github('Azure/azure-sdk-tools/pull/9329', '2024-11-05'),
    STATUS_ASSUMED,
    CODE_ASSUMED,
  ),
  types: [DELETED_VAULT],
  check: whenAsked(['purge'], ({ id }, { softDeleted }) => {
    const held = [...softDeleted].find(([key]) => key.split('/').at(-1) === id.name.toLowerCase());
    if (valueAt(held?.[1], 'properties', 'enablePurgeProtection') !== true) return undefined;
    const message = `Purge protection is on: ${id.name} goes when its retention has passed, and not before.`;
    return { status: 403, code: 'Forbidden', message };
  }),
};

const protectionIsNotTurnedOff: ArmRule = {
  id: 'purge-protection-is-never-false',
  source: `${github('Azure/azure-cli/issues/28732', '2024-04-11')}: not even of a new vault`,
  types: [VAULT],
  check: whenWritten((body) => {
    if (valueAt(body, 'properties', 'enablePurgeProtection') !== false) return undefined;
    const message = 'The property enablePurgeProtection cannot be set to false; protection cannot be undone.';
    return { status: 400, code: 'BadRequest', message };
  }),
};

const retentionStays: ArmRule = {
  id: 'vault-retention-stays',
  source: sources('azurerm 5.2.0, key_vault documentation', CODE_ASSUMED),
  types: [VAULT],
  check: whenWritten((body, { current }) => {
    const days = (of: ArmBody | undefined): number | undefined =>
      numberAt(of, 'properties', 'softDeleteRetentionInDays');
    const [before, after] = [days(current), days(body)];
    if (before === undefined || after === undefined || before === after) return undefined;
    const message = `The property softDeleteRetentionInDays is ${before} and cannot be changed to ${after}.`;
    return { status: 400, code: 'BadRequest', message };
  }),
};

export const vaultRules: readonly ArmRule[] = [
  nameIsFree,
  nameIsNotHeld,
  protectedVaultsAreNotPurged,
  protectionIsNotTurnedOff,
  retentionStays,
];
