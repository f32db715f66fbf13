import { readFileSync } from 'node:fs';

/** Whether a process of this number runs on this machine, whoever owns it. One that has ended and waits for its parent does not. */
export function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return !isZombie(pid);
  } catch (error) {
    // EPERM: there is one, and it is another user's.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** In a container whose first process reaps nobody, whatever lost its parent stays one. Told by Linux alone: proc_pid_stat(5). */
function isZombie(pid: number): boolean {
  try {
    // Its name stands in parentheses before the state, and may hold parentheses itself.
    return /\) Z [^)]*$/.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
