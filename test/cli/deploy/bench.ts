import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PassThrough } from 'node:stream';
import { after } from 'node:test';
import { stringify } from 'yaml';
import { downCommand, upCommand } from '../../../src/cli/commands/up.ts';
import type { DeployTools } from '../../../src/cli/deploy/run-deployment.ts';
import { workFolderOf } from '../../../src/cli/deploy/work-folder.ts';
import type { DeploymentCommandOptions } from '../../../src/cli/options.ts';
import { UsageError } from '../../../src/cli/terminal.ts';
import type { World } from '../../../src/deploy/world.ts';
import { SUBSCRIPTION, TENANT } from '../../deploy/preflight/sound-run.ts';
import { SMALL, type WholeFleet, wholeFleet } from '../../deploy/whole-fleet.ts';
import { atlas, type FleetData } from '../../support/fleets.ts';
import { type Outcome, TODAY } from '../bulkhead.ts';

export const GIT_TOKEN = 'ghp_0123456789secret';
const KEEPER_IMAGE = 'ghcr.io/acme/keeper:1';

/** As a person writes it, with nothing that the contract refuses. */
export const FLEET: FleetData = atlas({
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

const homes: string[] = [];
after(() => {
  for (const home of homes) rmSync(home, { recursive: true, force: true });
});

export type Bench = {
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
export function bench(data: FleetData = FLEET): Bench {
  const folder = mkdtempSync(join(tmpdir(), 'bulkhead-up-'));
  homes.push(folder);
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

/** Neither a world, nor a lock, nor the lease. */
export function assertNothingLeft({ file, open, whole }: Bench): void {
  assert.equal(open(), 0, 'worlds that nobody closed');
  const { lock } = workFolderOf(file, 'atlas-demo');
  assert.deepEqual(
    readdirSync(dirname(lock)).filter((name) => name.startsWith('lock')),
    [],
  );
  if (whole()) assert.equal(whole().lease.isHeld, false);
}
