import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { stringify } from 'yaml';
import { takeLocalLease } from '../../../src/adapters/local-lease.ts';
import { StepError } from '../../../src/base/step-error.ts';
import { workFolderOf } from '../../../src/cli/deploy/work-folder.ts';
import type { World } from '../../../src/deploy/world.ts';
import { change } from '../../deploy/fake-terraform.ts';
import { SUBSCRIPTION } from '../../deploy/preflight/sound-run.ts';
import { atlas } from '../../support/fleets.ts';
import { FLEET, GIT_TOKEN, assertNothingLeft, bench } from './bench.ts';

describe('bulkhead up', () => {
  it('brings a fleet about, and says so the second time: exit 0', async () => {
    const fleet = bench();
    const first = await fleet.up({ yes: true });
    assert.deepEqual([first.code, first.stderr], [0, '']);
    assert.match(first.stdout, /What would change\n\n {2}foundation +\d+ to make\n/);
    assert.match(first.stdout, /\n +\d+:\d\d {2}\+ Cluster app1 /);
    assert.match(first.stdout, /\nDone\.\n$/);
    const second = await fleet.up();
    assert.equal(second.code, 0);
    assert.match(second.stdout, /\nNothing to do: everything is as the fleet file says\.\n$/);
    assert.doesNotMatch(second.stdout, /What would change\n/);
    assertNothingLeft(fleet);
    const { files } = workFolderOf(fleet.file, 'atlas-demo');
    assert.ok(readdirSync(join(files, 'terraform/clusters/app1')).some((name) => name.endsWith('.tf')));
  });

  it('tells no secret', async () => {
    const fleet = bench();
    const { stdout, stderr } = await fleet.up({ yes: true });
    const { vault, clusters } = fleet.whole().fleet;
    const ofClusters = [...clusters.values()].flatMap((cluster) =>
      cluster.all('Secret').flatMap((secret) => {
        const { data = {}, stringData = {} } = secret as {
          readonly data?: Readonly<Record<string, string>>;
          readonly stringData?: Readonly<Record<string, string>>;
        };
        return [...Object.values(data), ...Object.values(stringData)];
      }),
    );
    const secrets = [GIT_TOKEN, ...vault.values(), ...ofClusters].filter((value) => value.length >= 16);
    assert.ok(secrets.length > 5);
    for (const secret of secrets) assert.ok(!(stdout + stderr).includes(secret), secret);
    const { files } = workFolderOf(fleet.file, 'atlas-demo');
    for (const path of readdirSync(files, { recursive: true, encoding: 'utf8' })) {
      if (!/\.[a-z]+$/.test(path)) continue;
      const text = readFileSync(join(files, path), 'utf8');
      assert.ok(!text.includes(GIT_TOKEN), path);
    }
  });

  it('asks a person, and does nothing after a no: nothing has failed', async () => {
    const fleet = bench();
    for (const no of ['n', '', undefined]) {
      const { code, stdout } = await fleet.up({ answers: { 'Do this?': no } });
      assert.equal(code, 1);
      assert.match(stdout, /\nNothing was done\.\n$/);
      assert.doesNotMatch(stdout, /fail|left out|To go on/);
      assert.match(stdout, /- Agreement {2}not agreed to/);
    }
    assert.deepEqual(fleet.whole().writes, []);
    const { code, stdout } = await fleet.up({ answers: { 'Do this?': 'y' } });
    assert.deepEqual([code, stdout.endsWith('\nDone.\n')], [0, true]);
    assertNothingLeft(fleet);
  });

  it('does nothing where nobody can answer, and names the option: exit 1', async () => {
    const fleet = bench();
    const { code, stdout } = await fleet.up();
    assert.equal(code, 1);
    assert.match(stdout, /Agreement failed\n {2}nobody is here to answer\n {2}what to do: .* --yes\n/);
    assert.match(
      stdout,
      /\nNothing was done\. To begin again: bulkhead up -e demo --checkout \/checkout \/.*fleet\.yaml\n$/,
    );
    assert.deepEqual(fleet.whole().writes, []);
  });

  it('shows what would be lost once, and never takes --yes for an answer to it', async () => {
    const fleet = bench();
    await fleet.up({ yes: true });
    const pool = change('azurerm_kubernetes_cluster_node_pool.user', 'replace', ['vm_size']);
    fleet.whole().terraform.pending.set('clusters/app1', [pool]);
    const refused = await fleet.up({ yes: true });
    assert.equal(refused.code, 1);
    assert.match(
      refused.stdout,
      /node_pool\.user is destroyed and made anew: vm_size cannot change in place\n/,
    );
    assert.equal(refused.stdout.split('is destroyed and made anew').length, 2);
    assert.match(refused.stdout, /--allow-destroy/);
    const { stdout } = await fleet.up({ answers: { 'Do this?': 'y', 'Destroy these?': 'y' } });
    assert.match(stdout, /\nNothing was done\.\n$/);
    const { code } = await fleet.up({ answers: { 'Do this?': 'y', 'Destroy these?': 'yes' } });
    assert.equal(code, 0);
  });

  it('tells what stands in the way, and does nothing: exit 1', async () => {
    const fleet = bench(atlas({ ...FLEET, azure: { subscription: SUBSCRIPTION } }));
    const { code, stdout } = await fleet.up({ yes: true });
    assert.equal(code, 1);
    assert.match(stdout, /\n {2}error {2}azure\.tenant is not written[^\n]*\n {9}what to do: write the ids/);
    assert.match(stdout, /Preflight failed\n {2}one thing stands in the way\n/);
    assert.match(stdout, /\nNothing was done\. To begin again: /);
    assert.deepEqual(fleet.whole().writes, []);
  });

  it('deploys nothing that breaks its contract: exit 1', async () => {
    const fleet = bench(atlas({ ...FLEET, region: 'nowhere' }));
    const { code, stdout, stderr } = await fleet.up({ yes: true });
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(stderr, /nowhere[\s\S]*\nNothing was done\.\n$/);
    assert.equal(fleet.whole(), undefined);
  });

  it('tells a bug of ours with its stack, and what goes on: exit 3', async () => {
    const fleet = bench();
    const world = (of: World): World => ({
      ...of,
      vault: {
        ...of.vault,
        list: async () => {
          throw new TypeError('x is not a function');
        },
      },
    });
    const { code, stdout } = await fleet.up({ yes: true, world });
    assert.equal(code, 3);
    assert.match(
      stdout,
      /Vault answers failed\n {2}a bug of ours, please report it: TypeError: x is not a function\n +at /,
    );
    assert.match(stdout, /To go on: bulkhead up/);
    assertNothingLeft(fleet);
  });

  it('ends cleanly on Ctrl-C, once, and goes on afterwards', async () => {
    const fleet = bench();
    let interrupts = 0;
    const world = (of: World, interrupt: () => void): World => ({
      ...of,
      terraform: {
        ...of.terraform,
        apply: async (root, planFile, call) => {
          await of.terraform.apply(root, planFile, call);
          if (root.path !== 'foundation') return;
          for (; interrupts < 3; interrupts += 1) interrupt();
          assert.equal(call.signal.aborted, true);
          throw new StepError('terraform apply of foundation failed:\nexecution halted');
        },
      },
    });
    const { code, stdout } = await fleet.up({ yes: true, world });
    assert.equal(code, 1);
    assert.equal(stdout.split('stopping: a Terraform at work writes its state first').length, 2);
    assert.match(
      stdout,
      /Foundation was stopped\n {2}terraform apply of foundation failed:\n {2}execution halted\n/,
    );
    assert.match(
      stdout,
      /\nNot done: Foundation, .* and \d+ more\.\nWhat is done stays done\. To go on: bulkhead up/,
    );
    assertNothingLeft(fleet);
    assert.equal((await fleet.up({ yes: true })).code, 0);
  });

  it('ends on Ctrl-C at a question', async () => {
    const fleet = bench();
    const { code, stdout } = await fleet.up({ answers: {}, interruptAt: 'Do this?' });
    assert.equal(code, 1);
    assert.match(stdout, /stopping[\s\S]*\nNothing was done\. To begin again: /);
    assertNothingLeft(fleet);
  });

  it('says when the lease is lost', async () => {
    const fleet = bench();
    const world = (of: World): World => ({
      ...of,
      terraform: {
        ...of.terraform,
        apply: async (root, planFile, call) => {
          await of.terraform.apply(root, planFile, call);
          if (root.path === 'foundation') fleet.whole().lease.lose!(new StepError('bob broke it'));
        },
      },
    });
    const { code, stdout } = await fleet.up({ yes: true, world });
    assert.equal(code, 1);
    assert.match(stdout, /The lease of the fleet was lost\n {2}bob broke it\n/);
  });

  it('leaves the files alone while another run works on them, wherever the states are: exit 1', async () => {
    const fleet = bench();
    await fleet.up({ yes: true });
    const { lock, files } = workFolderOf(fleet.file, 'atlas-demo');
    const release = takeLocalLease(lock, 'bob@desk', () => 0);
    writeFileSync(fleet.file, stringify(atlas({ ...FLEET, budget: { monthlyUSD: 900 } })));
    const budget = (): string => readFileSync(join(files, 'terraform/foundation/budget.tf'), 'utf8');
    const before = budget();
    const { code, stdout, stderr } = await fleet.up({ yes: true });
    assert.deepEqual([code, stdout], [1, '']);
    assert.match(
      stderr,
      /^bob@desk \(process \d+\) since 1970.*\n {2}what to do: wait .*\nNothing was done\.\n$/,
    );
    assert.equal(budget(), before);
    release();
    await fleet.up({ yes: true });
    assert.notEqual(budget(), before);
  });

  it('keeps states on this machine where that is asked for', async () => {
    const fleet = bench();
    const { code, stdout } = await fleet.up({ yes: true, state: 'local' });
    assert.equal(code, 0, stdout);
    assert.ok(!fleet.whole().writes.some((write) => write.startsWith('put storageAccounts')));
    const { files } = workFolderOf(fleet.file, 'atlas-demo');
    assert.ok(readdirSync(join(files, 'terraform/keeper')).includes('backend_override.tf'));
  });
});
