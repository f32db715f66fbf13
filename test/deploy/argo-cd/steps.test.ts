import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StepError } from '../../../src/base/step-error.ts';
import { argoCdSteps } from '../../../src/deploy/argo-cd/steps.ts';
import type { Run } from '../../../src/deploy/run.ts';
import type { StepResult } from '../../../src/deploy/step.ts';
import type { KubeObject, KubeRef } from '../../../src/deploy/world.ts';
import { bring, COMMIT, fakeFleet, type FakeFleet, inOrder, runOf, TOKEN, upSteps } from '../fake-fleet.ts';
import { refusalOf } from '../refusal-of.ts';

const namespace = 'argocd';
const secretRef = (name: string): KubeRef => ({ apiVersion: 'v1', kind: 'Secret', name, namespace });
const application = (name: string): KubeRef => ({
  apiVersion: 'argoproj.io/v1alpha1',
  kind: 'Application',
  name,
  namespace,
});

async function runStep(
  fleet: FakeFleet,
  name: string,
  options: { readonly run?: Run; readonly reports?: string[] } = {},
): Promise<StepResult> {
  const { run = runOf(fleet), reports = [] } = options;
  const step = argoCdSteps(run).find(({ id }) => id === `argo-cd/${name}`)!;
  const signal = new AbortController().signal;
  return step.run({ signal, report: (text) => void reports.push(text) });
}

const valuesOf = (object: KubeObject | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries((object?.['data'] ?? {}) as Record<string, string>).map(([key, value]) => [
      key,
      Buffer.from(value, 'base64').toString(),
    ]),
  );

/** mgmt with the namespaces of Argo CD, and nothing in them. */
async function bare(options: Parameters<typeof fakeFleet>[1] = {}): Promise<FakeFleet> {
  const fleet = fakeFleet({}, options);
  fleet.create('mgmt');
  await runStep(fleet, 'namespaces');
  return fleet;
}

/** A whole fleet as a first run leaves it. */
async function broughtUp(): Promise<FakeFleet> {
  const fleet = fakeFleet();
  await bring(upSteps(fleet, runOf(fleet)));
  return fleet;
}

describe('the steps of Argo CD', () => {
  it('need what they work with, and wait for no cluster but their own', () => {
    const after = Object.fromEntries(argoCdSteps(runOf(fakeFleet())).map((step) => [step.id, step.after]));
    assert.deepEqual(after['argo-cd/chart'], ['argo-cd/webhook', 'argo-cd/redis']);
    assert.deepEqual(after['argo-cd/root'], ['argo-cd/ready', 'argo-cd/repository', 'argo-cd/register/mgmt']);
    assert.deepEqual(after['argo-cd/register/app1'], ['argo-cd/namespaces', 'bootstrap/app1/mesh-address']);
    assert.deepEqual(after['argo-cd/applications/app1'], ['argo-cd/root', 'argo-cd/register/app1']);
    const app1 = runOf(fakeFleet()).deployment.platform.clusters[1]!;
    assert.deepEqual(argoCdSteps(runOf(fakeFleet()), { clusters: [app1] }), []);
  });

  it('wait for the webhook that gives pods their token, and for Argo CD itself', async () => {
    const fleet = await bare();
    fleet.controllers = false;
    const webhook = await refusalOf(runStep(fleet, 'webhook'));
    assert.match(
      webhook.message,
      /webhook of mgmt does not run after 10 minutes: azure-wi-.* has 0 of 2 pods/,
    );
    const absent = await refusalOf(runStep(fleet, 'ready'));
    assert.match(
      absent.message,
      /StatefulSet argocd-application-controller is not there; Deployment argocd-server/,
    );
  });

  it("give Argo CD's accounts the client id that Terraform made", async () => {
    const fleet = await broughtUp();
    const values = fleet.clusters
      .get('mgmt')!
      .at({ apiVersion: 'v1', kind: 'ConfigMap', name: 'values', namespace })!['data'];
    const account = {
      serviceAccount: {
        annotations: { 'azure.workload.identity/client-id': 'client-of-id-atlas-demo-argocd' },
      },
    };
    assert.deepEqual(values, { controller: account, server: account });
  });
});

