import { StepError } from '../base/step-error.ts';
import type { Step, StepEnd, StepEvent } from './step.ts';

export type RunOptions = {
  readonly signal: AbortSignal;
  /** How many steps may run at once. */
  readonly parallel: number;
  readonly onEvent: (event: StepEvent) => void;
  /** Milliseconds of a clock that only goes forward. */
  readonly now: () => number;
};

/**
 * Runs steps as soon as what they need has succeeded, so many at once. A failed step takes with it what needs it
 * and nothing else: a cluster that fails leaves the others done. After an abort nothing new starts, and the run
 * ends when the running steps have. Answers how each step ended, in the order of the list. Throws for a list that
 * can never end: an unknown id, an id twice, a cycle.
 */
export async function runSteps(
  steps: readonly Step[],
  options: RunOptions,
): Promise<ReadonlyMap<string, StepEnd>> {
  refuseUnsound(steps);
  const { signal, onEvent, now } = options;
  const begin = now();
  const ends = new Map<string, StepEnd>();
  const running = new Map<string, Promise<void>>();
  const end = (step: Step, how: StepEnd): void => {
    ends.set(step.id, how);
    onEvent({ kind: 'ended', step, atMs: now() - begin, end: how });
  };
  const start = async (step: Step): Promise<void> => {
    onEvent({ kind: 'started', step, atMs: now() - begin });
    const report = (text: string): void => onEvent({ kind: 'detail', step, atMs: now() - begin, text });
    try {
      const { isChanged, note } = await step.run({ signal, report });
      end(step, { kind: isChanged ? 'changed' : 'unchanged', ...(note === undefined ? {} : { note }) });
    } catch (error) {
      end(step, signal.aborted ? stoppedBy(error, signal) : { kind: 'failed', error: asError(error) });
    }
    running.delete(step.id);
  };

  for (;;) {
    for (const step of steps) {
      if (ends.has(step.id) || running.has(step.id)) continue;
      const broken = step.after.find((id) => ends.has(id) && !isDone(ends.get(id)!));
      if (broken !== undefined) end(step, lostWith(broken, ends.get(broken)!));
      else if (signal.aborted) end(step, { kind: 'stopped' });
      else if (running.size < options.parallel && step.after.every((id) => ends.has(id))) {
        running.set(step.id, start(step));
      }
    }
    if (ends.size === steps.length) break;
    // A step that was lost may come after one that needs it in the list: the next round sees it.
    if (running.size > 0) await Promise.race(running.values());
  }
  return new Map(steps.map(({ id }) => [id, ends.get(id)!]));
}

function isDone({ kind }: StepEnd): boolean {
  return kind === 'changed' || kind === 'unchanged';
}

/** The end of a step that needs one which ended so; the first cause is named, not the chain. */
function lostWith(id: string, end: StepEnd): StepEnd {
  if (end.kind === 'stopped') return { kind: 'stopped' };
  return { kind: 'skipped', because: end.kind === 'skipped' ? end.because : id };
}

/** A Terraform that had to be killed is told of; that a wait ended by the abort is not. */
function stoppedBy(error: unknown, { reason }: AbortSignal): StepEnd {
  const isOfAbort = error === reason || (error as { readonly cause?: unknown } | undefined)?.cause === reason;
  return { kind: 'stopped', ...(error instanceof StepError && !isOfAbort ? { error } : {}) };
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

function refuseUnsound(steps: readonly Step[]): void {
  const byId = new Map(steps.map((step) => [step.id, step]));
  if (byId.size !== steps.length) throw new Error('two steps have one id');
  const seen = new Map<string, 'open' | 'closed'>();
  const visit = (id: string, from: string): void => {
    const step = byId.get(id);
    if (step === undefined) throw new Error(`${from} needs ${id}, which is no step`);
    if (seen.get(id) === 'closed') return;
    if (seen.get(id) === 'open') throw new Error(`${id} needs itself`);
    seen.set(id, 'open');
    for (const other of step.after) visit(other, id);
    seen.set(id, 'closed');
  };
  for (const { id } of steps) visit(id, 'the list');
}
