import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, fstatSync, mkdirSync, openSync, readSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { StepError } from '../../base/step-error.ts';
import { noteProcess, pidFileOf } from './runs-before.ts';
import { type Environment, killGroup } from '../program.ts';

export type LoggedRun = {
  readonly folder: string;
  readonly env: Environment;
  readonly signal: AbortSignal;
  /** Gets all that the program says, after what it holds already. */
  readonly logFile: string;
  readonly onLine: (line: string) => void;
  /** How long an interrupted program may take to write its state before it is killed. */
  readonly stopWaitMs: number;
};

export type LoggedEnd = {
  /** Undefined when a signal ended it. */
  readonly exitCode: number | undefined;
  /** Whether it was killed because it did not end after the interrupt. */
  readonly isKilled: boolean;
};

const LOOK_EVERY_MS = 150;
const READ_BYTES = 64 * 1024;

/**
 * Runs a program that changes something, for as long as it takes. It writes to the log itself and we read along: were
 * its output a pipe, a kill of this process would break it, and Terraform would end in the middle of a create, with its
 * state unwritten. It leads a process group of its own, so that Ctrl-C in the terminal does not reach it past us:
 * Terraform takes a second interrupt as the order to end at once. An abort interrupts it once.
 */
export async function runLogged(path: string, args: readonly string[], run: LoggedRun): Promise<LoggedEnd> {
  const { folder, env, signal, logFile, onLine, stopWaitMs } = run;
  signal.throwIfAborted();
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a+', 0o600);
  try {
    writeSync(log, `# ${args[0]}\n`);
    const follow = follower(log, fstatSync(log).size, onLine);
    const child = spawn(path, args, {
      cwd: folder,
      env: { ...env },
      detached: true,
      stdio: ['ignore', log, log],
    });
    let isKilled = false;
    let killer: NodeJS.Timeout | undefined;
    const interrupt = (): void => {
      running.delete(child);
      // The leader alone: it asks its providers to stop itself, and an interrupt of theirs would cut their calls off.
      child.kill('SIGINT');
      killer = setTimeout(() => {
        isKilled = true;
        killGroup(child, 'SIGKILL');
      }, stopWaitMs);
    };
    const reading = setInterval(follow, LOOK_EVERY_MS);
    signal.addEventListener('abort', interrupt, { once: true });
    interruptAtExit(child);
    const forget = noteProcess(pidFileOf(logFile), child.pid);
    let exitCode: number | undefined;
    try {
      exitCode = await new Promise<number | undefined>((resolve, reject) => {
        child.on('error', ({ message }) => reject(new StepError(`${path} cannot be started: ${message}`)));
        child.on('exit', (code) => resolve(code ?? undefined));
      });
      follow();
      return { exitCode, isKilled };
    } finally {
      clearInterval(reading);
      clearTimeout(killer);
      signal.removeEventListener('abort', interrupt);
      running.delete(child);
      forget(exitCode);
    }
  } finally {
    closeSync(log);
  }
}

/** Those that nobody has interrupted yet. */
const running = new Set<ChildProcess>();
let isWatching = false;

/** An end of ours that nobody announced, by an exception of ours, is as good as an abort. After one it is none. */
function interruptAtExit(child: ChildProcess): void {
  running.add(child);
  if (isWatching) return;
  isWatching = true;
  process.once('exit', () => {
    for (const each of running) each.kill('SIGINT');
  });
}

/** Hands on the whole lines that a file has got since the last call. */
function follower(file: number, start: number, onLine: (line: string) => void): () => void {
  const decoder = new StringDecoder('utf8');
  const buffer = Buffer.alloc(READ_BYTES);
  let at = start;
  let rest = '';
  return () => {
    for (;;) {
      const read = readSync(file, buffer, 0, buffer.length, at);
      if (read === 0) return;
      at += read;
      const lines = (rest + decoder.write(buffer.subarray(0, read))).split('\n');
      rest = lines.pop()!;
      for (const line of lines) onLine(line);
    }
  };
}
