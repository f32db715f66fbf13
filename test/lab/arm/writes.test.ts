import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { ArmRule, Refusal } from '../../../src/lab/arm/rule.ts';
import { GROUP, labUnderTest, type LabUnderTest, SUBSCRIPTION } from './lab-under-test.ts';

const NETWORK = `${GROUP}/providers/Microsoft.Network/virtualNetworks/v`;
const OTHER = `${GROUP}/providers/Contoso.Things/things/t`;

function refusing(refusal: Refusal, types: readonly string[] = ['*']): ArmRule {
  return { id: 'no', source: 'this test', types, check: () => refusal };
}

/** Follows the operation that an answer names, as azurerm does. */
function poll(
  lab: LabUnderTest,
  headers: Readonly<Record<string, string>> | undefined,
): Record<string, unknown> {
  const url = headers?.['azure-asyncoperation'] ?? '';
  assert.ok(url.startsWith('https://management.azure.com/'));
  return lab.told(200, 'GET', url);
}

describe('writes', () => {
  test('what has no kind is stored as it was sent and told back', () => {
    const lab = labUnderTest();
    const body = { location: 'koreacentral', tags: { a: 'b' }, properties: { size: 3 } };
    lab.told(200, 'PUT', OTHER, body);
    const told = lab.told(200, 'GET', OTHER.toLowerCase());
    assert.deepEqual(told, {
      ...body,
      id: OTHER,
      name: 't',
      type: 'Contoso.Things/things',
      properties: { size: 3, provisioningState: 'Succeeded' },
    });
    assert.equal(lab.ask('HEAD', OTHER).status, 204);
    assert.equal(lab.ask('DELETE', OTHER).status, 204);
    assert.equal(lab.ask('HEAD', OTHER).status, 404);
    assert.equal(lab.told(404, 'GET', OTHER)['error'] !== undefined, true);
  });

  test('a PATCH merges, and finds nothing to merge with where nothing is', () => {
    const lab = labUnderTest();
    lab.told(404, 'PATCH', OTHER, { tags: { a: 'b' } });
    lab.told(200, 'PUT', OTHER, { tags: { a: 'b' }, properties: { x: 1 } });
    const told = lab.told(200, 'PATCH', OTHER, { tags: { c: 'd' } });
    assert.deepEqual(told['tags'], { a: 'b', c: 'd' });
  });

  test('what is no JSON is refused', () => {
    const { status } = labUnderTest().ask('PUT', OTHER, { body: '{' });
    assert.equal(status, 400);
  });

  test('a long operation is accepted, runs, and is done when its time has come', () => {
    const lab = labUnderTest({ latencyMs: 1000 });
    const { status, headers } = lab.ask('PUT', NETWORK, { body: { properties: {} } });
    assert.equal(status, 201);
    assert.equal(headers?.['retry-after'], '0');
    assert.equal(poll(lab, headers)['status'], 'InProgress');
    assert.deepEqual(state(lab), 'Creating');
    lab.clock.now += 1000;
    assert.equal(poll(lab, headers)['status'], 'Succeeded');
    assert.deepEqual(state(lab), 'Succeeded');
    const again = lab.ask('PUT', NETWORK, { body: { properties: {} } });
    assert.equal(again.status, 200);
    assert.deepEqual(state(lab), 'Updating');
  });

  test('a poll of a running operation is held for a moment, lest a client spin', () => {
    const lab = labUnderTest({ latencyMs: 1000 });
    const { headers } = lab.ask('PUT', NETWORK, { body: {} });
    const answer = lab.ask('GET', headers!['azure-asyncoperation']!);
    assert.ok(answer.delayMs! > 0 && answer.delayMs! < 1000);
  });

  test('a delete takes its time too, and takes along what lies in it', () => {
    const lab = labUnderTest({ latencyMs: 1000 });
    lab.ask('PUT', NETWORK, { body: {} });
    lab.ask('PUT', `${NETWORK}/subnets/s`, { body: {} });
    lab.clock.now += 1000;
    const { status, headers } = lab.ask('DELETE', NETWORK);
    assert.equal(status, 202);
    assert.equal(state(lab), 'Deleting');
    assert.equal(lab.ask('GET', headers!['location']!).status, 202);
    lab.clock.now += 1000;
    assert.equal(poll(lab, headers)['status'], 'Succeeded');
    assert.equal(lab.ask('GET', headers!['location']!).status, 200);
    assert.equal(lab.ask('GET', `${NETWORK}/subnets/s`).status, 404);
    assert.equal(lab.ask('DELETE', NETWORK).status, 204);
  });

  test('an operation that there never was is not found', () => {
    labUnderTest().told(
      404,
      'GET',
      `${SUBSCRIPTION}/providers/Microsoft.Network/locations/lab/operations/none`,
    );
  });

  test('without latency an operation is done by the next request', () => {
    const lab = labUnderTest();
    const { headers } = lab.ask('PUT', NETWORK, { body: {} });
    assert.equal(poll(lab, headers)['status'], 'Succeeded');
  });
});