describe("the password of Argo CD's Redis", () => {
  it('is made once', async () => {
    const fleet = await bare();
    const mgmt = fleet.clusters.get('mgmt')!;
    assert.deepEqual(await runStep(fleet, 'redis'), { isChanged: true, note: 'made' });
    const { auth } = valuesOf(mgmt.at(secretRef('argocd-redis')));
    assert.match(auth!, /^[0-9a-f]{64}$/);
    assert.equal((await runStep(fleet, 'redis')).isChanged, false);
    assert.equal(valuesOf(mgmt.at(secretRef('argocd-redis')))['auth'], auth);
  });
});

describe('the credential of the repository', () => {
  const REPOSITORY = secretRef('platform-repository');
  const byHand = (url: string): KubeObject => ({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'platform-repository', namespace },
    data: { url: Buffer.from(url).toString('base64'), password: 'b2xk' },
  });

  it('is written where it is given, and again where it changed', async () => {
    const fleet = await bare();
    const mgmt = fleet.clusters.get('mgmt')!;
    assert.equal((await runStep(fleet, 'repository')).isChanged, true);
    const there = mgmt.at(REPOSITORY)!;
    assert.deepEqual(there.metadata['labels'], { 'argocd.argoproj.io/secret-type': 'repository' });
    assert.deepEqual(valuesOf(there), {
      type: 'git',
      url: 'https://github.com/acme/platform.git',
      username: 'git',
      password: TOKEN,
    });
    assert.equal((await runStep(fleet, 'repository')).isChanged, false);
    const run = runOf(fleet);
    const other = { ...run, deployment: { ...run.deployment, gitToken: 'another' } };
    assert.equal((await runStep(fleet, 'repository', { run: other })).isChanged, true);
    assert.equal(valuesOf(mgmt.at(REPOSITORY))['password'], 'another');
  });

  it("becomes ours when a person made it for the same repository, and stays another's otherwise", async () => {
    const fleet = await bare();
    const mgmt = fleet.clusters.get('mgmt')!;
    mgmt.put(byHand('https://github.com/acme/platform.git'));
    assert.equal((await runStep(fleet, 'repository')).isChanged, true);
    assert.equal(valuesOf(mgmt.at(REPOSITORY))['password'], TOKEN);
    mgmt.put(byHand('https://example.org/other.git'));
    const { message, advice } = await refusalOf(runStep(fleet, 'repository'));
    assert.match(message, /would take fields from kubectl/);
    assert.ok(!`${message}${advice}`.includes(TOKEN));
  });

  it('is none for a repository that everybody may read, and a key by SSH', async () => {
    const run = runOf(await bare());
    const { gitToken: _, ...deployment } = run.deployment;
    const fleet = await bare();
    const open = { ...runOf(fleet), deployment };
    assert.deepEqual(await runStep(fleet, 'repository', { run: open }), {
      isChanged: false,
      note: 'read without a credential',
    });
    const mgmt = fleet.clusters.get('mgmt')!;
    mgmt.put(byHand('https://github.com/acme/platform.git'));
    assert.equal((await runStep(fleet, 'repository', { run: open })).note, 'credential kept');
    mgmt.put(byHand('https://example.org/other.git'));
    const { message } = await refusalOf(runStep(fleet, 'repository', { run: open }));
    assert.match(message, /^Argo CD has a credential for https:\/\/example\.org/);
    const gitops = { repo: 'git@github.com:acme/platform.git', revision: 'main', path: '' };
    const bySsh = fakeFleet({ gitops });
    bySsh.create('mgmt');
    await runStep(bySsh, 'namespaces');
    await runStep(bySsh, 'repository');
    assert.equal(valuesOf(bySsh.clusters.get('mgmt')!.at(REPOSITORY))['sshPrivateKey'], TOKEN);
  });
});

