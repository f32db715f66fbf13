import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { lossesIn } from '../../src/deploy/ask.ts';
import { expectedOutlook, hasWork, lookAhead, lookBack, unknownOutlook } from '../../src/deploy/outlook.ts';
import { rootPaths } from '../../src/deploy/roots.ts';
import { up } from '../../src/deploy/up.ts';
import { declaredResources } from '../../src/terraform/resources.ts';
import { change } from './fake-terraform.ts';
import { type WholeFleet, wholeFleet } from './whole-fleet.ts';

const NEVER = new AbortController().signal;
const CONTEXT = { signal: NEVER, report: () => undefined };

async function running(): Promise<WholeFleet> {
  const whole = wholeFleet();
  const options = { signal: NEVER, parallel: 4, onEvent: () => undefined, onRefusals: () => undefined };
  await up(whole.run(), options);
  whole.terraform.log.length = 0;
  return whole;
}

describe('the outlook', () => {
  it('of a fleet that was never applied plans the foundation and counts the rest', async () => {
    const whole = wholeFleet();
    const run = whole.run();
    const outlook = await lookAhead(run, 4, CONTEXT);
    const { platform } = whole.deployment;
    const declared = declaredResources(platform);
    const count = (path: string): number => declared.filter(({ root }) => root === path).length;
    const [foundation, ...others] = outlook;
    assert.ok(foundation?.kind === 'planned');
    assert.equal(foundation.changes.length, count('foundation'));
    assert.deepEqual(
      others,
      rootPaths(platform)
        .slice(1)
        .map((root) => ({ root, kind: 'expected', resources: count(root) })),
    );
    assert.deepEqual([...run.found.plans.keys()], ['foundation']);
    assert.deepEqual(whole.terraform.log, ['plan foundation']);
    assert.deepEqual(whole.writes, []);
    assert.deepEqual(expectedOutlook(run).slice(1), others);
  });

  it('of one that runs plans each root once, keeps the plans, and finds no work', async () => {
    const whole = await running();
    const run = whole.run();
    const outlook = await lookAhead(run, 4, CONTEXT);
    assert.deepEqual(
      outlook.map(({ root }) => root),
      rootPaths(whole.deployment.platform),
    );
    assert.equal(hasWork(outlook), false);
    assert.deepEqual(
      [...run.found.plans.keys()].toSorted(),
      [...rootPaths(whole.deployment.platform)].toSorted(),
    );
    assert.equal(whole.terraform.log.length, 4);
  });

  it('tells which root a word is about', async () => {
    const whole = await running();
    const said: string[] = [];
    const plan: typeof whole.world.terraform.plan = (root, call) => {
      call.report('waiting for the lock of the state');
      return whole.world.terraform.plan(root, call);
    };
    const world = { ...whole.world, terraform: { ...whole.world.terraform, plan } };
    await lookAhead(whole.run({}, world), 1, { ...CONTEXT, report: (text) => void said.push(text) });
    assert.deepEqual(
      said,
      rootPaths(whole.deployment.platform).map((path) => `${path}: waiting for the lock of the state`),
    );
  });

  it('fails with the first root that fails, and leaves no Terraform at work', async () => {
    const whole = await running();
    let atWork = 0;
    const plan: typeof whole.world.terraform.plan = async (root, call) => {
      atWork += 1;
      try {
        if (root.path === 'clusters/mgmt') throw new Error('the plan of mgmt');
        return await whole.world.terraform.plan(root, call);
      } finally {
        atWork -= 1;
      }
    };
    const world = { ...whole.world, terraform: { ...whole.world.terraform, plan } };
    await assert.rejects(lookAhead(whole.run({}, world), 4, CONTEXT), /the plan of mgmt/);
    assert.equal(atWork, 0);
  });

  it('backwards is what the states hold, of the roots that are asked about', async () => {
    const whole = await running();
    const roots = { paths: ['clusters/app1', 'keeper'], atOnce: 2 };
    const outlook = await lookBack(whole.run(), roots, CONTEXT);
    assert.deepEqual(
      lossesIn(outlook).map(({ root, change: { address } }) => `${root} ${address}`),
      roots.paths.flatMap((path) =>
        [...whole.terraform.states.get(path)!.keys()].map((each) => `${path} ${each}`),
      ),
    );
    assert.deepEqual(whole.terraform.log, []);
    const empty = await lookBack(wholeFleet().run(), roots, CONTEXT);
    assert.equal(hasWork(empty), false);
  });

  it('has work where nothing is known', () => {
    const whole = wholeFleet();
    assert.ok(hasWork(unknownOutlook(whole.run())));
    assert.equal(hasWork([{ root: 'keeper', kind: 'planned', changes: [] }]), false);
    const changes = [change('azurerm_subnet.a', 'update')];
    assert.ok(hasWork([{ root: 'keeper', kind: 'planned', changes }]));
  });
});
