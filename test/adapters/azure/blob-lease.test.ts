import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { openLease } from '../../../src/adapters/azure/blob-lease.ts';
import type { StepError } from '../../../src/base/step-error.ts';
import { type Fault, faultPlan } from '../../../src/lab/arm/faults.ts';
import { answerRequest } from '../../../src/lab/arm/front.ts';
import { labUnderTest, type LabUnderTest } from '../../lab/arm/lab-under-test.ts';
import { cut, intoLab, scripted, SIGNAL, signedIn, signedInto, type Told } from './transports.ts';

const PLACE = { account: 'bulkheadlab', container: 'tfstate', name: 'fleet.lease' };
const BLOB = 'https://bulkheadlab.blob.core.windows.net/tfstate/fleet.lease';
const NOBODY = (): void => {
  assert.fail('the lease was lost');
};

/** Lets what was begun come to its next wait. */
const settle = async (): Promise<void> => {
  for (let turns = 0; turns < 20; turns += 1) await new Promise(setImmediate);
};

/** Time that stands still until a test moves it; then those who sleep wake in their order. */
function time(lab: LabUnderTest) {
  let sleepers: { readonly until: number; readonly wake: () => void }[] = [];
  const now = (): number => lab.clock.now;
  const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((wake, reject) => {
      signal.throwIfAborted();
      sleepers.push({ until: now() + ms, wake });
      signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    });
  const pass = async (ms: number): Promise<void> => {
    const end = now() + ms;
    await settle();
    for (;;) {
      const next = sleepers.toSorted((a, b) => a.until - b.until).find(({ until }) => until <= end);
      if (!next) break;
      sleepers = sleepers.filter((each) => each !== next);
      lab.clock.now = Math.max(lab.clock.now, next.until);
      next.wake();
      await settle();
    }
    lab.clock.now = end;
  };
  return { now, sleep, pass };
}

function inLab() {
  const lab = labUnderTest();
  const clock = time(lab);
  let plan = faultPlan([]);
  const faulty: LabUnderTest = {
    ...lab,
    ask: (method, address, asked = {}) => {
      const { host, pathname, searchParams, origin } = new URL(address);
      const body = Buffer.from(typeof asked.body === 'string' ? asked.body : '');
      const request = {
        method,
        host,
        origin,
        path: pathname,
        query: searchParams,
        headers: asked.headers ?? {},
        body,
      };
      return answerRequest(lab.lab, plan, request, lab.clock.now).answer;
    },
  };
  const lease = openLease(signedInto(lab), PLACE, {
    transport: intoLab(faulty),
    now: clock.now,
    sleep: clock.sleep,
  });
  const setFaults = (...next: readonly Fault[]): void => {
    plan = faultPlan(next);
  };
  const state = (): string | undefined => lab.ask('HEAD', BLOB).headers?.['x-ms-lease-state'];
  return { lab, lease, pass: clock.pass, setFaults, state };
}

