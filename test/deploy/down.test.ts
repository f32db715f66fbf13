import assert from 'node:assert/strict';
import { before, describe, it } from 'node:test';
import { StepError } from '../../src/base/step-error.ts';
import { Declined } from '../../src/deploy/ask.ts';
import type { Outcome } from '../../src/deploy/deploy.ts';
import { down, downSteps } from '../../src/deploy/down.ts';
import { managedClusterPath } from '../../src/deploy/managed-cluster.ts';
import type { Run } from '../../src/deploy/run.ts';
import { stateStoreOf } from '../../src/deploy/state-store.ts';
import type { Step } from '../../src/deploy/step.ts';
import { up } from '../../src/deploy/up.ts';
import type { Azure, KubeObject, World } from '../../src/deploy/world.ts';
import type { FleetData } from '../support/fleets.ts';
import { fakeTerraform } from './fake-terraform.ts';
import { mortalWorld } from './mortal-world.ts';
import { SUBSCRIPTION } from './preflight/sound-run.ts';
import { SMALL, troubles, type WholeFleet, wholeFleet } from './whole-fleet.ts';

type Kinds = Readonly<Record<string, string>>;

const NEVER = new AbortController().signal;
const THREE: FleetData = { ...SMALL, clusters: { mgmt: {}, app1: {}, app2: {} } };
const BALANCER: KubeObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'front', namespace: 'default' },
  spec: { type: 'LoadBalancer' },
};
const CONTROLLER = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  name: 'argocd-application-controller',
  namespace: 'argocd',
} as const;
const secretOf = (cluster: string) =>
  ({ apiVersion: 'v1', kind: 'Secret', name: `cluster-${cluster}`, namespace: 'argocd' }) as const;

async function takeDown(
  run: Run,
  clusters?: readonly string[],
  hasKeeper = false,
): Promise<Outcome & { readonly kinds: Kinds; readonly notes: Kinds }> {
  const part = clusters && { clusters, hasKeeper };
  const outcome = await down(run, part, { signal: NEVER, parallel: 4, onEvent: () => undefined });
  const ends = [...outcome.ends];
  return {
    ...outcome,
    kinds: Object.fromEntries(ends.map(([id, { kind }]) => [id, kind])),
    notes: Object.fromEntries(ends.map(([id, end]) => [id, 'note' in end ? (end.note ?? '') : ''])),
  };
}

function errorOf({ ends }: Outcome, id: string): StepError {
  const end = ends.get(id)!;
  assert.ok(end.kind === 'failed' && end.error instanceof StepError, `${id} is ${end.kind}`);
  return end.error;
}

/** The world of a fleet, with more in Azure. */
function withAzure({ world }: WholeFleet, more: Partial<Azure>): World {
  return { ...world, azure: { ...world.azure, ...more } };
}

/** The world of a fleet some of whose clusters sleep: Azure deletes them, each as a whole. */
function withSleepers(whole: WholeFleet, ...names: readonly string[]): World {
  const { fleet, deployment, writes } = whole;
  for (const name of names) fleet.stopped.add(name);
  return withAzure(whole, {
    delete: async (path) => {
      const all = deployment.platform.clusters;
      const { name } = all.find((cluster) => managedClusterPath(deployment, cluster) === path)!;
      writes.push(`delete ${name}`);
      fleet.clusters.delete(name);
    },
  });
}