describe('the registration of a cluster', () => {
  it('holds how Argo CD reaches it and what the ApplicationSets read', async () => {
    const fleet = await bare();
    fleet.create('app1');
    assert.equal((await runStep(fleet, 'register/app1')).isChanged, true);
    const there = fleet.clusters.get('mgmt')!.at(secretRef('cluster-app1'))!;
    const { config, ...values } = valuesOf(there);
    assert.deepEqual(values, { name: 'app1', server: 'https://app1.hcp.example.org' });
    const { tlsClientConfig, execProviderConfig } = JSON.parse(config!);
    assert.match(Buffer.from(tlsClientConfig.caData, 'base64').toString(), /^-----BEGIN CERTIFICATE/);
    assert.equal(execProviderConfig.env.AZURE_CLIENT_ID, 'client-of-id-atlas-demo-argocd');
    const annotations = there.metadata['annotations'] as Record<string, string>;
    assert.equal(annotations['bulkhead_vault_url'], 'https://kv-atlas.vault.azure.net');
    assert.equal(annotations['bulkhead_tenant_id'], '00000000-0000-4000-8000-000000000001');
    assert.equal((await runStep(fleet, 'register/app1')).isChanged, false);
  });

  it('brings back a label that was lost, whoever wrote the Secret', async () => {
    const fleet = await bare();
    await runStep(fleet, 'register/mgmt');
    const mgmt = fleet.clusters.get('mgmt')!;
    const there = mgmt.at(secretRef('cluster-mgmt'))!;
    const { labels, ...metadata } = there.metadata;
    const { 'bulkhead.dev/fleet': _, ...rest } = labels as Record<string, string>;
    mgmt.put({ ...there, metadata: { ...metadata, labels: rest } });
    assert.equal((await runStep(fleet, 'register/mgmt')).isChanged, true);
    assert.deepEqual(mgmt.at(secretRef('cluster-mgmt'))!.metadata['labels'], labels);
  });

  it('leaves the Secret of another fleet, and says what Azure does not tell', async () => {
    const fleet = await bare();
    const mgmt = fleet.clusters.get('mgmt')!;
    const labels = { 'bulkhead.dev/fleet': 'borealis' };
    const metadata = { name: 'cluster-mgmt', namespace, labels };
    mgmt.put({ apiVersion: 'v1', kind: 'Secret', metadata });
    const { message } = await refusalOf(runStep(fleet, 'register/mgmt'));
    assert.match(message, /belongs to another fleet: bulkhead\.dev\/fleet is borealis/);
    fleet.create('app1');
    const azure = { ...fleet.world.azure, get: async () => ({ properties: {} }) };
    const nameless = runOf(fleet, { ...fleet.world, azure });
    assert.match(
      (await refusalOf(runStep(fleet, 'register/app1', { run: nameless }))).message,
      /does not tell the name of app1/,
    );
    const run = runOf(fleet);
    const foundation = { ...run.found.foundation!, clientIds: {} };
    assert.match(
      (
        await refusalOf(
          runStep(fleet, 'register/app1', { run: { ...run, found: { ...run.found, foundation } } }),
        )
      ).message,
      /does not tell the client id of id-atlas-demo-argocd/,
    );
  });
});

describe('the root of the tree', () => {
  it('needs a repository', async () => {
    const fleet = fakeFleet({ gitops: undefined });
    fleet.create('mgmt');
    assert.match((await refusalOf(runStep(fleet, 'root'))).message, /names no Git repository/);
  });

  it("is Argo CD's, until the fleet file moves what Argo CD reads", async () => {
    const fleet = await broughtUp();
    const mgmt = fleet.clusters.get('mgmt')!;
    assert.equal((await runStep(fleet, 'root')).isChanged, false);
    const there = mgmt.at(application('root'))!;
    const { source } = there['spec'] as { source: object };
    const edited = { ...(there['spec'] as object), syncPolicy: {} };
    mgmt.put({ ...there, spec: edited }, 'argocd-controller');
    assert.equal((await runStep(fleet, 'root')).isChanged, false, 'Git may be ahead');
    mgmt.put(
      { ...there, spec: { ...edited, source: { ...source, targetRevision: 'old' } } },
      'argocd-controller',
    );
    assert.equal((await runStep(fleet, 'root')).isChanged, true);
    assert.deepEqual((mgmt.at(application('root'))!['spec'] as { source: object }).source, source);
  });
});

