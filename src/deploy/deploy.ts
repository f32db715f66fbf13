import { setMaxListeners } from 'node:events';
import { releaseLease } from './lease.ts';
import type { Run } from './run.ts';
import { runSteps } from './run-steps.ts';
import type { Step, StepEnd, StepEvent } from './step.ts';

export type DeployOptions = {
  readonly signal: AbortSignal;
  /** How many roots may be looked at, and so how many Terraforms may run, at once. */
  readonly parallel: number;
  readonly onEvent: (event: StepEvent) => void;
};

export type Outcome = {
  readonly steps: readonly Step[];
  /** How each step ended, by its id. */
  readonly ends: ReadonlyMap<string, StepEnd>;
  /** Why the lease was lost, where it was: the run was stopped then. */
  readonly lost?: Error;
};

/**
 * Runs steps that may hold the fleet's lease, and gives it back whatever becomes of them. A lease that is lost stops the
 * run: somebody else may be at work.
 */
export async function deploy(
  run: Run,
  { signal: outer, onEvent }: DeployOptions,
  stepsFor: (onLost: (error: Error) => void) => readonly Step[],
): Promise<Outcome> {
  const losing = new AbortController();
  const signal = AbortSignal.any([outer, losing.signal]);
  // Every wait and every program of a run listens.
  setMaxListeners(0, outer, losing.signal, signal);
  let lost: Error | undefined;
  const steps = stepsFor((error) => {
    lost ??= error;
    losing.abort(error);
  });
  try {
    // A step that waits takes no core, and the world bounds its Terraforms: no step waits for another that it does not need.
    const ends = await runSteps(steps, { signal, parallel: steps.length, onEvent, now: run.world.clock.now });
    return { steps, ends, ...(lost === undefined ? {} : { lost }) };
  } finally {
    await releaseLease(run);
  }
}
