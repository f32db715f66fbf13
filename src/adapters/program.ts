import { type ChildProcess, spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { StepError } from '../base/step-error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A program that a person installs, and what to tell them where it is missing. */
export type Program = {
  /** Names to look for on PATH, the first one found wins. */
  readonly names: readonly string[];
  /** The variable that names another one. */
  readonly variable?: string;
  readonly advice: string;
};

/** Where a program is. Throws a StepError with what to install. */
export function findProgram({ names, variable, advice }: Program, env: Environment): string {
  const named = variable === undefined ? undefined : env[variable];
  if (named !== undefined && named !== '' && !named.includes('/')) {
    return findProgram({ names: [named], advice: `${variable} names it; ${advice}` }, env);
  }
  const folders = (env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const places = named ? [named] : names.flatMap((name) => folders.map((folder) => join(folder, name)));
  const found = places.find(isExecutable);
  if (found !== undefined) return found;
  if (named) throw new StepError(`${variable} names ${named}, which is no program`, { advice });
  throw new StepError(`${names.join(' or ')} was not found on PATH`, { advice });
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export type Ended = {
  /** Undefined when a signal ended it. */
  readonly exitCode: number | undefined;
  readonly stdout: Buffer;
  readonly stderr: string;
};

export type RunOptions = {
  readonly cwd?: string;
  readonly env: Environment;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  /** Of stdout: a program that says more is ended. */
  readonly bytesMax: number;
  readonly input?: Uint8Array;
};

const STDERR_MAX_BYTES = 1024 * 1024;

/**
 * Runs a program that only reads, and keeps what it says in memory. It has no shell, no terminal and a process group of
 * its own; an abort, the deadline or too much output kills the group. Rejects then, and where it cannot start; an exit
 * code is an answer.
 */
export function runProgram(path: string, args: readonly string[], options: RunOptions): Promise<Ended> {
  const { cwd, env, signal, timeoutMs, bytesMax, input } = options;
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn(path, args, {
      ...(cwd === undefined ? {} : { cwd }),
      env: { ...env },
      detached: true,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const chunks: Buffer[] = [];
    const complaints: Buffer[] = [];
    let bytes = 0;
    let stderrBytes = 0;
    let failure: Error | undefined;
    const stop = (why: Error): void => {
      failure ??= why;
      killGroup(child, 'SIGKILL');
    };
    const onAbort = (): void => stop(signal.reason as Error);
    const name = path.split('/').at(-1)!;
    const deadline = setTimeout(
      () => stop(new StepError(`${name} ${args[0]} did not end within ${timeoutMs / 1000} s`)),
      timeoutMs,
    );
    signal.addEventListener('abort', onAbort);
    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > bytesMax) stop(new StepError(`${name} ${args[0]} said more than ${bytesMax} bytes`));
      else chunks.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      stderrBytes += chunk.length;
      if (stderrBytes <= STDERR_MAX_BYTES) complaints.push(chunk);
    });
    // A program that ends without having read its input is judged by its exit code.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.on('error', ({ message }) => (failure ??= new StepError(`${path} cannot be started: ${message}`)));
    child.on('close', (exitCode) => {
      clearTimeout(deadline);
      signal.removeEventListener('abort', onAbort);
      if (failure) reject(failure);
      else {
        resolve({
          exitCode: exitCode ?? undefined,
          stdout: Buffer.concat(chunks),
          stderr: Buffer.concat(complaints).toString('utf8'),
        });
      }
    });
  });
}

/** Sends a signal to a process that was started detached, and to all that it started. */
export function killGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // It has ended.
  }
}