describe('the Applications of a cluster', () => {
  it('are in order when all that the tree has for it are', async () => {
    const fleet = await broughtUp();
    assert.deepEqual(await runStep(fleet, 'applications/app1'), {
      isChanged: false,
      note: '6 Applications Synced and Healthy',
    });
  });

  it('are told with what Argo CD says of them, when the time is over', async () => {
    const fleet = await broughtUp();
    fleet.controllers = false;
    const mgmt = fleet.clusters.get('mgmt')!;
    const cilium = application('platform.app1.cilium');
    mgmt.setStatus(cilium, {
      sync: { status: 'OutOfSync' },
      health: { status: 'Degraded', message: 'no pods' },
      conditions: [{ type: 'SyncError', message: `fetching https://git:${TOKEN}@github.com failed` }],
      operationState: { phase: 'Failed', message: `x ${'long '.repeat(200)}` },
    });
    mgmt.remove(application('workloads.app1.storefront'));
    // Of another cluster: not waited for here.
    mgmt.setStatus(application('platform.app2.cilium'), { sync: { status: 'OutOfSync' } });
    const begin = fleet.world.clock.now();
    const reports: string[] = [];
    const { message, advice } = await refusalOf(runStep(fleet, 'applications/app1', { reports }));
    assert.equal((fleet.world.clock.now() - begin) / 60_000, 30);
    const lines = message.split('\n');
    assert.equal(lines[0], '2 of 6 Applications of app1 are not in order after 30 minutes:');
    assert.match(
      lines[1]!,
      /^ {2}platform\.app1\.cilium: OutOfSync, Degraded; no pods; SyncError: fetching .*\*\*\*@/,
    );
    assert.equal(lines[2], '  workloads.app1.storefront: Argo CD has not made it yet');
    assert.ok(lines[1]!.length < 800);
    assert.match(reports[0]!, /^4 of 6 in order; platform\.app1\.cilium: OutOfSync/);
    assert.ok(!`${message}${advice}${reports.join()}`.includes(TOKEN));
  });

  it('are given some minutes to see the commit that their branch is at', async () => {
    const fleet = await broughtUp();
    fleet.controllers = false;
    const mgmt = fleet.clusters.get('mgmt')!;
    const ref = application('platform.app1.base');
    const repoURL = 'https://github.com/acme/platform.git';
    const there = mgmt.at(ref)!;
    const reports: string[] = [];
    const minutes = async (run = runOf(fleet)): Promise<[number, string | undefined]> => {
      const begin = fleet.world.clock.now();
      const { note } = await runStep(fleet, 'applications/app1', { run, reports });
      return [(fleet.world.clock.now() - begin) / 60_000, note];
    };
    mgmt.put({ ...there, spec: { source: { repoURL } }, status: inOrder('0123') });
    const late: [number, string] = [5, '6 Applications Synced and Healthy; 1 at an older commit'];
    assert.deepEqual(await minutes(), late);
    assert.match(
      reports[0]!,
      /^5 of 6 in order; platform\.app1\.base: has not seen 89abcdef0123 of main yet$/,
    );
    const sources = [{ repoURL: 'https://helm.cilium.io' }, { repoURL }];
    const health = { status: 'Healthy' };
    const at = (commit: string): object => ({
      sync: { status: 'Synced', revisions: ['1.20.0', commit] },
      health,
    });
    mgmt.put({ ...there, spec: { sources }, status: at('old') });
    assert.deepEqual(await minutes(), late);
    const unread = {
      ...fleet.world.git,
      remoteRevision: async () => {
        throw new StepError('authentication required');
      },
    };
    assert.equal((await minutes(runOf(fleet, { ...fleet.world, git: unread })))[0], 0);
    mgmt.put({ ...there, spec: { sources }, status: at(COMMIT) });
    assert.deepEqual(await minutes(), [0, '6 Applications Synced and Healthy']);
  });

  it('are in order where the time ends before they have seen that commit', async () => {
    const fleet = await broughtUp();
    fleet.controllers = false;
    const mgmt = fleet.clusters.get('mgmt')!;
    const there = mgmt.at(application('platform.app1.base'))!;
    const repoURL = 'https://github.com/acme/platform.git';
    mgmt.put({ ...there, status: { sync: { status: 'OutOfSync' }, health: { status: 'Progressing' } } });
    const { clock } = fleet.world;
    const begin = clock.now();
    const minutes = (): number => (clock.now() - begin) / 60_000;
    const sleep: typeof clock.sleep = async (milliseconds, signal) => {
      await clock.sleep(milliseconds, signal);
      if (minutes() >= 27) mgmt.put({ ...there, spec: { source: { repoURL } }, status: inOrder('0123') });
    };
    const run = runOf(fleet, { ...fleet.world, clock: { ...clock, sleep } });
    const { note } = await runStep(fleet, 'applications/app1', { run });
    assert.deepEqual([minutes(), note], [30, '6 Applications Synced and Healthy; 1 at an older commit']);
  });
});
