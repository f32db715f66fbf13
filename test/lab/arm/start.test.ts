import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { request as overHttp } from 'node:http';
import { Agent, request as overHttps, type RequestOptions } from 'node:https';
import { connect, type Socket } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { connect as overTls } from 'node:tls';
import { type Arm, type ArmOptions, startArm } from '../../../src/lab/arm/start.ts';
import { GROUP, NOON } from './lab-under-test.ts';

type Told = { readonly status: number; readonly body: string };

const NETWORK = `${GROUP}/providers/Microsoft.Network/virtualNetworks/v`;

/** One request to the lab's own name. */
function ask(arm: Arm, method: string, path: string, body = '', options: RequestOptions = {}): Promise<Told> {
  return new Promise((resolve, reject) => {
    const ca = readFileSync(arm.certificateFile);
    const agent = new Agent({ keepAlive: false });
    const own = {
      host: '127.0.0.1',
      servername: 'localhost',
      port: arm.port,
      headers: { host: `localhost:${arm.port}` },
    };
    const sent = overHttps({ method, path, ca, agent, ...own, ...options }, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString() }),
      );
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

/** A tunnel to a host of Azure's, as HTTPS_PROXY makes one; the status line when it is refused. */
function tunnel(arm: Arm, host: string): Promise<Socket | string> {
  return new Promise((resolve, reject) => {
    const socket = connect(arm.port, '127.0.0.1', () =>
      socket.write(`CONNECT ${host}:443 HTTP/1.1\r\nhost: ${host}\r\n\r\n`),
    );
    socket.on('error', reject);
    socket.once('data', (data: Buffer) => {
      const line = data.toString().split('\r\n')[0]!;
      resolve(line.includes(' 200 ') ? socket : line);
    });
  });
}

describe('a lab on a port', () => {
  let folder: string;
  const arms: Arm[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'bulkhead-lab-test-'));
  });
  afterEach(async () => {
    await Promise.all(arms.splice(0).map((arm) => arm.stop()));
    rmSync(folder, { recursive: true, force: true });
  });
  const start = async (options: Partial<ArmOptions> = {}): Promise<Arm> => {
    const arm = await startArm({ rules: [], now: () => NOON, ...options });
    arms.push(arm);
    return arm;
  };

  test('answers on its own name, with a certificate that its file vouches for', async () => {
    const arm = await start({ now: Date.now });
    const { status, body } = await ask(arm, 'GET', '/metadata/endpoints?api-version=2022-09-01');
    assert.equal(status, 200);
    const { resourceManager } = JSON.parse(body) as { readonly resourceManager: string };
    assert.equal(resourceManager, arm.url);
    assert.equal((await ask(arm, 'PUT', NETWORK, '{}')).status, 201);
    assert.equal((await ask(arm, 'GET', NETWORK)).status, 200);
    assert.deepEqual(
      arm.store.all().map(({ id }) => id.text),
      [NETWORK],
    );
  });

  test('answers for the hosts of Azure as a proxy, and leads nowhere else', async () => {
    const arm = await start({ now: Date.now });
    for (const host of ['management.azure.com', 'login.microsoftonline.com', 'kv.vault.azure.net']) {
      const socket = await tunnel(arm, host);
      assert.ok(typeof socket !== 'string', host);
      await new Promise<void>((resolve, reject) => {
        const secure = overTls({ socket, servername: host, ca: readFileSync(arm.certificateFile) }, () => {
          secure.end();
          resolve();
        });
        secure.on('error', reject);
      });
    }
    for (const host of [
      'example.com',
      'a.b.vault.azure.net',
      'vault.azure.net',
      'evil-management.azure.com',
    ]) {
      assert.match(String(await tunnel(arm, host)), / 403 /, host);
    }
  });

  test('listens on loopback alone', async () => {
    const arm = await start();
    const others = Object.values(networkInterfaces())
      .flatMap((each) => each ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal);
    for (const { address } of others) {
      const code = await new Promise((resolve) => {
        const socket = connect(arm.port, address, () => resolve('connected'));
        socket.on('error', ({ code: reason }: NodeJS.ErrnoException) => resolve(reason));
      });
      assert.equal(code, 'ECONNREFUSED');
    }
  });

  test('tells a client how to come, by either way', async () => {
    const arm = await start({ subscriptionId: 's', tenantId: 't' });
    const proxy = arm.environment();
    assert.equal(proxy['HTTPS_PROXY'], `http://127.0.0.1:${arm.port}`);
    assert.equal(proxy['ARM_SUBSCRIPTION_ID'], 's');
    assert.equal(proxy['ARM_TENANT_ID'], 't');
    assert.equal(proxy['TF_VAR_subscription_id'], 's');
    assert.equal(proxy['TF_VAR_tenant_id'], 't');
    assert.equal(proxy['GO_AZURE_SDK_SKIP_POLLING_DELAY'], 'true');
    assert.ok(readFileSync(proxy['SSL_CERT_FILE']!, 'utf8').startsWith('-----BEGIN CERTIFICATE-----'));
    assert.equal(proxy['NODE_EXTRA_CA_CERTS'], proxy['SSL_CERT_FILE']);
    const metadata = arm.environment('metadata');
    assert.equal(metadata['ARM_METADATA_HOSTNAME'], `localhost:${arm.port}`);
    assert.equal(metadata['HTTPS_PROXY'], undefined);
  });

  test('cuts a connection when a fault says so', async () => {
    const arm = await start({ now: Date.now, faults: [{ methods: ['PUT'], effect: { kind: 'drop' } }] });
    await assert.rejects(ask(arm, 'PUT', NETWORK, '{}'), { code: 'ECONNRESET' });
    assert.equal((await ask(arm, 'PUT', NETWORK, '{}')).status, 201);
    assert.deepEqual(
      arm.requests().map(({ status, isFault }) => [status, isFault]),
      [
        [0, true],
        [201, undefined],
      ],
    );
  });

  test('is asked and told things on the same port', async () => {
    const arm = await start({ now: Date.now });
    const faults = JSON.stringify([{ effect: { kind: 'refuse', status: 503 } }]);
    assert.equal((await ask(arm, 'PUT', '/lab/faults', faults)).status, 204);
    assert.equal((await ask(arm, 'PUT', '/lab/faults', '[{}]')).status, 400);
    assert.equal((await ask(arm, 'GET', NETWORK)).status, 503);
    await ask(arm, 'PUT', NETWORK, '{}');
    const list = async (path: string): Promise<readonly Record<string, unknown>[]> => {
      const { body } = await ask(arm, 'GET', path);
      return (JSON.parse(body) as { readonly value: Record<string, unknown>[] }).value;
    };
    assert.deepEqual(
      (await list('/lab/requests')).map(({ status }) => status),
      [503, 201],
    );
    assert.deepEqual(
      (await list('/lab/requests?writes=true')).map(({ status }) => status),
      [201],
    );
    assert.deepEqual(
      (await list('/lab/resources')).map(({ id }) => id),
      [NETWORK],
    );
    assert.deepEqual(await list('/lab/resources?type=Microsoft.Network/publicIPAddresses'), []);
    assert.equal((await list('/lab/faults')).length, 1);
    assert.equal((await ask(arm, 'DELETE', '/lab/faults')).status, 204);
    assert.equal((await ask(arm, 'DELETE', '/lab/requests')).status, 204);
    assert.deepEqual(arm.requests(), []);
    assert.equal((await ask(arm, 'PUT', '/lab/limits', '{"publicIps":1}')).status, 204);
    assert.equal((await ask(arm, 'GET', '/lab/limits')).body, '{"publicIps":1}');
    assert.equal((await ask(arm, 'GET', '/lab/nothing')).status, 404);
    const plain = await new Promise((resolve) => {
      overHttp({ port: arm.port, host: '127.0.0.1', path: '/lab/resources' }, ({ statusCode }) =>
        resolve(statusCode),
      ).end();
    });
    assert.equal(plain, 200);
  });

  test('remembers what it does not know, and lets a caller wait for a request', async () => {
    const arm = await start({ now: Date.now });
    const seen = arm.seen(({ method }) => method === 'PUT');
    await ask(arm, 'POST', `${GROUP}/providers/Microsoft.Network/virtualNetworks/v/unheardOf`);
    await ask(arm, 'PATCH', '/nowhere');
    await ask(arm, 'PUT', NETWORK, '{}');
    assert.equal((await seen).path, NETWORK);
    assert.deepEqual(arm.unanswered(), ['PATCH localhost/nowhere']);
  });

  test('goes on from its state file as if it had not been stopped', async () => {
    const stateFile = join(folder, 'lab.json');
    const first = await start({ stateFile, latencyMs: 1000 });
    await ask(first, 'PUT', NETWORK, '{"tags":{"a":"b"}}');
    await ask(first, 'PUT', `${GROUP}/providers/Microsoft.KeyVault/vaults/kv`, '{"location":"x"}');
    await ask(first, 'DELETE', `${GROUP}/providers/Microsoft.KeyVault/vaults/kv`);
    const before = first.store.all();
    await first.stop();
    assert.equal(statSync(stateFile).mode & 0o077, 0);
    const second = await start({ stateFile, now: () => NOON + 1000 });
    assert.deepEqual(second.store.all(), before);
    assert.equal(second.softDeleted().length, 1);
    const { body } = await ask(second, 'GET', NETWORK);
    assert.match(body, /"provisioningState":"Succeeded"/);
  });

  test('a state file that is none is refused', async () => {
    const stateFile = join(folder, 'lab.json');
    writeFileSync(stateFile, '{"version":1}');
    await assert.rejects(startArm({ stateFile, now: () => NOON }), /is no state of a lab/);
  });

  test('a port that is taken is refused, and the lab that has it keeps its certificate', async () => {
    const stateFile = join(folder, 'lab.json');
    const { port, certificateFile } = await start({ stateFile });
    const before = readFileSync(certificateFile, 'utf8');
    await assert.rejects(startArm({ port, stateFile, now: () => NOON }), { code: 'EADDRINUSE' });
    assert.equal(readFileSync(certificateFile, 'utf8'), before);
    assert.deepEqual(readdirSync(folder), ['lab.json.pem']);
  });

  test('nothing listens and nothing lies about when the certificate cannot be put where clients look', async () => {
    const arm = await start();
    const { port } = arm;
    await arm.stop();
    arms.pop();
    const stateFile = join(folder, 'lab.json');
    mkdirSync(`${stateFile}.pem`);
    for (const [file, reason] of [
      [stateFile, /lab\.json\.pem cannot be written: it is a folder; name a file$/],
      [join(folder, 'none', 'lab.json'), /lab\.json cannot be written: there is no folder /],
    ] as const) {
      await assert.rejects(startArm({ port, stateFile: file, now: () => NOON }), reason);
      const code = await new Promise((resolve) => {
        const socket = connect(port, '127.0.0.1', () => {
          socket.destroy();
          resolve('connected');
        });
        socket.on('error', ({ code: found }: NodeJS.ErrnoException) => resolve(found));
      });
      assert.equal(code, 'ECONNREFUSED');
    }
    assert.deepEqual(readdirSync(folder), ['lab.json.pem']);
  });
});