describe('the lease of a fleet', () => {
  it('is kept for as long as it is held, and given back', async () => {
    const { lab, lease, pass, state } = inLab();
    assert.equal(await lease.isReachable(SIGNAL), true);
    const held = await lease.acquire('안나@laptop', NOBODY, SIGNAL);
    const { headers } = lab.ask('HEAD', BLOB);
    assert.equal(decodeURIComponent(headers!['x-ms-meta-holder']!), '안나@laptop');
    assert.equal(headers!['x-ms-meta-since'], '2026-11-22T12:00:00.000Z');
    await pass(10 * 60_000);
    assert.equal(state(), 'leased');
    await held.release();
    await held.release();
    assert.equal(state(), 'available');
    assert.equal(await lease.isReachable(SIGNAL), true);
  });

  it('is refused while somebody else has it, by name', async () => {
    const { lease, pass } = inLab();
    const held = await lease.acquire('anna@laptop', NOBODY, SIGNAL);
    await pass(61_000);
    await assert.rejects(lease.acquire('ben@ci', NOBODY, SIGNAL), (error: StepError) => {
      assert.equal(
        error.message,
        'the fleet is being worked on: anna@laptop holds its lease since 2026-11-22T12:00:00.000Z',
      );
      assert.match(
        error.advice!,
        /az storage blob lease break .*--account-name bulkheadlab .*--blob-name fleet\.lease/,
      );
      return true;
    });
    await held.release();
    const next = await lease.acquire('ben@ci', NOBODY, SIGNAL);
    await next.release();
  });

  it('is waited for where a killed run of the same person left it', async () => {
    const { lab, lease, pass } = inLab();
    lab.ask('PUT', BLOB, { headers: { 'x-ms-meta-holder': 'anna%40laptop' } });
    const headers = { 'x-ms-lease-action': 'acquire', 'x-ms-lease-duration': '60' };
    assert.equal(lab.ask('PUT', `${BLOB}?comp=lease`, { headers }).status, 201);
    const taken = lease.acquire('anna@laptop', NOBODY, SIGNAL);
    await pass(59_000);
    await pass(2_000);
    const held = await taken;
    await held.release();
  });

  it('outlives what passes', async () => {
    const { lease, pass, state, setFaults } = inLab();
    const held = await lease.acquire('anna', NOBODY, SIGNAL);
    setFaults({ times: 3, effect: { kind: 'refuse', status: 503 } }, { times: 5, effect: { kind: 'drop' } });
    await pass(60_000);
    assert.equal(state(), 'leased');
    await held.release();
  });

  it('is lost when it cannot be renewed before it ends, and that is told once', async () => {
    const { lab, lease, pass, setFaults } = inLab();
    const told: Error[] = [];
    const held = await lease.acquire('anna', (error) => told.push(error), SIGNAL);
    const since = lab.clock.now;
    setFaults({ times: 'always', effect: { kind: 'drop' } });
    await pass(54_000);
    assert.equal(told.length, 0);
    await pass(6_000);
    assert.equal(told.length, 1);
    assert.match(
      told[0]!.message,
      /^the lease of the fleet was lost: bulkheadlab\.blob\.core\.windows\.net cannot be reached/,
    );
    assert.ok(lab.clock.now - since <= 60_000);
    setFaults();
    await pass(60_000);
    await held.release();
    assert.equal(told.length, 1);
  });

  it('is lost when somebody breaks it', async () => {
    const { lab, lease, pass } = inLab();
    const told: Error[] = [];
    const held = await lease.acquire('anna', (error) => told.push(error), SIGNAL);
    const headers = { 'x-ms-lease-action': 'break', 'x-ms-lease-break-period': '0' };
    assert.equal(lab.ask('PUT', `${BLOB}?comp=lease`, { headers }).status, 202);
    await pass(20_000);
    assert.match(told[0]!.message, /has been broken/);
    await held.release();
  });

  it('is not reachable while the role or the name of the account is new', async () => {
    const xml = (code: string): string =>
      `<?xml version="1.0"?><Error><Code>${code}</Code><Message>No.\nRequestId:x</Message></Error>`;
    const open = (...answers: readonly Told[]) =>
      openLease(signedIn(), PLACE, { transport: scripted(...answers).transport });
    const denied = { status: 403, body: xml('AuthorizationPermissionMismatch') };
    assert.equal(await open(denied).isReachable(SIGNAL), false);
    assert.equal(await open({ status: 404, body: xml('ContainerNotFound') }).isReachable(SIGNAL), false);
    assert.equal(await open(cut('ENOTFOUND')).isReachable(SIGNAL), false);
    await assert.rejects(
      open({ status: 400, body: xml('InvalidHeaderValue') }).isReachable(SIGNAL),
      /InvalidHeaderValue/,
    );
    await assert.rejects(open(denied).acquire('anna', NOBODY, SIGNAL), (error: StepError) => {
      assert.match(error.message, /\(403 AuthorizationPermissionMismatch\): No\.$/);
      assert.match(error.advice!, /Storage Blob Data Contributor/);
      return true;
    });
  });
});
