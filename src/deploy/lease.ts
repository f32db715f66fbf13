import type { Run } from './run.ts';
import type { Step, StepContext } from './step.ts';

export const LEASE_STEP = 'lease';

/** Nobody else, and no keeper, works on the fleet while this run does. */
export function leaseStep(run: Run, after: readonly string[], onLost: (error: Error) => void): Step {
  return {
    id: LEASE_STEP,
    phase: 'state',
    title: 'Lease',
    after,
    run: async (context) => {
      await takeLease(run, onLost, context);
      return { isChanged: false, note: 'held' };
    },
  };
}

/** Takes the lease, unless this run has it. */
export async function takeLease(
  { world, found, deployment }: Run,
  onLost: (error: Error) => void,
  { signal, report }: StepContext,
): Promise<void> {
  if (found.release) return;
  // One that a killed run of ours left behind is waited for.
  report('taking the lease of the fleet');
  found.release = (await world.lease.acquire(deployment.operator, onLost, signal)).release;
}

/** Gives the lease back, whatever became of the run. */
export async function releaseLease({ found }: Run): Promise<void> {
  const { release } = found;
  delete found.release;
  await release?.();
}
