import assert from 'node:assert/strict';
import test from 'node:test';
import type { PodSetEvidence } from '../../../src/contract/kubernetes-evidence.ts';
import { evictionsAllowed } from '../../../src/contract/kubernetes/disruption-budgets.ts';
import {
  budget,
  deployment,
  evidenceOfObjects,
  saidOf,
  undeterminedOf,
  verdictOf,
} from './object-under-test.ts';

const SPOT = 'kubernetes.azure.com/scalesetpriority';
const TOLERATION = `tolerations: [{ key: ${SPOT}, operator: Equal, value: spot, effect: NoSchedule }]`;

function setOf(text: string): PodSetEvidence {
  return evidenceOfObjects(text).podSets![0]!;
}

test('a toleration counts as the scheduler counts it', () => {
  for (const [toleration, expected] of [
    [`{ key: ${SPOT}, operator: Equal, value: spot, effect: NoSchedule }`, true],
    [`{ key: ${SPOT}, value: spot }`, true],
    [`{ key: ${SPOT}, operator: Exists }`, true],
    ['{ operator: Exists }', true],
    [`{ key: ${SPOT}, value: spot, effect: NoExecute }`, false],
    [`{ key: ${SPOT}, value: Spot }`, false],
    [`{ key: ${SPOT} }`, false],
    ['{ key: CriticalAddonsOnly, operator: Exists }', false],
    ['{ key: scalesetpriority, operator: Exists }', false],
  ] as const) {
    assert.equal(
      setOf(deployment({ pod: `tolerations: [${toleration}]` })).toleratesSpot,
      expected,
      toleration,
    );
  }
});

test('selector and affinity tell how pods choose', () => {
  const required = (expression: string): string =>
    'affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: ' +
    `[{ matchExpressions: [${expression}] }] } } }`;
  const preferred = (expression: string): string =>
    'affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: ' +
    `[{ weight: 1, preference: { matchExpressions: [${expression}] } }] } }`;
  for (const [pod, expected] of [
    ['', 'none'],
    [`nodeSelector: { ${SPOT}: spot }`, 'only'],
    ['nodeSelector: { kubernetes.azure.com/mode: system }', 'never'],
    ['nodeSelector: { kubernetes.io/os: linux }', 'none'],
    ['nodeSelector: { agentpool: spotd2 }', undefined],
    [required(`{ key: ${SPOT}, operator: In, values: [spot] }`), 'only'],
    [required(`{ key: ${SPOT}, operator: Exists }`), 'only'],
    [required(`{ key: ${SPOT}, operator: NotIn, values: [spot] }`), 'never'],
    [required(`{ key: ${SPOT}, operator: DoesNotExist }`), 'never'],
    [required('{ key: agentpool, operator: In, values: [a] }'), undefined],
    [preferred(`{ key: ${SPOT}, operator: In, values: [spot] }`), 'preferred'],
    [preferred(`{ key: ${SPOT}, operator: NotIn, values: [spot] }`), 'avoided'],
  ] as const) {
    assert.equal(setOf(deployment({ pod })).spotChoice, expected, pod);
  }
});

test('evictions that a bound allows, with shares rounded as Kubernetes rounds them', () => {
  assert.equal(evictionsAllowed({ maxUnavailable: 1 }, undefined), 1);
  assert.equal(evictionsAllowed({ maxUnavailable: '0%' }, undefined), 0);
  assert.equal(evictionsAllowed({ maxUnavailable: '30%' }, 3), 1);
  assert.equal(evictionsAllowed({ maxUnavailable: '30%' }, undefined), undefined);
  assert.equal(evictionsAllowed({ minAvailable: '50%' }, 3), 1);
  assert.equal(evictionsAllowed({ minAvailable: '1' }, 3), 2);
  assert.equal(evictionsAllowed({ minAvailable: 3 }, 2), 0);
  assert.equal(evictionsAllowed({ minAvailable: 1 }, undefined), undefined);
  assert.equal(evictionsAllowed({}, 3), undefined);
  assert.equal(evictionsAllowed({ maxUnavailable: 'some' }, 3), undefined);
});

test('pdb-lets-a-drain-finish', () => {
  const id = 'pdb-lets-a-drain-finish';
  const said = (more: string, spec?: string): readonly string[] =>
    saidOf(id, deployment({ more, ...(spec === undefined ? {} : { spec }) }));
  assert.deepEqual(said(budget('maxUnavailable: 1')), []);
  assert.match(
    said(budget('maxUnavailable: 0'))[0] ?? '',
    /^error .* lets no pod of Deployment shop\/cart go, out of 3/,
  );
  assert.match(said(budget('minAvailable: 1'), 'replicas: 1')[0] ?? '', /out of 1: no drain ends/);
  assert.match(said('')[0] ?? '', /^warning .* has 3 replicas and no disruption budget/);
  assert.deepEqual(said('', 'replicas: 1'), []);
  assert.deepEqual(said('', 'replicas: 0'), []);
  const two = `${budget('maxUnavailable: 1')}---\n${budget('maxUnavailable: 1', 'matchLabels: { team: a }', 'team')}`;
  assert.match(said(two)[0] ?? '', /^error .* stands under 2 budgets/);
  assert.deepEqual(said(budget('maxUnavailable: 1', '')), []);
  assert.match(
    said(budget('maxUnavailable: 1', 'matchLabels: { app: other }'))[0] ?? '',
    /no disruption budget/,
  );
  const bare = evidenceOfObjects(deployment({ more: budget('unhealthyPodEvictionPolicy: AlwaysAllow') }));
  assert.match(undeterminedOf(id, bare)[0] ?? '', /how many pods of Deployment shop\/cart/);
});

