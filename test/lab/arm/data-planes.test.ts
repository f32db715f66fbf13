import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { textAt } from '../../../src/lab/arm/body.ts';
import { GROUP, labUnderTest, type LabUnderTest } from './lab-under-test.ts';

const VAULT = `${GROUP}/providers/Microsoft.KeyVault/vaults/kv`;
const SECRET = 'https://kv.vault.azure.net/secrets/word';
const DELETED = 'https://kv.vault.azure.net/deletedsecrets/word';
const OFFICER = 'b86a8fe4-44ce-4948-aee5-eccb2c155cd7';
const USER = '4633458b-17de-408a-b874-0445c86b69e6';

/** What Entra gives a client, and who it is. */
function signedIn(lab: LabUnderTest): { readonly authorization: string; readonly oid: string } {
  const form = 'client_id=me&scope=https%3A%2F%2Fvault.azure.net%2F.default';
  const told = lab.told(200, 'POST', 'https://login.microsoftonline.com/common/oauth2/v2.0/token', form);
  const token = String(told['access_token']);
  const claims = JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString('utf8')) as Record<
    string,
    unknown
  >;
  assert.equal(claims['appid'], 'me');
  assert.equal(claims['aud'], 'https://vault.azure.net');
  assert.ok(Number(claims['exp']) * 1000 > lab.clock.now);
  return { authorization: `Bearer ${token}`, oid: String(claims['oid']) };
}

describe('secrets', () => {
  function withVault(properties: object = {}) {
    const lab = labUnderTest();
    lab.told(201, 'PUT', VAULT, { location: 'koreacentral', properties });
    const { authorization, oid } = signedIn(lab);
    const ask = (method: string, address: string, body?: unknown) =>
      lab.ask(method, address, { headers: { authorization }, body });
    return { lab, oid, ask };
  }

  test('who brings no token is told where to get one', () => {
    const { lab } = withVault();
    const { status, headers } = lab.ask('PUT', `${SECRET}?api-version=7.4`);
    assert.equal(status, 401);
    assert.match(
      headers!['www-authenticate']!,
      /^Bearer authorization="https:\/\/login\.microsoftonline\.com\//,
    );
  });

  test('a secret has versions on the host of its vault', () => {
    const { ask } = withVault();
    const first = ask('PUT', SECRET, { value: 'one', contentType: 'text' });
    assert.match(textAt(first.body, 'id')!, /^https:\/\/kv\.vault\.azure\.net\/secrets\/word\/[0-9a-f]{32}$/);
    ask('PUT', SECRET, { value: 'two' });
    assert.equal(textAt(ask('GET', SECRET).body, 'value'), 'two');
    assert.equal(textAt(ask('GET', textAt(first.body, 'id')!).body, 'value'), 'one');
    assert.equal(textAt(ask('GET', textAt(first.body, 'id')!).body, 'contentType'), 'text');
    assert.equal(ask('GET', 'https://kv.vault.azure.net/secrets/other').status, 404);
    assert.equal(ask('GET', 'https://nobody.vault.azure.net/secrets/word').status, 404);
    assert.equal(ask('GET', 'https://kv.vault.azure.net/certificates/contacts').status, 404);
    assert.equal(ask('PUT', SECRET, {}).status, 400);
  });

  test('a deleted secret keeps its name until it is recovered or purged', () => {
    const { ask } = withVault();
    ask('PUT', SECRET, { value: 'one' });
    assert.equal(ask('GET', DELETED).status, 404);
    assert.equal(textAt(ask('DELETE', SECRET).body, 'recoveryId'), DELETED);
    assert.equal(ask('GET', SECRET).status, 404);
    assert.equal(ask('GET', DELETED).status, 200);
    assert.equal(ask('PUT', SECRET, { value: 'two' }).status, 409);
    assert.equal(ask('POST', `${DELETED}/recover`).status, 200);
    assert.equal(textAt(ask('GET', SECRET).body, 'value'), 'one');
    ask('DELETE', SECRET);
    assert.equal(ask('DELETE', DELETED).status, 204);
    assert.equal(ask('GET', DELETED).status, 404);
    assert.equal(ask('PUT', SECRET, { value: 'two' }).status, 200);
  });

  test('the firewall lets in whom it lists', () => {
    const acl = (ipRules: readonly object[]) =>
      withVault({ networkAcls: { defaultAction: 'Deny', ipRules } });
    assert.equal(acl([]).ask('PUT', SECRET, { value: 'x' }).status, 403);
    assert.equal(acl([{ value: '203.0.113.0/24' }]).ask('PUT', SECRET, { value: 'x' }).status, 200);
    assert.equal(acl([{ value: '203.0.113.10' }]).ask('PUT', SECRET, { value: 'x' }).status, 200);
    const { status, body } = withVault({ publicNetworkAccess: 'Disabled' }).ask('GET', SECRET);
    assert.equal(status, 403);
    assert.match(JSON.stringify(body), /ForbiddenByFirewall/);
  });

  test('roles on the vault or above it let one write and read', () => {
    const { lab, oid, ask } = withVault({ enableRbacAuthorization: true });
    assert.match(JSON.stringify(ask('PUT', SECRET, { value: 'x' }).body), /ForbiddenByRbac/);
    const grant = (scope: string, role: string): void => {
      const id = `${scope}/providers/Microsoft.Authorization/roleAssignments/${role}`;
      lab.told(200, 'PUT', id, { properties: { principalId: oid, roleDefinitionId: `/x/${role}` } });
    };
    grant(VAULT, USER);
    assert.equal(ask('PUT', SECRET, { value: 'x' }).status, 403);
    assert.equal(ask('GET', SECRET).status, 404);
    grant(GROUP, OFFICER);
    assert.equal(ask('PUT', SECRET, { value: 'x' }).status, 200);
  });
});

