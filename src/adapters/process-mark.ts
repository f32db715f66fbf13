import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { isRunning } from './running-process.ts';

/**
 * A process as a file names it that other machines may read too: a number alone is a number of the reader's. Containers
 * share a checkout with their host, and machines do over NFS.
 */
export type ProcessMark = {
  readonly pid: number;
  readonly host: string;
  /** Of Linux alone: containers number their processes each by themselves (pid_namespaces(7)). */
  readonly pidNamespace?: string;
};

/** The mark of this process. */
export function ownMark(): ProcessMark {
  const pidNamespace = readOrNone(() => readlinkSync('/proc/self/ns/pid'));
  return { pid: process.pid, host: hostname(), ...(pidNamespace === undefined ? {} : { pidNamespace }) };
}

/**
 * The mark that a file holds, with what was written beside it; undefined where the file is gone, or says nothing that we
 * would have written. Throws where it cannot be read: another user's may well be alive.
 */
export function readMark(file: string): ProcessMark | undefined {
  try {
    const { pid, host, ...more } = (JSON.parse(readFileSync(file, 'utf8')) ?? {}) as Partial<ProcessMark>;
    return Number.isInteger(pid) && typeof host === 'string' ? { pid: pid!, host, ...more } : undefined;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Whether its number means the same process here. */
export function isFromHere({ host, pidNamespace }: ProcessMark): boolean {
  const own = ownMark();
  return host === own.host && pidNamespace === own.pidNamespace;
}

/** False only of one that has ended for certain: what runs elsewhere cannot be seen from here. */
export function mayRun(mark: ProcessMark): boolean {
  return !isFromHere(mark) || isRunning(mark.pid);
}

/**
 * Tells this machine, or container, from all others, until it boots anew: names of hosts are given twice, and the first
 * pid namespace has the same number everywhere. Linux alone knows when it booted (random(4)).
 */
export function ownMachine(): string {
  const { host, pidNamespace = '' } = ownMark();
  const boot = readOrNone(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()) ?? '';
  return [host, pidNamespace, boot].join('\n');
}

function readOrNone(read: () => string): string | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
