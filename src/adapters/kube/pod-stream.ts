import type { IncomingMessage } from 'node:http';
import { Duplex } from 'node:stream';
import { type ClientOptions, WebSocket } from 'ws';
import { refusalError, refusalOf } from './refusal.ts';
import type { KubeConnection } from './request.ts';
import type { PodPort } from './service-pods.ts';

/** The pod, or the way to it, is not there now. Another look may find one. */
export class PodUnreachable extends Error {}

/** Waits, and ends early, rejected, when the signal is aborted. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/**
 * What kubelets take for a port-forward over a WebSocket, and API servers hand through to them: the first byte of each
 * message names a channel, 0 for data and 1 for the node's complaint, and each channel opens with the number of the port
 * in two bytes, the lower one first (k8s.io/cri-streaming, pkg/streaming/portforward/websocket.go, 2026-06-02).
 */
const PROTOCOL = 'v4.channel.k8s.io';
const DATA = 0;
const COMPLAINT = 1;
const PORT_BYTES = 2;

const HANDSHAKE_TIMEOUT_MS = 30_000;
/** The node copies by 32 KiB; a message of more than this comes from something else. */
const MESSAGE_MAX_BYTES = 1024 * 1024;
const TEXT_MAX_BYTES = 64 * 1024;
/** Less than the four minutes after which Azure's load balancers forget a connection that is silent. */
const PING_MS = 30_000;
/** After so many pings without a word the way is taken for dead: a laptop that slept wakes to such ones. */
const SILENT_PINGS_MAX = 3;
/** The protocol cannot say that we are done and listen still. Once we are, silence of this length is the end. */
const LINGER_MS = 30_000;
const NORMAL_CLOSURE = 1000;
/** What ws says of a close without a code (RFC 6455, 7.1.5). */
const NO_CODE = 1005;

/** Connections to ports of pods, each over a WebSocket of its own. `close` cuts them all. */
export function openPodStreams(connection: KubeConnection, sleep: Sleep) {
  const sockets = new Set<WebSocket>();
  return {
    /**
     * Rejects with {@link PodUnreachable} where another try, or another pod, may do, and with a StepError where none will.
     * The stream ends when the pod's end does, and fails with PodUnreachable where it was cut.
     */
    dial: async (pod: PodPort, signal: AbortSignal): Promise<Duplex> => {
      const bearer = connection.token && (await connection.token(signal));
      signal.throwIfAborted();
      const socket = new WebSocket(urlOf(connection, pod), [PROTOCOL], optionsOf(connection, bearer));
      sockets.add(socket);
      socket.once('close', () => sockets.delete(socket));
      // From the beginning: the first messages may come with the answer to the handshake.
      const stream = streamOver(socket, pod, sleep);
      try {
        await opened(socket, { pod, server: connection.server }, signal);
        return stream;
      } catch (error) {
        stream.destroy();
        throw error;
      }
    },
    close: (): void => {
      for (const socket of sockets) socket.terminate();
    },
  };
}

function urlOf({ server }: KubeConnection, { namespace, name, port }: PodPort): string {
  const pod = `/api/v1/namespaces/${encodeURIComponent(namespace)}/pods/${encodeURIComponent(name)}`;
  return `${server.replace(/^https:/, 'wss:').replace(/\/$/, '')}${pod}/portforward?ports=${port}`;
}

function optionsOf(
  { ca, serverName, certificate }: KubeConnection,
  bearer: string | undefined,
): ClientOptions {
  return {
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
    maxPayload: MESSAGE_MAX_BYTES,
    perMessageDeflate: false,
    followRedirects: false,
    ...(bearer === undefined ? {} : { headers: { authorization: `Bearer ${bearer}` } }),
    ...(ca === undefined ? {} : { ca }),
    ...(serverName === undefined ? {} : { servername: serverName }),
    ...certificate,
  };
}

function opened(
  socket: WebSocket,
  where: { readonly pod: PodPort; readonly server: string },
  signal: AbortSignal,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      reject(signal.reason as Error);
      socket.terminate();
    };
    signal.addEventListener('abort', stop, { once: true });
    const done = (settle: () => void) => (): void => {
      signal.removeEventListener('abort', stop);
      settle();
    };
    socket.once('open', done(resolve));
    socket.on('error', (cause) => done(() => reject(new PodUnreachable(cause.message, { cause })))());
    socket.once('unexpected-response', (request, response: IncomingMessage) => {
      textOf(response).then(
        (text) => {
          done(() => reject(refusal({ status: response.statusCode ?? 0, text }, where)))();
          request.destroy();
        },
        (cause: Error) => done(() => reject(new PodUnreachable(cause.message, { cause })))(),
      );
    });
  });
}

