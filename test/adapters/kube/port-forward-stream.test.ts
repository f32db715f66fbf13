import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import type { WebSocket } from 'ws';
import { openPodStreams, PodUnreachable } from '../../../src/adapters/kube/pod-stream.ts';
import { onChannel, portBytes } from '../../support/port-forward-end.ts';
import { type ForwardingCluster, startForwardingCluster } from './forwarding-cluster.ts';

const NEVER = new AbortController().signal;
const POD = { namespace: 'monitoring', name: 'grafana-a', uid: 'a', port: 3000 };
const PING_MS = 30_000;

describe('a connection to a port of a pod', () => {
  let cluster: ForwardingCluster;
  let streams: ReturnType<typeof openPodStreams>;
  /** Sleeps that have not passed; the test lets them. */
  let sleeping: { readonly ms: number; readonly wake: () => void }[];

  beforeEach(async () => {
    cluster = await startForwardingCluster();
    sleeping = [];
    streams = openPodStreams(cluster.connection, (ms, signal) => {
      return new Promise((wake, reject) => {
        sleeping.push({ ms, wake });
        signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
      });
    });
  });
  afterEach(async () => {
    streams.close();
    await cluster.close();
  });

  async function dialled(speak: (socket: WebSocket, port: number) => void): Promise<Duplex> {
    cluster.answer = () => ({ speak });
    const stream = await streams.dial(POD, NEVER);
    // Its failures are the test's to see, by `errored` or by reading.
    stream.on('error', () => undefined);
    return stream;
  }

  /** Lets every sleep that is under way pass, and what comes of it happen. */
  async function wakeAll(): Promise<void> {
    for (const { wake } of sleeping.splice(0)) wake();
    await turn();
  }

  it('reads the same bytes however they are cut into messages, and none of another channel', async () => {
    const cuts = fc.array(fc.nat({ max: 40 }), { maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(cuts, fc.string({ maxLength: 40 }), async (places, said) => {
        const whole = Buffer.concat([portBytes(3000), Buffer.from(said)]);
        const ends = [...places, whole.length]
          .map((place) => Math.min(place, whole.length))
          .sort((a, b) => a - b);
        const stream = await dialled((socket) => {
          let begin = 0;
          socket.send(onChannel(1, portBytes(3000)));
          for (const end of ends) {
            socket.send(onChannel(0, whole.subarray(begin, end)));
            socket.send(onChannel(7, Buffer.from('not for us')));
            begin = end;
          }
          socket.send(Buffer.alloc(0));
          socket.close(1000);
        });
        assert.equal(await text(stream), said);
      }),
      { numRuns: 25 },
    );
  });

  it('sends each write as data', async () => {
    const messages: Buffer[] = [];
    const stream = await dialled((socket) => {
      socket.on('message', (message) => {
        messages.push(message as Buffer);
        if (messages.length === 2) socket.close(1000);
      });
    });
    stream.write('GET');
    stream.end(' /');
    assert.equal(await text(stream), '');
    assert.deepEqual(messages.map(String), ['\0GET', '\0 /']);
  });

  it('fails with the complaint of the node', async () => {
    const stream = await dialled((socket) => {
      socket.send(onChannel(1, Buffer.concat([portBytes(3000), Buffer.from('connection ')])));
      socket.send(onChannel(1, Buffer.from('refused')));
      socket.close(1000);
    });
    await assert.rejects(text(stream), { message: 'connection refused' });
    assert.ok(stream.errored instanceof PodUnreachable);
  });

  it('fails where it is cut rather than ended', async () => {
    const stream = await dialled((socket) => {
      socket.send(onChannel(0, Buffer.concat([portBytes(3000), Buffer.from('half of')])), () =>
        socket.terminate(),
      );
    });
    await assert.rejects(text(stream), { message: 'the connection to the pod grafana-a was cut' });
  });

  it('takes the way for dead after three pings without a word', async () => {
    let pings = 0;
    const stream = await dialled((socket) => {
      // As one that is not there any more: it hears, and does not answer.
      socket.pong = () => undefined;
      socket.on('ping', () => (pings += 1));
    });
    stream.resume();
    for (const expected of [1, 2, 3]) {
      assert.deepEqual(
        sleeping.map(({ ms }) => ms),
        [PING_MS],
      );
      await wakeAll();
      await until(() => pings === expected);
    }
    assert.equal(stream.errored, null);
    await wakeAll();
    assert.equal((stream.errored as Error | null)?.message, 'nothing was heard of the pod for 90 s');
  });

  it('keeps a way that is silent, and answers pings', async () => {
    const pongs: (() => void)[] = [];
    let stream: Duplex | undefined = undefined;
    stream = await dialled((socket) => {
      socket.on('ping', () => pongs.shift()?.());
    });
    stream.resume();
    for (let round = 0; round < 8; round += 1) {
      const pinged = new Promise<void>((resolve) => pongs.push(resolve));
      await wakeAll();
      await pinged;
      // The answer is on its way: the server answers by itself.
      await until(() => sleeping.length === 1);
      for (let turns = 0; turns < 20; turns += 1) await turn();
    }
    assert.equal(stream.errored, null);
  });

  it('waits half a minute of silence after we have said our last', async () => {
    let speaking: WebSocket | undefined;
    const stream = await dialled((socket) => {
      speaking = socket;
      socket.send(onChannel(0, portBytes(3000)));
    });
    let heard = '';
    stream.on('data', (chunk: Buffer) => (heard += chunk.toString()));
    stream.end();
    await until(() => sleeping.length === 2);
    speaking!.send(onChannel(0, Buffer.from('a word')));
    await until(() => heard === 'a word');
    await wakeAll();
    assert.equal(stream.destroyed, false, 'something came meanwhile');
    await until(() => sleeping.length === 2);
    const closed = once(speaking!, 'close');
    await wakeAll();
    assert.equal(stream.destroyed, true);
    assert.equal((await closed)[0], 1000);
  });

  it('does not take a stopped reader for silence', async () => {
    const stream = await dialled((socket) => {
      socket.send(onChannel(0, Buffer.concat([portBytes(3000), Buffer.from('a word')])));
    });
    await until(() => stream.readableLength > 0);
    stream.end();
    await until(() => sleeping.length === 2);
    await wakeAll();
    await until(() => sleeping.length === 2);
    await wakeAll();
    assert.equal(stream.destroyed, false);
  });

  it('tells a refusal that may pass from one that will not', async () => {
    const refused = async (status: number, body: string): Promise<unknown> => {
      cluster.answer = () => ({ status, body });
      return streams.dial(POD, NEVER).catch((error: unknown) => error);
    };
    const gone = await refused(404, JSON.stringify({ message: 'pods "grafana-a" not found' }));
    assert.ok(gone instanceof PodUnreachable);
    assert.equal(gone.message, 'pods "grafana-a" not found (404)');
    const away = await refused(502, 'no agent available');
    assert.ok(away instanceof PodUnreachable);
    for (const status of [400, 401, 403]) {
      assert.equal(((await refused(status, 'no')) as Error).name, 'StepError', String(status));
    }
  });

  it('can be stopped while it is opened, and asks with a token of the moment', async () => {
    const stop = new AbortController();
    cluster.answer = () => {
      stop.abort();
      return { status: 500, body: '' };
    };
    await assert.rejects(streams.dial(POD, stop.signal), { name: 'AbortError' });
    const old = { ...cluster.connection, token: async () => 'an old one' };
    const other = openPodStreams(old, () => new Promise(() => undefined));
    await assert.rejects(other.dial(POD, NEVER), { message: /does not know who asks \(401\)$/ });
  });

  it('says where nothing listens', async () => {
    await cluster.close();
    await assert.rejects(streams.dial(POD, NEVER), (error) => {
      assert.ok(error instanceof PodUnreachable);
      assert.match(error.message, /ECONNREFUSED/);
      return true;
    });
  });
});

/** Turns of the event loop, until it is so. */
async function until(isSo: () => boolean): Promise<void> {
  for (let turns = 0; !isSo(); turns += 1) {
    if (turns > 100_000) throw new Error('it does not come');
    await turn();
  }
}
