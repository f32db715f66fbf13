import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Fault, faultPlan, misfortuneOf, readFaults } from '../../../src/lab/arm/faults.ts';
import { GROUP, labUnderTest } from './lab-under-test.ts';

const CLUSTER = `${GROUP}/providers/Microsoft.ContainerService/managedClusters/aks`;
const CLUSTERS = 'microsoft.containerservice/managedclusters';
const REFUSE = { kind: 'refuse', status: 429, retryAfterSeconds: 1 } as const;

/** Which of these requests a fault hits. */
function hits(fault: Fault, requests: readonly (readonly [string, string])[]): boolean[] {
  const plan = faultPlan([fault]);
  return requests.map(([method, path]) => misfortuneOf(plan, method, path).refusal !== undefined);
}

describe('faults', () => {
  const put = ['PUT', CLUSTER] as const;
  const get = ['GET', CLUSTER] as const;
  const pool = ['PUT', `${CLUSTER}/agentPools/a`] as const;
  const stop = ['POST', `${CLUSTER}/stop`] as const;

  test('without a condition the first request is hit', () => {
    assert.deepEqual(hits({ effect: REFUSE }, [get, get]), [true, false]);
  });
  test('methods, types and paths choose; only what they choose is counted', () => {
    const methods = ['put', 'POST'];
    assert.deepEqual(hits({ methods, times: 'always', effect: REFUSE }, [get, put, stop]), [
      false,
      true,
      true,
    ]);
    const type = 'Microsoft.ContainerService/managedClusters';
    assert.deepEqual(hits({ type, times: 'always', effect: REFUSE }, [put, pool, stop]), [true, false, true]);
    const wide = { type: `${CLUSTERS}*`, times: 'always', effect: REFUSE } as const;
    assert.deepEqual(hits(wide, [put, pool, stop]), [true, true, true]);
    const path = { path: '*/AGENTPOOLS/*', times: 'always', effect: REFUSE } as const;
    assert.deepEqual(hits(path, [put, pool]), [false, true]);
    assert.deepEqual(hits({ methods: ['PUT'], from: 2, effect: REFUSE }, [get, put, get, put]), [
      false,
      false,
      false,
      true,
    ]);
  });
  test('from and times are a window', () => {
    assert.deepEqual(hits({ from: 2, times: 2, effect: REFUSE }, [get, get, get, get]), [
      false,
      true,
      true,
      false,
    ]);
    assert.deepEqual(hits({ from: 3, times: 'always', effect: REFUSE }, [get, get, get, get]), [
      false,
      false,
      true,
      true,
    ]);
  });
  test('a dot and a bracket in a path are what they are', () => {
    assert.deepEqual(
      hits({ path: '/a.b(c)', effect: REFUSE }, [
        ['GET', '/axb(c)'],
        ['GET', '/a.b(c)'],
      ]),
      [false, true],
    );
  });

  test('they are read from JSON, and what is wrong with them is said', () => {
    const faults = [{ methods: ['PUT'], type: CLUSTERS, from: 1, times: 'always', effect: { kind: 'drop' } }];
    assert.deepEqual(readFaults(JSON.parse(JSON.stringify(faults))), faults);
    for (const wrong of [
      {},
      [{}],
      [{ effect: { kind: 'burn' } }],
      [{ effect: REFUSE, typo: 1 }],
      [{ effect: { kind: 'refuse', status: 200 } }],
    ]) {
      assert.throws(() => readFaults(wrong), /^Error: these are no faults: /);
    }
  });
});

describe('what faults do', () => {
  test('a refusal is answered before anything is done', () => {
    const lab = labUnderTest({}, { faults: [{ methods: ['PUT'], effect: REFUSE }] });
    const { status, headers, body } = lab.ask('PUT', CLUSTER, { body: {} });
    assert.equal(status, 429);
    assert.equal(headers?.['retry-after'], '1');
    assert.match(JSON.stringify(body), /TooManyRequests/);
    assert.deepEqual(lab.lab.store.all(), []);
    assert.equal(lab.ask('PUT', CLUSTER, { body: {} }).status, 201);
  });
  for (const isStored of [false, true]) {
    test(`a connection is cut ${isStored ? 'after' : 'before'} the write`, () => {
      const lab = labUnderTest({}, { faults: [{ methods: ['PUT'], effect: { kind: 'drop', isStored } }] });
      assert.equal(lab.ask('PUT', CLUSTER, { body: {} }).isDropped, true);
      assert.equal(lab.lab.store.get(CLUSTER) !== undefined, isStored);
    });
  }
  test('an answer is late, an operation slow', () => {
    const faults: Fault[] = [
      { methods: ['GET'], effect: { kind: 'delay', milliseconds: 40 } },
      { methods: ['PUT'], effect: { kind: 'slow', milliseconds: 500 } },
    ];
    const lab = labUnderTest({}, { faults });
    assert.equal(lab.ask('GET', GROUP).delayMs, 40);
    const { headers } = lab.ask('PUT', CLUSTER, { body: {} });
    const poll = (): unknown => lab.told(200, 'GET', headers!['azure-asyncoperation']!)['status'];
    assert.equal(poll(), 'InProgress');
    lab.clock.now += 500;
    assert.equal(poll(), 'Succeeded');
  });
  test('an operation fails in the end', () => {
    const effect = { kind: 'fail', code: 'ZonalAllocationFailed' } as const;
    const lab = labUnderTest({}, { faults: [{ type: CLUSTERS, methods: ['PUT'], effect }] });
    const { status, headers } = lab.ask('PUT', CLUSTER, { body: {} });
    assert.equal(status, 201);
    const told = lab.told(200, 'GET', headers!['azure-asyncoperation']!);
    assert.equal(told['status'], 'Failed');
    assert.match(JSON.stringify(told['error']), /ZonalAllocationFailed/);
  });
});
