import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { StepError } from '../../src/base/step-error.ts';
import { Declined } from '../../src/deploy/ask.ts';
import type { Outcome } from '../../src/deploy/deploy.ts';
import type { Refusal } from '../../src/deploy/preflight/index.ts';
import type { Run } from '../../src/deploy/run.ts';
import type { Step } from '../../src/deploy/step.ts';
import { up, upSteps } from '../../src/deploy/up.ts';
import { change } from './fake-terraform.ts';
import { mortalWorld } from './mortal-world.ts';
import { troubles, type WholeFleet, wholeFleet } from './whole-fleet.ts';

type Kinds = Readonly<Record<string, string>>;

async function bringUp(
  run: Run,
  more: { readonly signal?: AbortSignal; readonly parallel?: number; readonly refusals?: Refusal[] } = {},
): Promise<Outcome & { readonly kinds: Kinds }> {
  const outcome = await up(run, {
    signal: more.signal ?? new AbortController().signal,
    parallel: more.parallel ?? 4,
    onEvent: () => undefined,
    onRefusals: (refusals) => void more.refusals?.push(...refusals),
  });
  return { ...outcome, kinds: Object.fromEntries([...outcome.ends].map(([id, { kind }]) => [id, kind])) };
}

function changedIn({ kinds }: { readonly kinds: Kinds }): readonly string[] {
  return Object.keys(kinds).filter((id) => kinds[id] === 'changed');
}

function stepsOf(whole: WholeFleet): ReadonlyMap<string, Step> {
  const options = { parallel: 4, onRefusals: () => undefined, onLost: () => undefined };
  return new Map(upSteps(whole.run(), options).map((step) => [step.id, step]));
}

/** Whether a step can only begin when another has succeeded. */
function comesAfter(steps: ReadonlyMap<string, Step>, id: string, earlier: string): boolean {
  const { after } = steps.get(id)!;
  return after.some((need) => need === earlier || comesAfter(steps, need, earlier));
}

function applied(whole: WholeFleet): number {
  return [...whole.fleet.clusters.values()].flatMap((cluster) => cluster.applied).length;
}

