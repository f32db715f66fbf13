import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openArm } from '../../../src/adapters/azure/arm.ts';
import type { AzureRefusal } from '../../../src/adapters/azure/refusal.ts';
import { StepError } from '../../../src/base/step-error.ts';
import { NOON } from '../../lab/arm/lab-under-test.ts';
import { clockOf, scripted, SIGNAL, signedIn, type Told } from './transports.ts';

const ROOT = 'https://management.azure.com';
const GROUP = '/subscriptions/s/resourceGroups/rg';
const NAT = `${GROUP}/providers/Microsoft.Network/natGateways/app1`;
const OPERATION = `${ROOT}/subscriptions/s/providers/Microsoft.Network/locations/x/operations/1`;
const RESULT = `${ROOT}/subscriptions/s/providers/Microsoft.Network/locations/x/operationResults/1`;

function armThat(...answers: readonly Told[]) {
  const { transport, asked, requests } = scripted(...answers);
  const clock = clockOf({ clock: { now: NOON } });
  const arm = openArm(signedIn(), { transport, ...clock });
  return { arm, requests, waits: clock.waits, asked: () => asked.map((each) => each.replace(ROOT, '')) };
}

const state = (provisioningState: string): object => ({
  status: 200,
  body: { properties: { provisioningState } },
});
const inProgress = { status: 200, body: { status: 'InProgress' } };
const succeeded = { status: 200, body: { status: 'Succeeded' } };
const refusalOf = (error: unknown): AzureRefusal => (error as StepError).cause as AzureRefusal;

describe('reading', () => {
  it('finds nothing where there is nothing', async () => {
    const { arm, asked } = armThat({ status: 404 }, { status: 404 });
    assert.equal(await arm.get(NAT, '2025-01-01', SIGNAL), undefined);
    assert.deepEqual(await arm.list(`${GROUP}/resources`, '2025-01-01', SIGNAL), []);
    assert.equal(asked()[0], `GET ${NAT}?api-version=2025-01-01`);
  });

  it('goes through all pages, with the query that was given', async () => {
    const more = `${ROOT}${GROUP}/resources?$skiptoken=x`;
    const { arm, asked } = armThat(
      { status: 200, body: { value: [1, 2], nextLink: more } },
      { status: 200, body: { value: [3] } },
    );
    assert.deepEqual(await arm.list(`${GROUP}/resources?$filter=a`, '1', SIGNAL), [1, 2, 3]);
    assert.deepEqual(asked(), [
      `GET ${GROUP}/resources?$filter=a&api-version=1`,
      `GET ${more.replace(ROOT, '')}`,
    ]);
  });

  it('takes the token to no other host', async () => {
    const page = {
      status: 200,
      body: { value: [], nextLink: 'https://management.azure.com.evil.example/x' },
    };
    const { arm } = armThat(page);
    await assert.rejects(arm.list(GROUP, '1', SIGNAL), /its next page is at a strange address/);
  });

  it('tells a refusal in the words of Azure, and what to do', async () => {
    const error = { code: 'AuthorizationFailed', message: "The client 'x' does not have authorization." };
    const { arm } = armThat({ status: 403, body: { error } });
    await assert.rejects(arm.get(NAT, '1', SIGNAL), (told: unknown) => {
      assert.ok(told instanceof StepError);
      assert.equal(
        told.message,
        "reading Microsoft.Network/natGateways/app1 was refused (403 AuthorizationFailed): The client 'x' does not have authorization.",
      );
      assert.match(told.advice!, /role/);
      assert.deepEqual(refusalOf(told), { status: 403, ...error });
      return true;
    });
    const page = armThat({ status: 400, body: '<html>a proxy</html>' });
    await assert.rejects(page.arm.get(GROUP, '1', SIGNAL), {
      message: 'reading resourceGroups/rg was refused (400): <html>a proxy</html>',
    });
  });
});

