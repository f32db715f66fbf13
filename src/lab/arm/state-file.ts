import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import * as z from 'zod';
import { fileProblem } from './file-problem.ts';
import { armId } from './id.ts';
import type { Lab } from './lab.ts';
import { memoryStore } from './store.ts';

const VERSION = 1;

const body = z.record(z.string(), z.unknown());

/** What a state file must be to be read on from; what is inside bodies and blobs is the lab's own. */
const schema = z.object({
  version: z.literal(VERSION),
  revision: z.int(),
  resources: z.array(z.object({ id: z.string(), body })),
  softDeleted: z.record(z.string(), body),
  operations: z.record(z.string(), body),
  registrations: z.record(z.string(), z.boolean()),
  hidden: z.record(z.string(), body),
  secrets: z.record(z.string(), body),
  containers: z.record(z.string(), body),
});

/** All that a lab remembers, as JSON. */
export function stateText(lab: Lab): string {
  const state = {
    version: VERSION,
    revision: lab.revision,
    resources: lab.store.all().map(({ id, body }) => ({ id: id.text, body })),
    softDeleted: Object.fromEntries(lab.softDeleted),
    operations: Object.fromEntries(lab.operations),
    registrations: Object.fromEntries(lab.registrations),
    hidden: Object.fromEntries(lab.hidden),
    secrets: Object.fromEntries(lab.secrets),
    containers: Object.fromEntries(lab.containers),
  };
  return `${JSON.stringify(state, undefined, 1)}\n`;
}

/** The lab as it was when the text was made. Throws when it is no text of {@link stateText}. */
export function withState(lab: Lab, text: string): Lab {
  const state = schema.parse(JSON.parse(text));
  const entries = <T>(record: Readonly<Record<string, unknown>>): Map<string, T> =>
    new Map(Object.entries(record) as [string, T][]);
  return {
    ...lab,
    revision: state.revision,
    store: memoryStore(state.resources.map(({ id, body }) => ({ id: armId(id), body }))),
    softDeleted: entries(state.softDeleted),
    operations: entries(state.operations),
    registrations: entries(state.registrations),
    hidden: entries(state.hidden),
    secrets: entries(state.secrets),
    containers: entries(state.containers),
  };
}

/** The lab that a file holds; the one that was given when there is no such file. Throws when it cannot be read. */
export function readState(lab: Lab, file: string): Lab {
  let text;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return lab;
    throw fileProblem('read', file, error);
  }
  try {
    return withState(lab, text);
  } catch (error) {
    throw new Error(`${file} is no state of a lab`, { cause: error });
  }
}

/** Replaces the file as a whole, so that a stop in between leaves the old one. It may hold secrets: its owner's alone. */
export function writeState(lab: Lab, file: string): void {
  const beside = `${file}.${process.pid}.tmp`;
  writeFileSync(beside, stateText(lab), { mode: 0o600 });
  renameSync(beside, file);
}
