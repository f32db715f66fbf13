import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, afterEach, before, beforeEach, describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { StepError } from '../../src/base/step-error.ts';
import { openCommand, type OpenTools } from '../../src/cli/commands/open.ts';
import type { OpenOptions } from '../../src/cli/options.ts';
import { UsageError } from '../../src/cli/terminal.ts';
import { type ForwardingCluster, startForwardingCluster } from '../adapters/kube/forwarding-cluster.ts';
import { bulkhead, TODAY } from './bulkhead.ts';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const ATLAS = join(ROOT, 'examples/atlas/fleet.yaml');

type Call = {
  /** Answers of Azure Resource Manager, by the end of the path. */
  readonly azure?: Readonly<Record<string, unknown>>;
  readonly isTty?: boolean;
  /** Called when something was written; `stop` is Ctrl-C. */
  readonly onText?: (text: string, stop: () => void) => void;
};

type Result = {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly browsed: readonly string[];
  /** Paths that Azure was asked for. */
  readonly asked: readonly string[];
};

const RUNNING = { properties: { powerState: { code: 'Running' } } };

describe('bulkhead open', () => {
  let cluster: ForwardingCluster;
  let pod: Server;
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'bulkhead-open-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(async () => {
    cluster = await startForwardingCluster();
    pod = createServer((socket) => void socket.end('the page'));
    await new Promise<void>((resolve) => pod.listen(0, '127.0.0.1', resolve));
    cluster.pods = [{ name: 'grafana-a', uid: 'a' }];
    cluster.answer = () => ({ leadsTo: (pod.address() as AddressInfo).port });
  });
  afterEach(async () => {
    pod.close();
    await cluster.close();
  });

  async function open(options: Partial<OpenOptions>, call: Call = {}): Promise<Result> {
    const ending = new AbortController();
    const written = { stdout: '', stderr: '' };
    const [browsed, asked]: [string[], string[]] = [[], []];
    const stream = (name: keyof typeof written) => ({
      write: (text: string) => {
        written[name] += text;
        call.onText?.(text, () => ending.abort());
      },
      ...(call.isTty === true ? { isTTY: true } : {}),
    });
    const answers: Readonly<Record<string, unknown>> = call.azure ?? { 'aks-atlas-demo-mgmt': RUNNING };
    let isDone = false;
    const tools: OpenTools = {
      openAzure: async () => ({
        get: async (path) => {
          asked.push(path);
          return answers[path.slice(path.lastIndexOf('/') + 1)];
        },
        connection: async ({ name }) => {
          assert.equal(name, 'mgmt');
          return cluster.connection;
        },
      }),
      browse: (url) => browsed.push(url),
      untilStopped: () => ({ signal: ending.signal, done: () => (isDone = true) }),
    };
    const terminal = {
      stdout: stream('stdout'),
      stderr: stream('stderr'),
      env: { NO_COLOR: '1' },
      today: TODAY,
    };
    const named: OpenOptions = {
      page: 'grafana',
      file: ATLAS,
      environment: 'demo',
      port: 0,
      browser: true,
      ...options,
    };
    const code = await openCommand(named, terminal, tools);
    assert.ok(isDone, 'Ctrl-C is given back');
    return { code, ...written, browsed, asked };
  }

  const stopAtOnce = (text: string, stop: () => void): void => {
    if (text.includes('Ctrl-C')) stop();
  };

  it('leads to Grafana, says how to sign in, and ends with Ctrl-C', async () => {
    serveAs('kube-prometheus-stack-grafana', 80);
    let page: Promise<Buffer> | undefined;
    const opened = await open(
      {},
      {
        onText: (text, stop) => {
          const port = /http:\/\/127\.0\.0\.1:(\d+)\//.exec(text)?.[1];
          if (port === undefined) return;
          page = buffer(connect({ host: '127.0.0.1', port: Number(port) }));
          void page.finally(stop);
        },
      },
    );
    assert.equal((await page!).toString(), 'the page');
    assert.equal(opened.code, 0);
    assert.match(
      opened.stdout,
      /^Grafana of atlas-demo, on aks-atlas-demo-mgmt: http:\/\/127\.0\.0\.1:\d+\/\n\n {2}account {3}admin/,
    );
    assert.match(
      opened.stdout,
      /\n {2}password {2}az keyvault secret show --vault-name kv-atlas-demo-[0-9a-f]{6} .*--name grafana-admin-password\n/,
    );
    assert.equal(opened.stderr, 'forwarding to the pod grafana-a\n');
    assert.deepEqual(opened.browsed, [], 'a pipe is no person');
    const id =
      /^\/subscriptions\/[^/]+\/resourceGroups\/rg-atlas-demo-mgmt\/providers\/Microsoft\.ContainerService\/managedClusters\/aks-atlas-demo-mgmt$/;
    assert.match(opened.asked.join(), id);
  });

  it('leads to Argo CD, which speaks TLS, and names no password', async () => {
    serveAs('argocd-server', 443);
    const opened = await open({ page: 'argocd' }, { onText: stopAtOnce });
    assert.equal(opened.code, 0);
    assert.match(
      opened.stdout,
      /^Argo CD of atlas-demo, on aks-atlas-demo-mgmt: https:\/\/127\.0\.0\.1:\d+\/\n/,
    );
    assert.match(
      opened.stdout,
      /--context aks-atlas-demo-mgmt --namespace argocd get secret argocd-initial-admin-secret/,
    );
    assert.match(opened.stdout, /The browser warns/);
  });

  it('starts a browser for a person, unless told not to', async () => {
    serveAs('kube-prometheus-stack-grafana', 80);
    const opened = await open({}, { isTty: true, onText: stopAtOnce });
    assert.match(opened.browsed.join(), /^http:\/\/127\.0\.0\.1:\d+\/$/);
    const silent = await open({ browser: false }, { isTty: true, onText: stopAtOnce });
    assert.deepEqual(silent.browsed, []);
    assert.match(silent.stderr, /^asking Azure for aks-atlas-demo-mgmt\nlooking for the pod of Grafana\n/);
  });

  it('says that a cluster is stopped or not there, and what to do', async () => {
    const stopped = await open(
      {},
      { azure: { 'aks-atlas-demo-mgmt': { properties: { powerState: { code: 'Stopped' } } } } },
    );
    assert.equal(stopped.code, 2);
    assert.equal(
      stopped.stderr,
      'bulkhead: the cluster mgmt is stopped\n' +
        '  wake it: az aks start --resource-group rg-atlas-demo-mgmt --name aks-atlas-demo-mgmt\n',
    );
    const absent = await open({}, { azure: {} });
    assert.equal(absent.code, 2);
    assert.match(
      absent.stderr,
      /^bulkhead: the cluster mgmt is not there: .*\n {2}`bulkhead up` brings it about\n$/,
    );
  });

  it('names what is taken, and another way', async () => {
    const { port } = pod.address() as AddressInfo;
    const taken = await open({ port });
    assert.equal(taken.code, 2);
    assert.match(
      taken.stderr,
      new RegExp(`^bulkhead: port ${port} of this machine is taken\n  .*another port`),
    );
  });

  it('ends in peace when it is stopped before it has begun', async () => {
    serveAs('kube-prometheus-stack-grafana', 80);
    cluster.pods = [];
    const stopped = await open({}, { onText: (text, stop) => void (text.includes('is ready') && stop()) });
    assert.equal(stopped.code, 0);
    assert.equal(
      stopped.stderr,
      'no pod behind the Service monitoring/kube-prometheus-stack-grafana is ready; looking for a pod that takes connections\n',
    );
    assert.equal(stopped.stdout, '');
  });

  it('tells of a pod that was lost, and of the next one', async () => {
    serveAs('kube-prometheus-stack-grafana', 80);
    const opened = await open(
      {},
      {
        onText: (text, stop) => {
          if (text.includes('grafana-b')) stop();
          const port = /127\.0\.0\.1:(\d+)\//.exec(text)?.[1];
          if (port === undefined) return;
          cluster.pods = [{ name: 'grafana-b', uid: 'b' }];
          const leads = cluster.answer('grafana-b', 3000);
          cluster.answer = (name) =>
            name === 'grafana-b' ? leads : { status: 404, body: 'no such\u001b[2J pod' };
          connect({ host: '127.0.0.1', port: Number(port) }).on('error', () => undefined);
        },
      },
    );
    assert.equal(
      opened.stderr,
      'forwarding to the pod grafana-a\n' +
        'no such\\x1b[2J pod (404); looking for a pod that takes connections\n' +
        'forwarding to the pod grafana-b\n',
    );
  });

  it('says where the Grafana is that Azure runs', async () => {
    const file = join(folder, 'azure.yaml');
    writeFileSync(file, readFileSync(ATLAS, 'utf8').replace(/stack: self/, 'stack: azure'));
    const endpoint = 'https://amg-atlas-demo-abcd.se.grafana.azure.com';
    const azure = { 'amg-atlas-demo': { properties: { endpoint } } };
    const shown = await open({ file }, { azure, isTty: true });
    assert.equal(shown.code, 0);
    assert.match(shown.stdout, /^Azure runs the Grafana of this fleet .*there is none on mgmt\.\n/);
    assert.ok(shown.stdout.includes(`  address   ${endpoint}\n`));
    assert.deepEqual(shown.browsed, [`${endpoint}/`]);
    assert.match(
      shown.asked.join(),
      /rg-atlas-demo\/providers\/Microsoft\.Dashboard\/grafana\/amg-atlas-demo$/,
    );
    const absent = await open({ file }, { azure: {} });
    assert.equal(absent.code, 2);
    assert.match(absent.stderr, /amg-atlas-demo is not there yet\n {2}`bulkhead up`/);
  });

  it('wants a sound fleet in a subscription', async () => {
    const file = join(folder, 'small.yaml');
    writeFileSync(file, 'name: small\nregion: koreacentral\nclusters: { mgmt: {}, app1: {} }\n');
    await assert.rejects(open({ file }), (error) => {
      assert.ok(error instanceof UsageError);
      assert.match(error.message, /azure\.subscription/);
      return true;
    });
    writeFileSync(file, 'name: small\nclusters: { mgmt: { tyre: 1 } }\n');
    const terminal = { stdout: { write: () => 0 }, stderr: { write: () => 0 }, env: {}, today: TODAY };
    const options = { page: 'grafana', file, environment: 'demo', browser: false } as const;
    assert.equal(await openCommand(options, terminal), 2);
  });

  it('lets a bug be one', async () => {
    const broken = open({}, { azure: new Proxy({}, { get: () => assert.fail('a bug') }) });
    await assert.rejects(broken, (error) => !(error instanceof StepError));
  });

  it('is told what it opens, in which environment, and a port that is one', async () => {
    for (const [argv, said] of [
      [['open', 'prometheus', '-e', 'demo'], /Allowed choices are grafana, argocd/],
      [['open', 'grafana'], /required option '-e, --environment <name>' not specified/],
      [['open', 'grafana', '-e', 'demo', '--port', '65536'], /it is a number from 0 to 65535/],
      [['open', 'grafana', '-e', 'demo', '--port', '-1'], /it is a number from 0 to 65535/],
    ] as const) {
      const { code, stderr } = await bulkhead(...argv);
      assert.equal(code, 2);
      assert.match(stderr, said);
    }
    const { code, stderr } = await bulkhead('open', 'grafana', join(folder, 'nowhere.yaml'), '-e', 'demo');
    assert.equal(code, 2);
    assert.match(stderr, /nowhere\.yaml/);
  });

  /** The Service of the cluster, as the page's chart names it. */
  function serveAs(service: string, port: number): void {
    cluster.service = {
      name: service,
      namespace: service.startsWith('argocd') ? 'argocd' : 'monitoring',
      port,
    };
  }
});