describe('writing', () => {
  it('ends with the answer where that is all', async () => {
    const { arm, waits, requests } = armThat(
      { status: 201, body: { id: 'x' } },
      { status: 204 },
      { status: 200, body: { a: 1 } },
    );
    assert.deepEqual(await arm.put(NAT, '1', { location: 'k' }, SIGNAL), { id: 'x' });
    await arm.delete(NAT, '1', SIGNAL);
    assert.deepEqual(await arm.post(`${NAT}/list`, '1', undefined, SIGNAL), { a: 1 });
    assert.deepEqual(waits, []);
    assert.deepEqual(
      requests.map(({ body }) => body),
      ['{"location":"k"}', undefined, undefined],
    );
  });

  it('follows Azure-AsyncOperation, as often as Azure asks', async () => {
    const headers = { 'azure-asyncoperation': OPERATION, location: RESULT, 'retry-after': '15' };
    const { arm, asked, waits } = armThat(
      { status: 201, headers, body: { properties: { provisioningState: 'Creating' } } },
      { ...inProgress, headers: { 'retry-after': '300' } },
      inProgress,
      succeeded,
      state('Succeeded') as Told,
    );
    assert.deepEqual(await arm.put(NAT, '1', {}, SIGNAL), { properties: { provisioningState: 'Succeeded' } });
    assert.deepEqual(waits, [15_000, 60_000, 5000]);
    assert.equal(asked().at(-1), `GET ${NAT}?api-version=1`);
  });

  it('follows Location, which may move', async () => {
    const { arm, asked } = armThat(
      { status: 202, headers: { location: RESULT } },
      { status: 202, headers: { location: `${RESULT}b` } },
      { status: 200, body: { kubeconfigs: [] } },
    );
    assert.deepEqual(await arm.post(`${NAT}/rotate`, '1', undefined, SIGNAL), { kubeconfigs: [] });
    assert.equal(`${ROOT}${asked().at(-1)!.slice(4)}`, `${RESULT}b`);
    const gone = armThat({ status: 202, headers: { location: RESULT } }, { status: 404 });
    await gone.arm.delete(NAT, '1', SIGNAL);
  });

  it('gives what an action gave in the end', async () => {
    const headers = { 'azure-asyncoperation': OPERATION, location: RESULT };
    const { arm } = armThat({ status: 202, headers }, succeeded, { status: 200, body: { b: 2 } });
    assert.deepEqual(await arm.post(`${NAT}/run`, '1', {}, SIGNAL), { b: 2 });
    const plain = armThat({ status: 202, headers: { 'azure-asyncoperation': OPERATION } }, succeeded);
    assert.equal(await plain.arm.post(`${NAT}/start`, '1', undefined, SIGNAL), undefined);
  });

  it('looks at the resource where there is nothing else to follow', async () => {
    const { arm, waits } = armThat(
      state('Updating') as Told,
      state('Updating') as Told,
      { status: 404 },
      state('Succeeded') as Told,
    );
    await arm.put(NAT, '1', {}, SIGNAL);
    assert.deepEqual(waits, [5000, 5000]);
    const deleted = armThat({ status: 202 }, state('Deleting') as Told, { status: 404 });
    await deleted.arm.delete(NAT, '1', SIGNAL);
    // An operation that Azure has forgotten.
    const headers = { 'azure-asyncoperation': OPERATION };
    const forgotten = armThat({ status: 201, headers }, { status: 404 }, state('Succeeded') as Told);
    await forgotten.arm.put(NAT, '1', {}, SIGNAL);
  });

  it('says why an operation failed', async () => {
    const details = [{ code: 'SkuNotAvailable', message: 'No capacity.' }];
    const error = { code: 'ZonalAllocationFailed', message: 'Allocation failed.', details };
    const headers = { 'azure-asyncoperation': OPERATION };
    const { arm } = armThat({ status: 201, headers }, { status: 200, body: { status: 'Failed', error } });
    await assert.rejects(arm.put(NAT, '1', {}, SIGNAL), {
      message:
        'writing Microsoft.Network/natGateways/app1 failed (ZonalAllocationFailed): Allocation failed.\nNo capacity.',
    });
    const silent = armThat(state('Creating') as Told, state('Failed') as Told);
    await assert.rejects(silent.arm.put(NAT, '1', {}, SIGNAL), {
      message: 'writing Microsoft.Network/natGateways/app1 failed (Failed): it ended as Failed',
    });
  });

  it('is bounded', async () => {
    const headers = { 'azure-asyncoperation': OPERATION, 'retry-after': '60' };
    const { arm, waits } = armThat(
      { status: 202, headers },
      ...Array.from({ length: 200 }, () => ({ ...inProgress, headers })),
    );
    await assert.rejects(arm.delete(NAT, '1', SIGNAL), /has not ended after 90 minutes/);
    assert.equal(waits.length, 90);
  });

  it('does not take the token where an answer leads astray', async () => {
    const headers = { 'azure-asyncoperation': 'https://evil.example/operations/1' };
    const { arm, asked } = armThat({ status: 201, headers, body: {} });
    assert.deepEqual(await arm.put(NAT, '1', {}, SIGNAL), {});
    assert.equal(asked().length, 1);
  });

  it('takes what is gone as deleted, and a conflict as a refusal', async () => {
    const error = { code: 'AnotherOperationInProgress', message: 'Wait.' };
    const { arm } = armThat({ status: 404 }, { status: 409, body: { error } });
    await arm.delete(NAT, '1', SIGNAL);
    await assert.rejects(arm.put(NAT, '1', {}, SIGNAL), (told: StepError) => /wait until/.test(told.advice!));
  });
});

describe('who is signed in', () => {
  const tokenOf = (claims: object): string =>
    `x.${Buffer.from(JSON.stringify(claims)).toString('base64url')}.x`;
  const callerOf = (token: string) =>
    openArm({ token: async () => token, renew: () => undefined }).caller(SIGNAL);

  it('stands in the token', async () => {
    const who = { tid: 't', oid: 'o' };
    const user = { tenant: 't', objectId: 'o', kind: 'User' };
    assert.deepEqual(await callerOf(tokenOf({ ...who, scp: 'user_impersonation' })), user);
    const application = { ...user, kind: 'ServicePrincipal' };
    assert.deepEqual(await callerOf(tokenOf({ ...who, idtyp: 'app' })), application);
    assert.deepEqual(await callerOf(tokenOf(who)), application);
    for (const token of ['opaque', tokenOf({ tid: 't' })]) {
      await assert.rejects(callerOf(token), /does not say who is signed in/);
    }
  });
});
