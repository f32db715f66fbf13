import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import type { RetryPolicy } from '../../base/retry.ts';
import { StepError } from '../../base/step-error.ts';
import { type ForwardEvent, openPodDialer } from './pod-dialer.ts';
import { openPodStreams, type Sleep } from './pod-stream.ts';
import type { KubeConnection } from './request.ts';
import { type KubeReader, readyPods, type ServicePort } from './service-pods.ts';

export type ForwardOptions = {
  /** On this machine; 0 for any that is free. */
  readonly port: number;
  readonly report: (event: ForwardEvent) => void;
  /** How a pod is looked for while none can be reached. */
  readonly retry?: RetryPolicy;
  readonly sleep?: Sleep;
};

export type PortForward = {
  /** The one that was taken. */
  readonly port: number;
  /** Resolves once it is closed or the signal is aborted; rejects where no pod came within bounds. */
  readonly ended: Promise<void>;
  readonly close: () => void;
};

/** Some five minutes: a Spot node that is reclaimed is replaced before its pods are. */
const RETRY: RetryPolicy = { tries: 64, waitMs: 100, maxWaitMs: 5000 };
/** A browser opens six to a host. Each of ours is a connection to the API server, too. */
const CONNECTIONS_MAX = 200;
const LOOPBACK = '127.0.0.1';

/**
 * Forwards a port of this machine's loopback to a Ready pod behind a Service. Each connection to it is one to the pod, by
 * way of the API server; those to a pod that goes away are cut, and the next ones lead to its successor. Resolves once a
 * pod was reached. Rejects with a StepError where the port is taken, forwarding is not allowed, or no pod comes within
 * bounds.
 */
export async function forwardPort(
  target: ServicePort,
  cluster: { readonly kube: KubeReader; readonly connection: KubeConnection },
  { port, report, retry = RETRY, sleep = sleepFor }: ForwardOptions,
  signal: AbortSignal,
): Promise<PortForward> {
  const ending = new AbortController();
  const until = AbortSignal.any([signal, ending.signal]);
  const streams = openPodStreams(cluster.connection, sleep);
  const sockets = new Set<Socket>();
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true, noDelay: true });
  let settle: (error?: unknown) => void = () => undefined;
  const ended = new Promise<void>((resolve, reject) => {
    settle = (error) => (error === undefined || signal.aborted ? resolve() : reject(error as Error));
  });
  // It may end before anybody waits for that.
  ended.catch(() => undefined);
  const finish = (error?: unknown): void => {
    if (ending.signal.aborted) return;
    ending.abort();
    server.close();
    for (const socket of sockets) socket.destroy();
    streams.close();
    settle(error);
  };
  const dialer = openPodDialer(
    { find: () => readyPods(cluster.kube, target, until), dial: (pod) => streams.dial(pod, until) },
    { target, report, retry: { policy: retry, signal: until, sleep }, onGivenUp: finish },
  );

  server.maxConnections = CONNECTIONS_MAX;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // A client that went away is no failure of ours.
    socket.on('error', () => undefined);
    dialer.connect().then(
      ({ stream, pod }) => join(socket, stream, ({ message }) => dialer.lose(pod, message)),
      (error: unknown) => finish(error),
    );
  });
  signal.addEventListener('abort', () => finish(), { once: true });
  try {
    signal.throwIfAborted();
    const taken = await listening(server, port);
    const { stream } = await dialer.connect();
    stream.destroy();
    return { port: taken, ended, close: () => finish() };
  } catch (error) {
    finish(error);
    throw error;
  }
}

function sleepFor(ms: number, signal: AbortSignal): Promise<void> {
  return wait(ms, undefined, { signal });
}

function listening(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.on('error', ({ code, message }: NodeJS.ErrnoException) => {
      if (code === 'EADDRINUSE') {
        const advice = 'end what listens there, or name another port; 0 takes any that is free';
        reject(new StepError(`port ${port} of this machine is taken`, { advice }));
      } else {
        reject(new StepError(`port ${port} of this machine cannot be opened: ${message}`));
      }
    });
    // Not shared: whoever had it before us would get a part of our connections.
    server.listen({ port, host: LOOPBACK, exclusive: true }, () =>
      resolve((server.address() as AddressInfo).port),
    );
  });
}

/** Carries bytes both ways. What the pod sends after the client has said its last still arrives. */
function join(socket: Socket, stream: Duplex, onCut: (error: Error) => void): void {
  const cut = (error: Error): void => {
    socket.resetAndDestroy();
    onCut(error);
  };
  // It may have failed between its beginning and here.
  if (stream.errored) return cut(stream.errored);
  if (socket.destroyed) return void stream.destroy();
  stream.once('error', cut);
  stream.once('end', () => socket.destroySoon());
  socket.once('close', () => stream.destroy());
  socket.pipe(stream);
  stream.pipe(socket, { end: false });
}
