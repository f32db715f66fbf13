import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { openKube } from '../../src/adapters/kube/kube.ts';
import { type ApiServer, startApiServer } from '../support/api-server.ts';
import { CHART, helmOfFixtures } from '../support/fixture-chart.ts';
import { provenBy } from '../support/tools.ts';

const SIGNAL = new AbortController().signal;

describe('Kubernetes', provenBy('etcd', 'kube-apiserver', 'helm'), () => {
  let server: ApiServer;
  const opened: { close: () => void }[] = [];
  const kubeOf = (token = server.token) => {
    const kube = openKube(
      { server: server.url, ca: server.ca, token: async () => token },
      { retry: { tries: 2, waitMs: 10, maxWaitMs: 20 } },
    );
    opened.push(kube);
    return kube;
  };
  const configMap = (data: object) => ({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'settings', namespace: 'default' },
    data,
  });
  const free = { isForced: false };

  before(async () => {
    server = await startApiServer();
  });
  after(async () => {
    for (const { close } of opened) close();
    await server?.stop();
  });

  it('takes a chart, its CRD and an object of it in one go, and is not changed by a second one', async () => {
    const helm = helmOfFixtures();
    const kube = kubeOf();
    const objects = await helm.template(CHART, SIGNAL);
    for (const isChanged of [true, false]) {
      for (const object of objects) {
        const applied = await kube.apply(object, { isForced: true }, SIGNAL);
        assert.equal(applied.isChanged, isChanged, `${object.kind} ${object.metadata.name}`);
      }
    }
    const less = await helm.template({ ...CHART, values: { ...CHART.values, isLabelled: false } }, SIGNAL);
    const settings = less.find(({ kind }) => kind === 'ConfigMap')!;
    const { isChanged, object } = await kube.apply(settings, free, SIGNAL);
    assert.ok(isChanged);
    assert.deepEqual(
      object.metadata['labels'],
      { release: 'wall' },
      'a field that is not applied again goes',
    );
    const walls = await kube.list({ apiVersion: 'bulwark.example.org/v1', kind: 'Wall' }, SIGNAL);
    assert.deepEqual(
      walls.map(({ kind, metadata }) => [kind, metadata.name]),
      [['Wall', 'north']],
    );
  });

  it('names the other owner of a field, and takes it when forced', async () => {
    await server.request('PATCH', '/api/v1/namespaces/default/configmaps/settings?fieldManager=kubectl', {
      contentType: 'application/apply-patch+yaml',
      body: JSON.stringify(configMap({ colour: 'red', size: 'small' })),
    });
    const kube = kubeOf();
    const wanted = configMap({ colour: 'blue' });
    await assert.rejects(kube.apply(wanted, free, SIGNAL), {
      name: 'StepError',
      message: 'applying ConfigMap settings would take fields from another owner: kubectl owns .data.colour',
    });
    const { object } = await kube.apply(wanted, { isForced: true }, SIGNAL);
    assert.deepEqual(object['data'], { colour: 'blue', size: 'small' });
  });

  it('refuses a field that no schema has, a namespace that is not there, and a name that is none', async () => {
    const kube = kubeOf();
    await assert.rejects(kube.apply({ ...configMap({}), date: {} }, free, SIGNAL), {
      name: 'StepError',
      message: /^applying ConfigMap settings was refused \(\d+\): .*\.date: field not declared in schema/,
    });
    const metadata = { name: 'settings', namespace: 'nowhere' };
    await assert.rejects(kube.apply({ ...configMap({}), metadata }, free, SIGNAL), {
      message: /has no namespace nowhere$/,
    });
    const bad = { ...configMap({}), metadata: { name: 'Not_A_Name', namespace: 'default' } };
    await assert.rejects(kube.apply(bad, free, SIGNAL), { message: /\(422\)[\s\S]*metadata\.name/ });
  });

  it('reads, lists by label and page, and deletes once', async () => {
    const kube = kubeOf();
    const ref = { apiVersion: 'v1', kind: 'ConfigMap', name: 'labelled', namespace: 'default' };
    assert.equal(await kube.get(ref, SIGNAL), undefined);
    const metadata = { name: ref.name, namespace: ref.namespace, labels: { part: 'mesh' } };
    await kube.apply({ ...configMap({}), metadata }, free, SIGNAL);
    assert.equal((await kube.get(ref, SIGNAL))?.metadata.name, 'labelled');
    const found = await kube.list({ apiVersion: 'v1', kind: 'ConfigMap', labels: 'part=mesh' }, SIGNAL);
    assert.equal(found.length, 1);
    assert.equal(await kube.delete(ref, SIGNAL), true);
    assert.equal(await kube.delete(ref, SIGNAL), false);
    const gone = { apiVersion: 'gone.example.org/v1', kind: 'Gone' };
    assert.equal(await kube.get({ ...gone, name: 'a' }, SIGNAL), undefined);
    assert.deepEqual(await kube.list(gone, SIGNAL), []);
  });

  it('knows who may do everything, who may not, and who is nobody', async () => {
    assert.equal(await kubeOf().isAdmin(SIGNAL), true);
    const account = {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { name: 'weak', namespace: 'default' },
    };
    await kubeOf().apply(account, free, SIGNAL);
    const path = '/api/v1/namespaces/default/serviceaccounts/weak/token';
    const body = JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} });
    const answer = await server.request('POST', path, { body });
    const { token } = (answer.body as { readonly status: { readonly token: string } }).status;
    const weak = kubeOf(token);
    assert.equal(await weak.isAdmin(SIGNAL), false);
    await assert.rejects(weak.apply(configMap({}), free, SIGNAL), {
      message: /is not allowed: .*system:serviceaccount:default:weak/,
      advice: /RBAC Cluster Admin/,
    });
    await assert.rejects(kubeOf('nobody').isAdmin(SIGNAL), { message: /does not know who asks \(401\)$/ });
  });

  it('tells where no API server answers, after a bounded number of tries', async () => {
    const waits: number[] = [];
    const kube = openKube(
      { server: 'https://127.0.0.1:9', token: async () => 'none' },
      {
        retry: { tries: 3, waitMs: 1000, maxWaitMs: 1500 },
        sleep: async (ms) => void waits.push(ms),
      },
    );
    await assert.rejects(kube.isAdmin(SIGNAL), {
      name: 'StepError',
      message: /cannot be reached: .*ECONNREFUSED/,
    });
    assert.deepEqual(waits, [1000, 1500]);
    const stranger = openKube({ server: server.url, token: async () => 'none' });
    await assert.rejects(stranger.isAdmin(SIGNAL), { advice: /a proxy that opens TLS/ });
    stranger.close();
    kube.close();
  });
});
