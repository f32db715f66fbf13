import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, before, describe, it } from 'node:test';
import { parse } from 'yaml';
import { openKube } from '../../src/adapters/kube/kube.ts';
import { forwardPort } from '../../src/adapters/kube/port-forward.ts';
import type { KubeConnection } from '../../src/adapters/kube/request.ts';
import { armId } from '../../src/lab/arm/id.ts';
import { startArm } from '../../src/lab/arm/start.ts';
import type { StepError } from '../../src/base/step-error.ts';
import {
  type Answered,
  type PortForwardEnd,
  startPortForwardEnd,
} from '../../test/support/port-forward-end.ts';
import { type ApiServer, startApiServer } from '../support/api-server.ts';
import { undoAtExit, waitFor } from '../support/processes.ts';
import { provenBy, repositoryRoot } from '../support/tools.ts';

const MEBIBYTE = 1024 * 1024;
const SERVICE = { namespace: 'default', service: 'grafana', port: 80 };
const ATLAS = join(repositoryRoot, 'examples/atlas/fleet.yaml');
const NODES = ['aks-user-0', 'aks-user-1'] as const;

/**
 * A real kube-apiserver proxies to a kubelet of ours: what is proven is that it takes the handshake, as whom it lets one
 * forward, and that it carries the bytes. The kubelet's half is as its sources have it.
 */
