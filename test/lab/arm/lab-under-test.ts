import assert from 'node:assert/strict';
import type { Answer, LabRequest } from '../../../src/lab/arm/answer.ts';
import { listAt } from '../../../src/lab/arm/body.ts';
import { type Fault, faultPlan } from '../../../src/lab/arm/faults.ts';
import { answerRequest } from '../../../src/lab/arm/front.ts';
import { emptyLab, type Lab, type LabSettings } from '../../../src/lab/arm/lab.ts';
import type { ArmLimits } from '../../../src/lab/arm/rule.ts';

export const SUBSCRIPTION = '/subscriptions/00000000-0000-0000-0000-000000000001';
export const GROUP = `${SUBSCRIPTION}/resourceGroups/rg`;

export const NOON = Date.parse('2026-11-22T12:00:00Z');

/** What a test may say of a request beside its method and its address. */
type Asked = { readonly body?: unknown; readonly headers?: Readonly<Record<string, string>> };

/** A lab without a port, whose clock a test moves. */
export type LabUnderTest = {
  readonly lab: Lab;
  readonly clock: { now: number };
  /** `ask('GET', '/subscriptions/…')`, or `ask('GET', 'https://kv.vault.azure.net/secrets/a')`. */
  readonly ask: (method: string, address: string, asked?: Asked) => Answer;
  /** The JSON of an answer. Throws when the status is another. */
  readonly told: (status: number, method: string, address: string, body?: unknown) => Record<string, unknown>;
};

export function labUnderTest(
  settings: Partial<LabSettings> = {},
  { faults = [], limits = {} }: { readonly faults?: readonly Fault[]; readonly limits?: ArmLimits } = {},
): LabUnderTest {
  const lab = emptyLab(
    {
      tenantId: '00000000-0000-0000-0000-00000000000a',
      latencyMs: 0,
      rules: [],
      isThrottling: false,
      clientAddress: '203.0.113.10',
      kubeconfig: () => undefined,
      ...settings,
    },
    limits,
  );
  const plan = faultPlan(faults);
  const clock = { now: NOON };
  const ask = (method: string, address: string, asked: Asked = {}): Answer => {
    const request = requestOf(method, address, asked);
    return answerRequest(lab, plan, request, clock.now).answer;
  };
  return {
    lab,
    clock,
    ask,
    told: (status, method, address, body) => {
      const answer = ask(method, address, { body });
      if (answer.status !== status) {
        throw new Error(`${method} ${address}: ${answer.status} ${JSON.stringify(answer.body)}`);
      }
      return Buffer.isBuffer(answer.body) ? {} : ((answer.body ?? {}) as Record<string, unknown>);
    },
  };
}

function requestOf(method: string, address: string, { body, headers = {} }: Asked): LabRequest {
  const { host, origin, pathname, searchParams } = new URL(address, 'https://management.azure.com');
  const text = body === undefined ? '' : typeof body === 'string' ? body : JSON.stringify(body);
  return { method, host, origin, path: pathname, query: searchParams, headers, body: Buffer.from(text) };
}

/** Puts what is given and tells what a GET then answers. */
export function put(lab: LabUnderTest, id: string, body: object): Record<string, unknown> {
  const { status } = lab.ask('PUT', id, { body });
  assert.ok(status === 200 || status === 201, `PUT ${id}: ${status}`);
  return lab.told(200, 'GET', id);
}

/** What a list tells. */
export function values(told: Record<string, unknown>): readonly Readonly<Record<string, unknown>>[] {
  return listAt(told, 'value');
}
