import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { AzureRequest } from '../../../src/adapters/azure/transport.ts';
import { openAzureHttp } from '../../../src/adapters/azure/http.ts';
import { StepError } from '../../../src/base/step-error.ts';
import { NOON } from '../../lab/arm/lab-under-test.ts';
import { clockOf, cut, scripted, SIGNAL, signedIn, type Told } from './transports.ts';

const URL = 'https://management.azure.com/subscriptions/s?api-version=1';
const OK = { status: 200, body: { id: 'x' } };

function asking(method: AzureRequest['method'], ...answers: readonly Told[]) {
  const { transport, asked, requests } = scripted(...answers);
  const login = signedIn();
  const clock = clockOf({ clock: { now: NOON } });
  const send = openAzureHttp(login, 'scope', { transport, ...clock });
  return { answer: send({ method, url: URL, signal: SIGNAL }), asked, requests, login, waits: clock.waits };
}

describe('a request to Azure', () => {
  it('is made again as Azure asks, in seconds or by a date', async () => {
    const date = new Date(NOON + 8000).toUTCString();
    const { answer, waits } = asking(
      'POST',
      { status: 429, headers: { 'retry-after': '7' } },
      { status: 503, headers: { 'retry-after': date } },
      { status: 500 },
      { status: 408 },
      OK,
    );
    assert.equal((await answer).status, 200);
    // The date is a second nearer than it was, after seven of waiting.
    assert.deepEqual(waits, [7000, 2000, 4000, 8000]);
  });

  it('is given up after some minutes, with the last answer', async () => {
    const throttled = Array.from({ length: 8 }, () => ({ status: 429, headers: { 'retry-after': '3600' } }));
    const { answer, waits } = asking('GET', ...throttled);
    assert.equal((await answer).status, 429);
    assert.deepEqual(waits, Array(7).fill(60_000));
  });

  it('is not made again where Azure says no', async () => {
    for (const status of [400, 403, 404, 409, 412, 501]) {
      const { answer, asked } = asking('PUT', { status });
      assert.equal((await answer).status, status);
      assert.equal(asked.length, 1);
    }
  });

  it('is made again after a cut where that does no harm', async () => {
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE'] as const) {
      const { answer, asked } = asking(method, cut('ECONNRESET'), cut('ETIMEDOUT'), OK);
      assert.equal((await answer).status, 200);
      assert.equal(asked.length, 3);
    }
    const post = asking('POST', cut('ECONNRESET'), OK);
    await assert.rejects(post.answer, {
      message: 'management.azure.com cannot be reached: connect ECONNRESET',
    });
    const unsent = asking('POST', cut('ECONNREFUSED'), cut('ENOTFOUND'), OK);
    assert.equal((await unsent.answer).status, 200);
  });

  it('carries a new token after a refused one, once', async () => {
    const { answer, requests, login } = asking('PUT', { status: 401 }, OK);
    assert.equal((await answer).status, 200);
    const tokens = requests.map(({ headers }) => headers.get('authorization'));
    assert.deepEqual([tokens, login.refused], [['Bearer token-1', 'Bearer token-2'], ['token-1']]);
    const never = asking('GET', { status: 401 }, { status: 401 });
    assert.equal((await never.answer).status, 401);
  });

  it('tells what to do about a certificate that nobody vouches for, and never the token', async () => {
    const { answer } = asking(
      'GET',
      Object.assign(new Error('self-signed certificate'), { code: 'SELF_SIGNED_CERT_IN_CHAIN' }),
    );
    await assert.rejects(answer, (error: unknown) => {
      assert.ok(error instanceof StepError);
      assert.match(error.advice!, /NODE_EXTRA_CA_CERTS/);
      assert.equal(error.cause, undefined);
      assert.doesNotMatch(String(error.stack), /token-1/);
      return true;
    });
  });

  it('ends when it is stopped', async () => {
    const stop = new AbortController();
    const { transport } = scripted({ status: 503 }, { status: 503 });
    const sleep = async (_: number, signal: AbortSignal): Promise<void> => {
      stop.abort(new Error('Ctrl-C'));
      signal.throwIfAborted();
    };
    const send = openAzureHttp(signedIn(), 'scope', { transport, sleep });
    await assert.rejects(send({ method: 'GET', url: URL, signal: stop.signal }), /^Error: Ctrl-C$/);
  });
});
