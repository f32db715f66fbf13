import type { IncomingMessage } from 'node:http';
import { createServer, type Server } from 'node:https';
import { type AddressInfo, connect, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import { selfSigned } from '../../src/lab/arm/certificate.ts';

/** Whose port is asked for, and by what words. */
export type Asked = { readonly pod: string; readonly port: number; readonly request: IncomingMessage };

/** What becomes of it: the port of loopback where the "pod" listens, a refusal, or what the test makes of it. */
export type Answered =
  | { readonly leadsTo: number }
  | { readonly status: number; readonly body: string }
  | { readonly speak: (socket: WebSocket, port: number) => void };

export type PortForwardEnd = {
  readonly port: number;
  /** Of its certificate, which vouches for itself. */
  readonly ca: string;
  /** Open now. */
  readonly sockets: ReadonlySet<WebSocket>;
  readonly close: () => Promise<void>;
};

/**
 * The far end of port-forwards, as a kubelet with containerd is: a TLS server on loopback that takes
 * `v4.channel.k8s.io`, says the port on both channels, and copies to and from a TCP port until either side is done.
 */
export async function startPortForwardEnd(
  /** Undefined for what is no port-forward. */
  read: (url: URL) => { readonly pod: string; readonly port: number } | undefined,
  answer: (asked: Asked) => Answered,
  /** Anything else that is asked. */
  other: (request: IncomingMessage) => unknown = () => undefined,
): Promise<PortForwardEnd> {
  const { key, certificate } = selfSigned(['localhost'], Date.now());
  const server = createServer({ key, cert: certificate }, (request, response) => {
    const body = other(request);
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body ?? { message: `${request.url} is not here` }));
  });
  const acceptor = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false,
    handleProtocols: (protocols) => protocols.has('v4.channel.k8s.io') && 'v4.channel.k8s.io',
  });
  const raw = new Set<Duplex>();
  server.on('connection', (socket: Socket) => raw.add(socket.once('close', () => raw.delete(socket))));
  server.on('upgrade', (request, socket, head) => {
    const forward = read(new URL(request.url ?? '', 'https://localhost'));
    const answered = forward && answer({ ...forward, request });
    if (answered === undefined || 'status' in answered) {
      const { status, body } = answered ?? { status: 404, body: '' };
      socket.end(`HTTP/1.1 ${status} No\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
      return;
    }
    acceptor.handleUpgrade(request, socket, head, (accepted) => {
      if ('speak' in answered) answered.speak(accepted, forward!.port);
      else copy(accepted, forward!.port, answered.leadsTo);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    ca: certificate,
    sockets: acceptor.clients,
    close: () => ended(server, raw),
  };
}

function ended(server: Server, raw: ReadonlySet<Duplex>): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    for (const socket of raw) socket.destroy();
  });
}

/** A channel and bytes, as one message. */
export function onChannel(channel: number, bytes: Uint8Array): Buffer {
  return Buffer.concat([Buffer.of(channel), bytes]);
}

/** The number that both channels begin with. */
export function portBytes(port: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(port);
  return bytes;
}

function copy(accepted: WebSocket, port: number, leadsTo: number): void {
  for (const channel of [0, 1]) accepted.send(onChannel(channel, portBytes(port)));
  const pod = connect({ host: '127.0.0.1', port: leadsTo, allowHalfOpen: true });
  pod.on('error', ({ message }) => {
    accepted.send(onChannel(1, Buffer.from(`error forwarding port ${port}: ${message}`)));
    accepted.close(1000);
  });
  pod.on('data', (chunk) => {
    pod.pause();
    accepted.send(onChannel(0, chunk), () => pod.resume());
  });
  pod.on('end', () => accepted.close(1000));
  pod.on('drain', () => accepted.resume());
  accepted.on('message', (message) => {
    if (!pod.write((message as Buffer).subarray(1))) accepted.pause();
  });
  accepted.on('error', () => undefined);
  accepted.on('close', () => pod.destroy());
}
