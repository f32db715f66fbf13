import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { HttpClient } from '@azure/core-rest-pipeline';
import { openLogin } from '../../../src/adapters/azure/credential.ts';
import { StepError } from '../../../src/base/step-error.ts';
import { labUnderTest } from '../../lab/arm/lab-under-test.ts';
import { cut, intoLab, SIGNAL, scripted } from './transports.ts';

const SCOPE = 'https://management.azure.com/.default';
const TENANT = '00000000-0000-0000-0000-00000000000a';
const APPLICATION = { ARM_TENANT_ID: TENANT, ARM_CLIENT_ID: '11111111-1111-1111-1111-111111111111' };
const ENV = { ...APPLICATION, ARM_CLIENT_SECRET: 'swordfish' };

/** A lab whose clock is the library's own, which no test can set, and how often a token was asked for. */
function directory() {
  const lab = labUnderTest();
  lab.clock.now = Date.now();
  const inner = intoLab(lab);
  const forms: string[] = [];
  const transport: HttpClient = {
    sendRequest: (request) => {
      if (request.method === 'POST') forms.push(String(request.body));
      return inner.sendRequest(request);
    },
  };
  return { lab, transport, forms, now: () => lab.clock.now };
}

const claims = (token: string): Record<string, unknown> =>
  JSON.parse(Buffer.from(token.split('.')[1]!, 'base64url').toString()) as Record<string, unknown>;

describe('a login', () => {
  it('asks once for each scope, also for many at once', async () => {
    const { transport, forms, now } = directory();
    const login = openLogin(ENV, { transport, now });
    const tokens = await Promise.all([1, 2, 3].map(() => login.token(SCOPE, SIGNAL)));
    assert.equal(new Set(tokens).size, 1);
    assert.equal(await login.token(SCOPE, SIGNAL), tokens[0]);
    assert.deepEqual([claims(tokens[0]!)['tid'], claims(tokens[0]!)['appid']], [TENANT, ENV.ARM_CLIENT_ID]);
    assert.equal(
      claims(await login.token('https://storage.azure.com/.default', SIGNAL))['aud'],
      'https://storage.azure.com',
    );
    assert.equal(forms.length, 2);
    assert.ok(forms.every((form) => form.includes('client_secret=swordfish')));
  });

  it('has another token after one was refused, and keeps one that was not', async () => {
    const { transport, forms, now, lab } = directory();
    const login = openLogin(ENV, { transport, now });
    const first = await login.token(SCOPE, SIGNAL);
    lab.clock.now += 1000;
    login.renew('another token');
    assert.equal(await login.token(SCOPE, SIGNAL), first);
    login.renew(first);
    assert.notEqual(await login.token(SCOPE, SIGNAL), first);
    assert.equal(forms.length, 2);
  });

  it('signs in with the token that a pipeline gives', async () => {
    const { transport: inner, forms, now } = directory();
    const asked: string[] = [];
    const transport: HttpClient = {
      sendRequest: (request) => {
        if (!request.url.startsWith('https://pipelines.')) return inner.sendRequest(request);
        asked.push(`${request.url} ${request.headers.get('authorization')}`);
        return scripted({ status: 200, body: { value: 'assertion-of-github' } }).transport.sendRequest(
          request,
        );
      },
    };
    const env = {
      ...APPLICATION,
      ARM_USE_OIDC: 'true',
      ACTIONS_ID_TOKEN_REQUEST_URL: 'https://pipelines.example/token?api=1',
      ACTIONS_ID_TOKEN_REQUEST_TOKEN: 'runner',
    };
    await openLogin(env, { transport, now }).token(SCOPE, SIGNAL);
    // The library asks for it more than once.
    assert.deepEqual(
      [...new Set(asked)],
      ['https://pipelines.example/token?api=1&audience=api%3A%2F%2FAzureADTokenExchange Bearer runner'],
    );
    assert.match(forms[0]!, /client_assertion=assertion-of-github/);
  });

  it('tells why it is refused in the words of the directory, without the secret', async () => {
    const no = {
      status: 401,
      body: {
        error: 'invalid_client',
        error_description: 'AADSTS7000215: Invalid client secret provided.\r\nTrace ID: x',
      },
    };
    const { transport } = scripted(no, no, no);
    await assert.rejects(openLogin(ENV, { transport }).token(SCOPE, SIGNAL), (error: unknown) => {
      assert.ok(error instanceof StepError);
      assert.match(
        error.message,
        /^cannot sign in to Azure with the client secret in ARM_CLIENT_SECRET: .*AADSTS7000215/,
      );
      assert.doesNotMatch(`${error.message} ${error.advice} ${error.stack}`, /swordfish/);
      assert.match(error.advice!, /ARM_CLIENT_ID/);
      return true;
    });
  });

  it('can be tried again after it failed, and stopped', async () => {
    const { transport: inner, now } = directory();
    let failures = 1;
    const transport: HttpClient = {
      sendRequest: (request) => {
        if (failures-- > 0) throw cut('EPROTO');
        return inner.sendRequest(request);
      },
    };
    const login = openLogin(ENV, { transport, now });
    await assert.rejects(login.token(SCOPE, SIGNAL), {
      message: 'login.microsoftonline.com cannot be reached: connect EPROTO',
    });
    assert.ok(await login.token(SCOPE, SIGNAL));
    await assert.rejects(
      openLogin(ENV, { transport, now }).token(SCOPE, AbortSignal.abort(new Error('stop'))),
      /^Error: stop/,
    );
  });
});
