import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, userInfo } from 'node:os';
import { dirname } from 'node:path';

/** Where the process of a root's Terraform is written down while it runs: beside its log. */
export function pidFileOf(logFile: string): string {
  return `${logFile}.pid`;
}

/** Writes down which process is at work; answers what takes the note away when it has ended. */
export function noteProcess(pidFile: string, pid: number | undefined): () => void {
  mkdirSync(dirname(pidFile), { recursive: true });
  writeFileSync(pidFile, `${pid ?? ''}\n`);
  return () => rmSync(pidFile, { force: true });
}

/**
 * Whether a Terraform of a run before this one was killed itself, by a reboot for one: it was written down, and its
 * process is gone. One that outlived its run is at work, and not dead.
 */
export function isDeadRun(pidFile: string): boolean {
  if (!existsSync(pidFile)) return false;
  const pid = Number(readFileSync(pidFile, 'utf8'));
  if (!Number.isInteger(pid) || pid <= 0) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    // EPERM: there is one, and it is another user's.
    return (error as NodeJS.ErrnoException).code !== 'EPERM';
  }
}

/**
 * The id of the lock in a message of Terraform's, if it was taken by this user on this machine: Terraform writes both
 * down as `Who` (statemgr.LockInfo). Undefined for everybody else's, and where no lock was in the way.
 */
export function ownLockIn(message: string): string | undefined {
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
