import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { Agent, request as httpsRequest } from 'node:https';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { startProcess, temporaryFolder, waitFor } from './processes.ts';
import type { RunningProcess } from './processes.ts';
import { pathOf } from './tools.ts';

/** One answer of the API server: the HTTP status and the body, parsed. */
interface Answer {
  readonly status: number;
  readonly body: unknown;
}

interface RequestOptions {
  readonly body?: string | Buffer;
  readonly contentType?: string;
  readonly accept?: string;
}

/** A real kube-apiserver on its own etcd, empty but for what Kubernetes puts there itself. */
export interface ApiServer {
  readonly url: string;
  /** Bearer token of a member of system:masters. */
  readonly token: string;
  /** PEM of the certificate authority that signed the server's certificate. */
  readonly ca: string;
  request(method: string, path: string, options?: RequestOptions): Promise<Answer>;
  /** Ends both processes and removes what they stored. Also happens by itself when this process ends. */
  stop(): Promise<void>;
}

/** Starts etcd and kube-apiserver on free ports of the loopback interface; ready when `/readyz` says so. */
export async function startApiServer(): Promise<ApiServer> {
  const folder = temporaryFolder('api-server');
  const [etcdPort, peerPort, port] = await freePorts(3);
  const token = randomBytes(24).toString('hex');
  const processes = [
    startProcess('etcd', pathOf('etcd'), etcdArguments(etcdPort!, peerPort!), { cwd: folder.path }),
    startKubeApiServer(folder.path, { port: port!, etcdPort: etcdPort!, token }),
  ];
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const stop = async (): Promise<void> => {
    agent.destroy();
    await Promise.all(processes.map((each) => each.stop()));
    folder.remove();
  };
  const url = `https://127.0.0.1:${port}`;
  try {
    const ca = await waitFor(
      'kube-apiserver to be ready',
      () => readyAuthority(url, { folder: folder.path, token, agent, processes }),
      { timeoutSeconds: 60 },
    );
    const request: ApiServer['request'] = (method, path, options = {}) =>
      send(url + path, { method, token, ca, agent, ...options });
    return { url, token, ca, request, stop };
  } catch (error) {
    const logs = processes.map((each) => `${each.name}: ${each.ending() ?? 'running'}\n${each.lastLines()}`);
    await stop();
    throw new Error(`${(error as Error).message}\n${logs.join('\n')}`, { cause: error });
  }
}

function etcdArguments(clientPort: number, peerPort: number): string[] {
  const client = `http://127.0.0.1:${clientPort}`;
  const peer = `http://127.0.0.1:${peerPort}`;
  return [
    '--data-dir=etcd',
    `--listen-client-urls=${client}`,
    `--advertise-client-urls=${client}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=default=${peer}`,
    '--unsafe-no-fsync',
  ];
}

function startKubeApiServer(
  folder: string,
  options: { readonly port: number; readonly etcdPort: number; readonly token: string },
): RunningProcess {
  const { privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'sec1', format: 'pem' },
  });
  writeFileSync(join(folder, 'service-account.key'), privateKey, { mode: 0o600 });
  writeFileSync(join(folder, 'tokens.csv'), `${options.token},prove,prove,system:masters\n`, { mode: 0o600 });
  const args = [
    `--etcd-servers=http://127.0.0.1:${options.etcdPort}`,
    `--secure-port=${options.port}`,
    '--bind-address=127.0.0.1',
    '--cert-dir=certificates',
    '--service-account-issuer=https://kubernetes.default.svc',
    '--service-account-key-file=service-account.key',
    '--service-account-signing-key-file=service-account.key',
    '--token-auth-file=tokens.csv',
    '--authorization-mode=RBAC',
    '--service-cluster-ip-range=10.0.0.0/16',
    '--allow-privileged=true',
    // No controller manager runs here, so no service account "default" would ever appear.
    '--disable-admission-plugins=ServiceAccount',
  ];
  return startProcess('kube-apiserver', pathOf('kube-apiserver'), args, { cwd: folder });
}

/** The server's certificate authority once `/readyz` answers 200; undefined while it is starting. */
async function readyAuthority(
  url: string,
  server: {
    readonly folder: string;
    readonly token: string;
    readonly agent: Agent;
    readonly processes: readonly RunningProcess[];
  },
): Promise<string | undefined> {
  const ended = server.processes.find((each) => each.ending() !== undefined);
  if (ended) throw new Error(`${ended.name} ended before the API server was ready: ${ended.ending()}`);
  // The server writes its self-signed pair here: its certificate, then the authority's.
  const certificate = join(server.folder, 'certificates', 'apiserver.crt');
  if (!existsSync(certificate)) return undefined;
  const ca = readFileSync(certificate, 'utf8');
  const answer = await send(`${url}/readyz`, { method: 'GET', ...server, ca }).catch(() => undefined);
  return answer?.status === 200 ? ca : undefined;
}

function send(
  url: string,
  options: RequestOptions & { method: string; token: string; ca: string; agent: Agent },
): Promise<Answer> {
  const headers: Record<string, string | number> = {
    authorization: `Bearer ${options.token}`,
    accept: options.accept ?? 'application/json',
  };
  if (options.body !== undefined) {
    headers['content-type'] = options.contentType ?? 'application/json';
    headers['content-length'] = Buffer.byteLength(options.body);
  }
  const { method, agent, ca } = options;
  return new Promise((resolve, reject) => {
    const request = httpsRequest(url, { method, agent, ca, headers, timeout: 60_000 }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const isJson = response.headers['content-type']?.includes('json') ?? false;
        resolve({ status: response.statusCode ?? 0, body: isJson ? JSON.parse(text) : text });
      });
    });
    request.on('timeout', () => request.destroy(new Error(`${method} ${url}: no answer in 60 s`)));
    request.on('error', reject);
    request.end(options.body);
  });
}

/** Ports that nothing listens on. All are held at once, so that they differ. */
async function freePorts(count: number): Promise<number[]> {
  const held = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((resolve, reject) => {
        server.once('error', reject);
        server.listen(0, '127.0.0.1', resolve);
      });
      return server;
    }),
  );
  const ports = held.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(held.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
