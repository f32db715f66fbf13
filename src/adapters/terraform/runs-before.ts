import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { StepError } from '../../base/step-error.ts';
import { isRunning } from '../running-process.ts';

const LOOK_EVERY_MS = 250;
/** No resource of azurerm may take longer to be made than a cluster, by its default timeout of a create. */
const AT_WORK_MAX_MS = 90 * 60_000;

/** Where the processes of a root's Terraform are written down while they run: beside its log. */
export function pidFileOf(logFile: string): string {
  return `${logFile}.pid`;
}

/** Processes that this run has at work: their locks are no leftovers. */
const ours = new Set<number>();

/**
 * Writes down which process is at work, after those of runs before. What it answers takes the note away, if the process
 * ended in an orderly way and is alone in it: Terraform ends 0 or 1 then, with its lock given back. After a signal or a
 * panic the note stays, for the lock may have.
 */
export function noteProcess(
  pidFile: string,
  pid: number | undefined,
): (exitCode: number | undefined) => void {
  if (pid === undefined) return () => {};
  const isAlone = !existsSync(pidFile);
  mkdirSync(dirname(pidFile), { recursive: true });
  appendFileSync(pidFile, `${pid}\n`);
  ours.add(pid);
  return (exitCode) => {
    ours.delete(pid);
    if (isAlone && (exitCode === 0 || exitCode === 1)) rmSync(pidFile, { force: true });
  };
}

/**
 * Takes the lock of a state by `attempt`, which is told whether to wait for whoever has it. One that a Terraform of a
 * run before this one has is waited for as long as that is at work, and is broken by `unlock` once that is gone: it was
 * killed itself. A lock of somebody else is never broken.
 */
export async function afterRunsBefore(of: {
  readonly pidFile: string;
  readonly attempt: (isPatient: boolean) => Promise<void>;
  readonly unlock: (id: string) => Promise<void>;
  readonly signal: AbortSignal;
  readonly report: (detail: string) => void;
}): Promise<void> {
  const { pidFile, attempt, unlock, signal, report } = of;
  const before = processesBefore(pidFile);
  if (before.length === 0) return attempt(true);
  const lockInTheWay = async (): Promise<string | undefined> => {
    try {
      await attempt(false);
      return undefined;
    } catch (error) {
      if (error instanceof StepError && /Lock Info:/.test(error.message)) return error.message;
      throw error;
    }
  };
  let lock = await lockInTheWay();
  if (lock !== undefined && ownLockIn(lock) !== undefined && before.some(isRunning)) {
    report(`waiting for the Terraform of a run before, process ${before.filter(isRunning).join(' or ')}`);
    await untilGone(before, signal);
    lock = await lockInTheWay();
  }
  const id = lock === undefined || before.some(isRunning) ? undefined : ownLockIn(lock);
  if (id !== undefined) {
    report('breaking the lock that a killed Terraform left behind');
    await unlock(id);
  }
  // Before the next attempt: what is broken once is not broken again, for another run may have it then.
  rmSync(pidFile, { force: true });
  if (lock !== undefined) await attempt(true);
}

function processesBefore(pidFile: string): readonly number[] {
  if (!existsSync(pidFile)) return [];
  const pids = readFileSync(pidFile, 'utf8').split('\n').filter(Boolean).map(Number);
  return pids.filter((pid) => !ours.has(pid));
}

async function untilGone(pids: readonly number[], signal: AbortSignal): Promise<void> {
  for (let waited = 0; waited < AT_WORK_MAX_MS && pids.some(isRunning); waited += LOOK_EVERY_MS) {
    await wait(LOOK_EVERY_MS, undefined, { signal });
  }
}

/**
 * The id of the lock in a message of Terraform's, if it was taken by this user on this machine: Terraform writes both
 * down as `Who` (statemgr.LockInfo). Undefined for everybody else's, and where no lock was in the way.
 */
function ownLockIn(message: string): string | undefined {
  const [, id] = /Lock Info:[\s\S]*?\bID:\s+(\S+)/.exec(message) ?? [];
  const [, who] = /Lock Info:[\s\S]*?\bWho:\s+(\S+)/.exec(message) ?? [];
  return who !== undefined && who === ownName() ? id : undefined;
}

/** Undefined for a user without a name, as containers have them. */
function ownName(): string | undefined {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    return undefined;
  }
}
