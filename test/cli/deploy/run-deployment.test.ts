import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { after, before, describe, it } from 'node:test';
import { stringify } from 'yaml';
import { takeLocalLease } from '../../../src/adapters/local-lease.ts';
import { StepError } from '../../../src/base/step-error.ts';
import { downCommand, upCommand } from '../../../src/cli/commands/up.ts';
import type { DeployTools } from '../../../src/cli/deploy/run-deployment.ts';
import { workFolderOf } from '../../../src/cli/deploy/work-folder.ts';
import type { DeploymentCommandOptions } from '../../../src/cli/options.ts';
import { UsageError } from '../../../src/cli/terminal.ts';
import type { World } from '../../../src/deploy/world.ts';
import { change } from '../../deploy/fake-terraform.ts';
import { SUBSCRIPTION, TENANT } from '../../deploy/preflight/sound-run.ts';
import { SMALL, type WholeFleet, wholeFleet } from '../../deploy/whole-fleet.ts';
import { atlas, type FleetData } from '../../support/fleets.ts';
import { type Outcome, TODAY } from '../bulkhead.ts';

const GIT_TOKEN = 'ghp_0123456789secret';
const KEEPER_IMAGE = 'ghcr.io/acme/keeper:1';

/** As a person writes it, with nothing that the contract refuses. */
const FLEET: FleetData = atlas({
  ...SMALL,
  azure: { subscription: SUBSCRIPTION, tenant: TENANT },
  network: {
    cni: 'cilium',
    clusterMesh: true,
    subnets: { mgmt: '10.1.0.0/16', app1: '10.2.0.0/16', services: '10.4.0.0/24' },
    peers: [['mgmt', 'app1']],
    egress: 'nat-gateway',
  },
  environments: {
    demo: { schedule: { timezone: 'Asia/Seoul', awake: 'Mon-Fri 08:00-20:00', asleep: 'stop' } },
  },
});

let home: string;
before(() => {
  home = mkdtempSync(join(tmpdir(), 'bulkhead-up-'));
});
after(() => rmSync(home, { recursive: true, force: true }));

type Bench = {
  readonly up: (more?: Call) => Promise<Outcome>;
  readonly down: (more?: Call) => Promise<Outcome>;
  /** The fleet, from the first command on. */
  readonly whole: () => WholeFleet;
  readonly file: string;
  /** Worlds that were opened and not closed. */
  readonly open: () => number;
};

type Call = Partial<DeploymentCommandOptions> & {
  /** By what is asked; `undefined` ends the input. Absent, nobody is there. */
  readonly answers?: Readonly<Record<string, string | undefined>>;
  readonly world?: (world: World, interrupt: () => void) => World;
  /** Interrupts when this is said. */
  readonly interruptAt?: string;
};

/** A folder with a fleet file, and the commands over one world. */
function bench(data: FleetData = FLEET): Bench {
  const folder = mkdtempSync(join(home, 'fleet-'));
  const file = join(folder, 'fleet.yaml');
  writeFileSync(file, stringify(data));
  let whole: WholeFleet | undefined;
  let open = 0;
  const run =
    (command: typeof upCommand) =>
    async ({ answers, world: change, interruptAt, ...options }: Call = {}): Promise<Outcome> => {
      const written = { stdout: '', stderr: '' };
      const input = Object.assign(new PassThrough(), { isTTY: answers !== undefined });
      let interrupted = (): void => undefined;
      const answer = (text: string): void => {
        const prompt = Object.keys(answers ?? {}).find((each) => text.includes(each));
        if (interruptAt !== undefined && text.includes(interruptAt)) setImmediate(() => interrupted());
        if (prompt === undefined) return;
        const typed = answers![prompt];
        setImmediate(() => (typed === undefined ? input.end() : input.write(`${typed}\n`)));
      };
      const tools: DeployTools = {
        input,
        onInterrupt: (callBack) => {
          interrupted = callBack;
          return () => (interrupted = () => undefined);
        },
        openWorld: (deployment) => {
          whole ??= wholeFleet(data, { deployment });
          open += 1;
          const { world } = whole;
          return {
            world: change?.(world, () => interrupted()) ?? world,
            close: async () => void (open -= 1),
          };
        },
      };
      const terminal = {
        stdout: {
          isTTY: answers !== undefined,
          write: (text: string) => {
            written.stdout += text;
            answer(text);
          },
        },
        stderr: { write: (text: string) => (written.stderr += text) },
        env: { NO_COLOR: '1', BULKHEAD_GIT_TOKEN: GIT_TOKEN, BULKHEAD_KEEPER_IMAGE: KEEPER_IMAGE },
        today: TODAY,
      };
      const all = {
        file,
        environment: 'demo',
        state: 'azure',
        parallel: 4,
        checkout: '/checkout',
        ...options,
      } as const;
      try {
        return { code: await command(all, terminal, tools), ...written };
      } catch (error) {
        if (!(error instanceof UsageError)) throw error;
        return { code: 2, ...written, stderr: error.message };
      }
    };
  return { up: run(upCommand), down: run(downCommand), whole: () => whole!, file, open: () => open };
}

