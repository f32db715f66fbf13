import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StepError } from '../../../src/base/step-error.ts';
import { mayDo } from '../../../src/deploy/preflight/grants.ts';
import { suffixOf } from '../../../src/model/names.ts';
import type { AzureAnswers } from '../fake-world.ts';
import {
  type Change,
  CLUSTERS,
  clustersThere,
  ids,
  PERMISSIONS,
  platformUnderTest,
  PROVIDERS,
  REGISTERED,
  registrations,
  SUBSCRIPTION,
  told,
} from './sound-run.ts';

const CONTRIBUTOR = {
  actions: ['*'],
  notActions: ['Microsoft.Authorization/*/Delete', 'Microsoft.Authorization/*/Write'],
};
const ASSIGNER = { actions: ['Microsoft.Authorization/roleAssignments/write', '*/read'] };
const READER = { actions: ['*/read'] };

describe('permissions', () => {
  it('are those of one role or the other', () => {
    const write = 'Microsoft.Authorization/roleAssignments/write';
    assert.ok(!mayDo([], write));
    assert.ok(!mayDo([CONTRIBUTOR], write));
    assert.ok(mayDo([CONTRIBUTOR, ASSIGNER], write));
    assert.ok(mayDo([{ actions: ['microsoft.authorization/roleassignments/*'] }], write));
    assert.ok(!mayDo([{ actions: ['MicrosoftXAuthorization/roleAssignments/write'] }], write));
    assert.ok(!mayDo([{ actions: ['Microsoft.Authorization/*/read'] }], write));
  });

  it('are refused by name where they are known not to suffice', async () => {
    const [refusal, ...others] = await told({ answers: { [PERMISSIONS]: [CONTRIBUTOR] } });
    assert.deepEqual(others, []);
    assert.equal(refusal!.severity, 'error');
    assert.match(refusal!.message, /^you may not assign roles in the subscription .*roleAssignments\/write$/);
    const [reader] = await told({ answers: { [PERMISSIONS]: [READER] } });
    assert.match(reader!.message, /^you may not make resource groups, make clusters and assign roles in/);
    assert.deepEqual(await told({ answers: { [PERMISSIONS]: [CONTRIBUTOR, ASSIGNER] } }), []);
  });

  it('are a warning where the fleet is there', async () => {
    const there = clustersThere(platformUnderTest());
    const answers = { [PERMISSIONS]: [CONTRIBUTOR], [CLUSTERS]: there };
    assert.deepEqual(ids(await told({ answers })), ['warning permissions']);
    const grown = { ...answers, [CLUSTERS]: there.slice(1) };
    assert.deepEqual(ids(await told({ answers: grown })), ['error permissions']);
    const hidden = { ...answers, [CLUSTERS]: new StepError('403') };
    assert.deepEqual(ids(await told({ answers: hidden }))[0], 'error permissions');
  });
});

describe('resource providers', () => {
  const but = (stateByName: Readonly<Record<string, string>>): AzureAnswers => ({
    [REGISTERED]: registrations(stateByName),
  });

  it('are silent where Terraform registers them', async () => {
    assert.deepEqual(
      await told({ answers: but({ Insights: 'NotRegistered', KeyVault: 'Registering' }) }),
      [],
    );
  });

  it('are refused where the caller may not register them', async () => {
    const answers = {
      ...but({ Insights: 'NotRegistered', KeyVault: 'Unregistered' }),
      [PERMISSIONS]: [
        { actions: ['*'], notActions: ['*/register/action'] },
        { actions: ['Microsoft.Authorization/*/write'] },
      ],
    };
    const [refusal, ...others] = await told({ answers });
    assert.deepEqual(others, []);
    assert.equal(refusal!.severity, 'error');
    assert.match(
      refusal!.message,
      /^Microsoft\.Insights and Microsoft\.KeyVault are not registered in .*you may not/,
    );
    assert.match(refusal!.advice, /az provider register --wait --namespace Microsoft\.KeyVault/);
  });

  it('count that of the store of the states, where that is in Azure', async () => {
    const mayNot = { [PERMISSIONS]: [{ actions: ['*'], notActions: ['Microsoft.Storage/register/action'] }] };
    const answers = { ...but({ Storage: 'NotRegistered' }), ...mayNot };
    const [refusal, ...others] = await told({ answers });
    assert.deepEqual(others, []);
    assert.match(refusal!.message, /^Microsoft\.Storage is not registered in .* you may not/);
    assert.deepEqual(await told({ answers, deployment: { stateStore: { kind: 'local' } } }), []);
    assert.deepEqual(await told({ answers: but({ Storage: 'NotRegistered' }) }), []);
  });
});