describe('blobs', () => {
  const container = 'https://bulkheadlab.blob.core.windows.net/tfstate';
  const blob = `${container}/fleet/demo.tfstate`;

  test('the state of a root is kept, with metadata, in a container that nobody has to make', () => {
    const lab = labUnderTest();
    assert.equal(lab.ask('GET', blob).status, 404);
    const headers = { 'x-ms-meta-terraformlockid': 'abc', 'x-ms-blob-content-type': 'application/json' };
    assert.equal(lab.ask('PUT', blob, { body: '{"a":1}', headers }).status, 201);
    const read = lab.ask('GET', blob);
    assert.equal(String(read.body), '{"a":1}');
    assert.equal(read.headers?.['x-ms-meta-terraformlockid'], 'abc');
    assert.equal(lab.ask('HEAD', blob).headers?.['content-length'], '7');
    lab.ask('PUT', `${blob}?comp=metadata`, { headers: { 'x-ms-meta-other': 'x' } });
    assert.equal(lab.ask('HEAD', blob).headers?.['x-ms-meta-terraformlockid'], undefined);
    const list = lab.ask('GET', `${container}?restype=container&comp=list&prefix=fleet`);
    assert.match(String(list.body), /<Name>fleet\/demo\.tfstate<\/Name>/);
    assert.equal(lab.ask('DELETE', blob).status, 202);
    assert.equal(lab.ask('GET', blob).status, 404);
  });

  test('a lease keeps others from writing, and ends when it is released', () => {
    const lab = labUnderTest();
    lab.ask('PUT', blob, { body: '1' });
    const lease = (action: string, more: Readonly<Record<string, string>> = {}) =>
      lab.ask('PUT', `${blob}?comp=lease`, { headers: { 'x-ms-lease-action': action, ...more } });
    const taken = lease('acquire', { 'x-ms-proposed-lease-id': 'mine' });
    assert.equal(taken.headers?.['x-ms-lease-id'], 'mine');
    assert.equal(lab.ask('HEAD', blob).headers?.['x-ms-lease-status'], 'locked');
    assert.equal(lease('acquire', { 'x-ms-proposed-lease-id': 'yours' }).status, 409);
    assert.equal(lab.ask('PUT', blob, { body: '2' }).status, 412);
    assert.equal(lab.ask('PUT', blob, { body: '2', headers: { 'x-ms-lease-id': 'yours' } }).status, 412);
    assert.equal(lab.ask('PUT', blob, { body: '2', headers: { 'x-ms-lease-id': 'mine' } }).status, 201);
    assert.equal(lab.ask('DELETE', blob).status, 412);
    assert.equal(lease('release', { 'x-ms-lease-id': 'yours' }).status, 409);
    assert.equal(lease('release', { 'x-ms-lease-id': 'mine' }).status, 200);
    assert.equal(lab.ask('DELETE', blob).status, 202);
  });

  test('containers are those of accounts, made here or by Resource Manager', () => {
    const lab = labUnderTest();
    const account = `${GROUP}/providers/Microsoft.Storage/storageAccounts/acc`;
    assert.equal(lab.ask('PUT', 'https://acc.blob.core.windows.net/c?restype=container').status, 404);
    const told = lab.told(200, 'PUT', account, { location: 'koreacentral' });
    assert.equal(
      textAt(told, 'properties', 'primaryEndpoints', 'blob'),
      'https://acc.blob.core.windows.net/',
    );
    lab.told(200, 'GET', `${account}/blobServices/default`);
    assert.equal(lab.ask('PUT', 'https://acc.blob.core.windows.net/c?restype=container').status, 201);
    assert.equal(lab.ask('PUT', 'https://acc.blob.core.windows.net/c?restype=container').status, 409);
    lab.told(200, 'PUT', `${account}/blobServices/default/containers/d`, {});
    assert.equal(lab.ask('PUT', 'https://acc.blob.core.windows.net/d/b', { body: 'x' }).status, 201);
    lab.ask('DELETE', `${account}/blobServices/default/containers/d`);
    assert.equal(lab.ask('GET', 'https://acc.blob.core.windows.net/d/b').status, 404);
    assert.equal(lab.ask('GET', 'https://acc.blob.core.windows.net/c/b').status, 404);
  });
});