function refusal(
  { status, text }: { readonly status: number; readonly text: string },
  { pod, server }: { readonly pod: PodPort; readonly server: string },
): Error {
  const answer = { status, body: parsed(text) };
  // 400 is what it says of a request that it does not understand, and it will not learn.
  if (status === 400 || status === 401 || status === 403) {
    const subject = `forwarding port ${pod.port} of the pod ${pod.namespace}/${pod.name}`;
    return refusalError(answer, { text: subject, server, isSecret: false });
  }
  return new PodUnreachable(`${refusalOf(answer).message} (${status})`);
}

async function textOf(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > TEXT_MAX_BYTES) break;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The node's own words are plain text.
    return text;
  }
}

/** What was heard of the other side, and what it complained about. */
type Hearing = { isFresh: boolean; silentPings: number; complaint: string };

function streamOver(socket: WebSocket, pod: PodPort, sleep: Sleep): Duplex {
  const hearing: Hearing = { isFresh: true, silentPings: 0, complaint: '' };
  const ending = new AbortController();
  const stream = new Duplex({
    read: () => socket.resume(),
    write: (chunk: Buffer, _encoding, done) => {
      // What is said to a connection that has ended is lost, as on any other; 'close' tells how it ended.
      if (socket.readyState !== WebSocket.OPEN) return done();
      const message = Buffer.allocUnsafe(chunk.length + 1);
      message[0] = DATA;
      chunk.copy(message, 1);
      socket.send(message, () => done());
    },
    final: (done) => {
      done();
      void linger(stream, hearing, sleep, ending.signal);
    },
    destroy: (error, done) => {
      ending.abort();
      if (error === null && socket.readyState === WebSocket.OPEN) socket.close(NORMAL_CLOSURE);
      else socket.terminate();
      done(error);
    },
  });
  receive(socket, stream, hearing);
  socket.on('close', (code) => {
    if (hearing.complaint !== '') stream.destroy(new PodUnreachable(hearing.complaint));
    else if (code === NORMAL_CLOSURE || code === NO_CODE) stream.push(null);
    else stream.destroy(new PodUnreachable(`the connection to the pod ${pod.name} was cut`));
  });
  // Failures of the handshake are told by who waits for it; here nobody listens yet.
  stream.on('error', () => undefined);
  void keepAlive(socket, stream, hearing, sleep, ending.signal);
  return stream;
}

function receive(socket: WebSocket, stream: Duplex, hearing: Hearing): void {
  const skip = { [DATA]: PORT_BYTES, [COMPLAINT]: PORT_BYTES };
  const heard = (): void => {
    hearing.isFresh = true;
    hearing.silentPings = 0;
  };
  socket.on('pong', heard);
  socket.on('message', (message) => {
    heard();
    const data = message as Buffer;
    const channel = data[0];
    if (channel !== DATA && channel !== COMPLAINT) return;
    const skipped = Math.min(skip[channel], data.length - 1);
    skip[channel] -= skipped;
    const content = data.subarray(1 + skipped);
    if (content.length === 0) return;
    if (channel === DATA) {
      if (!stream.push(content)) socket.pause();
    } else if (hearing.complaint.length < TEXT_MAX_BYTES) {
      hearing.complaint += content.toString('utf8');
    }
  });
}

/** Ends a stream that we have nothing more to say to, once nothing more comes of it. */
async function linger(stream: Duplex, hearing: Hearing, sleep: Sleep, signal: AbortSignal): Promise<void> {
  try {
    do {
      hearing.isFresh = false;
      await sleep(LINGER_MS, signal);
    } while (hearing.isFresh || stream.readableLength > 0);
    stream.destroy();
  } catch {
    // It has ended by itself.
  }
}

async function keepAlive(
  socket: WebSocket,
  stream: Duplex,
  hearing: Hearing,
  sleep: Sleep,
  signal: AbortSignal,
): Promise<void> {
  try {
    for (;;) {
      await sleep(PING_MS, signal);
      // While we do not read, no answer is heard.
      if (socket.readyState !== WebSocket.OPEN || socket.isPaused) continue;
      if (hearing.silentPings === SILENT_PINGS_MAX) {
        const seconds = (SILENT_PINGS_MAX * PING_MS) / 1000;
        stream.destroy(new PodUnreachable(`nothing was heard of the pod for ${seconds} s`));
        return;
      }
      hearing.silentPings += 1;
      socket.ping();
    }
  } catch {
    // It has ended.
  }
}
