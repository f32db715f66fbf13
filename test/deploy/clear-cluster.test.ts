import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StepError } from '../../src/base/step-error.ts';
import { clearStep, stopArgoCdStep, unregisterStep } from '../../src/deploy/clear-cluster.ts';
import type { Run } from '../../src/deploy/run.ts';
import type { Step, StepResult } from '../../src/deploy/step.ts';
import type { Kube, KubeObject, World } from '../../src/deploy/world.ts';
import type { ClusterPlan } from '../../src/model/platform.ts';
import { fakeFleet, type FakeFleet, runOf } from './fake-fleet.ts';

const NEVER = new AbortController().signal;
const CONTROLLER = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name: 'argocd-application-controller', namespace: 'argocd' },
} as const;

function service(name: string, type?: string): KubeObject {
  const spec = type === undefined ? {} : { type };
  return { apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'default' }, spec };
}

/** mgmt and app1 are there, with an Argo CD that knows app1, and Services of every type. */
function fleetUnderTest(): FakeFleet {
  const fleet = fakeFleet();
  fleet.controllers = false;
  const mgmt = fleet.create('mgmt');
  mgmt.put(CONTROLLER);
  mgmt.put({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'cluster-app1', namespace: 'argocd' } });
  for (const cluster of ['app1', 'app2']) {
    const labels = { 'bulkhead.dev/cluster': cluster };
    const metadata = { name: `platform.${cluster}.base`, namespace: 'argocd', labels };
    mgmt.put({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata });
  }
  for (const type of ['LoadBalancer', 'ClusterIP', undefined]) {
    fleet.create('app1').put(service(`of-${type}`, type));
  }
  return fleet;
}

function clusterOf(fleet: FakeFleet, name: string): ClusterPlan {
  return fleet.deployment.platform.clusters.find((each) => each.name === name)!;
}

function clearing(fleet: FakeFleet, world: World = fleet.world, name = 'app1'): Step {
  return clearStep(runOf(fleet, world), clusterOf(fleet, name), []);
}

async function ran(step: Step): Promise<StepResult & { readonly said: readonly string[] }> {
  const said: string[] = [];
  const result = await step.run({ signal: NEVER, report: (text) => void said.push(text) });
  return { ...result, said };
}

function withKube(fleet: FakeFleet, change: (kube: Kube) => Partial<Kube>): World {
  return {
    ...fleet.world,
    kube: async (name, signal) => {
      const kube = await fleet.world.kube(name, signal);
      return { ...kube, ...change(kube) };
    },
  };
}

function names(fleet: FakeFleet, cluster: string, kind: string): readonly string[] {
  return fleet.clusters
    .get(cluster)!
    .all(kind)
    .map(({ metadata }) => metadata.name);
}