function assertNothingLeft({ file, open, whole }: Bench): void {
  assert.equal(open(), 0, 'worlds that nobody closed');
  const { lock } = workFolderOf(file, 'atlas-demo');
  assert.deepEqual(
    readdirSync(dirname(lock)).filter((name) => name.startsWith('lock')),
    [],
  );
  if (whole()) assert.equal(whole().lease.isHeld, false);
}

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

describe('bulkhead down', () => {
  it('takes what is there away after the name was typed, and says when nothing is there', async () => {
    const fleet = bench();
    await fleet.up({ yes: true });
    const prompt = 'type the name of the fleet, atlas:';
    const kept = await fleet.down({ answers: { [prompt]: 'yes' } });
    assert.equal(kept.code, 1);
    assert.match(kept.stdout, /Data that nobody gets back\n\n {2}mgmt: prometheus/);
    assert.match(kept.stdout, /What remains\n\n {2}the vault kv-atlas-demo-/);
    assert.match(kept.stdout, /\nNothing was done\.\n$/);
    assert.equal(fleet.whole().fleet.clusters.size, 2);
    const gone = await fleet.down({ answers: { [prompt]: 'atlas' } });
    assert.deepEqual([gone.code, gone.stdout.endsWith('Done.\n')], [0, true]);
    assert.equal(fleet.whole().fleet.clusters.size, 0);
    const { code, stdout } = await fleet.down();
    assert.equal(code, 0);
    assert.match(stdout, /\nNothing to do: nothing of the fleet is there\.\n$/);
    assertNothingLeft(fleet);
  });

  it('takes one cluster, and names it in the command that goes on', async () => {
    const fleet = bench();
    await fleet.up({ yes: true });
    const refused = await fleet.down({ clusters: ['app1'] });
    assert.match(refused.stdout, /To begin again: bulkhead down --clusters app1 -e demo /);
    const { code } = await fleet.down({ clusters: ['app1'], allowDestroy: true });
    assert.equal(code, 0);
    assert.deepEqual([...fleet.whole().fleet.clusters.keys()], ['mgmt']);
    const again = await fleet.down({ clusters: ['app1'] });
    assert.match(again.stdout, /\nNothing to do: of app1 nothing is there\.\n$/);
  });

  it('refuses mgmt alone and a cluster that the fleet has not: exit 2', async () => {
    const fleet = bench();
    const mgmt = await fleet.down({ clusters: ['mgmt'], allowDestroy: true });
    assert.deepEqual([mgmt.code, mgmt.stdout], [2, '']);
    assert.match(mgmt.stderr, /^mgmt cannot go alone: .*; take the whole fleet down/);
    const other = await fleet.down({ clusters: ['app1', 'app7\u001b'], allowDestroy: true });
    assert.equal(other.stderr, 'the fleet has no cluster app7\\x1b; it has mgmt, app1');
    assertNothingLeft(fleet);
  });
});
