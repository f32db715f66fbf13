import assert from 'node:assert/strict';
import type { ArmRequest } from '../../src/lab/arm/request-log.ts';
import { type Kill, startUpLab, type UpLab } from './up-lab.ts';

/** A fleet's life in demo: what `bulkhead` says and writes, command by command. */
export type UpLife = {
  readonly lab: UpLab;
  /** Runs it, which is to end so, and gives what it said. */
  readonly run: (args: readonly string[], exitCode?: number) => Promise<string>;
  readonly up: (...more: readonly string[]) => Promise<string>;
  /** Runs `up` and kills it there, by signal 9. */
  readonly upKilled: (kill: Kill) => Promise<void>;
  readonly down: (...more: readonly string[]) => Promise<string>;
  /** Runs something, and gives what it wrote to Azure beside leases and locks. */
  readonly writesOf: (act: () => Promise<unknown>) => Promise<readonly ArmRequest[]>;
  /** An `up` has nothing to do, and writes nothing. */
  readonly settled: () => Promise<void>;
  readonly stop: () => Promise<void>;
};

const UP = ['up', '-e', 'demo', '--yes'];

/** Starts a lab for it with an API server for each of these clusters. */
export async function startUpLife(clusters: readonly string[]): Promise<UpLife> {
  const lab = await startUpLab(clusters);
  const run: UpLife['run'] = async (args, exitCode = 0) => {
    const ended = await lab.bulkhead(args);
    assert.equal(ended.exitCode, exitCode, `${args.join(' ')}:\n${ended.stdout}\n${ended.stderr}`);
    return ended.stdout;
  };
  const up: UpLife['up'] = (...more) => run([...UP, ...more]);
  const writesOf: UpLife['writesOf'] = async (act) => {
    const seen = lab.arm.requests().length;
    await act();
    return lab.arm.requests().slice(seen).filter(isChange);
  };
  return {
    lab,
    run,
    up,
    upKilled: async (kill) => {
      const { exitCode, stdout, stderr } = await lab.bulkhead(UP, kill);
      assert.equal(exitCode, 137, `it never said ${kill.at}:\n${stdout}\n${stderr}`);
    },
    down: (...more) => run(['down', '-e', 'demo', '--allow-destroy', ...more]),
    writesOf,
    settled: async () => {
      const writes = await writesOf(async () => assert.match(await up(), /Nothing to do/));
      assert.deepEqual(writes.map(textOf), []);
    },
    stop: () => lab.stop(),
  };
}

/** Whether a request changes the fleet. The lock of a state and the lease are Terraform's and ours at every run. */
export function isChange({ method, host, path, isWrite }: ArmRequest): boolean {
  if (!isWrite || host.endsWith('.blob.core.windows.net')) return false;
  return !(method === 'POST' && /\/(?:list[A-Za-z]*|token|checkNameAvailability|sharedKeys)$/.test(path));
}

export function textOf({ method, path, status }: ArmRequest): string {
  return `${method} ${path} ${status}`;
}