describe('clearing a cluster', () => {
  it('deletes load balancers alone, waits until they are gone, and does nothing the second time', async () => {
    const fleet = fleetUnderTest();
    assert.deepEqual(await ran(clearing(fleet)), {
      isChanged: true,
      note: '1 load balancer',
      said: ['waiting for 1 load balancer to go'],
    });
    assert.deepEqual(names(fleet, 'app1', 'Service'), ['of-ClusterIP', 'of-undefined']);
    assert.deepEqual(await ran(clearing(fleet)), { isChanged: false, note: '0 load balancers', said: [] });
  });

  it('asks nothing of a cluster that is stopped, has no API server or is not there', async () => {
    const fleet = fleetUnderTest();
    const get = async () => ({ properties: { provisioningState: 'Failed' } });
    const failed = { ...fleet.world, azure: { ...fleet.world.azure, get } };
    assert.equal((await ran(clearing(fleet, failed))).note, 'no API server');
    fleet.stopped.add('app1');
    assert.equal((await ran(clearing(fleet))).note, 'stopped');
    assert.equal((await ran(clearing(fleet, fleet.world, 'app2'))).note, 'no API server');
    assert.equal(names(fleet, 'app1', 'Service').length, 3);
  });

  it('waits until a cluster that falls asleep or wakes up has done so', async () => {
    const fleet = fleetUnderTest();
    const states = ['Stopping', 'Stopping', 'Succeeded'];
    const get: World['azure']['get'] = async (...asked) => {
      const { properties } = (await fleet.world.azure.get(...asked)) as { readonly properties: object };
      return { properties: { ...properties, provisioningState: states.shift() } };
    };
    const world = { ...fleet.world, azure: { ...fleet.world.azure, get } };
    fleet.stopped.add('app1');
    const { note, said } = await ran(clearing(fleet, world));
    assert.equal(note, 'stopped');
    assert.deepEqual(said, Array(2).fill('waiting for app1, which is Stopping'));
    fleet.stopped.delete('app1');
    states.push('Starting', 'Succeeded');
    assert.equal((await ran(clearing(fleet, world))).note, '1 load balancer');
  });

  it('deletes each once while it goes, and again where something brings it back', async () => {
    const fleet = fleetUnderTest();
    const app1 = fleet.clusters.get('app1')!;
    const deleted: string[] = [];
    let looks = 0;
    const world = withKube(fleet, (kube) => ({
      list: async (kind, signal) => {
        looks += 1;
        // A finalizer holds it for three looks; a controller makes it anew at the fifth.
        if (looks === 4)
          app1.remove({ ...service('of-LoadBalancer'), name: 'of-LoadBalancer', namespace: 'default' });
        if (looks === 4) app1.put(service('again', 'LoadBalancer'));
        return kube.list(kind, signal);
      },
      delete: async (ref, signal) => {
        deleted.push(ref.name);
        if (ref.name === 'again') return kube.delete(ref, signal);
        const going = { ...service('of-LoadBalancer', 'LoadBalancer') };
        app1.put({ ...going, metadata: { ...going.metadata, deletionTimestamp: '2026-11-22T12:00:00Z' } });
        return true;
      },
    }));
    assert.equal((await ran(clearing(fleet, world))).note, '2 load balancers');
    assert.deepEqual(deleted, ['of-LoadBalancer', 'again']);
  });

  it('waits within bounds, and names what does not go', async () => {
    const fleet = fleetUnderTest();
    const start = fleet.world.clock.now();
    const step = clearing(
      fleet,
      withKube(fleet, () => ({ delete: async () => true })),
    );
    await assert.rejects(ran(step), /load balancers of app1 do not go: default\/of-LoadBalancer$/);
    assert.equal(fleet.world.clock.now() - start, 5 * 60_000);
  });

  it('says the way out where a cluster never answers', async () => {
    const fleet = fleetUnderTest();
    const kube = async (): Promise<never> => {
      throw new StepError('the API server cannot be reached', { advice: 'look at it' });
    };
    await assert.rejects(ran(clearing(fleet, { ...fleet.world, kube })), {
      message: 'the API server cannot be reached',
      advice:
        /^look at it; or, .* the rest: az aks delete --resource-group rg-atlas-demo-app1 --name aks-atlas-demo-app1$/,
    });
  });
});

describe('Argo CD, when clusters go', () => {
  const unregister = (run: Run, fleet: FakeFleet): Step => unregisterStep(run, clusterOf(fleet, 'app1'), []);

  it('forgets one cluster, its Secret first, and no other', async () => {
    const fleet = fleetUnderTest();
    const deleted: string[] = [];
    const world = withKube(fleet, (kube) => ({
      delete: (ref, signal) => {
        deleted.push(`${ref.kind} ${ref.name}`);
        return kube.delete(ref, signal);
      },
    }));
    const { isChanged, note } = await ran(unregister(runOf(fleet, world), fleet));
    assert.deepEqual([isChanged, note], [true, '1 Application']);
    assert.deepEqual(deleted, ['Secret cluster-app1', 'Application platform.app1.base']);
    assert.deepEqual(names(fleet, 'mgmt', 'Application'), ['platform.app2.base']);
    assert.equal((await ran(unregister(runOf(fleet), fleet))).isChanged, false);
  });

  it('is not asked where mgmt is not there, and must run where it is', async () => {
    const fleet = fleetUnderTest();
    fleet.stopped.add('mgmt');
    await assert.rejects(ran(unregister(runOf(fleet), fleet)), {
      message: 'mgmt is stopped, and Argo CD on it would look for app1 when it wakes',
      advice: /az aks start --resource-group rg-atlas-demo-mgmt/,
    });
    fleet.clusters.delete('mgmt');
    assert.equal((await ran(unregister(runOf(fleet), fleet))).note, 'no Argo CD runs');
  });

  it('stops before the whole fleet goes, once', async () => {
    const fleet = fleetUnderTest();
    const stop = (): Step => stopArgoCdStep(runOf(fleet), clusterOf(fleet, 'mgmt'), []);
    assert.equal((await ran(stop())).isChanged, true);
    assert.deepEqual(names(fleet, 'mgmt', 'StatefulSet'), []);
    assert.equal((await ran(stop())).isChanged, false);
    fleet.stopped.add('mgmt');
    assert.equal((await ran(stop())).note, 'no Argo CD runs');
  });
});
