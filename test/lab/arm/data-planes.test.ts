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

test('the directory says what MSAL asks before it sends a secret', () => {
  const lab = labUnderTest();
  const login = 'https://login.microsoftonline.com';
  const asked = `${login}/common/discovery/instance?api-version=1.1&authorization_endpoint=x`;
  const { tenant_discovery_endpoint: place, metadata } = lab.told(200, 'GET', asked);
  assert.match(JSON.stringify(metadata), /"preferred_network":"login\.microsoftonline\.com"/);
  const told = lab.told(200, 'GET', String(place));
  for (const name of ['issuer', 'token_endpoint', 'authorization_endpoint', 'jwks_uri']) {
    assert.match(String(told[name]), new RegExp(`^${login}/`), name);
  }
});

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

  test('a list has pages, and names that are there', () => {
    const { ask } = withVault();
    for (let count = 10; count < 40; count += 1) {
      ask('PUT', `https://kv.vault.azure.net/secrets/word${count}`, { value: 'x' });
    }
    ask('DELETE', 'https://kv.vault.azure.net/secrets/word11');
    const first = ask('GET', 'https://kv.vault.azure.net/secrets?api-version=7.6').body as Record<
      string,
      unknown
    >;
    const next = ask('GET', String(first['nextLink'])).body as Record<string, unknown>;
    const ids = [first, next].flatMap(({ value }) => value as { readonly id: string }[]).map(({ id }) => id);
    assert.equal(ids.length, 29);
    assert.equal(ids[0], 'https://kv.vault.azure.net/secrets/word10');
    assert.equal(next['nextLink'], null);
    const closed = withVault({ publicNetworkAccess: 'Disabled' });
    assert.equal(closed.ask('GET', 'https://kv.vault.azure.net/secrets').status, 403);
  });

  test('a token ends: the vault says where the next one is, others that it has', () => {
    const { lab, ask } = withVault();
    assert.equal(ask('PUT', SECRET, { value: 'x' }).status, 200);
    const { authorization } = signedIn(lab);
    const headers = { authorization };
    assert.equal(lab.ask('GET', GROUP, { headers }).status, 404);
    lab.clock.now += 60 * 60 * 1000;
    const late = ask('GET', SECRET);
    assert.equal(late.status, 401);
    assert.match(late.headers!['www-authenticate']!, /resource="https:\/\/vault\.azure\.net"/);
    assert.match(JSON.stringify(lab.ask('GET', GROUP, { headers }).body), /ExpiredAuthenticationToken/);
    assert.equal(
      lab.ask('GET', 'https://bulkheadlab.blob.core.windows.net/tfstate/x', { headers }).status,
      401,
    );
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

  /** `lease('acquire', { duration: '60' })` */
  const leasing = (lab: LabUnderTest) => {
    lab.ask('PUT', blob, { body: '1' });
    return (action: string, more: Readonly<Record<string, string>> = {}) => {
      const own = Object.entries(more).map(([name, value]) => [`x-ms-lease-${name}`, value]);
      const headers = { 'x-ms-lease-action': action, ...Object.fromEntries(own) } as Record<string, string>;
      const { status, headers: told } = lab.ask('PUT', `${blob}?comp=lease`, { headers });
      return [status, told?.['x-ms-error-code'] ?? told?.['x-ms-lease-id']];
    };
  };
  const mine = { id: 'mine' };
  const stateOf = (lab: LabUnderTest): unknown => lab.ask('HEAD', blob).headers?.['x-ms-lease-state'];

  test('a lease with an end ends by the clock of the lab, unless it is renewed', () => {
    const lab = labUnderTest();
    const lease = leasing(lab);
    const { headers } = lab.ask('PUT', `${blob}?comp=lease`, {
      headers: {
        'x-ms-lease-action': 'acquire',
        'x-ms-lease-duration': '60',
        'x-ms-proposed-lease-id': 'mine',
      },
    });
    assert.equal(headers?.['x-ms-lease-id'], 'mine');
    lab.clock.now += 59_000;
    assert.deepEqual(lease('acquire', { duration: '60' }), [409, 'LeaseAlreadyPresent']);
    assert.deepEqual(lease('renew', { id: 'yours' }), [409, 'LeaseIdMismatchWithLeaseOperation']);
    assert.deepEqual(lease('renew', mine), [200, 'mine']);
    lab.clock.now += 59_000;
    assert.equal(stateOf(lab), 'leased');
    lab.clock.now += 1000;
    assert.equal(stateOf(lab), 'expired');
    // Nobody was there in between.
    assert.deepEqual(lease('renew', mine), [200, 'mine']);
    lab.clock.now += 60_000;
    assert.equal(lab.ask('PUT', blob, { body: '2', headers: { 'x-ms-lease-id': 'mine' } }).status, 412);
    lab.clock.now += 1;
    assert.equal(lab.ask('PUT', blob, { body: '2' }).status, 201);
    assert.deepEqual(lease('renew', mine), [409, 'LeaseIdMismatchWithLeaseOperation']);
    assert.equal(lease('acquire', { duration: '15' })[0], 201);
  });

  test('a lease is taken for 15 to 60 seconds, or without an end', () => {
    const lease = leasing(labUnderTest());
    for (const duration of ['0', '14', '61', '-2', 'x']) {
      assert.deepEqual(lease('acquire', { duration }), [400, 'InvalidHeaderValue'], duration);
    }
    assert.equal(lease('acquire', { duration: '-1' })[0], 201);
    assert.deepEqual(lease('change'), [400, 'InvalidHeaderValue']);
  });

  test('a lease that is broken ends, and is never renewed', () => {
    const lab = labUnderTest();
    const lease = leasing(lab);
    assert.deepEqual(lease('break'), [409, 'LeaseNotPresentWithLeaseOperation']);
    const [, id] = lease('acquire', { duration: '60' });
    const own = { id: String(id) };
    assert.equal(lease('break')[0], 202);
    assert.equal(stateOf(lab), 'breaking');
    assert.deepEqual(lease('renew', own), [409, 'LeaseIsBrokenAndCannotBeRenewed']);
    assert.deepEqual(lease('acquire'), [409, 'LeaseAlreadyPresent']);
    lab.clock.now += 60_000;
    assert.equal(stateOf(lab), 'broken');
    assert.equal(lease('acquire')[0], 201);
    // One without an end breaks at once.
    assert.equal(lease('break')[0], 202);
    assert.equal(stateOf(lab), 'broken');
    const write = lab.ask('PUT', blob, { body: '2', headers: { 'x-ms-lease-id': String(id) } });
    assert.equal(write.status, 412);
  });

  test('a blob is made once by those who ask for a new one', () => {
    const lab = labUnderTest();
    const make = () => lab.ask('PUT', blob, { headers: { 'if-none-match': '*' } }).status;
    assert.deepEqual([make(), make()], [201, 409]);
    leasing(lab)('acquire', { duration: '60' });
    assert.equal(make(), 412);
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
