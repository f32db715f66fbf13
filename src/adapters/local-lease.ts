import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { StepError } from '../base/step-error.ts';
import { isRunning } from './running-process.ts';

type Held = { readonly holder: string; readonly pid: number; readonly since: string };

/** Those of this process: a container's processes have the same few numbers in every run. */
const ours = new Set<string>();

/**
 * The lock of the folder that a fleet is worked on in: a file that names the process. One that a killed process left
 * behind counts for nothing. Answers what gives it back; throws a StepError that names who has it.
 */
export function takeLocalLease(file: string, holder: string, now: () => number): () => void {
  mkdirSync(dirname(file), { recursive: true });
  const own: Held = { holder, pid: process.pid, since: new Date(now()).toISOString() };
  // Twice: the second time after a dead process's file is gone.
  for (let tries = 1; !isTaken(file, own); tries += 1) {
    const held = readHeld(file);
    if (tries === 2 || isAlive(held, file)) throw taken(file, held);
    moveAway(file);
  }
  ours.add(file);
  return () => {
    if (ours.delete(file)) rmSync(file, { force: true });
  };
}

/** Whole or not at all: nobody reads half of it. */
function isTaken(file: string, own: Held): boolean {
  const written = `${file}.${own.pid}`;
  writeFileSync(written, JSON.stringify(own));
  try {
    linkSync(written, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  } finally {
    rmSync(written, { force: true });
  }
}

/** A file that was found dead. One process alone can move it; who has moved a living one instead puts it back. */
function moveAway(file: string): void {
  const away = `${file}.${process.pid}.dead`;
  try {
    renameSync(file, away);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  try {
    const held = readHeld(away);
    if (!isAlive(held, file)) return;
    linkSync(away, file);
    throw taken(file, held);
  } finally {
    rmSync(away, { force: true });
  }
}

/** Undefined where it is gone meanwhile, or says nothing that we would have written. */
function readHeld(file: string): Held | undefined {
  try {
    const held = JSON.parse(readFileSync(file, 'utf8')) as Partial<Held> | null;
    return Number.isInteger(held?.pid) ? (held as Held) : undefined;
  } catch {
    return undefined;
  }
}

function isAlive(held: Held | undefined, file: string): boolean {
  if (!held) return false;
  return held.pid === process.pid ? ours.has(file) : isRunning(held.pid);
}

function taken(file: string, held: Held | undefined): StepError {
  const who = held ? `${held.holder} (process ${held.pid}) since ${held.since}` : 'another run';
  return new StepError(`${who} is at work on this fleet, in this folder`, {
    advice: `wait for it to end; if nobody is, remove ${file}`,
  });
}
