import { execFileSync, spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { constants, setPriority, tmpdir } from 'node:os';
import { join } from 'node:path';

const pending = new Set<() => void>();

let isWatching = false;

/** Undoes something when this process ends, however it ends: by a failed test, an exception or a signal. */
export function undoAtExit(undo: () => void): void {
  pending.add(undo);
  if (isWatching) return;
  isWatching = true;
  // Once the parent is killed nobody reads the output, and the test runner would die of that without `exit`.
  process.stdout.on('error', () => process.exit(1));
  // Before the test runner's own listener, which then throws.
  process.prependListener('exit', () => {
    // Last started first: a process ends before the folder it writes to goes.
    for (const each of [...pending].reverse()) each();
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => process.exit(128 + constants.signals[signal]));
  }
}

interface TemporaryFolder {
  readonly path: string;
  remove(): void;
}

/** A new folder under the system's temporary one, gone at the latest when this process ends. */
export function temporaryFolder(purpose: string): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), `bulkhead-${purpose}-`));
  const remove = (): void => {
    rmSync(path, { recursive: true, force: true, maxRetries: 10 });
    pending.delete(remove);
  };
  undoAtExit(remove);
  return { path, remove };
}

export interface RunningProcess {
  readonly name: string;
  /** Undefined while it runs, then how it ended. */
  ending(): string | undefined;
  /** The last lines it wrote, for an error message. */
  lastLines(): string;
  /** Everything it has written so far. */
  output(): string;
  /** Kills it, by its id, and waits until it is gone. */
  stop(): Promise<void>;
}

interface ProcessOptions {
  readonly cwd: string;
  readonly env?: Readonly<Record<string, string>>;
  /** From 0 to 19, as nice(1) has it: how much of the cores it leaves to others, with all that it starts. */
  readonly niceness?: number;
}

/** Starts a program that stays. Its output goes to `<cwd>/<name>.log`, which goes with the folder. */
export function startProcess(
  name: string,
  path: string,
  args: readonly string[],
  options: ProcessOptions,
): RunningProcess {
  const logPath = join(options.cwd, `${name}.log`);
  const log = openSync(logPath, 'w');
  const child = spawn(path, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  yieldCores(child.pid, options.niceness);
  let ending: string | undefined;
  const kill = (): void => {
    child.kill('SIGKILL');
  };
  const gone = new Promise<void>((resolve) => {
    const end = (how: string): void => {
      ending = how;
      pending.delete(kill);
      resolve();
    };
    child.on('error', (error) => end(error.message));
    child.on('exit', (code, signal) => end(signal === null ? `exit code ${code}` : signal));
  });
  undoAtExit(kill);
  const output = (): string => readFileSync(logPath, 'utf8');
  return {
    name,
    ending: () => ending,
    lastLines: () => output().trimEnd().split('\n').slice(-15).join('\n'),
    output,
    stop: async () => {
      kill();
      await gone;
    },
  };
}

export interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a program to its end. Rejects if it cannot start or is not done in `timeoutSeconds`. With `killAt` it is killed, it
 * alone, once its output has that or that has come about, and its exit code is 137.
 */
export function runProgram(
  path: string,
  args: readonly string[],
  options: ProcessOptions & {
    readonly timeoutSeconds?: number;
    readonly killAt?: RegExp | Promise<unknown>;
    /** With all that it has started, as when a machine loses its power. */
    readonly isKilledWhole?: boolean;
  },
): Promise<Outcome> {
  const timeoutSeconds = options.timeoutSeconds ?? 120;
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: timeoutSeconds * 1000,
      killSignal: 'SIGKILL',
    });
    const kill = (): void => {
      child.kill('SIGKILL');
    };
    undoAtExit(kill);
    yieldCores(child.pid, options.niceness);
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    let isKilled = false;
    const { killAt } = options;
    const killOnce = (): void => {
      if (isKilled || child.exitCode !== null) return;
      isKilled = true;
      if (options.isKilledWhole === true) for (const pid of descendants(child.pid!)) killed(pid);
      kill();
    };
    child.stdout.on('data', (chunk: Buffer) => {
      stdout.push(chunk);
      if (killAt instanceof RegExp && killAt.test(text(stdout))) killOnce();
    });
    if (killAt instanceof Promise) void killAt.then(killOnce);
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      pending.delete(kill);
      if (isKilled) {
        resolve({ exitCode: 137, stdout: text(stdout), stderr: text(stderr) });
      } else if (code === null) {
        reject(new Error(`${path} ${args.join(' ')} ended by ${signal} (limit ${timeoutSeconds} s)`));
      } else {
        resolve({ exitCode: code, stdout: text(stdout), stderr: text(stderr) });
      }
    });
  });
}

/**
 * Asks every `intervalMs` until `attempt` gives something other than undefined.
 * Rejects, naming `what`, after `timeoutSeconds`.
 */
export async function waitFor<T>(
  what: string,
  attempt: () => Promise<T | undefined>,
  options: { readonly timeoutSeconds: number; readonly intervalMs?: number },
): Promise<T> {
  const deadline = Date.now() + options.timeoutSeconds * 1000;
  for (;;) {
    const value = await attempt();
    if (value !== undefined) return value;
    if (Date.now() > deadline) throw new Error(`waited ${options.timeoutSeconds} s for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, options.intervalMs ?? 50));
  }
}

function text(chunks: readonly Buffer[]): string {
  return Buffer.concat(chunks).toString('utf8');
}

function yieldCores(pid: number | undefined, niceness = 0): void {
  // Without an id it was not started, which its own events tell.
  if (pid === undefined || niceness === 0) return;
  try {
    setPriority(pid, niceness);
  } catch {
    // Gone meanwhile.
  }
}

/** What a process has started, and what that has, as the system lists them now. */
function descendants(pid: number): readonly number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const parents = lines.map((line) => line.trim().split(/\s+/).map(Number) as [number, number]);
  const below = (parent: number): number[] =>
    parents.flatMap(([each, of]) => (of === parent ? [each, ...below(each)] : []));
  return below(pid);
}

/** Kills all that this process has started and that is still there. */
export function killDescendants(): void {
  for (const pid of descendants(process.pid)) killed(pid);
}

function killed(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone meanwhile.
  }
}