test('a budget that could stand in what was not read is not missed', () => {
  const evidence = evidenceOfObjects(`${deployment({})}---\nkind: [\n`);
  assert.equal(verdictOf('pdb-lets-a-drain-finish', evidence), 'undetermined');
});

test('an autoscaler decides how many replicas there are', () => {
  const scaled = (kind: string, spec: string): PodSetEvidence =>
    setOf(
      deployment({
        more: `apiVersion: ${kind}\nmetadata: { name: x, namespace: shop }\nspec: { scaleTargetRef: { kind: Deployment, name: cart }${spec} }\n`,
      }),
    );
  assert.equal(scaled('autoscaling/v2\nkind: HorizontalPodAutoscaler', ', minReplicas: 2').replicas, 2);
  assert.equal(scaled('autoscaling/v2\nkind: HorizontalPodAutoscaler', '').replicas, 1);
  assert.equal(scaled('keda.sh/v1alpha1\nkind: ScaledObject', '').replicas, 0);
  assert.equal(setOf(deployment({ spec: 'paused: false' })).replicas, 1);
  assert.equal(setOf(deployment({ spec: 'replicas: "${REPLICAS}"' })).replicas, undefined);
});

test('grace-period-inside-the-notice', () => {
  const id = 'grace-period-inside-the-notice';
  const said = (pod: string): readonly string[] => saidOf(id, deployment({ pod }));
  assert.deepEqual(said(`${TOLERATION}\n      terminationGracePeriodSeconds: 25`), []);
  assert.match(said(`${TOLERATION}\n      terminationGracePeriodSeconds: 26`)[0] ?? '', /^warning/);
  assert.match(said(`${TOLERATION}\n      terminationGracePeriodSeconds: 31`)[0] ?? '', /^error/);
  assert.match(said(TOLERATION)[0] ?? '', /^warning .* takes 30 s to end/);
  assert.deepEqual(said('terminationGracePeriodSeconds: 600'), []);
  const unread = evidenceOfObjects(
    deployment({ pod: `${TOLERATION}\n      terminationGracePeriodSeconds: "{{ x }}"` }),
  );
  assert.equal(verdictOf(id, unread), 'undetermined');
});

test('requests-are-set and replicas-are-spread ask of workloads alone what they need', () => {
  const bare = deployment({}).replace('requests: { cpu: 1, memory: 1Gi }', 'limits: { cpu: 1, memory: 1Gi }');
  assert.deepEqual(saidOf('requests-are-set', bare), []);
  assert.equal(saidOf('requests-are-set', deployment({}).replace('cpu: 1, ', '')).length, 1);
  assert.deepEqual(saidOf('replicas-are-spread', deployment({ spec: 'replicas: 1' })), []);
  assert.match(saidOf('replicas-are-spread', deployment({}))[0] ?? '', /over zones and nodes/);
});

test('spot-pods-tolerate-and-choose and critical-pods-stay-off-spot', () => {
  const prefers = (pod: string): readonly string[] =>
    saidOf('spot-pods-tolerate-and-choose', deployment({ pod }));
  assert.deepEqual(prefers(`${TOLERATION}\n      nodeSelector: { ${SPOT}: spot }`), []);
  assert.deepEqual(prefers(''), []);
  assert.match(prefers(TOLERATION)[0] ?? '', /^warning .* does not choose them/);
  assert.match(prefers(`nodeSelector: { ${SPOT}: spot }`)[0] ?? '', /^error .* stay Pending/);
  const soft =
    'affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: ' +
    `[{ weight: 1, preference: { matchExpressions: [{ key: ${SPOT}, operator: In, values: [spot] }] } }] } }`;
  assert.match(prefers(soft)[0] ?? '', /^warning .* its preference is never met/);
  assert.equal(
    verdictOf(
      'spot-pods-tolerate-and-choose',
      evidenceOfObjects(deployment({ pod: `${TOLERATION}\n      nodeSelector: { agentpool: a }` })),
    ),
    'undetermined',
  );
  const state = `${TOLERATION}\n      volumes: [{ name: data, persistentVolumeClaim: { claimName: data } }]`;
  assert.match(
    saidOf('critical-pods-stay-off-spot', deployment({ pod: state }))[0] ?? '',
    /^warning .* keeps state/,
  );
  const critical = `${TOLERATION}\n      priorityClassName: system-cluster-critical`;
  assert.match(
    saidOf('critical-pods-stay-off-spot', deployment({ pod: critical }))[0] ?? '',
    /^error .* is critical/,
  );
  assert.deepEqual(
    saidOf('critical-pods-stay-off-spot', deployment({ pod: 'priorityClassName: system-node-critical' })),
    [],
  );
});

test('spot-label-is-spelled-out looks at pods of every kind', () => {
  const id = 'spot-label-is-spelled-out';
  const job = `apiVersion: batch/v1
kind: CronJob
metadata: { name: report }
spec: { jobTemplate: { spec: { template: { spec: { nodeSelector: { ${SPOT}: regular } } } } } }
`;
  assert.match(
    saidOf(id, job)[0] ?? '',
    /asks for kubernetes.azure.com\/scalesetpriority=regular, which no node has/,
  );
  assert.deepEqual(saidOf(id, deployment({ pod: TOLERATION })), []);
  assert.equal(verdictOf(id, evidenceOfObjects(deployment({}))), 'not applicable');
});
