import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { openKube } from '../../../src/adapters/kube/kube.ts';
import {
  type ForwardOptions,
  forwardPort,
  type PortForward,
} from '../../../src/adapters/kube/port-forward.ts';
import { type ForwardingCluster, SERVICE, startForwardingCluster } from './forwarding-cluster.ts';

const MEBIBYTE = 1024 * 1024;
/** So many turns of the event loop without a byte: everything is in this process, so nothing more comes. */
const STILL_TURNS = 500;

describe('a forwarded port', () => {
  let cluster: ForwardingCluster;
  let kube: ReturnType<typeof openKube>;
  let stop: AbortController;
  let events: string[];
  /** Milliseconds that were waited for, and never passed, but for those of retries. */
  let waits: number[];
  let servers: Server[];

  beforeEach(async () => {
    cluster = await startForwardingCluster();
    kube = openKube(cluster.connection);
    stop = new AbortController();
    [events, waits, servers] = [[], [], []];
  });
  afterEach(async () => {
    stop.abort();
    kube.close();
    for (const server of servers) server.close();
    await cluster.close();
  });

  /** A pod that does this with each connection; it listens on a port of loopback. */
  async function podThat(serve: (socket: Socket) => void): Promise<{ readonly leadsTo: number }> {
    const server = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => undefined);
      serve(socket);
    });
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return { leadsTo: (server.address() as AddressInfo).port };
  }

  const echo = (socket: Socket): void => void socket.pipe(socket);

  function forward(more: Partial<ForwardOptions> = {}): Promise<PortForward> {
    const options: ForwardOptions = {
      port: 0,
      report: (event) => events.push(event.kind === 'lost' ? `lost: ${event.why}` : `to ${event.pod}`),
      retry: { tries: 4, waitMs: 1, maxWaitMs: 4 },
      sleep: (ms, signal) => {
        waits.push(ms);
        if (ms <= 4) return turn();
        return new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
        });
      },
      ...more,
    };
    return forwardPort(SERVICE, { kube, connection: cluster.connection }, options, stop.signal);
  }

  async function client(port: number): Promise<Socket> {
    const socket = connect({ host: '127.0.0.1', port });
    await once(socket, 'connect');
    return socket;
  }

  const a = { name: 'grafana-a', uid: 'a' };
  const b = { name: 'grafana-b', uid: 'b' };

  it('carries a mebibyte there and back, on many connections at once', async () => {
    const pod = await podThat(echo);
    cluster.pods = [a];
    cluster.answer = () => pod;
    const { port } = await forward();
    const texts = Array.from({ length: 12 }, (_, index) => randomBytes(index === 0 ? MEBIBYTE : 999 + index));
    const heard = await Promise.all(
      texts.map(async (text) => {
        const socket = await client(port);
        socket.write(text);
        return read(socket, text.length);
      }),
    );
    for (const [index, text] of texts.entries()) assert.ok(text.equals(heard[index]!), `connection ${index}`);
    assert.deepEqual(events, ['to grafana-a']);
    assert.deepEqual(
      new Set(cluster.dialled),
      new Set(['grafana-a:3000']),
      'its own number of the named port',
    );
    assert.equal(cluster.looks, 1);
  });

  it('ends for the client when the pod is done, with every byte that it sent', async () => {
    const text = randomBytes(3 * MEBIBYTE);
    const pod = await podThat((socket) => void socket.end(text));
    cluster.pods = [a];
    cluster.answer = () => pod;
    const socket = await client((await forward()).port);
    assert.ok(text.equals(await buffer(socket)));
  });

  it('brings what the pod says after the client has said its last', async () => {
    const pod = await podThat((socket) => {
      socket.once('data', (question) => setImmediate(() => socket.end(`so ${question.toString()}`)));
    });
    cluster.pods = [a];
    cluster.answer = () => pod;
    const socket = await client((await forward()).port);
    socket.end('be it');
    assert.equal((await buffer(socket)).toString(), 'so be it');
  });

  it('stops the pod while the client does not read, and goes on when it does', async () => {
    const total = 64 * MEBIBYTE;
    /** What each connection has given, in the order in which they came. */
    const sent: number[] = [];
    const pod = await podThat((socket) => {
      const chunk = Buffer.alloc(MEBIBYTE);
      const index = sent.push(0) - 1;
      const more = (error?: Error | null): void => {
        if (error) return;
        if (sent[index] === total) return void socket.end();
        sent[index]! += chunk.length;
        socket.write(chunk, more);
      };
      more();
    });
    cluster.pods = [a];
    cluster.answer = () => pod;
    const { port } = await forward();
    // One connection found the pod.
    const before = sent.length;
    const socket = await client(port);
    await until(() => sent.length > before);
    const taken = (): number => sent.at(-1)!;
    await still(taken);
    assert.ok(taken() > 0 && taken() < total, `${taken()} bytes were taken with nobody to read them`);
    let read = 0;
    socket.on('data', (chunk: Buffer) => (read += chunk.length));
    await once(socket, 'end');
    assert.equal(read, total);
  });

  it('stops the client while the pod does not read', async () => {
    const total = 64 * MEBIBYTE;
    const taken: Socket[] = [];
    const pod = await podThat((socket) => taken.push(socket));
    cluster.pods = [a];
    cluster.answer = () => pod;
    const socket = await client((await forward()).port);
    const chunk = Buffer.alloc(MEBIBYTE);
    let sent = 0;
    const more = (): void => {
      if (sent === total) return;
      sent += chunk.length;
      socket.write(chunk, more);
    };
    more();
    await still(() => sent);
    assert.ok(sent < total, `${sent} bytes were taken with nobody to read them`);
    const whole = read(taken.at(-1)!, total);
    assert.equal((await whole).length, total);
  });

  it('cuts the connections to a pod that goes away, and leads the next ones to its successor', async () => {
    const [first, second] = [await podThat(echo), await podThat((socket) => void socket.end('second'))];
    cluster.pods = [a];
    cluster.answer = (name) => (name === 'grafana-a' ? first : second);
    const { port } = await forward();
    const socket = await client(port);
    socket.write('hello');
    assert.equal((await read(socket, 5)).toString(), 'hello');
    cluster.pods = [{ ...a, isEnding: true }, b];
    const cut = once(socket, 'error');
    for (const each of cluster.sockets) each.terminate();
    const [error] = (await cut) as [NodeJS.ErrnoException];
    assert.equal(error.code, 'ECONNRESET', 'and not an end, which would look like a whole answer');
    assert.equal((await buffer(await client(port))).toString(), 'second');
    assert.deepEqual(events, [
      'to grafana-a',
      'lost: the connection to the pod grafana-a was cut',
      'to grafana-b',
    ]);
  });

  it('finds out by the next connection that a pod was replaced while nobody looked', async () => {
    const pod = await podThat(echo);
    cluster.pods = [a];
    cluster.answer = () => pod;
    const { port } = await forward();
    cluster.pods = [b];
    cluster.answer = (name) =>
      name === 'grafana-b' ? pod : { status: 404, body: status('pods "a" not found') };
    const socket = await client(port);
    socket.write('hello');
    assert.equal((await read(socket, 5)).toString(), 'hello');
    assert.deepEqual(events, ['to grafana-a', 'lost: pods "a" not found (404)', 'to grafana-b']);
  });

  it('tells what the node complains about, and resets the connection', async () => {
    cluster.pods = [a];
    const closed = await podThat(echo);
    servers.pop()!.close();
    cluster.answer = () => closed;
    const { port } = await forward();
    const socket = await client(port);
    await once(socket, 'error');
    await still(() => events.length);
    assert.equal(events[0], 'to grafana-a');
    assert.match(events[1]!, /^lost: error forwarding port 3000: .*ECONNREFUSED/);
  });

  it('tries the other pod first when one does not answer', async () => {
    const pod = await podThat(echo);
    cluster.pods = [a, b];
    cluster.answer = (name) => (name === 'grafana-b' ? pod : { status: 500, body: 'error dialing backend' });
    await forward();
    assert.deepEqual(cluster.dialled, ['grafana-a:3000', 'grafana-b:3000']);
    assert.deepEqual(events, ['lost: error dialing backend (500)', 'to grafana-b']);
  });

  it('gives up after a bounded number of looks', async () => {
    await assert.rejects(forward(), {
      name: 'StepError',
      message: 'after 4 tries: no pod behind the Service monitoring/grafana is ready',
      advice: 'look at its pods: kubectl --namespace monitoring get pods',
    });
    assert.deepEqual(waits, [1, 2, 4]);
    assert.deepEqual(events, ['lost: no pod behind the Service monitoring/grafana is ready']);
  });

  it('ends, with the reason, when a lost pod has no successor', async () => {
    const pod = await podThat(echo);
    cluster.pods = [a];
    cluster.answer = () => pod;
    const { port, ended } = await forward();
    const socket = await client(port);
    socket.write('hello');
    await read(socket, 5);
    socket.on('error', () => undefined);
    cluster.pods = [{ ...a, isReady: false }];
    for (const each of cluster.sockets) each.terminate();
    await assert.rejects(ended, { message: /^after 4 tries: no pod behind/ });
    await assert.rejects(client(port), { code: 'ECONNREFUSED' });
  });

  it('does not try again what is not allowed', async () => {
    cluster.pods = [a];
    cluster.answer = () => ({ status: 403, body: status('pods "grafana-a" is forbidden: no rights') });
    await assert.rejects(forward(), {
      name: 'StepError',
      message:
        'forwarding port 3000 of the pod monitoring/grafana-a is not allowed: pods "grafana-a" is forbidden: no rights',
      advice: /RBAC Cluster Admin/,
    });
    assert.equal(cluster.dialled.length, 1);
  });

  it('says that a port is taken, and asks nobody for it', async () => {
    const { leadsTo } = await podThat(echo);
    await assert.rejects(forward({ port: leadsTo }), {
      name: 'StepError',
      message: `port ${leadsTo} of this machine is taken`,
      advice: /another port/,
    });
    assert.deepEqual([cluster.looks, cluster.dialled], [0, []]);
  });

  it('listens on 127.0.0.1 alone', async () => {
    const pod = await podThat(echo);
    cluster.pods = [a];
    cluster.answer = () => pod;
    const { port } = await forward();
    await assert.rejects(once(connect({ host: '::1', port }), 'connect'));
  });

  it('lets go of everything when it is stopped', async () => {
    const pod = await podThat(echo);
    cluster.pods = [a];
    cluster.answer = () => pod;
    const { port, ended } = await forward();
    const socket = await client(port);
    socket.write('hello');
    await read(socket, 5);
    const closed = once(socket, 'close');
    stop.abort();
    await Promise.all([ended, closed.catch(() => undefined)]);
    await assert.rejects(client(port), { code: 'ECONNREFUSED' });
    await still(() => cluster.sockets.size);
    assert.equal(cluster.sockets.size, 0);
  });

  it('does not begin once it is stopped', async () => {
    stop.abort();
    await assert.rejects(forward(), { name: 'AbortError' });
    assert.deepEqual(cluster.dialled, []);
  });
});

const status = (message: string): string => JSON.stringify({ kind: 'Status', message });

/** That many bytes of a socket that stays open. */
async function read(socket: Socket, bytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  await new Promise<void>((resolve, reject) => {
    socket.once('close', () => reject(new Error(`closed after ${length} of ${bytes} bytes`)));
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length >= bytes) resolve();
    });
  });
  return Buffer.concat(chunks);
}

/** Until something is so, or for a second or more of turns. */
async function until(isSo: () => boolean): Promise<void> {
  for (let turns = 0; !isSo() && turns < 1_000_000; turns += 1) await turn();
}

/** Until a number does not change any more. */
async function still(count: () => number): Promise<void> {
  for (let turns = 0, last = count(); turns < STILL_TURNS; turns += 1) {
    await turn();
    if (count() !== last) [turns, last] = [0, count()];
  }
}
