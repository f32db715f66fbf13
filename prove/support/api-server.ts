import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type KubeRequest, openKubeRequest } from '../../src/adapters/kube/request.ts';
import { startProcess, temporaryFolder, waitFor } from './processes.ts';
import type { RunningProcess } from './processes.ts';
import { pathOf } from './tools.ts';

/** A real kube-apiserver on its own etcd, empty but for what Kubernetes puts there itself. */
export interface ApiServer {
  readonly url: string;
  /** Bearer token of a member of system:masters. */
  readonly token: string;
  /** PEM of the certificate authority that signed the server's certificate. */
  readonly ca: string;
  readonly request: KubeRequest;
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
  let close = (): void => undefined;
  const stop = async (): Promise<void> => {
    close();
    await Promise.all(processes.map((each) => each.stop()));
    folder.remove();
  };
  const url = `https://127.0.0.1:${port}`;
  try {
    const ca = await waitFor(
      'kube-apiserver to be ready',
      () => readyAuthority(url, { folder: folder.path, token, processes }),
      { timeoutSeconds: 60 },
    );
    const opened = openKubeRequest({ server: url, ca, token: async () => token });
    close = opened.close;
    return { url, token, ca, request: opened.request, stop };
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
    readonly processes: readonly RunningProcess[];
  },
): Promise<string | undefined> {
  const ended = server.processes.find((each) => each.ending() !== undefined);
  if (ended) throw new Error(`${ended.name} ended before the API server was ready: ${ended.ending()}`);
  // The server writes its self-signed pair here: its certificate, then the authority's.
  const certificate = join(server.folder, 'certificates', 'apiserver.crt');
  if (!existsSync(certificate)) return undefined;
  const ca = readFileSync(certificate, 'utf8');
  const { request, close } = openKubeRequest({ server: url, ca, token: async () => server.token });
  const answer = await request('GET', '/readyz').catch(() => undefined);
  close();
  return answer?.status === 200 ? ca : undefined;
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