describe('global names', () => {
  const { names } = platformUnderTest();
  const suffix = suffixOf(names, SUBSCRIPTION);
  const group = `/subscriptions/${SUBSCRIPTION}/resourceGroups/${names.resourceGroup}/providers`;
  const stateGroup = group.replace(names.resourceGroup, names.stateResourceGroup);
  const vault = `${names.vaultPrefix}${suffix}`;
  const vaultId = `${group}/Microsoft.KeyVault/vaults/${vault}`;
  const deletedVaults = `LIST ${PROVIDERS}/Microsoft.KeyVault/deletedVaults`;
  const deletedWorkspaces = `LIST ${PROVIDERS}/Microsoft.OperationalInsights/deletedWorkspaces`;
  const isTaken = { nameAvailable: false, reason: 'AlreadyExists', message: 'It is in use.' };
  const checks = ['KeyVault', 'ContainerRegistry', 'Storage'].map(
    (name) => `POST ${PROVIDERS}/Microsoft.${name}/checkNameAvailability`,
  );
  const allTaken = Object.fromEntries(checks.map((check) => [check, isTaken]));

  it('are refused where somebody else has them', async () => {
    const refusals = await told({ answers: allTaken });
    assert.deepEqual(ids(refusals), ['error vault-name', 'error registry-name', 'error state-account-name']);
    assert.equal(
      refusals[0]!.message,
      `the name ${vault} of the vault is taken by somebody else: It is in use`,
    );
    const [, , ...local] = await told({ answers: allTaken, deployment: { stateStore: { kind: 'local' } } });
    assert.deepEqual(local, []);
  });

  it('are ours where our own resource has them', async () => {
    const own = {
      [`GET ${vaultId}`]: {},
      [`GET ${group}/Microsoft.ContainerRegistry/registries/${names.registryPrefix}${suffix}`]: {},
      [`GET ${stateGroup}/Microsoft.Storage/storageAccounts/${names.statePrefix}${suffix}`]: {},
    };
    assert.deepEqual(await told({ answers: { ...allTaken, ...own } }), []);
  });

  it('are asked for with name and type', async () => {
    const sent: unknown[] = [];
    const asked = (body: unknown): object => {
      sent.push(body);
      return { nameAvailable: true };
    };
    assert.deepEqual(await told({ answers: Object.fromEntries(checks.map((check) => [check, asked])) }), []);
    assert.deepEqual(sent[0], {
      name: `${names.registryPrefix}${suffix}`,
      type: 'Microsoft.ContainerRegistry/registries',
    });
    assert.equal(sent.length, 3);
  });

  const deleted = (properties: object): AzureAnswers => ({
    ...allTaken,
    [checks[1]!]: undefined,
    [checks[2]!]: undefined,
    [deletedVaults]: [
      { name: 'other', properties: { location: 'koreacentral' } },
      {
        name: vault.toUpperCase(),
        properties: {
          vaultId: vaultId.toLowerCase(),
          location: 'Korea Central',
          scheduledPurgeDate: '2026-11-29T12:00:00Z',
          ...properties,
        },
      },
    ],
  });

  it('come back with a deleted vault of ours, which is told', async () => {
    const [refusal, ...others] = await told({ answers: deleted({}) });
    assert.deepEqual(others, []);
    assert.equal(refusal!.severity, 'warning');
    assert.match(refusal!.message, /was deleted and comes back with the secrets/);
    assert.match(refusal!.advice, new RegExp(`az keyvault purge --name ${vault} --location koreacentral$`));
  });

  it('are held by a deleted vault of another group or region', async () => {
    const [region] = await told({ answers: deleted({ location: 'eastus' }) });
    assert.equal(region!.severity, 'error');
    assert.match(region!.message, /was deleted in eastus and keeps the name until 2026-11-29$/);
    assert.match(region!.advice, /az keyvault purge --name .* --location eastus$/);
    const [group] = await told({ answers: deleted({ vaultId: '/other' }) });
    assert.match(group!.message, /was deleted from another resource group \(\/other\)/);
    const [kept] = await told({ answers: deleted({ vaultId: '/other', purgeProtectionEnabled: true }) });
    assert.match(kept!.advice, /purge protection: wait until 2026-11-29/);
  });

  it('come back with a deleted log workspace of ours, or are held in another region', async () => {
    const id = `${group}/microsoft.operationalinsights/workspaces/${names.logWorkspace}`;
    const at = (location: string): Change => ({ answers: { [deletedWorkspaces]: [{ id, location }] } });
    assert.deepEqual(ids(await told(at('koreacentral'))), ['warning log-workspace-name']);
    assert.deepEqual(ids(await told(at('East US'))), ['error log-workspace-name']);
    const elsewhere = { [deletedWorkspaces]: [{ id: id.replace('rg-', 'rg-x'), location: 'eastus' }] };
    assert.deepEqual(await told({ answers: elsewhere }), []);
    const observability = { logs: { dailyCapGB: 0, retentionDays: 30 } };
    assert.deepEqual(await told({ ...at('eastus'), fleet: { observability } }), []);
  });
});

describe('the address of this machine', () => {
  const { names } = platformUnderTest();
  const vault = `${names.vaultPrefix}${suffixOf(names, SUBSCRIPTION)}`;
  const group = `/subscriptions/${SUBSCRIPTION}/resourceGroups/${names.resourceGroup}`;
  const id = `${group}/providers/Microsoft.KeyVault/vaults/${vault}`;
  const vaultUri = `https://${vault}.vault.azure.net/`;
  const answers = { [`GET ${id}`]: { properties: { vaultUri } } };
  const refusing = (message: string): Change => ({
    answers,
    ports: {
      vault: {
        list: async (uri: string) => {
          assert.equal(uri, vaultUri);
          throw new StepError(message);
        },
      } as never,
    },
  });
  const denial = (address: string): string =>
    `Client address is not authorized and caller is not a trusted service.\nClient address: ${address}\nCaller: a`;

  it('is refused where the vault turns it away and no operator has it', async () => {
    const [refusal, ...others] = await told(refusing(denial('198.51.100.7')));
    assert.deepEqual(others, []);
    assert.deepEqual(refusal, {
      id: 'caller-address',
      severity: 'error',
      message:
        'this machine has the address 198.51.100.7, and operators.ipRanges lets in 203.0.113.0/24: vault and API ' +
        'servers turn it away',
      advice: 'write 198.51.100.7/32 to operators.ipRanges, or run from an address that is there',
    });
  });

  it('is silent where it is an operator, is let in, or is not told', async () => {
    assert.deepEqual(await told(refusing(denial('203.0.113.9'))), []);
    assert.deepEqual(await told(refusing('the caller has no role (403)')), []);
    assert.deepEqual(await told({ answers, ports: { vault: { list: async () => [] } as never } }), []);
  });
});