describe('rules', () => {
  const no = { status: 409, code: 'No', message: 'No.', target: 'here', headers: { 'retry-after': '7' } };

  test('a refusal is answered with its code, target and headers, and changes nothing', () => {
    const lab = labUnderTest({ rules: [refusing(no)] });
    const { status, headers, body } = lab.ask('PUT', NETWORK, { body: {} });
    assert.equal(status, 409);
    assert.equal(headers?.['retry-after'], '7');
    assert.deepEqual(body, { error: { code: 'No', message: 'No.', target: 'here' } });
    assert.deepEqual(lab.lab.store.all(), []);
  });

  test('a late refusal lets the operation fail', () => {
    const lab = labUnderTest({ rules: [refusing({ ...no, isAsync: true })] });
    const { status, headers } = lab.ask('PUT', NETWORK, { body: {} });
    assert.equal(status, 201);
    const told = poll(lab, headers);
    assert.equal(told['status'], 'Failed');
    assert.deepEqual(told['error'], { code: 'No', message: 'No.' });
    assert.equal(state(lab), 'Failed');
  });

  test('a no at once comes before a late one', () => {
    const late = refusing({ ...no, isAsync: true });
    const { status } = labUnderTest({ rules: [late, refusing({ ...no, status: 400 })] }).ask(
      'PUT',
      NETWORK,
      {},
    );
    assert.equal(status, 400);
  });

  test('a rule judges its own types', () => {
    const lab = labUnderTest({ rules: [refusing(no, ['microsoft.network/virtualnetworks'])] });
    assert.equal(lab.ask('PUT', OTHER, { body: {} }).status, 200);
    assert.equal(lab.ask('PUT', NETWORK, { body: {} }).status, 409);
  });

  test('a rule is told of what stands there, of what runs, and what a PATCH comes to', () => {
    const seen: unknown[] = [];
    const lab = labUnderTest({
      latencyMs: 1000,
      rules: [
        {
          id: 'watch',
          source: 'this test',
          types: ['microsoft.network/virtualnetworks'],
          check: ({ method, body, current }, { running, now }) => {
            seen.push([
              method,
              body?.['tags'],
              current?.['tags'],
              running.get(NETWORK.toLowerCase())?.what,
              now,
            ]);
            return undefined;
          },
        },
      ],
    });
    lab.ask('PUT', NETWORK, { body: { tags: { a: 'b' } } });
    lab.ask('PATCH', NETWORK, { body: { tags: { c: 'd' } } });
    lab.ask('DELETE', NETWORK);
    const { now } = lab.clock;
    assert.deepEqual(seen, [
      ['PUT', { a: 'b' }, undefined, undefined, now],
      ['PATCH', { a: 'b', c: 'd' }, { a: 'b' }, 'PUT', now],
      ['DELETE', undefined, { a: 'b', c: 'd' }, 'PATCH', now],
    ]);
  });

  test('what was asked lately is told only where the lab throttles', () => {
    for (const isThrottling of [true, false]) {
      const seen: (number | undefined)[] = [];
      const watch: ArmRule = {
        id: 'watch',
        source: 'this test',
        types: ['*'],
        check: (_, { recentWrites }) => {
          seen.push(recentWrites?.length);
          return undefined;
        },
      };
      const lab = labUnderTest({ isThrottling, rules: [watch] });
      for (const minutes of [0, 1, 60]) {
        lab.clock.now += minutes * 60_000;
        lab.ask('PUT', OTHER, { body: {} });
      }
      assert.deepEqual(seen, isThrottling ? [0, 1, 0] : [undefined, undefined, undefined]);
      assert.equal(lab.lab.recentWrites.length, isThrottling ? 1 : 0);
    }
  });
});

function state({ lab }: LabUnderTest): unknown {
  const { properties } = lab.store.get(NETWORK)!.body as {
    readonly properties: Readonly<Record<string, unknown>>;
  };
  return properties['provisioningState'];
}
