import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, createServer as createTcpServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Answer, LabRequest } from './answer.ts';
import type { SelfSigned } from './certificate.ts';

export type Listener = {
  readonly port: number;
  readonly stop: () => Promise<void>;
};

export type ListenerOptions = {
  /** 0 for a free one. */
  readonly port: number;
  readonly identity: SelfSigned;
  readonly answer: (request: LabRequest) => Answer;
  /** Hosts that a CONNECT may lead to: to here. */
  readonly isServed: (host: string) => boolean;
};

/** The first byte of a TLS record that begins a connection (RFC 8446, section 5.1). */
const TLS_HANDSHAKE = 0x16;

/**
 * Listens on loopback only, for two kinds of clients on one port: those that speak TLS at once, and those that take it for
 * a proxy and say CONNECT first. Neither leads anywhere but here.
 */
export async function listen({ port, identity, answer, isServed }: ListenerOptions): Promise<Listener> {
  const sockets = new Set<Socket>();
  const onRequest = (request: IncomingMessage, response: ServerResponse): void =>
    serve(request, response, answer);
  const tls = createHttpsServer({ key: identity.key, cert: identity.certificate }, onRequest);
  const plain = createHttpServer(onRequest);
  for (const server of [tls, plain]) patient(server);
  plain.on('connect', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    const host = request.url?.replace(/:\d+$/, '') ?? '';
    if (!isServed(host)) {
      socket.end('HTTP/1.1 403 Not one of the hosts of the lab\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    if (head.length > 0) socket.unshift(head);
    tls.emit('connection', socket);
  });
  const door = createTcpServer((socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A client that goes away in the middle is no fault of the lab's.
    socket.on('error', () => socket.destroy());
    socket.once('data', (start: Buffer) => {
      const isSecure = start[0] === TLS_HANDSHAKE;
      socket.pause();
      socket.unshift(start);
      (isSecure ? tls : plain).emit('connection', socket);
      // TLS reads what was put back by itself; a socket that flows would lose it.
      if (!isSecure) socket.resume();
    });
  });
  await new Promise<void>((resolve, reject) => {
    door.once('error', reject);
    door.listen(port, '127.0.0.1', resolve);
  });
  return {
    port: (door.address() as AddressInfo).port,
    stop: async () => {
      const closed = new Promise((resolve) => door.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** A Go client keeps connections for 90 s; one that is closed under a write fails it. */
function patient(server: Server): void {
  server.keepAliveTimeout = 10 * 60 * 1000;
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  server.on('clientError', (_, socket) => socket.destroy());
}

function serve(request: IncomingMessage, response: ServerResponse, answer: ListenerOptions['answer']): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('error', () => request.socket.destroy());
  request.on('end', () => {
    const reply = answer(read(request, Buffer.concat(chunks)));
    const send = (): void => {
      if (reply.isDropped) request.socket.destroy();
      else write(response, reply);
    };
    if (reply.delayMs === undefined) send();
    else setTimeout(send, reply.delayMs);
  });
}

function read(request: IncomingMessage, body: Buffer): LabRequest {
  const host = request.headers.host ?? 'localhost';
  const { pathname, searchParams } = new URL(request.url ?? '/', 'https://localhost');
  const headers = Object.entries(request.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(', ') : (value ?? ''),
  ]);
  return {
    method: request.method ?? 'GET',
    host: host.replace(/:\d+$/, ''),
    origin: `https://${host}`,
    path: pathname,
    query: searchParams,
    headers: Object.fromEntries(headers) as Record<string, string>,
    body,
  };
}

function write(response: ServerResponse, { status, headers, body }: Answer): void {
  const isRaw = body === undefined || Buffer.isBuffer(body);
  const content = isRaw ? body : Buffer.from(JSON.stringify(body));
  const type = isRaw ? {} : { 'content-type': 'application/json; charset=utf-8' };
  const length = content === undefined ? {} : { 'content-length': String(content.length) };
  response.writeHead(status, { ...type, ...length, ...headers });
  response.end(content);
}