describe('port-forward', provenBy('etcd', 'kube-apiserver'), () => {
  let server: ApiServer;
  let kubelet: PortForwardEnd;
  /** What a kubelet answers for a pod. */
  const pods = new Map<string, Answered>();
  const asked: { readonly pod: string; readonly protocol: string | undefined }[] = [];
  const listening: Server[] = [];
  const stop = new AbortController();
  const opened: { close: () => void }[] = [];

  const connectionOf = (token: string): KubeConnection => ({
    server: server.url,
    ca: server.ca,
    token: async () => token,
  });

  /** As whom the token says, to a free port; the events as they come. */
  const forward = async (token = server.token, tries = 20) => {
    const events: string[] = [];
    const connection = connectionOf(token);
    // Who may forward need not read: what is looked for is looked for as an administrator.
    const kube = openKube(connectionOf(server.token));
    opened.push(kube);
    const { port, ended } = await forwardPort(
      SERVICE,
      { kube, connection },
      {
        port: 0,
        report: (event) => events.push(event.kind === 'lost' ? `lost: ${event.why}` : `to ${event.pod}`),
        retry: { tries, waitMs: 100, maxWaitMs: 500 },
      },
      stop.signal,
    );
    return { port, ended, events };
  };

  before(async () => {
    server = await startApiServer();
    kubelet = await startPortForwardEnd(
      ({ pathname, searchParams }) => {
        const pod = /^\/portForward\/[^/]+\/([^/]+)$/.exec(pathname)?.[1];
        return pod === undefined ? undefined : { pod, port: Number(searchParams.get('port')) };
      },
      ({ pod, request }) => {
        asked.push({ pod, protocol: request.headers['sec-websocket-protocol'] });
        return pods.get(pod) ?? { status: 404, body: 'pod does not exist' };
      },
    );
    for (const name of NODES) await addNode(name);
    await addService('default', 'grafana');
  });
  after(async () => {
    stop.abort();
    for (const { close } of opened) close();
    for (const each of listening) each.close();
    await kubelet?.close();
    await server?.stop();
  });

  async function made(path: string, object: object): Promise<void> {
    const answer = await server.request('POST', path, { body: JSON.stringify(object) });
    assert.ok(answer.status < 300, JSON.stringify(answer.body));
  }

  async function patched(path: string, change: object): Promise<void> {
    const answer = await server.request('PATCH', path, {
      contentType: 'application/merge-patch+json',
      body: JSON.stringify(change),
    });
    assert.equal(answer.status, 200, JSON.stringify(answer.body));
  }

  /** Its kubelet is ours. The second node says, as those of 1.36 do, that it takes WebSockets itself. */
  async function addNode(name: (typeof NODES)[number]): Promise<void> {
    await made('/api/v1/nodes', { apiVersion: 'v1', kind: 'Node', metadata: { name } });
    await patched(`/api/v1/nodes/${name}/status`, {
      status: {
        addresses: [{ type: 'InternalIP', address: '127.0.0.1' }],
        daemonEndpoints: { kubeletEndpoint: { Port: kubelet.port } },
        ...(name === NODES[1] ? { declaredFeatures: ['ExtendWebSocketsToKubelet'] } : {}),
      },
    });
  }

  async function addService(namespace: string, name: string): Promise<void> {
    const spec = { selector: { app: 'grafana' }, ports: [{ port: 80, targetPort: 'http' }] };
    const service = { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec };
    await made(`/api/v1/namespaces/${namespace}/services`, service);
  }

  async function addPod(
    name: string,
    nodeName: (typeof NODES)[number],
    serve: (socket: Socket) => void,
    namespace = 'default',
  ): Promise<void> {
    const tcp = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => undefined);
      serve(socket);
    });
    listening.push(tcp);
    await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
    pods.set(name, { leadsTo: (tcp.address() as AddressInfo).port });
    const ports = [{ name: 'http', containerPort: 3000 }];
    await made(`/api/v1/namespaces/${namespace}/pods`, {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name, labels: { app: 'grafana' } },
      spec: { nodeName, containers: [{ name: 'grafana', image: 'registry.example.org/grafana:1', ports }] },
    });
    await patched(`/api/v1/namespaces/${namespace}/pods/${name}/status`, {
      status: {
        phase: 'Running',
        podIP: '10.1.0.4',
        podIPs: [{ ip: '10.1.0.4' }],
        conditions: [{ type: 'Ready', status: 'True' }],
      },
    });
  }

  /** At once, as a kubelet that has ended it says. */
  async function removePod(name: string): Promise<void> {
    pods.delete(name);
    const path = `/api/v1/namespaces/default/pods/${name}?gracePeriodSeconds=0`;
    assert.equal((await server.request('DELETE', path)).status, 200);
    for (const socket of kubelet.sockets) socket.terminate();
  }

  const echo = (socket: Socket): void => void socket.pipe(socket);

  it('carries a mebibyte there and back, and several connections at once', async () => {
    await addPod('first', NODES[0], echo);
    const { port, events } = await forward();
    const texts = [MEBIBYTE, 10, 20_000, 1].map((length) => randomBytes(length));
    const heard = await Promise.all(texts.map((text) => answerTo(port, text)));
    for (const [index, text] of texts.entries()) assert.ok(text.equals(heard[index]!), `connection ${index}`);
    assert.deepEqual(events, ['to first']);
    assert.deepEqual(new Set(asked.map(({ protocol }) => protocol)), new Set(['v4.channel.k8s.io']));
    await removePod('first');
  });

  it('brings the whole of what a pod sends before it ends the connection', async () => {
    const text = randomBytes(5 * MEBIBYTE);
    await addPod('talker', NODES[1], (socket) => void socket.end(text));
    const { port } = await forward();
    for (let round = 0; round < 5; round += 1) {
      assert.ok(text.equals(await buffer(connect({ host: '127.0.0.1', port }))), `round ${round}`);
    }
    await removePod('talker');
  });

  it('brings the answer to a client that has said its last', async () => {
    await addPod('answerer', NODES[1], (socket) => {
      socket.once('data', (question) => setTimeout(() => socket.end(`so ${question.toString()}`), 200));
    });
    const { port } = await forward();
    const socket = connect({ host: '127.0.0.1', port });
    socket.end('be it');
    assert.equal((await buffer(socket)).toString(), 'so be it');
    await removePod('answerer');
  });

  it('leads to the successor of a pod that is replaced, on another node', async () => {
    await addPod('one', NODES[0], echo);
    const { port, events } = await forward();
    const socket = connect({ host: '127.0.0.1', port });
    socket.write('hello');
    await once(socket, 'data');
    const cut = once(socket, 'error');
    await addPod('two', NODES[1], echo);
    await removePod('one');
    assert.equal(((await cut)[0] as NodeJS.ErrnoException).code, 'ECONNRESET');
    assert.equal((await answerTo(port, Buffer.from('again'))).toString(), 'again');
    await waitFor('the new pod to be told', async () => events.at(-1) === 'to two' || undefined, {
      timeoutSeconds: 20,
    });
    assert.equal(events[0], 'to one');
    assert.match(events[1]!, /^lost: /);
    await removePod('two');
  });

  it('takes who may get and create a forward; since 1.35 getting one is not enough', async () => {
    await addPod('guarded', NODES[0], echo);
    const rules = (verbs: readonly string[]) => [{ apiGroups: [''], resources: ['pods/portforward'], verbs }];
    const forwarder = await tokenOf('forwarder', rules(['get', 'create']));
    const { port } = await forward(forwarder);
    assert.equal((await answerTo(port, Buffer.from('mine'))).toString(), 'mine');
    // To the one the API server's authorizer answers, to the other a check of its own, which gives no reason.
    for (const [name, allowed, reason] of [
      ['nobody', [], 'User "system:serviceaccount:default:nobody" cannot get resource "pods/portforward"'],
      ['getter', rules(['get']), ''],
    ] as const) {
      await assert.rejects(forward(await tokenOf(name, allowed)), (error: StepError) => {
        assert.match(error.message, /^forwarding port 3000 .* is not allowed: pods "guarded" is forbidden: /);
        assert.ok(error.message.includes(reason), error.message);
        assert.match(error.advice ?? '', /RBAC Cluster Admin/);
        return true;
      });
    }
    await assert.rejects(forward('not-a-token'), { message: /does not know who asks \(401\)$/ });
    await removePod('guarded');
  });

  it('gives up where no kubelet answers', async () => {
    await addPod('lonely', NODES[0], echo);
    const path = `/api/v1/nodes/${NODES[0]}/status`;
    await patched(path, { status: { daemonEndpoints: { kubeletEndpoint: { Port: 9 } } } });
    await assert.rejects(forward(server.token, 3), {
      name: 'StepError',
      message: /^after 3 tries: .*(connection refused|dialing backend).*\(50\d\)$/s,
    });
    await patched(path, { status: { daemonEndpoints: { kubeletEndpoint: { Port: kubelet.port } } } });
    await removePod('lonely');
  });

  it('is what `bulkhead open` does, from the fleet file to Ctrl-C', async () => {
    const namespace = 'monitoring';
    await made('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    await addService(namespace, 'kube-prometheus-stack-grafana');
    await addPod('grafana-0', NODES[1], echo, namespace);
    const fleet = parse(readFileSync(ATLAS, 'utf8')) as { readonly azure: { readonly subscription: string } };
    const { subscription } = fleet.azure;
    const arm = await startArm({
      now: Date.now,
      subscriptionId: subscription,
      kubeconfig: () => kubeconfigOf(server),
    });
    const group = `/subscriptions/${subscription}/resourceGroups/rg-atlas-demo-mgmt`;
    const id = `${group}/providers/Microsoft.ContainerService/managedClusters/aks-atlas-demo-mgmt`;
    arm.store.put({ id: armId(id), body: { id, properties: { powerState: { code: 'Running' } } } });
    const main = join(repositoryRoot, 'dist/src/cli/main.js');
    const child = spawn(process.execPath, [main, 'open', 'grafana', ATLAS, '-e', 'demo', '--port', '0'], {
      env: { ...process.env, ...arm.environment(), NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    undoAtExit(() => child.kill('SIGKILL'));
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += String(text)));
    const ended = once(child, 'exit');
    const port = await waitFor(
      'bulkhead to say where',
      async () => {
        if (child.exitCode !== null) throw new Error(said);
        return /http:\/\/127\.0\.0\.1:(\d+)\/[\s\S]*Ctrl-C/.exec(said)?.[1];
      },
      { timeoutSeconds: 60 },
    );
    const text = randomBytes(MEBIBYTE);
    assert.ok(text.equals(await answerTo(Number(port), text)));
    assert.match(said, /forwarding to the pod grafana-0/);
    assert.ok(!said.includes(server.token), 'no token is told');
    child.kill('SIGINT');
    assert.deepEqual(await ended, [0, null]);
    await arm.stop();
  });

  async function tokenOf(name: string, rules: readonly object[]): Promise<string> {
    const metadata = { name, namespace: 'default' };
    const [core, rbac] = [
      '/api/v1/namespaces/default',
      '/apis/rbac.authorization.k8s.io/v1/namespaces/default',
    ];
    const apiVersion = 'rbac.authorization.k8s.io/v1';
    await made(`${core}/serviceaccounts`, { apiVersion: 'v1', kind: 'ServiceAccount', metadata });
    await made(`${rbac}/roles`, { apiVersion, kind: 'Role', metadata, rules });
    await made(`${rbac}/rolebindings`, {
      apiVersion,
      kind: 'RoleBinding',
      metadata,
      subjects: [{ kind: 'ServiceAccount', ...metadata }],
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
    });
    const body = JSON.stringify({ apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {} });
    const answer = await server.request('POST', `${core}/serviceaccounts/${name}/token`, { body });
    return (answer.body as { readonly status: { readonly token: string } }).status.token;
  }
});

/** As ARM gives it, but for the base64: a token of its own instead of a program that would fetch one. */
function kubeconfigOf({ url, ca, token }: ApiServer): string {
  const cluster = { server: url, 'certificate-authority-data': Buffer.from(ca).toString('base64') };
  return JSON.stringify({
    'current-context': 'it',
    contexts: [{ name: 'it', context: { cluster: 'it', user: 'it' } }],
    clusters: [{ name: 'it', cluster }],
    users: [{ name: 'it', user: { token } }],
  });
}

/** As many bytes as were said. */
async function answerTo(port: number, said: Buffer): Promise<Buffer> {
  const socket = connect({ host: '127.0.0.1', port });
  const chunks: Buffer[] = [];
  let bytes = 0;
  socket.write(said);
  await new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('close', () => reject(new Error(`closed after ${bytes} of ${said.length} bytes`)));
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      bytes += chunk.length;
      if (bytes >= said.length) resolve();
    });
  });
  socket.destroy();
  return Buffer.concat(chunks);
}
