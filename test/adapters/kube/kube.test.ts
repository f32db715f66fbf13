import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { kubeOver } from '../../../src/adapters/kube/kube.ts';
import type { KubeAnswer } from '../../../src/adapters/kube/request.ts';

const SIGNAL = new AbortController().signal;

type Served = { readonly kind: string; readonly resource: string; readonly scope: 'Namespaced' | 'Cluster' };
const CONFIG_MAP: Served = { kind: 'ConfigMap', resource: 'configmaps', scope: 'Namespaced' };
const NAMESPACE: Served = { kind: 'Namespace', resource: 'namespaces', scope: 'Cluster' };

const discovery = (served: readonly Served[]): KubeAnswer => {
  const resources = served.map(({ kind, resource, scope }) => ({
    resource,
    responseKind: { kind },
    scope,
    verbs: ['get', 'patch'],
  }));
  return { status: 200, body: { items: [{ metadata: {}, versions: [{ version: 'v1', resources }] }] } };
};

/** An API server that gives the answers in turn; those about kinds come from a list of their own, the last one again. */
function server(answers: readonly (KubeAnswer | Error)[], kinds: readonly (readonly Served[])[]) {
  const asked: string[] = [];
  const bodies: unknown[] = [];
  const waits: number[] = [];
  let discoveries = 0;
  const left = [...answers];
  const request = async (method: string, path: string, more?: { readonly body?: string | Buffer }) => {
    if (path === '/apis') return { status: 200, body: { items: [] } };
    if (path === '/api') return discovery(kinds[Math.min(discoveries++, kinds.length - 1)]!);
    asked.push(`${method} ${path}`);
    if (more?.body !== undefined) bodies.push(JSON.parse(more.body.toString()));
    const answer = left.shift();
    if (answer === undefined) throw new Error(`nothing was to be asked after ${asked.join(', ')}`);
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const kube = kubeOver(request, 'https://app1.example.org', { sleep: async (ms) => void waits.push(ms) });
  return { kube, asked, bodies, waits, discoveries: () => discoveries };
}

const ok = (resourceVersion: string, more: object = {}): KubeAnswer => ({
  status: 200,
  body: { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', resourceVersion }, ...more },
});
const refused = (status: number, more: object = {}): KubeAnswer => ({ status, body: {}, ...more });
const broken = (code: string): Error => Object.assign(new Error(code), { code });
const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'n' }, data: {} };
const REF = { apiVersion: 'v1', kind: 'ConfigMap', name: 'a', namespace: 'n' };
const FREE = { isForced: false };

describe('an API server that is not well', () => {
  it('is asked again as it wishes, and not without end', async () => {
    const { kube, waits } = server(
      [broken('ECONNREFUSED'), refused(429, { retryAfterSeconds: 7 }), refused(503), ok('1')],
      [[CONFIG_MAP]],
    );
    assert.equal((await kube.get(REF, SIGNAL))?.metadata.name, 'a');
    assert.deepEqual(waits, [1000, 7000, 4000]);
    const down = server(
      Array.from({ length: 7 }, () => refused(503)),
      [[CONFIG_MAP]],
    );
    await assert.rejects(down.kube.get(REF, SIGNAL), { message: /^reading ConfigMap a was refused \(503\)/ });
    assert.deepEqual(down.waits, [1000, 2000, 4000, 8000, 16_000, 20_000]);
  });

  it('is asked again where a webhook is down, and not where a schema does not fit', async () => {
    const webhook = { status: 500, body: { message: 'Internal error: failed calling webhook "x"' } };
    const { kube, waits } = server([refused(404), webhook, ok('1')], [[CONFIG_MAP]]);
    assert.equal((await kube.apply(object, FREE, SIGNAL)).isChanged, true);
    assert.equal(waits.length, 1);
    const schema = { status: 500, body: { message: '.date: field not declared in schema' } };
    const strict = server([refused(404), schema], [[CONFIG_MAP]]);
    await assert.rejects(strict.kube.apply(object, FREE, SIGNAL), { message: /field not declared/ });
    assert.deepEqual(strict.waits, []);
  });

  it('is not asked again for a name in a certificate', async () => {
    const { kube, waits } = server([broken('ERR_TLS_CERT_ALTNAME_INVALID')], [[CONFIG_MAP]]);
    await assert.rejects(kube.get(REF, SIGNAL), { name: 'StepError', advice: /proxy/ });
    assert.deepEqual(waits, []);
  });
});

describe('an apply', () => {
  it('is strict, as argocd-controller, and forced only when told', async () => {
    const { kube, asked } = server([ok('1'), ok('1')], [[CONFIG_MAP]]);
    assert.equal((await kube.apply(object, FREE, SIGNAL)).isChanged, false);
    assert.equal(
      asked[1],
      'PATCH /api/v1/namespaces/n/configmaps/a?fieldManager=argocd-controller&fieldValidation=Strict&force=false',
    );
  });

  it('changes nothing where only the status and the fields of others are new', async () => {
    const managedFields = [{ manager: 'kubelet', fieldsV1: {} }];
    const metadata = { name: 'a', resourceVersion: '2', managedFields };
    const { kube } = server([ok('1'), ok('2', { metadata, status: { phase: 'Active' } })], [[CONFIG_MAP]]);
    assert.equal((await kube.apply(object, FREE, SIGNAL)).isChanged, false);
    const other = server([ok('1'), ok('2', { data: { a: 'b' } })], [[CONFIG_MAP]]);
    assert.equal((await other.kube.apply(object, FREE, SIGNAL)).isChanged, true);
  });

  it('leaves out the namespace where the kind has none, and puts one where it has', async () => {
    const { kube, asked, bodies } = server(
      [refused(404), ok('1'), refused(404), ok('1')],
      [[CONFIG_MAP, NAMESPACE]],
    );
    await kube.apply(
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n', namespace: 'x' } },
      FREE,
      SIGNAL,
    );
    await kube.apply({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }, FREE, SIGNAL);
    assert.deepEqual(bodies, [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'n' } },
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', namespace: 'default' } },
    ]);
    assert.deepEqual(
      [asked[0], asked[2]],
      ['GET /api/v1/namespaces/n', 'GET /api/v1/namespaces/default/configmaps/a'],
    );
  });

  it('waits for a kind whose definition has just come, within bounds', async () => {
    const { kube, waits, discoveries } = server([refused(404), ok('1')], [[], [], [CONFIG_MAP]]);
    await kube.apply(object, FREE, SIGNAL);
    assert.deepEqual([waits, discoveries()], [[1000, 1000], 3]);
    const never = server([], [[]]);
    await assert.rejects(never.kube.apply(object, FREE, SIGNAL), {
      message: 'the cluster has no kind ConfigMap in v1',
    });
    assert.equal(never.waits.length, 7);
  });
});

describe('a list', () => {
  it('is all pages, each item with what it is', async () => {
    const page = (name: string, next?: string): KubeAnswer => ({
      status: 200,
      body: { items: [{ metadata: { name } }], metadata: next === undefined ? {} : { continue: next } },
    });
    const { kube, asked } = server([page('a', 'more'), page('b')], [[CONFIG_MAP]]);
    const kind = { apiVersion: 'v1', kind: 'ConfigMap', namespace: 'n', labels: 'a=b' };
    assert.deepEqual(await kube.list(kind, SIGNAL), [
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } },
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'b' } },
    ]);
    assert.deepEqual(asked, [
      'GET /api/v1/namespaces/n/configmaps?limit=500&labelSelector=a%3Db',
      'GET /api/v1/namespaces/n/configmaps?limit=500&labelSelector=a%3Db&continue=more',
    ]);
  });
});