/** A fleet that runs, whose every cluster has asked for a load balancer. A stopped one lets Terraform do nothing. */
async function running(data?: FleetData): Promise<WholeFleet> {
  const whole: WholeFleet = wholeFleet(data, {
    refusal: (path) => {
      const name = path.slice('clusters/'.length);
      const isAsleep = whole.fleet.stopped.has(name) && whole.fleet.clusters.has(name);
      return isAsleep ? new StepError(`${name} can only be started or deleted`) : undefined;
    },
  });
  const options = { signal: NEVER, parallel: 4, onEvent: () => undefined, onRefusals: () => undefined };
  assert.deepEqual(troubles(await up(whole.run(), options)), []);
  for (const [name, cluster] of whole.fleet.clusters) {
    cluster.put(BALANCER);
    const metadata = {
      name: `platform.${name}.base`,
      namespace: 'argocd',
      labels: { 'bulkhead.dev/cluster': name },
    };
    whole.fleet.clusters
      .get('mgmt')!
      .put({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Application', metadata });
  }
  whole.fleet.controllers = false;
  whole.writes.length = 0;
  return whole;
}

describe('down', () => {
  let whole: WholeFleet;
  before(async () => {
    whole = await running(THREE);
  });

  it('takes away first what came last, and what workloads made before their cluster', () => {
    const steps = new Map<string, Step>(
      downSteps(whole.run(), undefined, { parallel: 4, onLost: () => undefined }).map((step) => [
        step.id,
        step,
      ]),
    );
    const isAfter = (id: string, earlier: string): boolean =>
      steps.get(id)!.after.some((need) => need === earlier || isAfter(need, earlier));
    for (const [id, earlier] of [
      ['argo-cd/stop', 'look'],
      ['clear/app1', 'argo-cd/stop'],
      ['clear/mgmt', 'argo-cd/stop'],
      ['clusters/app1', 'clear/app1'],
      ['clear/mgmt', 'clusters/app1'],
      ['clear/mgmt', 'clusters/app2'],
      ['clusters/mgmt', 'clear/mgmt'],
      ['keeper', 'clusters/mgmt'],
      ['foundation', 'keeper'],
    ] as const) {
      assert.ok(isAfter(id, earlier), `${id} after ${earlier}`);
    }
    assert.ok(!isAfter('clusters/app2', 'clusters/app1'), 'apps go side by side');
    for (const id of steps.keys()) if (id !== 'look') assert.ok(isAfter(id, 'look'), id);
  });

  it('refuses mgmt alone, and asks nothing', async () => {
    const run = whole.run();
    await assert.rejects(takeDown(run, ['app1', 'mgmt']), /mgmt cannot go alone/);
    assert.deepEqual(run.asked.end, []);
    assert.deepEqual(whole.writes, []);
  });

  it('does nothing without the name', async () => {
    const { kinds } = await takeDown(whole.run({ end: new Declined() }));
    assert.deepEqual(new Set(Object.values(kinds)), new Set(['failed', 'skipped']));
    assert.deepEqual(whole.writes, ['lease', 'release']);
    assert.ok(whole.fleet.clusters.get('mgmt')!.at(CONTROLLER));
  });

  it('refuses a sign-in elsewhere, and a file that names no subscription', async () => {
    const run = whole.run();
    const elsewhere = await takeDown({ ...run, deployment: { ...whole.deployment, tenant: 'another' } });
    assert.match(errorOf(elsewhere, 'look').message, /azure\.tenant is another/);
    const zeros = '00000000-0000-0000-0000-000000000000';
    const nowhere = await takeDown({ ...run, deployment: { ...whole.deployment, subscription: zeros } });
    assert.match(errorOf(nowhere, 'look').message, /azure\.subscription is not written/);
  });

  it('touches nothing of clusters whose states it does not find', async () => {
    // As with `--state local` of a fleet whose states are in Azure.
    const { terraform } = fakeTerraform(whole.deployment.platform);
    const run = whole.run({}, { ...whole.world, terraform });
    const outcome = await takeDown(run);
    const error = errorOf(outcome, 'look');
    assert.match(error.message, /^mgmt, app1 and app2 are in Azure, and no state .* knows of them$/);
    assert.deepEqual(run.asked.end, []);
    for (const cluster of whole.fleet.clusters.values())
      assert.equal(cluster.all('Service').length > 0, true);
    assert.ok(whole.fleet.clusters.get('mgmt')!.at(CONTROLLER));
  });

  it('refuses the whole fleet while a cluster is there that the file no longer names', async () => {
    const fleet = await running(THREE);
    const { platform } = fleet.deployment;
    const tags = { fleet: platform.fleet.name, environment: platform.fleet.environment, cluster: 'app3' };
    const list: Azure['list'] = async (path, ...rest) => {
      const found = await fleet.world.azure.list(path, ...rest);
      return path.endsWith('/managedClusters') ? [...found, { id: '/elsewhere', tags }] : found;
    };
    const run = fleet.run({}, withAzure(fleet, { list }));
    const error = errorOf(await takeDown(run), 'look');
    assert.equal(error.message, 'app3 is in Azure and no longer in the fleet file');
    assert.match(error.advice!, /the same command with the file as it was before/);
    assert.deepEqual([run.asked.end, fleet.writes], [[], []]);

    const cannotList = async (): Promise<never> => {
      throw new StepError('403');
    };
    const blind = await takeDown(fleet.run({}, withAzure(fleet, { list: cannotList })));
    assert.equal(errorOf(blind, 'look').message, '403');
    assert.deepEqual(fleet.writes, []);
    // One cluster alone harms no other, and needs no such right.
    assert.deepEqual(troubles(await takeDown(fleet.run({}, withAzure(fleet, { list })), ['app2'])), []);
  });

  it('never says that nothing is there while the group of the foundation is', async () => {
    // As when the machine died in the first apply, before Terraform wrote a state.
    const fleet = wholeFleet();
    const { resourceGroup } = fleet.deployment.platform.names;
    const group = `/subscriptions/${SUBSCRIPTION}/resourceGroups/${resourceGroup}`.toLowerCase();
    fleet.stored.set(group, {});
    const run = fleet.run();
    const error = errorOf(await takeDown(run), 'look');
    const text = `the resource group ${resourceGroup} is in Azure, and no state that was looked at knows of it`;
    assert.equal(error.message, text);
    assert.match(error.advice!, /say so with --state; .* run `bulkhead up`, which takes it over/);
    assert.deepEqual([run.asked.end, fleet.writes], [[], []]);
    const { notes } = await takeDown(fleet.run(), ['app1']);
    assert.equal(notes['look'], 'nothing is there');
    const known = await running();
    known.stored.set(group, {});
    assert.deepEqual(troubles(await takeDown(known.run())), []);
  });

  it('refuses states on this machine where Azure has some', async () => {
    const fleet = await running();
    const run = fleet.run();
    const here = { ...run, deployment: { ...fleet.deployment, stateStore: { kind: 'local' } as const } };
    const { account } = stateStoreOf(fleet.deployment.platform.names, SUBSCRIPTION);
    for (const clusters of [undefined, ['app1']]) {
      const error = errorOf(await takeDown(here, clusters), 'look');
      assert.equal(error.message, `the states of this fleet are in Azure, in the storage account ${account}`);
      assert.equal(error.advice, 'run it without --state local');
    }
    assert.deepEqual([run.asked.end, fleet.writes], [[], []]);
  });

  it('takes the keeper alone, and says that the file still has it', async () => {
    const fleet = await running();
    const run = fleet.run();
    assert.deepEqual(troubles(await takeDown(run, [], true)), []);
    const [farewell] = run.asked.end;
    assert.deepEqual(
      farewell!.roots.map(({ root }) => root),
      ['keeper'],
    );
    assert.match(farewell!.remains.join(), /^the fleet file still names a keeper: .* makes it again$/);
    const applies = fleet.writes.filter((write) => write.startsWith('apply'));
    assert.deepEqual(applies, ['apply keeper']);
    assert.equal(fleet.fleet.clusters.size, 2);
    const { notes } = await takeDown(fleet.run(), [], true);
    assert.equal(notes['look'], 'nothing is there');
  });

  it('refuses while a keeper runs that the file no longer has, whose advice is the file as it was', async () => {
    const fleet = await running();
    const { deployment } = fleet.run();
    const { platform } = deployment;
    const keeperless = { ...platform, fleet: { ...platform.fleet, keeper: { run: 'none' as const } } };
    const get: Azure['get'] = async (path, api, signal) =>
      path.endsWith(`/containerGroups/${platform.names.keeper}`)
        ? {}
        : fleet.world.azure.get(path, api, signal);
    const run = {
      ...fleet.run({}, withAzure(fleet, { get })),
      deployment: { ...deployment, platform: keeperless },
    };
    const { message, advice } = errorOf(await takeDown(run), 'look');
    assert.equal(message, 'keeper-atlas-demo is in Azure, and the fleet file has no keeper any more');
    assert.match(advice!, /with the file as it was before: that takes everything$/);
    assert.deepEqual(fleet.writes, []);
    await assert.rejects(takeDown(run, [], true), /the fleet file has no keeper/);
  });

  it('says what dies and what remains of the whole fleet, and takes it all', async () => {
    const fleet = await running();
    const run = fleet.run();
    const outcome = await takeDown(run);
    assert.deepEqual(troubles(outcome), []);
    const [farewell] = run.asked.end;
    assert.deepEqual(
      farewell!.roots.map(({ root }) => root),
      ['foundation', 'clusters/mgmt', 'clusters/app1', 'keeper'],
    );
    assert.ok(farewell!.dies.some((line) => line.startsWith('app1: ') && line.includes('storefront')));
    assert.ok(farewell!.remains.some((line) => line.includes('the vault kv-atlas-demo-')));
    const applies = fleet.writes.filter((write) => write.startsWith('apply'));
    assert.deepEqual(
      applies,
      ['clusters/app1', 'clusters/mgmt', 'keeper', 'foundation'].map((path) => `apply ${path}`),
    );
    assert.equal(fleet.fleet.clusters.size, 0);
    assert.equal(outcome.notes['clear/app1'], '1 load balancer');
    assert.equal(fleet.lease.isHeld, false);

    const again = fleet.run();
    fleet.writes.length = 0;
    const { kinds, notes } = await takeDown(again);
    assert.deepEqual(new Set(Object.values(kinds)), new Set(['unchanged']));
    assert.equal(notes['look'], 'nothing is there');
    assert.deepEqual(again.asked.end, []);
    assert.deepEqual(fleet.writes, ['lease', 'release']);
  });

  it('takes one cluster and leaves the others as they are', async () => {
    const fleet = await running(THREE);
    const mgmt = fleet.fleet.clusters.get('mgmt')!;
    const before = new Map([...fleet.terraform.states].map(([path, state]) => [path, new Map(state)]));
    const run = fleet.run();
    const outcome = await takeDown(run, ['app2']);
    assert.deepEqual(troubles(outcome), []);
    assert.deepEqual(Object.keys(outcome.kinds), ['look', 'unregister/app2', 'clear/app2', 'clusters/app2']);
    assert.deepEqual(
      run.asked.end[0]!.roots.map(({ root }) => root),
      ['clusters/app2'],
    );
    assert.match(run.asked.end[0]!.remains[0]!, /the fleet file still names app2/);
    assert.deepEqual(
      fleet.writes.filter((write) => write.startsWith('apply')),
      ['apply clusters/app2'],
    );
    for (const [path, state] of before) {
      if (path !== 'clusters/app2') assert.deepEqual(fleet.terraform.states.get(path), state);
    }
    assert.equal(mgmt.at(secretOf('app2')), undefined);
    assert.ok(mgmt.at(secretOf('app1')) && mgmt.at(CONTROLLER));
    const labelled = mgmt.all('Application').map(({ metadata }) => metadata.name);
    assert.ok(labelled.includes('platform.app1.base') && !labelled.includes('platform.app2.base'));
    assert.ok(
      fleet.fleet.clusters
        .get('app1')!
        .all('Service')
        .some(({ metadata }) => metadata.name === 'front'),
    );
    const again = await takeDown(fleet.run(), ['app2']);
    assert.deepEqual(new Set(Object.values(again.kinds)), new Set(['unchanged']));
  });

  it('asks a stopped cluster for nothing, and deletes it whole before its root', async () => {
    const fleet = await running();
    const world = withSleepers(fleet, 'app1', 'mgmt');
    const declined = await takeDown(fleet.run({ end: new Declined() }, world));
    assert.equal(declined.kinds['clusters/app1'], 'skipped');
    assert.equal(fleet.fleet.clusters.size, 2);

    fleet.writes.length = 0;
    const outcome = await takeDown(fleet.run({}, world));
    assert.deepEqual(troubles(outcome), []);
    assert.equal(outcome.notes['clear/app1'], 'stopped');
    assert.equal(outcome.notes['argo-cd/stop'], 'no Argo CD runs');
    assert.equal(outcome.kinds['clusters/app1'], 'changed');
    assert.deepEqual(fleet.writes, [
      'lease',
      'delete app1',
      'apply clusters/app1',
      'delete mgmt',
      'apply clusters/mgmt',
      'apply keeper',
      'apply foundation',
      'release',
    ]);
    assert.equal(fleet.fleet.clusters.size, 0);
  });

  it('deletes a stopped cluster that goes alone, and none that is awake', async () => {
    const fleet = await running(THREE);
    const outcome = await takeDown(fleet.run({}, withSleepers(fleet, 'app2')), ['app1', 'app2']);
    assert.deepEqual(troubles(outcome), []);
    const deleted = fleet.writes.filter((write) => write.startsWith('delete'));
    assert.deepEqual(deleted, ['delete app2']);
    assert.deepEqual([...fleet.fleet.clusters.keys()], ['mgmt']);
  });

  it('lets no cluster go alone that a stopped Argo CD would look for', async () => {
    const fleet = await running();
    fleet.fleet.stopped.add('mgmt');
    const outcome = await takeDown(fleet.run(), ['app1']);
    assert.match(errorOf(outcome, 'unregister/app1').message, /mgmt is stopped/);
    assert.ok(fleet.fleet.clusters.has('app1'));
  });

  for (const asleep of [[], ['app1', 'mgmt']]) {
    const of = asleep.length === 0 ? 'clusters that run' : 'clusters that sleep';
    it(`goes on after a run that was killed at any call, until nothing is left of ${of}`, async () => {
      const counted = await running();
      const counting = mortalWorld(withSleepers(counted, ...asleep), Number.POSITIVE_INFINITY);
      assert.deepEqual(troubles(await takeDown(counted.run({}, counting.world))), []);
      const calls = counting.made();
      assert.ok(calls > 25, `${calls} calls`);
      for (let killedAt = 0; killedAt < calls; killedAt += 1) {
        const fleet = await running();
        const world = withSleepers(fleet, ...asleep);
        await takeDown(fleet.run({}, mortalWorld(world, killedAt, fleet.terraform).world));
        const where = `killed at call ${killedAt}`;
        assert.deepEqual(troubles(await takeDown(fleet.run({}, world))), [], where);
        assert.equal(fleet.fleet.clusters.size, 0, where);
        for (const state of fleet.terraform.states.values()) assert.equal(state.size, 0, where);
      }
    });
  }
});