describe('up', () => {
  it('does everything in the order in which it finds what it needs', () => {
    const steps = stepsOf(wholeFleet());
    const order = [
      ['look', 'preflight'],
      ['agree', 'look'],
      ['state', 'agree'],
      ['lease', 'state'],
      ['foundation', 'lease'],
      ['vault', 'foundation'],
      ['mesh-ca', 'vault'],
      ['secrets/grafana-admin-password', 'vault'],
      ['clusters/mgmt', 'mesh-ca'],
      ['clusters/app1', 'mesh-ca'],
      ['clusters/app1', 'secrets/grafana-admin-password'],
      ['bootstrap/app1/cilium', 'clusters/app1'],
      ['bootstrap/app1/cilium', 'bootstrap/app1/mesh-ca'],
      ['bootstrap/app1/nodes', 'bootstrap/app1/cilium'],
      ['argo-cd/chart', 'bootstrap/mgmt/nodes'],
      ['argo-cd/register/app1', 'bootstrap/app1/nodes'],
      ['argo-cd/root', 'argo-cd/ready'],
      ['argo-cd/applications/app1', 'argo-cd/root'],
    ] as const;
    for (const [id, earlier] of order) assert.ok(comesAfter(steps, id, earlier), `${id} after ${earlier}`);
    assert.ok(!comesAfter(steps, 'clusters/app1', 'clusters/mgmt'), 'clusters go side by side');
    assert.ok(!comesAfter(steps, 'argo-cd/ready', 'clusters/app1'), 'Argo CD does not wait for apps');
    for (const id of steps.keys()) {
      if (id !== 'keeper') assert.ok(comesAfter(steps, 'keeper', id), `keeper after ${id}`);
      if (id !== 'preflight') assert.ok(comesAfter(steps, id, 'preflight'));
    }
  });

  it('makes a fleet from nothing, and changes nothing the second time', async () => {
    const whole = wholeFleet();
    whole.lease.looksUntilOpen = 3;
    const first = whole.run();
    assert.deepEqual(troubles(await bringUp(first)), []);
    assert.deepEqual(
      first.asked.begin[0]!.map(({ root, kind }) => `${root} ${kind}`),
      ['foundation expected', 'clusters/mgmt expected', 'clusters/app1 expected', 'keeper expected'],
    );
    assert.deepEqual(first.asked.lose, []);
    assert.deepEqual(
      whole.writes.filter((write) => /^(apply|lease|release)/.test(write)),
      ['lease', 'apply foundation', ...applyOrder(whole), 'apply keeper', 'release'],
    );
    const [writes, applies] = [whole.writes.length, applied(whole)];
    const second = whole.run();
    const again = await bringUp(second);
    assert.deepEqual(troubles(again), []);
    assert.deepEqual(changedIn(again), []);
    assert.deepEqual(second.asked, { begin: [], lose: [], end: [] });
    assert.deepEqual(whole.writes.slice(writes), ['lease', 'release']);
    assert.ok(applied(whole) - applies < 15);
  });

  it('does nothing where something stands in the way, and tells of all of it', async () => {
    const whole = wholeFleet();
    const run = { ...whole.run(), deployment: { ...whole.deployment, tenant: 'another' } };
    const refusals: Refusal[] = [];
    const { kinds, ends } = await bringUp(run, { refusals });
    assert.deepEqual(
      refusals.map(({ id }) => id),
      ['sign-in'],
    );
    assert.match(String((ends.get('preflight') as { error?: Error }).error), /one thing stands in the way/);
    assert.deepEqual(new Set(Object.values(kinds)), new Set(['failed', 'skipped']));
    assert.deepEqual(whole.writes, []);
    assert.deepEqual(whole.terraform.log, []);
    assert.equal(whole.fleet.clusters.size, 0);
  });

  it('does nothing without a yes', async () => {
    const whole = wholeFleet();
    const { ends } = await bringUp(whole.run({ begin: new Declined() }));
    assert.ok((ends.get('agree') as { error?: Error }).error instanceof Declined);
    assert.deepEqual(whole.writes, []);
    assert.deepEqual(whole.terraform.log, []);
  });

  it('takes the lease before it plans, where there are states, and gives it back after a no', async () => {
    const whole = wholeFleet();
    await bringUp(whole.run());
    const before = whole.writes.length;
    whole.terraform.pending.set('foundation', [change('azurerm_subnet.more', 'create')]);
    const run = whole.run({ begin: new Declined() });
    const heldAt: boolean[] = [];
    const plan: typeof whole.world.terraform.plan = (root, call) => {
      heldAt.push(whole.lease.isHeld);
      return whole.world.terraform.plan(root, call);
    };
    const world = { ...whole.world, terraform: { ...whole.world.terraform, plan } };
    await bringUp({ ...run, world });
    assert.deepEqual(heldAt, [true, true, true, true]);
    assert.deepEqual(whole.writes.slice(before), ['lease', 'release']);
    assert.equal(whole.lease.isHeld, false);
  });

  it('plans each root once, and as many at once as it may', async () => {
    const whole = wholeFleet();
    await bringUp(whole.run(), { parallel: 2 });
    assert.equal(whole.terraform.atOnceMax(), 2);
    const before = whole.terraform.log.length;
    whole.terraform.pending.set('clusters/app1', [
      change('azurerm_kubernetes_cluster_node_pool.x', 'update'),
    ]);
    assert.deepEqual(troubles(await bringUp(whole.run())), []);
    assert.deepEqual(whole.terraform.log.slice(before).toSorted(), [
      'apply clusters/app1',
      'plan clusters/app1',
      'plan clusters/mgmt',
      'plan foundation',
      'plan keeper',
    ]);
  });

  it('plans clusters anew where the foundation gives them something else', async () => {
    const whole = wholeFleet();
    await bringUp(whole.run());
    const before = whole.terraform.log.length;
    whole.terraform.pending.set('foundation', [change('azurerm_public_ip.egress', 'update')]);
    const apply: typeof whole.world.terraform.apply = async (root, planFile, call) => {
      await whole.world.terraform.apply(root, planFile, call);
      if (root.path === 'foundation') whole.terraform.outputs['subnet_ranges'] = { mgmt: '10.9.0.0/16' };
      if (root.path === 'foundation') {
        const inputs = { mgmt: { egress_ip_addresses: ['192.0.2.1'] }, app1: {} };
        whole.terraform.outputs['cluster_inputs'] = inputs;
      }
    };
    const world = { ...whole.world, terraform: { ...whole.world.terraform, apply } };
    assert.deepEqual(troubles(await bringUp(whole.run({}, world))), []);
    const plans = whole.terraform.log.slice(before).filter((call) => call === 'plan clusters/mgmt');
    assert.equal(plans.length, 2);
    assert.deepEqual(whole.terraform.variables.get('clusters/mgmt'), { egress_ip_addresses: ['192.0.2.1'] });
  });

  it('asks about what is lost once more, and about another loss that shows later', async () => {
    const whole = wholeFleet();
    await bringUp(whole.run());
    const pool = change('azurerm_kubernetes_cluster_node_pool.user', 'replace', ['vm_size']);
    whole.terraform.pending.set('clusters/app1', [pool]);
    const run = whole.run();
    assert.deepEqual(troubles(await bringUp(run)), []);
    assert.deepEqual(run.asked.lose, [[{ root: 'clusters/app1', change: pool }]]);
    // The foundation changes: what it gives is planned with anew, and shows a loss that nobody has agreed to.
    whole.terraform.pending.set('clusters/app1', [pool]);
    whole.terraform.pending.set('foundation', [change('azurerm_public_ip.egress', 'update')]);
    const other = change('azurerm_kubernetes_cluster.app1', 'replace', ['network_profile']);
    const apply: typeof whole.world.terraform.apply = async (root, planFile, call) => {
      await whole.world.terraform.apply(root, planFile, call);
      if (root.path !== 'foundation') return;
      whole.terraform.outputs['vault_uri'] = 'https://kv-other.vault.azure.net/';
      whole.terraform.pending.set('clusters/app1', [pool, other]);
    };
    const world = { ...whole.world, terraform: { ...whole.world.terraform, apply } };
    const later = whole.run({}, world);
    await bringUp(later);
    assert.deepEqual(later.asked.lose, [
      [{ root: 'clusters/app1', change: pool }],
      [{ root: 'clusters/app1', change: other }],
    ]);
  });

  it('leaves the other clusters done where one fails, and no keeper over a half-built fleet', async () => {
    const data = { clusters: { mgmt: {}, app1: {}, app2: {} } };
    const whole = wholeFleet(data, {
      refusal: (path) => (path === 'clusters/app1' ? new StepError('no quota') : undefined),
    });
    const { kinds } = await bringUp(whole.run());
    assert.equal(kinds['clusters/app1'], 'failed');
    const lost = Object.keys(kinds).filter((id) => kinds[id] === 'skipped');
    assert.ok(lost.every((id) => id.includes('app1') || id === 'keeper'));
    assert.ok(lost.includes('keeper'));
    for (const id of ['clusters/app2', 'argo-cd/applications/app2', 'argo-cd/applications/mgmt']) {
      assert.equal(kinds[id], id.startsWith('argo-cd') ? 'unchanged' : 'changed', id);
    }
    assert.equal(whole.lease.isHeld, false);
  });

  it('stops when the lease is lost, says so, and starts nothing more', async () => {
    const whole = wholeFleet();
    const lost = new StepError('the lease of the fleet was lost: broken');
    const apply: typeof whole.world.terraform.apply = async (root, planFile, call) => {
      await whole.world.terraform.apply(root, planFile, call);
      if (root.path === 'foundation') whole.lease.lose!(lost);
    };
    const world = { ...whole.world, terraform: { ...whole.world.terraform, apply } };
    const outcome = await bringUp(whole.run({}, world));
    assert.equal(outcome.lost, lost);
    assert.equal(outcome.kinds['foundation'], 'changed');
    assert.deepEqual(whole.writes.slice(-2), ['apply foundation', 'release']);
    assert.ok(Object.values(outcome.kinds).every((kind) => !['failed', 'skipped'].includes(kind)));
  });

  it('stops on an abort, and gives the lease back', async () => {
    const whole = wholeFleet();
    const abort = new AbortController();
    const apply: typeof whole.world.terraform.apply = async (root, planFile, call) => {
      if (root.path !== 'clusters/mgmt') return whole.world.terraform.apply(root, planFile, call);
      abort.abort(new StepError('stopped'));
      throw new StepError('terraform apply of clusters/mgmt failed:\nexecution halted', {
        advice: 'its log',
      });
    };
    const world = { ...whole.world, terraform: { ...whole.world.terraform, apply } };
    const { ends, kinds } = await bringUp(whole.run({}, world), { signal: abort.signal });
    const end = ends.get('clusters/mgmt')!;
    assert.ok(end.kind === 'stopped' && end.error?.advice === 'its log');
    assert.equal(kinds['keeper'], 'stopped');
    assert.equal(whole.lease.isHeld, false);
  });

  it('goes on for somebody whom the states are not open to yet', async () => {
    const whole = wholeFleet();
    await bringUp(whole.run());
    for (const key of whole.stored.keys()) if (key.includes('roleassignments')) whole.stored.delete(key);
    whole.lease.looksUntilOpen = 2;
    const run = whole.run();
    const outcome = await bringUp(run);
    assert.deepEqual(troubles(outcome), []);
    assert.deepEqual(changedIn(outcome), ['state']);
    assert.deepEqual(new Set(run.asked.begin[0]!.map(({ kind }) => kind)), new Set(['unknown']));
  });

  it('ends well after a run that was killed at any call, with nothing made twice', async () => {
    const whole = wholeFleet();
    const counted = mortalWorld(whole.world, Number.POSITIVE_INFINITY, whole.terraform);
    assert.deepEqual(troubles(await bringUp(whole.run({}, counted.world))), []);
    const calls = counted.made();
    assert.ok(calls > 150, `${calls} calls`);
    for (let killedAt = 0; killedAt < calls; killedAt += killedAt < 100 ? 1 : 3) {
      const next = wholeFleet();
      next.lease.looksUntilOpen = killedAt % 3;
      const where = `killed at call ${killedAt}`;
      await bringUp(next.run({}, mortalWorld(next.world, killedAt, next.terraform).world));
      const mended = next.run();
      assert.deepEqual(troubles(await bringUp(mended)), [], where);
      assert.deepEqual(mended.asked.lose, [], where);
      const grants = [...next.stored.keys()].filter((key) => key.includes('roleassignments'));
      assert.equal(grants.length, 1, where);
      if (killedAt % 10 === 0) assert.deepEqual(changedIn(await bringUp(next.run())), [], where);
    }
  });
});

/** Side by side: in whatever order. */
function applyOrder({ writes }: WholeFleet): readonly string[] {
  const found = writes.filter((write) => write.startsWith('apply clusters/'));
  assert.deepEqual(found.toSorted(), ['apply clusters/app1', 'apply clusters/mgmt']);
  return found;
}
