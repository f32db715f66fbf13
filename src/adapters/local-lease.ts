import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { StepError } from '../base/step-error.ts';
import { isFromHere, mayRun, ownMark, type ProcessMark, readMark } from './process-mark.ts';

type Held = ProcessMark & { readonly holder: string; readonly since: string };

/** Those of this process: a container's processes have the same few numbers in every run. */
const ours = new Set<string>();

/**
 * The lock of the folder that a fleet is worked on in: a file that names the process. One that a killed process left
 * behind counts for nothing, unless it was one of another machine or container: nobody here can see that it has ended.
 * Answers what gives it back; throws a StepError that names who has it.
 */
export function takeLocalLease(file: string, holder: string, now: () => number): () => void {
  mkdirSync(dirname(file), { recursive: true });
  const own: Held = { ...ownMark(), holder, since: new Date(now()).toISOString() };
  // Twice: the second time after a dead process's file is gone.
  for (let tries = 1; !isTaken(file, own); tries += 1) {
    const held = readMark(file) as Held | undefined;
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
  // Other machines have processes of the same number.
  const written = `${file}.${randomUUID()}`;
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
  const away = `${file}.${randomUUID()}.dead`;
  try {
    renameSync(file, away);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  try {
    const held = readMark(away) as Held | undefined;
    if (!isAlive(held, file)) return;
    linkSync(away, file);
    throw taken(file, held);
  } finally {
    rmSync(away, { force: true });
  }
}

function isAlive(held: Held | undefined, file: string): boolean {
  if (!held) return false;
  return isFromHere(held) && held.pid === process.pid ? ours.has(file) : mayRun(held);
}

function taken(file: string, held: Held | undefined): StepError {
  const unseen = held !== undefined && !isFromHere(held) ? placeOf(held) : undefined;
  const process = `process ${held?.pid}${unseen === undefined ? '' : ` on ${unseen}`}`;
  const who = held ? `${held.holder} (${process}) since ${held.since}` : 'another run';
  const advice =
    unseen === undefined
      ? `wait for it to end; if nobody is, remove ${file}`
      : `wait for it to end; from here nobody can see whether it has: if nobody is at work on ${unseen}, remove ${file}`;
  return new StepError(`${who} is at work on this fleet, in this folder`, { advice });
}

/** A container may have the name of its host, or of the one that it has replaced. */
function placeOf({ host }: Held): string {
  return host === ownMark().host ? `${host}, in another container` : host;
}
