import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StepError } from '../../../src/base/step-error.ts';
import { bootstrapSteps } from '../../../src/deploy/bootstrap/steps.ts';
import { meshCaStep } from '../../../src/deploy/mesh-ca.ts';
import type { Run } from '../../../src/deploy/run.ts';
import type { StepResult } from '../../../src/deploy/step.ts';
import { bring, fakeFleet, type FakeFleet, runOf, upSteps } from '../fake-fleet.ts';
import { refusalOf } from '../refusal-of.ts';

const SYSTEM = 'kube-system';
const CILIUM = { apiVersion: 'apps/v1', kind: 'DaemonSet', name: 'cilium', namespace: SYSTEM } as const;
const MESH = { apiVersion: 'v1', kind: 'Service', name: 'clustermesh-apiserver', namespace: SYSTEM } as const;
const CONFIG = { apiVersion: 'v1', kind: 'ConfigMap', name: 'cilium-config', namespace: SYSTEM } as const;

/** One step of app1, alone. */
async function runStep(
  fleet: FakeFleet,
  name: string,
  options: { readonly run?: Run; readonly signal?: AbortSignal; readonly reports?: string[] } = {},
): Promise<StepResult> {
  const { run = runOf(fleet), signal = new AbortController().signal, reports = [] } = options;
  const app1 = run.deployment.platform.clusters.find((cluster) => cluster.name === 'app1')!;
  const step = bootstrapSteps(run, app1).find(({ id }) => id === `bootstrap/app1/${name}`)!;
  return step.run({ signal, report: (text) => void reports.push(text) });
}

const minutesOf = async (fleet: FakeFleet, done: Promise<unknown>): Promise<number> => {
  const begin = fleet.world.clock.now();
  await done;
  return (fleet.world.clock.now() - begin) / 60_000;
};

/** A whole fleet as a first run leaves it. */
async function broughtUp(): Promise<FakeFleet> {
  const fleet = fakeFleet();
  await bring(upSteps(fleet, runOf(fleet)));
  return fleet;
}

describe('the bootstrap of a cluster', () => {
  it('goes in the order in which it works', () => {
    const run = runOf(fakeFleet());
    const steps = bootstrapSteps(run, run.deployment.platform.clusters[1]!);
    assert.deepEqual(
      steps.map(({ id, after }) => [id.replace('bootstrap/app1/', ''), after]),
      [
        ['access', ['clusters/app1']],
        ['mesh-ca', ['bootstrap/app1/access', 'mesh-ca']],
        ['cilium', ['bootstrap/app1/mesh-ca']],
        ['nodes', ['bootstrap/app1/cilium']],
        ['mesh-address', ['bootstrap/app1/nodes']],
      ],
    );
  });

  it('waits for the role of the signed-in person, and for an API server that is coming up', async () => {
    const fleet = fakeFleet();
    const { kube } = fleet.create('app1');
    let asked = 0;
    const answers = [new StepError('cannot be reached'), false, true];
    const slow = {
      ...kube,
      isAdmin: async () => {
        const answer = answers[asked++]!;
        if (answer instanceof Error) throw answer;
        return answer;
      },
    };
    const reports: string[] = [];
    await runStep(fleet, 'access', {
      run: runOf(fleet, { ...fleet.world, kube: async () => slow }),
      reports,
    });
    assert.deepEqual(reports, ['cannot be reached', 'the role has not arrived yet']);
    const never = { ...kube, isAdmin: async () => false };
    const done = refusalOf(
      runStep(fleet, 'access', { run: runOf(fleet, { ...fleet.world, kube: async () => never }) }),
    );
    assert.equal(await minutesOf(fleet, done), 5);
    assert.match((await done).message, /^app1 does not let you in after 5 minutes: the role has not arrived/);
  });

  it('ends a wait when it is stopped', async () => {
    const fleet = fakeFleet();
    fleet.create('app1');
    fleet.controllers = false;
    const stop = new AbortController();
    const done = runStep(fleet, 'nodes', { signal: stop.signal });
    stop.abort();
    await assert.rejects(done, { name: 'AbortError' });
  });
});

describe('the CA of a cluster', () => {
  it('is written once, and never replaced', async () => {
    const fleet = fakeFleet();
    fleet.create('app1');
    const run = runOf(fleet);
    await meshCaStep(run)!.run({ signal: new AbortController().signal, report: () => undefined });
    assert.equal((await runStep(fleet, 'mesh-ca', { run })).isChanged, true);
    assert.equal((await runStep(fleet, 'mesh-ca', { run })).isChanged, false);
    const other = fakeFleet();
    const otherRun = runOf(other);
    await meshCaStep(otherRun)!.run({ signal: new AbortController().signal, report: () => undefined });
    const { message, advice } = await refusalOf(
      runStep(fleet, 'mesh-ca', { run: { ...run, found: otherRun.found } }),
    );
    assert.match(message, /^the vault and app1 have different mesh CAs/);
    assert.doesNotMatch(`${message}${advice}`, /BEGIN/);
    assert.equal(fleet.clusters.get('app1')!.applied.length, 1);
  });
});

