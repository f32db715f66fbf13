import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import {
  clusterStep,
  foundationStep,
  keeperStep,
  readFoundation,
  rootFolder,
} from '../../src/deploy/roots.ts';
import type { Run } from '../../src/deploy/run.ts';
import type { PlannedRoot, World } from '../../src/deploy/world.ts';
import { VAULT_URI } from './fake-fleet.ts';
import { change } from './fake-terraform.ts';
import { SMALL, type WholeFleet, wholeFleet } from './whole-fleet.ts';

const NEVER = new AbortController().signal;
const CONTEXT = { signal: NEVER, report: () => undefined };
const BUDGET = /^\/subscriptions\/[0-9-]{36}\/providers\/Microsoft\.Consumption\/budgets\/budget-atlas-demo$/;
const agree = async (): Promise<void> => undefined;

async function withFoundation(data = SMALL): Promise<{ readonly whole: WholeFleet; readonly run: Run }> {
  const whole = wholeFleet(data);
  const run = whole.run();
  await foundationStep(run, agree).run(CONTEXT);
  return { whole, run };
}

function withBudget(whole: WholeFleet, budget: unknown): World {
  const get: World['azure']['get'] = async (path, ...rest) =>
    BUDGET.test(path) ? budget : whole.world.azure.get(path, ...rest);
  return { ...whole.world, azure: { ...whole.world.azure, get } };
}

describe('the values that a root is given', () => {
  it('begin with a budget in the month of the first apply, and keep to it', async () => {
    const whole = wholeFleet();
    const of = async (budget: unknown): Promise<unknown> => {
      const root = await rootFolder(whole.run({}, withBudget(whole, budget)), 'foundation', NEVER);
      return root!.variables;
    };
    assert.deepEqual(await of(undefined), { budget_start: '2026-11-01T00:00:00Z' });
    const timePeriod = { startDate: '2025-03-01T00:00:00Z' };
    assert.deepEqual(await of({ properties: { timePeriod } }), { budget_start: '2025-03-01T00:00:00Z' });
    const local = { startDate: '2025-03-01T00:00:00+09:00' };
    assert.deepEqual(await of({ properties: { timePeriod: local } }), {
      budget_start: '2025-03-01T00:00:00Z',
    });
  });

  it('are none for the foundation of a fleet without a budget', async () => {
    const whole = wholeFleet({ ...SMALL, budget: undefined });
    const root = await rootFolder(whole.run(), 'foundation', NEVER);
    assert.deepEqual(root, { path: 'foundation', folder: '/fleet/demo/terraform/foundation' });
  });

  it('are what the foundation gives clusters and the keeper, and nothing before it is there', async () => {
    const bare = wholeFleet().run();
    assert.equal(await rootFolder(bare, 'clusters/app1', NEVER), undefined);
    assert.equal(await rootFolder(bare, 'keeper', NEVER), undefined);
    const { run } = await withFoundation();
    assert.deepEqual(await rootFolder(run, 'clusters/app1', NEVER), {
      path: 'clusters/app1',
      folder: '/fleet/demo/terraform/clusters/app1',
      variables: { egress_ip_addresses: ['198.51.100.7'] },
    });
    assert.equal(await rootFolder(run, 'clusters/app9', NEVER), undefined);
    const keeper = { identity_client_id: 'client-of-keeper', keeper_image: 'ghcr.io/acme/keeper:1' };
    assert.deepEqual((await rootFolder(run, 'keeper', NEVER))!.variables, keeper);
    const { keeperImage: _, ...deployment } = run.deployment;
    const without = await rootFolder({ ...run, deployment }, 'keeper', NEVER);
    assert.equal(without!.variables!['keeper_image'], 'image.invalid/none:none');
  });
});

describe('the steps of roots', () => {
  it('apply, read what the foundation gives, and change nothing the second time', async () => {
    const { whole, run } = await withFoundation();
    assert.equal(run.found.foundation!.vaultUri, VAULT_URI);
    const again = await foundationStep(run, agree).run(CONTEXT);
    assert.deepEqual(again, { isChanged: false, note: 'no change' });
    for (const step of [clusterStep(run, 'app1', [], agree), keeperStep(run, [], agree)]) {
      assert.equal((await step.run(CONTEXT)).isChanged, true);
      assert.equal((await step.run(CONTEXT)).isChanged, false);
    }
    assert.deepEqual(whole.terraform.variables.get('keeper'), {
      identity_client_id: 'client-of-keeper',
      keeper_image: 'ghcr.io/acme/keeper:1',
    });
  });

  it('use a plan that was made before, once', async () => {
    const { whole, run } = await withFoundation();
    const { terraform } = whole.world;
    const root = (await rootFolder(run, 'clusters/app1', NEVER))!;
    await terraform.init(root, CONTEXT);
    run.found.plans.set('clusters/app1', await terraform.plan(root, CONTEXT));
    const before = whole.terraform.log.length;
    await clusterStep(run, 'app1', [], agree).run(CONTEXT);
    assert.deepEqual(whole.terraform.log.slice(before), ['apply clusters/app1']);
    assert.equal(run.found.plans.size, 0);
    await clusterStep(run, 'app1', [], agree).run(CONTEXT);
    assert.equal(whole.terraform.log.at(-1), 'plan clusters/app1');
  });

  it('drop plans that were made from what the foundation gave before, and no others', async () => {
    const { whole, run } = await withFoundation();
    const kept: PlannedRoot = { changes: [], planFile: 'p' };
    run.found.plans.set('clusters/app1', kept);
    whole.terraform.pending.set('foundation', [change('azurerm_subnet.more', 'create')]);
    await foundationStep(run, agree).run(CONTEXT);
    assert.equal(run.found.plans.get('clusters/app1'), kept, 'its outputs are the same');
    whole.terraform.pending.set('foundation', [change('azurerm_subnet.most', 'create')]);
    whole.terraform.outputs['vault_uri'] = 'https://kv-other.vault.azure.net/';
    await foundationStep(run, agree).run(CONTEXT);
    assert.equal(run.found.plans.size, 0);
  });

  it('say that the foundation was applied from other files where it gives nothing', async () => {
    const { whole, run } = await withFoundation();
    await assert.rejects(
      clusterStep(run, 'app9', [], agree).run(CONTEXT),
      /gives nothing for clusters\/app9/,
    );
    whole.terraform.outputs['cluster_inputs'] = 'text';
    assert.equal(await readFoundation(run, CONTEXT), undefined);
    whole.terraform.pending.set('foundation', [change('azurerm_subnet.more', 'create')]);
    await assert.rejects(foundationStep(run, agree).run(CONTEXT), /has none of the outputs/);
  });
});