describe('Cilium', () => {
  it('is applied as it is rendered, with the values file that Argo CD goes on using', async () => {
    const fleet = fakeFleet();
    const { applied } = fleet.create('app1');
    const { template } = fleet.world.helm;
    const charts: object[] = [];
    const helm = {
      ...fleet.world.helm,
      template: async (chart: Parameters<typeof template>[0], signal: AbortSignal) => {
        charts.push(chart);
        return template(chart, signal);
      },
    };
    const result = await runStep(fleet, 'cilium', { run: runOf(fleet, { ...fleet.world, helm }) });
    assert.deepEqual(result, { isChanged: true, note: 'cilium 1.20.0: 7 of 7 objects changed' });
    assert.deepEqual(charts, [
      {
        release: 'cilium',
        namespace: SYSTEM,
        name: 'cilium',
        repo: 'https://helm.cilium.io',
        version: '1.20.0',
        valuesFiles: ['/fleet/demo/bootstrap/app1/cilium.values.yaml'],
        values: {},
        kubernetesVersion: '1.35',
        apiVersions: [],
      },
    ]);
    assert.equal(applied[0], 'apply Namespace cilium-secrets');
    const again = await runStep(fleet, 'cilium');
    assert.deepEqual(again, { isChanged: false, note: 'cilium 1.20.0: 7 objects, unchanged' });
  });

  it('takes no field from another owner, and takes its own back', async () => {
    const fleet = fakeFleet();
    const cluster = fleet.create('app1');
    const { apiVersion, kind, name, namespace } = CONFIG;
    cluster.put({ apiVersion, kind, metadata: { name, namespace }, data: { a: 'other' } }, 'helm');
    const { message } = await refusalOf(runStep(fleet, 'cilium'));
    assert.match(message, /ConfigMap cilium-config would take fields from helm/);
    cluster.remove(CONFIG);
    await runStep(fleet, 'cilium');
    const ours = cluster.at(CONFIG)!;
    cluster.put({ ...ours, data: { a: 'edited' } }, 'argocd-controller');
    assert.equal((await runStep(fleet, 'cilium')).isChanged, true);
    assert.deepEqual(cluster.at(CONFIG)!['data'], { a: 'b' });
  });

  it("is Argo CD's once Argo CD keeps it, and comes back where it is lost", async () => {
    const fleet = await broughtUp();
    const cluster = fleet.clusters.get('app1')!;
    const newer = { ...cluster.at(CONFIG)!, data: { a: 'newer in Git' } };
    cluster.put(newer, 'argocd-controller');
    cluster.annotate(CONFIG, { 'argocd.argoproj.io/tracking-id': 'platform…' });
    assert.deepEqual(await runStep(fleet, 'cilium'), { isChanged: false, note: 'Argo CD keeps it' });
    cluster.remove(CILIUM);
    const healed = await runStep(fleet, 'cilium');
    assert.match(healed.note!, /^cilium 1\.20\.0: 1 of 7 objects changed, 1 kept by Argo CD$/);
    assert.ok(cluster.at(CILIUM));
    assert.deepEqual(cluster.at(CONFIG)!['data'], { a: 'newer in Git' });
  });
});

describe('the nodes', () => {
  it('are waited for, with what the network carries', async () => {
    const fleet = fakeFleet();
    const cluster = fleet.create('app1');
    fleet.controllers = false;
    const error = await refusalOf(runStep(fleet, 'nodes'));
    assert.match(error.message, /^app1 is not ready after 10 minutes: not Ready: app1-system-0$/);
    const node = { apiVersion: 'v1', kind: 'Node', name: 'app1-system-0' } as const;
    cluster.setStatus(node, { conditions: [{ type: 'Ready', status: 'True' }] });
    const pod = { name: 'coredns-1', namespace: SYSTEM };
    const conditions = [{ type: 'PodScheduled', status: 'False', message: '0/1 nodes are available' }];
    cluster.put({ apiVersion: 'v1', kind: 'Pod', metadata: pod, status: { conditions } });
    const { message } = await refusalOf(runStep(fleet, 'nodes'));
    assert.match(message, /coredns has 0 of 2 pods; coredns-1: 0\/1 nodes are available$/);
    cluster.remove(node);
    assert.match((await refusalOf(runStep(fleet, 'nodes'))).message, /no system node has joined/);
  });

  it('are there without a Spot node that is being taken away', async () => {
    const fleet = await broughtUp();
    const labels = { 'kubernetes.azure.com/scalesetpriority': 'spot' };
    fleet.clusters.get('app1')!.put({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'spot-0', labels } });
    fleet.controllers = false;
    assert.deepEqual(await runStep(fleet, 'nodes'), { isChanged: false, note: '1 of 2 nodes ready' });
  });
});

describe('the address of the mesh', () => {
  it('is the planned one, or told', async () => {
    const fleet = await broughtUp();
    const cluster = fleet.clusters.get('app1')!;
    fleet.controllers = false;
    assert.deepEqual(await runStep(fleet, 'mesh-address'), { isChanged: false, note: '10.2.255.250' });
    cluster.setStatus(MESH, { loadBalancer: { ingress: [{ ip: '10.2.0.7' }] } });
    const other = await refusalOf(runStep(fleet, 'mesh-address'));
    assert.match(
      other.message,
      /^the mesh of app1 is at 10\.2\.0\.7, and its peers look for it at 10\.2\.255\.250$/,
    );
    assert.match(other.advice!, /snet-app1/);
    cluster.setStatus(MESH, { loadBalancer: {} });
    const none = refusalOf(runStep(fleet, 'mesh-address'));
    assert.equal(await minutesOf(fleet, none), 10);
    assert.match((await none).message, /given its load balancer no address/);
    cluster.remove(MESH);
    assert.match((await refusalOf(runStep(fleet, 'mesh-address'))).message, /there is no Service/);
  });
});
